//! What was: the versions of a record, and the one that held on a day as known at a moment.
//!
//! The record known last, among those valid by the day, is the one that held: an edit states the whole record
//! from its day on, so a later statement for an earlier day replaces what was said before for the days after it.

use crate::reads::get;
use crate::record::{Record, State, Version};
use crate::store::source::{Source, Sql};
use crate::store::versions;
use chrono::{DateTime, NaiveDate, Utc};
use storage::{Db, Result};
use uuid::Uuid;
use vocabulary::{RegionPath, Register};

/// The versions of a record that lie inside the scope, the latest first. Where the record has moved elsewhere, those from
/// before: the first one then has an end (`known_to`), and nothing of what came after is given.
///
/// # Errors
/// When the database refuses.
pub async fn history(db: &Db, register: &Register, scope: &RegionPath, id: Uuid) -> Result<Vec<Version>> {
    let present = get(db, register, scope, id).await?;
    let present = present.map(|record| Version { record, known_to: None, reason: String::new() });
    let mut all: Vec<Version> = present.into_iter().collect();
    let source = Source::of(register, db);
    let mut sql = Sql::new(format!("SELECT {} FROM record_version WHERE ", versions::COLUMNS));
    let (number, key) = (sql.bind(id), sql.bind(register.key.as_str()));
    sql.push(&format!("id = {number} AND (register || '') = {key} ORDER BY version DESC"));
    for row in db.all(&sql.text, sql.values).await? {
        all.push(versions::version(source, &row)?);
    }
    all.retain(|version| version.record.region_path.is_within(scope));
    Ok(all)
}

/// The record as it held on a day, as known at a moment; `None` when it did not exist, was removed or lay
/// outside the scope.
///
/// # Errors
/// When the database refuses.
pub async fn get_as_of(
    db: &Db,
    register: &Register,
    scope: &RegionPath,
    id: Uuid,
    valid_on: NaiveDate,
    known_at: DateTime<Utc>,
) -> Result<Option<Record>> {
    let versions = history(db, register, scope, id).await?;
    // A version that was replaced by one elsewhere held until then.
    let gone = versions.first().and_then(|latest| latest.known_to).is_some_and(|moved| moved <= known_at);
    let held = versions
        .into_iter()
        .map(|version| version.record)
        .find(|record| record.valid_from <= valid_on && record.known_from <= known_at)
        .filter(|_| !gone);
    Ok(held.filter(|record| record.state == State::Active))
}
