//! What can be done with cases, and which kinds of work it takes. Who may move a certain case is said by its description;
//! where follows the region path of the account, and for an institution the record it speaks for.

use identity::{Action, Role, Who};

const READERS: &[Role] = &[Role::Leader, Role::Officer, Role::Clerk, Role::Institution];
const WORKERS: &[Role] = &[Role::Officer, Role::Clerk, Role::Institution];
const MOVERS: &[Role] = READERS;
const STAFF: &[Role] = &[Role::Officer, Role::Clerk];
const NOBODY: Who = Who::Roles(&[]);

/// See cases of one's region or institution.
pub const READ: Action = Action { key: "cases.read", label: "查看办件", who: Who::Roles(READERS) };
/// Begin a case.
pub const START: Action = Action { key: "cases.start", label: "发起办件", who: Who::Roles(WORKERS) };
/// Move a case, or fill it in: a leader where the description names one, such as a signature.
pub const MOVE: Action = Action { key: "cases.move", label: "办理办件", who: Who::Roles(MOVERS) };
/// Hand in or take back evidence.
pub const PAPERS: Action = Action { key: "cases.papers", label: "上传办件材料", who: Who::Roles(WORKERS) };
/// Hand a case to a colleague.
pub const ASSIGN: Action = Action { key: "cases.assign", label: "转交办件", who: Who::Roles(STAFF) };
/// Remind those who must act: done by the program alone.
pub const REMIND: Action = Action { key: "cases.remind", label: "提醒办件期限", who: NOBODY };

/// All of them, for the access matrix.
pub const ACTIONS: &[&Action] = &[&READ, &START, &MOVE, &PAPERS, &ASSIGN, &REMIND];
