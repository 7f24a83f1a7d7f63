//! What can be done here, and who may do it.

use identity::{Action, Role, Who};

const READERS: &[Role] = &[Role::Leader, Role::Officer, Role::Clerk];
const REPORTERS: &[Role] = &[Role::Officer, Role::Clerk];
const OFFICERS: &[Role] = &[Role::Officer];

/// See indicators, tasks, projects and the plan.
pub const READ: Action =
    Action { key: "monitoring.read", label: "查看指标、任务和项目", who: Who::Roles(READERS) };
/// See the rows behind a figure: people and institutions.
pub const READ_ROWS: Action =
    Action { key: "monitoring.rows", label: "查看数字背后的明细", who: Who::Roles(REPORTERS) };
/// Propose a value.
pub const PROPOSE: Action =
    Action { key: "monitoring.report.propose", label: "填报指标", who: Who::Roles(REPORTERS) };
/// Sign a value off or send it back.
pub const DECIDE: Action = Action { key: "monitoring.report.decide", label: "审签指标", who: Who::Roles(OFFICERS) };
/// Remark on something.
pub const COMMENT: Action = Action { key: "monitoring.comment", label: "留言", who: Who::Roles(READERS) };
/// State the progress of a task or project.
pub const PROGRESS: Action =
    Action { key: "monitoring.progress", label: "填报任务和项目进展", who: Who::Roles(REPORTERS) };
/// Send a supervision notice.
pub const SUPERVISE: Action =
    Action { key: "monitoring.supervise", label: "发出督办", who: Who::Roles(&[Role::Leader, Role::Officer]) };
/// Answer a supervision notice.
pub const ANSWER: Action =
    Action { key: "monitoring.supervise.answer", label: "回复督办", who: Who::Roles(REPORTERS) };
/// Close a year.
pub const CLOSE: Action = Action { key: "monitoring.close_year", label: "年度关账", who: Who::Roles(OFFICERS) };
/// Publish a bulletin.
pub const PUBLISH: Action = Action { key: "monitoring.publish", label: "发布通报", who: Who::Roles(OFFICERS) };
/// Compute the figures anew.
pub const COMPUTE: Action =
    Action { key: "monitoring.compute", label: "重新计算指标", who: Who::Roles(OFFICERS) };
/// Public summary of a place.
pub const PUBLIC: Action = Action { key: "monitoring.public", label: "查看公开进展", who: Who::Public };

/// All actions of this service.
pub const ACTIONS: &[&Action] = &[
    &READ, &READ_ROWS, &PROPOSE, &DECIDE, &COMMENT, &PROGRESS, &SUPERVISE, &ANSWER, &CLOSE, &PUBLISH, &COMPUTE, &PUBLIC,
];
