//! The pages of this service, one file each, and what they share: which region and month is looked at.

pub mod api;
mod behind_text;
pub mod bulletin;
mod choose;
pub mod closing;
mod course;
mod download;
mod forms;
pub mod indicator;
pub mod leader;
pub mod overview;
mod people;
pub mod plan;
pub mod projects;
pub mod reports;
pub mod rows;
mod samples;
pub(crate) mod show;
pub mod supervision;
pub mod tasks;
pub mod wall;
#[cfg(test)]
mod watched_samples;

use crate::board::Board;
use crate::commands::Context;
use crate::model::{Month, end_of_day};
use crate::regions::RegionIndex;
use crate::service::Monitoring;
pub use choose::region_input;
use chrono::{DateTime, NaiveDate, Utc};
pub use download::{attachment, workbook as workbook_answer};
use identity::{Actor, Refusal};
pub use people::People;
use plans::Adopted;
pub use show::short_name;
use std::sync::Arc;
use vocabulary::RegionPath;
use web::{Link, Query, Route, WebError};

/// All routes of this service.
#[must_use]
pub fn routes(service: &Monitoring) -> Vec<Route> {
    [
        overview::routes(service),
        indicator::routes(service),
        rows::routes(service),
        reports::routes(service),
        supervision::routes(service),
        api::routes(service),
        tasks::routes(service),
        projects::routes(service),
        leader::routes(service),
        wall::routes(service),
        bulletin::routes(service),
        plan::routes(service),
        closing::routes(service),
        crate::undertakings::api::routes(service),
    ]
    .concat()
}

/// The service's piece of the OpenAPI document.
#[must_use]
pub fn openapi() -> serde_json::Value {
    let mut paths = serde_json::Map::new();
    for piece in [api::openapi_paths(), crate::undertakings::api::openapi_paths()] {
        if let serde_json::Value::Object(piece) = piece {
            paths.extend(piece);
        }
    }
    serde_json::json!({ "paths": paths })
}

/// Names under which an address says what is looked at.
const SCOPE: [&str; 3] = ["region", "month", "known"];

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
    /// Today.
    pub today: NaiveDate,
    /// The account's own region.
    pub own: String,
    /// What the address itself said of region and time, to say it again in links.
    pub asked: Vec<(String, String)>,
    /// Names behind the logins that the page shows.
    pub people: People,
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
        let today = service.clock.today();
        let month = match query.get("month") {
            Some(text) => text
                .parse::<Month>()
                .map_err(|message| WebError::bad_request(message, "请从页面上选择月份"))?
                .min(Month::of(today)),
            None => Month::of(today),
        };
        let known_at = query.get("known").map(known_until).transpose()?;
        let own = own.to_owned();
        let asked = query.pairs().iter().filter(|(name, _)| SCOPE.contains(&name.as_str())).cloned().collect();
        let people = People::default();
        Ok(Self { adopted, regions, region, path, month, known_at, today, own, asked, people })
    }

    /// An address of this service with the same region and time.
    #[must_use]
    pub fn href(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = Query::parse(path, "");
        for (name, value) in self.asked.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.to_vec())
        {
            query = query.with(name, value);
        }
        query.href()
    }

    /// The regions above the one looked at, as far as they are the account's: the way up.
    #[must_use]
    pub fn above(&self, path: &str) -> Vec<Link> {
        let own = self.regions.depth(&self.own);
        let ancestors = self.regions.ancestors(&self.region);
        let above = ancestors.iter().skip(own).take(ancestors.len().saturating_sub(own + 1));
        above.map(|region| Link::new(self.href(path, &[("region", &region.code)]), region.name.as_str())).collect()
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

/// The end of a day, as a moment: “as known on that day”.
fn known_until(text: &str) -> Result<DateTime<Utc>, WebError> {
    let day = text.parse::<NaiveDate>();
    let day = day.map_err(|_| WebError::bad_request(format!("“{text}”不是日期"), "请写成 2025-09-30"))?;
    Ok(end_of_day(day))
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
pub(crate) fn indicator_of<'a>(adopted: &'a Adopted, key: &str) -> Result<&'a pack_reader::model::Indicator, Refusal> {
    adopted.pack.indicator(key).ok_or_else(|| Refusal::NotFound("这个指标".to_owned()))
}
