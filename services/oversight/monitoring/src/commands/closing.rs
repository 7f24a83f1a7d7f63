//! Closing a year: what was published then stays readable as it was, whatever is corrected later.

use super::Context;
use crate::actions::CLOSE;
use chrono::NaiveDate;
use identity::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use storage::args;

/// One figure as it was published at the close of a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosedFigure {
    /// Key of the indicator.
    pub indicator: String,
    /// Region code.
    pub region: String,
    /// Value as text, exact; absent when none was known.
    pub value: Option<String>,
    /// Key of its status then.
    pub status: String,
    /// Its origin.
    pub origin: Option<String>,
    /// The day it speaks of.
    pub as_of: Option<String>,
}

/// Freezes the figures of a year that has ended.
///
/// # Errors
/// When the actor may not, the year has not ended, or it is closed already.
pub async fn close_year(context: &Context<'_>, year: i32, figures: &[ClosedFigure], pack: &str) -> Result<String, Refusal> {
    context.allow(&CLOSE)?;
    // Rights and roll-ups follow the path: only an account of the whole place closes its books.
    if context.actor.region.codes().count() > 1 {
        return Err(Refusal::forbidden("关账（由本级主管部门办理）"));
    }
    let ended = NaiveDate::from_ymd_opt(year, 12, 31).is_some_and(|last| context.today() > last);
    if !ended {
        return Err(Refusal::Conflict(format!("{year}年还没有结束，不能关账")));
    }
    let figures = json!(figures);
    let digest = hex::encode(Sha256::digest(figures.to_string().as_bytes()));
    let mut tx = context.db.begin().await?;
    let written = tx
        .execute(
            "INSERT INTO monitoring_closing (place, year, closed_at, closed_by, pack, digest, figures) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (place, year) DO NOTHING",
            args![
                context.actor.place,
                year,
                context.now(),
                context.actor.login,
                pack,
                digest,
                figures
            ],
        )
        .await?;
    if written == 0 {
        return Err(Refusal::Conflict(format!("{year}年已经关账；以后的更正会作为重述与当时数字并列显示")));
    }
    let body = json!({"year": year, "digest": digest});
    context
        .leave_trace(&mut tx, &CLOSE, "YearClosed", &format!("year:{year}"), body, Vec::new())
        .await?;
    tx.commit().await?;
    Ok(digest)
}
