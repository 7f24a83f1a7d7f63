//! SQL of cases that are about records, nothing else.

use crate::model::Case;
use crate::store::{CASE, about as sealed_as, case};
use records::Body;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use storage::{Db, Result, Tx, args, open_bytes, seal_json};
use uuid::Uuid;

/// Cases looked into at a time.
const PART: i64 = 500;

/// The records among some that a case's fields name.
fn named(body: &Body, ids: &BTreeSet<Uuid>) -> Vec<Uuid> {
    let texts = body.values().filter_map(Json::as_str);
    texts.filter_map(|text| text.parse().ok()).filter(|id| ids.contains(id)).collect()
}

/// The cases of a place whose fields name one of some records, with those. Fields are sealed: each case is opened and looked into.
///
/// # Errors
/// When the database refuses, or a case does not open.
pub(super) async fn naming(db: &Db, place: &str, ids: &BTreeSet<Uuid>) -> Result<Vec<(Case, Vec<Uuid>)>> {
    let (mut found, mut after) = (Vec::new(), String::new());
    if ids.is_empty() {
        return Ok(found);
    }
    loop {
        let sql = format!("SELECT {CASE} FROM casefile WHERE place = $1 AND id > $2 ORDER BY id LIMIT {PART}");
        let rows = db.all(&sql, args![place, after]).await?;
        for row in &rows {
            let one = case(db.keys(), row)?;
            after = one.id.to_string();
            let hits = named(&one.body, ids);
            if !hits.is_empty() {
                found.push((one, hits));
            }
        }
        if (rows.len() as i64) < PART {
            return Ok(found);
        }
    }
}

/// The cases of a place that are about an institution, the newest first.
///
/// # Errors
/// When the database refuses, or a case does not open.
pub(super) async fn of_party(db: &Db, place: &str, party: Uuid, most: usize) -> Result<Vec<Case>> {
    let sql = format!(
        "SELECT {CASE} FROM casefile WHERE party = $1 AND place = $2 ORDER BY started_at DESC, id DESC LIMIT {most}"
    );
    db.all(&sql, args![party, place]).await?.iter().map(|row| case(db.keys(), row)).collect()
}

/// The content of a paper that is held.
///
/// # Errors
/// When the database refuses, or it does not open.
pub(super) async fn content(db: &Db, paper: Uuid) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT content FROM casefile_paper WHERE id = $1 AND removed_at IS NULL";
    let Some(row) = db.optional(sql, args![paper]).await? else { return Ok(None) };
    open_bytes(db.keys(), &crate::store::about_paper(paper), row.at(0)?).map(Some)
}

/// Wipes what a case says; that it was, its number, its states, its days and who acted stay.
///
/// # Errors
/// When the database refuses.
pub(super) async fn wipe(tx: &mut Tx, case: Uuid, title: &str) -> Result<()> {
    let body = seal_json(tx.keys(), &sealed_as(case), &Json::Object(Body::new()))?;
    tx.execute("UPDATE casefile SET title = $2, body = $3 WHERE id = $1", args![case, title, body]).await?;
    tx.execute("UPDATE casefile_step SET said = '', wrote = NULL WHERE casefile = $1", args![case]).await?;
    tx.execute("DELETE FROM casefile_paper WHERE casefile = $1", args![case]).await?;
    Ok(())
}
