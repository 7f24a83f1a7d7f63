//! The audit chain: each entry carries the hash of the one before it, so that a change, a cut or an
//! insertion anywhere shows. One chain per district keeps writers of different districts apart; an
//! anchor ties the heads of all chains together.

use crate::ANCHOR_CHAIN;
use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use storage::{Db, Keys, Result, Row, Tx, args, moment_text};

/// The hash before the first entry of a chain.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Who did what to whom.
#[derive(Debug, Clone)]
pub struct Entry {
    /// District code: which chain.
    pub district: String,
    /// Login name, or `system`.
    pub actor: String,
    /// Action key, as in the access matrix.
    pub action: String,
    /// What it touched, `kind:id`.
    pub subject: String,
    /// Details: changed fields, purpose, digest of rows. No secret values.
    pub detail: Json,
}

pub(crate) fn hash(previous: &str, seq: i64, at: &str, fields: [&str; 4]) -> String {
    let mut hasher = Sha256::new();
    for part in [previous, &seq.to_string(), at].iter().chain(&fields) {
        // Lengths keep the parts apart: "ab"+"c" never hashes like "a"+"bc".
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// What the head of a chain carries besides its hash: only who has the keys, which stand outside the database, can make it, so
/// whoever can write to the tables alone cannot put another head in its place.
pub(crate) fn seal(keys: &Keys, chain: &str, seq: i64, hash: &str) -> Result<String> {
    Ok(keys.blind("audit_head", &format!("{chain} {seq} {hash}"))?)
}

/// Appends an entry in the caller's transaction: either both happen or neither.
///
/// # Errors
/// When the database refuses.
pub async fn audit(tx: &mut Tx, now: DateTime<Utc>, entry: &Entry) -> Result<()> {
    append(tx, now, &entry.district, entry).await
}

async fn append(tx: &mut Tx, now: DateTime<Utc>, chain: &str, entry: &Entry) -> Result<()> {
    // Updating the head first locks the chain until this transaction ends.
    tx.execute(
        "INSERT INTO audit_head (chain, seq, hash) VALUES ($1, 0, $2) ON CONFLICT (chain) DO NOTHING",
        args![chain, GENESIS],
    )
    .await?;
    let head = tx.one("UPDATE audit_head SET seq = seq + 1 WHERE chain = $1 RETURNING seq, hash", args![chain]).await?;
    let (seq, previous): (i64, String) = (head.get("seq")?, head.get("hash")?);
    let at = moment_text(now);
    let detail = entry.detail.to_string();
    let fields = [entry.actor.as_str(), entry.action.as_str(), entry.subject.as_str(), detail.as_str()];
    let hash = hash(&previous, seq, &at, fields);
    tx.execute(
        "INSERT INTO audit_entry (chain, seq, at, actor, action, subject, detail, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![chain, seq, at, entry.actor, entry.action, entry.subject, detail, previous, hash],
    )
    .await?;
    let seal = if tx.keys().are_there() { Some(seal(tx.keys(), chain, seq, &hash)?) } else { None };
    tx.execute("UPDATE audit_head SET hash = $2, seal = $3 WHERE chain = $1", args![chain, hash, seal]).await?;
    Ok(())
}

/// What was done of one kind to one subject, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn entries_of(db: &Db, subject: &str, action: &str) -> Result<Vec<(DateTime<Utc>, Entry)>> {
    let sql = "SELECT at, chain, actor, action, subject, detail FROM audit_entry WHERE subject = $1 AND action = $2 ORDER BY at DESC";
    let entry = |row: &Row| {
        let detail: String = row.at(5)?;
        let entry = Entry {
            district: row.at(1)?,
            actor: row.at(2)?,
            action: row.at(3)?,
            subject: row.at(4)?,
            detail: serde_json::from_str(&detail).unwrap_or_default(),
        };
        Ok((row.at(0)?, entry))
    };
    db.all(sql, args![subject, action]).await?.iter().map(entry).collect()
}

/// Writes the heads of all chains into the anchor chain, so that a whole chain cut off at its end shows too.
///
/// # Errors
/// When the database refuses.
pub async fn anchor(tx: &mut Tx, now: DateTime<Utc>, actor: &str) -> Result<()> {
    let heads =
        tx.all("SELECT chain, seq, hash FROM audit_head WHERE chain <> $1 ORDER BY chain", args![ANCHOR_CHAIN]).await?;
    let mut listed = Vec::with_capacity(heads.len());
    for head in &heads {
        listed.push(serde_json::json!({
            "chain": head.get::<String>("chain")?,
            "seq": head.get::<i64>("seq")?,
            "hash": head.get::<String>("hash")?,
        }));
    }
    let entry = Entry {
        district: ANCHOR_CHAIN.to_owned(),
        actor: actor.to_owned(),
        action: "audit.anchor".to_owned(),
        subject: "audit:heads".to_owned(),
        detail: Json::Array(listed),
    };
    append(tx, now, ANCHOR_CHAIN, &entry).await
}
