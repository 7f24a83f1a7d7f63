//! Closing a year: what was published then stays readable as it was, whatever is corrected later.

use super::Context;
use crate::actions::CLOSE;
use crate::board::{Board, Line};
use crate::model::Month;
use crate::service::Monitoring;
use crate::store::Closing;
use chrono::NaiveDate;
use identity::Refusal;
use indicators::Status;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use storage::args;
use vocabulary::Origin;

/// One figure as it was published at the close of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl ClosedFigure {
    /// A line of a board as it would be frozen.
    #[must_use]
    pub fn of(board: &Board, line: &Line) -> Self {
        let value = line.figure.as_ref().and_then(|figure| figure.value);
        Self {
            indicator: line.indicator().key.clone(),
            region: board.region.clone(),
            value: value.map(|value| value.normalize().to_string()),
            status: line.standing.status.code().to_owned(),
            origin: line.origin().map(|origin| origin.key().to_owned()),
            as_of: line.figure.as_ref().map(|figure| figure.as_of.to_string()),
        }
    }

    /// The value as a number.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        self.value.as_deref().and_then(|text| text.parse().ok())
    }

    /// The status.
    #[must_use]
    pub fn standing(&self) -> Option<Status> {
        Status::read(&self.status)
    }

    /// Where it came from.
    #[must_use]
    pub fn came_from(&self) -> Option<Origin> {
        self.origin.as_deref().and_then(Origin::from_key)
    }
}

impl Closing {
    /// The published figures.
    ///
    /// # Errors
    /// When what is stored cannot be read: the database was changed from outside.
    pub fn published(&self) -> Result<Vec<ClosedFigure>, Refusal> {
        serde_json::from_value(self.figures.clone())
            .map_err(|error| Refusal::Fault(format!("the closed figures of {} cannot be read: {error}", self.year)))
    }
}

/// SHA-256 over the figures, line by line: independent of how a database writes JSON.
#[must_use]
pub fn closed_digest(figures: &[ClosedFigure]) -> String {
    let mut digest = Sha256::new();
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    for one in figures {
        let line = [
            one.indicator.clone(),
            one.region.clone(),
            or_dash(&one.value),
            one.status.clone(),
            or_dash(&one.origin),
            or_dash(&one.as_of),
        ];
        digest.update(line.join("|"));
        digest.update("\n");
    }
    hex::encode(digest.finalize())
}

/// A figure that is known otherwise now than it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restatement {
    /// As it was published.
    pub published: ClosedFigure,
    /// As it is known now; `None` where the plan in force no longer has it.
    pub now: Option<ClosedFigure>,
}

impl Restatement {
    /// Whether the value itself differs, not only where it stands.
    #[must_use]
    pub fn value_differs(&self) -> bool {
        self.now.as_ref().is_none_or(|now| now.number() != self.published.number())
    }
}

/// What differs between what was published and what is known now, in the published order.
#[must_use]
pub fn restatements(published: &[ClosedFigure], now: &[ClosedFigure]) -> Vec<Restatement> {
    let known: HashMap<(&str, &str), &ClosedFigure> =
        now.iter().map(|one| ((one.indicator.as_str(), one.region.as_str()), one)).collect();
    published
        .iter()
        .filter_map(|one| {
            let now = known.get(&(one.indicator.as_str(), one.region.as_str())).map(|now| (*now).clone());
            let same = now.as_ref().is_some_and(|now| now.number() == one.number() && now.status == one.status);
            (!same).then(|| Restatement { published: one.clone(), now })
        })
        .collect()
}

/// The last day of a year.
fn last_day(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 12, 31)
}

impl Monitoring {
    /// Every figure of a year as it is known now: all indicators in every region that gets figures, parents first.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses.
    pub async fn year_figures(&self, place: &str, year: i32) -> Result<Vec<ClosedFigure>, Refusal> {
        let adopted = self.adopted(place)?;
        let regions = self.regions(&adopted);
        let month = Month { year, month: 12 };
        let mut figures = Vec::new();
        for region in regions.with_figures(month.last_day()) {
            let board = self.board(place, &region.code, month, None).await?;
            figures.extend(board.lines.iter().map(|line| ClosedFigure::of(&board, line)));
        }
        Ok(figures)
    }

    /// Years of the plan's period that are over and not closed yet, oldest first.
    ///
    /// # Errors
    /// When the place has no plan or the database refuses.
    pub async fn years_to_close(&self, place: &str) -> Result<Vec<i32>, Refusal> {
        use chrono::Datelike;
        let adopted = self.adopted(place)?;
        let Some(period) = adopted.pack.manifest.period else { return Ok(Vec::new()) };
        let closed: Vec<i32> = crate::store::closings(&self.db, place).await?.iter().map(|one| one.year).collect();
        let over = |year: &i32| last_day(*year).is_some_and(|last| self.clock.today() > last);
        let years = period.from.year()..=period.to.year();
        Ok(years.filter(over).filter(|year| !closed.contains(year)).collect())
    }
}

/// Freezes the figures of a year that has ended.
///
/// # Errors
/// When the actor may not, the year has not ended, there is nothing to freeze, or it is closed already.
pub async fn close_year(
    context: &Context<'_>,
    year: i32,
    figures: &[ClosedFigure],
    pack: &str,
) -> Result<String, Refusal> {
    context.allow(&CLOSE)?;
    // Rights and roll-ups follow the path: only an account of the whole place closes its books.
    if context.actor.region.codes().last() != Some(context.actor.place.as_str()) {
        return Err(Refusal::forbidden("关账（由本级主管部门办理）"));
    }
    if last_day(year).is_none_or(|last| context.today() <= last) {
        return Err(Refusal::Conflict(format!("{year}年还没有结束，不能关账")));
    }
    if !figures.iter().any(|one| one.value.is_some()) {
        return Err(Refusal::Conflict(format!("{year}年没有任何数据，没有可以冻结的内容")));
    }
    let digest = closed_digest(figures);
    let mut tx = context.db.begin().await?;
    let written = tx
        .execute(
            "INSERT INTO monitoring_closing (place, year, closed_at, closed_by, pack, digest, figures) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (place, year) DO NOTHING",
            args![context.actor.place, year, context.now(), context.actor.login, pack, digest, json!(figures)],
        )
        .await?;
    if written == 0 {
        return Err(Refusal::Conflict(format!("{year}年已经关账；以后的更正会作为重述与当时数字并列显示")));
    }
    let body = json!({"year": year, "figures": figures.len(), "digest": digest});
    context.leave_trace(&mut tx, &CLOSE, "YearClosed", &format!("year:{year}"), body, Vec::new()).await?;
    tx.commit().await?;
    Ok(digest)
}
