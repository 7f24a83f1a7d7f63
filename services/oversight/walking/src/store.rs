//! SQL of this service, and nothing else. An answer is a version: a later one stands beside it.

use crate::answer::Answer;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use storage::{Db, Result, StorageError, Tx, args};
use vocabulary::Origin;

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// When it was reckoned first.
    pub known_at: DateTime<Utc>,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// The least real thing it rests on; never firmer than modelled.
    pub origin: Origin,
    /// What was reckoned.
    pub answer: Answer,
}

/// The latest answer that was known at a moment.
pub async fn latest(db: &Db, place: &str, circle: &str, known_at: DateTime<Utc>) -> Result<Option<Kept>> {
    let sql = "SELECT known_at, as_of, origin, body FROM walking_answer \
         WHERE place = $1 AND circle = $2 AND known_at <= $3 ORDER BY known_at DESC LIMIT 1";
    let Some(row) = db.optional(sql, args![place, circle, known_at]).await? else { return Ok(None) };
    let body: Json = row.at(3)?;
    let answer = serde_json::from_value(body)
        .map_err(|error| StorageError::Column { column: "body".to_owned(), message: error.to_string() })?;
    Ok(Some(Kept { known_at: row.at(0)?, as_of: row.at(1)?, origin: row.at(2)?, answer }))
}

/// Writes a new answer.
pub async fn insert(tx: &mut Tx, (place, circle): (&str, &str), pack: &str, kept: &Kept) -> Result<()> {
    let body = serde_json::to_value(&kept.answer)
        .map_err(|error| StorageError::Column { column: "body".to_owned(), message: error.to_string() })?;
    let sql = "INSERT INTO walking_answer (place, circle, known_at, as_of, origin, pack, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.execute(sql, args![place, circle, kept.known_at, kept.as_of, kept.origin, pack, body]).await?;
    Ok(())
}

/// Says that a known answer still holds on a later day.
pub async fn still_holds(tx: &mut Tx, place: &str, circle: &str, kept: &Kept, on: NaiveDate) -> Result<()> {
    let sql = "UPDATE walking_answer SET as_of = $4 WHERE place = $1 AND circle = $2 AND known_at = $3";
    tx.execute(sql, args![place, circle, kept.known_at, on]).await?;
    Ok(())
}
