//! Why a command was not carried out. One type for all services, so that pages and the API answer alike.

use storage::StorageError;
use vocabulary::Violation;

/// Why a command did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The account may not do this (here).
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or it is none of theirs: both look the same from outside.
    #[error("没有找到{0}")]
    NotFound(String),
    /// Someone else changed it in the meantime, or its state does not allow this.
    #[error("{0}")]
    Conflict(String),
    /// The input is wrong; all problems at once.
    #[error("输入有 {} 处需要改正", .0.len())]
    Invalid(Vec<Violation>),
    /// A fault of the database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Another fault on our side, for the log.
    #[error("{0}")]
    Fault(String),
}

impl Refusal {
    /// A refusal for want of a right: what, and who can grant it.
    #[must_use]
    pub fn forbidden(action: &str) -> Self {
        Self::Forbidden(format!("您的账号没有权限{action}；如工作需要，请联系本单位的安全管理员开通"))
    }

    /// One problem with the input.
    #[must_use]
    pub fn invalid(code: &str, place: &str, message: &str, remedy: &str) -> Self {
        Self::Invalid(vec![Violation::new(code, place, message, remedy)])
    }
}
