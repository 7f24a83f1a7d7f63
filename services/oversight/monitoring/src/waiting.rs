//! How much waits for someone: the badges of the navigation.

use crate::service::Monitoring;
use identity::{Actor, Refusal, Role};

/// Counts of what waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Values to report, proposals to sign off, and own ones that were sent back.
    pub reports: u64,
    /// Supervision notices to answer, and answered ones to close.
    pub supervision: u64,
}

impl Monitoring {
    /// What waits for an account.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses.
    pub async fn waiting(&self, actor: &Actor) -> Result<Waiting, Refusal> {
        if !matches!(actor.role, Role::Leader | Role::Officer | Role::Clerk) {
            return Ok(Waiting::default());
        }
        let work = self.work(actor).await?;
        let reports = work.to_report.len() + work.to_sign.len() + work.returned.len();
        let supervision = work.to_answer.len() + work.to_close.len();
        Ok(Waiting { reports: reports as u64, supervision: supervision as u64 })
    }
}
