//! Facts: what happened, when it was true, when we knew, and what it rests on.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use storage::{Result, Tx, args};
use uuid::Uuid;

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Fact {
    /// District (county) code: the distribution key.
    pub district: String,
    /// Kind, in English, past tense: `ReportSignedOff`.
    pub kind: &'static str,
    /// What it is about, `kind:id`.
    pub subject: String,
    /// The day from which it was true.
    pub valid_on: NaiveDate,
    /// Login name of who did it.
    pub actor: String,
    /// What happened, as named values.
    pub body: Json,
    /// Facts it rests on.
    pub because: Vec<Uuid>,
}

/// Writes a fact in the caller's transaction and gives its id.
///
/// # Errors
/// When the database refuses.
pub async fn record(tx: &mut Tx, now: DateTime<Utc>, fact: &Fact) -> Result<Uuid> {
    let id = Uuid::now_v7();
    tx.execute(
        "INSERT INTO fact (district, id, recorded_at, valid_on, kind, subject, actor, body, because) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            fact.district,
            id,
            now,
            fact.valid_on,
            fact.kind,
            fact.subject,
            fact.actor,
            fact.body,
            serde_json::json!(fact.because)
        ],
    )
    .await?;
    Ok(id)
}
