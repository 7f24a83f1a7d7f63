//! What can be done with registers, and who may. Where follows the region path of the account.

use identity::{Action, Actor, Refusal, Role, Who};

const KEEPERS: &[Role] = &[Role::Officer, Role::Clerk];
const READERS: &[Role] = &[Role::Leader, Role::Officer, Role::Clerk];

/// See lists of records, sensitive fields masked.
pub const LIST: Action = Action { key: "records.list", label: "查看登记簿", who: Who::Roles(READERS) };
/// Open one record with its history.
pub const READ: Action = Action { key: "records.read", label: "查看登记内容", who: Who::Roles(KEEPERS) };
/// Create, change and remove records.
pub const WRITE: Action = Action { key: "records.write", label: "登记和修改", who: Who::Roles(KEEPERS) };
/// Import a spreadsheet.
pub const IMPORT: Action = Action { key: "records.import", label: "导入表格", who: Who::Roles(KEEPERS) };
/// Export and print lists.
pub const EXPORT: Action = Action { key: "records.export", label: "导出登记簿", who: Who::Roles(KEEPERS) };
/// See one secret value for a stated purpose.
pub const REVEAL: Action = Action { key: "records.reveal", label: "查看遮盖的内容", who: Who::Roles(KEEPERS) };

/// Merge records that are one, and take it back.
pub const MERGE: Action = Action { key: "records.merge", label: "合并重复登记", who: Who::Roles(KEEPERS) };

/// Propose that records be erased, and give a person a copy of what is held of them.
pub const ERASE: Action =
    Action { key: "records.erase.propose", label: "提请删除、给本人副本", who: Who::Roles(KEEPERS) };
/// Confirm or refuse that records are erased. Whoever keeps them does not; who confirms sees none of them.
pub const ERASE_CONFIRM: Action =
    Action { key: "records.erase.confirm", label: "确认删除", who: Who::Roles(&[Role::SecurityAdmin]) };

/// All of them, for the access matrix.
pub const ACTIONS: &[&Action] = &[&LIST, &READ, &WRITE, &IMPORT, &EXPORT, &REVEAL, &MERGE, &ERASE, &ERASE_CONFIRM];

/// Whether the actor's role allows an action.
///
/// # Errors
/// When it does not.
pub(crate) fn allow(actor: &Actor, action: &Action) -> Result<(), Refusal> {
    if actor.may(action) { Ok(()) } else { Err(Refusal::forbidden(action.label)) }
}
