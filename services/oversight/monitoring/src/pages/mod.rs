//! The pages of this service, one file each, and what they share: which region and month is looked at.

use crate::board::Board;
use crate::commands::Context;
use crate::model::Month;
use crate::regions::RegionIndex;
use crate::service::Monitoring;
use chrono::{DateTime, Utc};
use identity::{Actor, Refusal};
use plans::Adopted;
use std::sync::Arc;
use vocabulary::RegionPath;
use web::{Query, Route, WebError};

/// All routes of this service.
#[must_use]
pub fn routes(_service: &Monitoring) -> Vec<Route> {
    Vec::new()
}

/// What a page looks at: from the address (`region`, `month`, `known`) or the account's own.
pub struct View {
    /// The plan.
    pub adopted: Arc<Adopted>,
    /// Its regions.
    pub regions: Arc<RegionIndex>,
    /// Region code.
    pub region: String,
    /// Its path, inside the account's own.
    pub path: RegionPath,
    /// Month.
    pub month: Month,
    /// The moment whose knowledge counts; `None`: now.
    pub known_at: Option<DateTime<Utc>>,
}

impl View {
    /// Reads what a request looks at. A region that is not the account's is not found.
    ///
    /// # Errors
    /// When the region or month is unknown or not theirs.
    pub fn of(service: &Monitoring, actor: &Actor, query: &Query) -> Result<Self, WebError> {
        let adopted = service.adopted(&actor.place)?;
        let regions = service.regions(&adopted);
        let own = actor.region.codes().last().unwrap_or_default();
        let region = query.get("region").unwrap_or(own).to_owned();
        let not_found = || WebError::not_found("这个区划");
        let path = regions.path(&region).filter(|path| actor.sees(path)).ok_or_else(not_found)?;
        let month = match query.get("month") {
            Some(text) => text
                .parse::<Month>()
                .map_err(|message| WebError::bad_request(message, "请从页面上选择月份"))?
                .min(Month::of(service.clock.today())),
            None => Month::of(service.clock.today()),
        };
        let known_at = match query.get("known") {
            Some(text) => Some(known_until(text)?),
            None => None,
        };
        Ok(Self { adopted, regions, region, path, month, known_at })
    }

    /// The board of what is looked at.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn board(&self, service: &Monitoring) -> Result<Arc<Board>, WebError> {
        let place = self.adopted.place();
        Ok(service.board(place, &self.region, self.month, self.known_at).await?)
    }

    /// Name of a department of this plan; its key when unknown.
    #[must_use]
    pub fn department<'a>(&'a self, key: &'a str) -> &'a str {
        department_name(&self.adopted, key)
    }
}

/// The end of a day in China, as a moment: “as known on that day”.
fn known_until(text: &str) -> Result<DateTime<Utc>, WebError> {
    let day = text
        .parse::<chrono::NaiveDate>()
        .map_err(|_| WebError::bad_request(format!("“{text}”不是日期"), "请写成 2025-09-30"))?;
    let next = day.succ_opt().unwrap_or(day);
    // China Standard Time is eight hours ahead of UTC.
    Ok((next.and_time(chrono::NaiveTime::MIN) - chrono::Duration::hours(8)).and_utc())
}

/// Short name of a department; its key when unknown.
#[must_use]
pub fn department_name<'a>(adopted: &'a Adopted, key: &'a str) -> &'a str {
    adopted.pack.department(key).map_or(key, |department| department.short.as_deref().unwrap_or(&department.name))
}

/// What a command needs, from a handler.
pub(crate) fn context<'a>(service: &'a Monitoring, actor: &'a Actor) -> Context<'a> {
    Context { db: &service.db, clock: &*service.clock, actor }
}

/// An indicator of the actor's plan.
pub(crate) fn indicator<'a>(adopted: &'a Adopted, key: &str) -> Result<&'a pack_reader::model::Indicator, Refusal> {
    adopted.pack.indicator(key).ok_or_else(|| Refusal::NotFound("这个指标".to_owned()))
}
