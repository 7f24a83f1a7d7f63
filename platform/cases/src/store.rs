//! SQL, nothing else. A case's row is locked before anything is written about it.

use crate::model::{Case, Did, Paper, Step, Units};
use chrono::NaiveDate;
use serde_json::Value as Json;
use storage::{
    Db, Engine, Keys, Result, Row, StorageError, Tx, args, open_bytes, open_json, reseal_bytes, reseal_json,
    seal_bytes, seal_json,
};
use uuid::Uuid;

/// Stands for “no day” where days are compared and ordered.
pub(crate) const NO_DAY: &str = "9999-12-31";

pub(crate) const CASE: &str = "district, id, place, kind, number, title, region, region_path, state, version, party, \
    started_by, started_at, state_since, due_on, soon_on, assigned_to, closed_at, origin, pack, body, \
    about, lead_units, part_units";
const STEP: &str =
    "seq, id, what, name, from_state, to_state, at, account, login, person, said, was_due, fields, wrote";
const PAPER: &str = "id, kind, name, media, bytes, digest, added_by, added_at";

fn day(row: &Row, column: &str) -> Result<Option<NaiveDate>> {
    let text: String = row.get(column)?;
    Ok(if text == NO_DAY { None } else { text.parse().ok() })
}

pub(crate) fn day_text(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| NO_DAY.to_owned(), |day| day.to_string())
}

/// What the sealed fields of a case belong to.
pub(crate) fn about(id: Uuid) -> String {
    format!("case/{id}")
}

/// What the sealed content of a paper belongs to.
pub(crate) fn about_paper(id: Uuid) -> String {
    format!("paper/{id}")
}

/// Reads a row of [`CASE`], its fields opened.
///
/// # Errors
/// When a column holds something else, or does not open.
pub(crate) fn case(keys: &Keys, row: &Row) -> Result<Case> {
    let body: Json = open_json(keys, &about(row.get("id")?), row.get("body")?)?;
    Ok(Case {
        district: row.get("district")?,
        id: row.get("id")?,
        place: row.get("place")?,
        kind: row.get("kind")?,
        number: row.get("number")?,
        title: row.get("title")?,
        region: row.get("region")?,
        region_path: row.get("region_path")?,
        state: row.get("state")?,
        version: row.get("version")?,
        party: row.get("party")?,
        started_by: row.get("started_by")?,
        started_at: row.get("started_at")?,
        state_since: row.get("state_since")?,
        due_on: day(row, "due_on")?,
        soon_on: day(row, "soon_on")?,
        assigned_to: row.get("assigned_to")?,
        closed_at: row.get("closed_at")?,
        origin: row.get("origin")?,
        pack: row.get("pack")?,
        body: body.as_object().cloned().unwrap_or_default(),
        about: row.get("about")?,
        units: Units {
            lead: Units::read(&row.get::<String>("lead_units")?),
            part: Units::read(&row.get::<String>("part_units")?),
        },
    })
}

fn step(row: &Row) -> Result<Step> {
    let what: String = row.get("what")?;
    let unknown =
        || StorageError::Column { column: "what".to_owned(), message: format!("unreadable value “{what}”") };
    Ok(Step {
        seq: row.get("seq")?,
        id: row.get("id")?,
        did: Did::from_key(&what).ok_or_else(unknown)?,
        name: row.get("name")?,
        from: row.get("from_state")?,
        to: row.get("to_state")?,
        at: row.get("at")?,
        account: row.get("account")?,
        login: row.get("login")?,
        person: row.get("person")?,
        said: row.get("said")?,
        was_due: day(row, "was_due")?,
        fields: row.get("fields")?,
        // Steps made before records were noted have none.
        wrote: row.get::<Option<Json>>("wrote")?.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default(),
    })
}

fn paper(row: &Row) -> Result<Paper> {
    Ok(Paper {
        id: row.get("id")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        media: row.get("media")?,
        bytes: row.get("bytes")?,
        digest: row.get("digest")?,
        added_by: row.get("added_by")?,
        added_at: row.get("added_at")?,
    })
}

pub(crate) async fn get(db: &Db, place: &str, id: Uuid) -> Result<Option<Case>> {
    let sql = format!("SELECT {CASE} FROM casefile WHERE id = $1 AND place = $2");
    db.optional(&sql, args![id, place]).await?.as_ref().map(|row| case(db.keys(), row)).transpose()
}

/// The case, kept from other writers until the transaction ends. SQLite has one writer anyway.
pub(crate) async fn lock(tx: &mut Tx, id: Uuid) -> Result<Option<Case>> {
    let keep = if tx.dialect().0 == Engine::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT {CASE} FROM casefile WHERE id = $1{keep}");
    let row = tx.optional(&sql, args![id]).await?;
    row.as_ref().map(|row| case(tx.keys(), row)).transpose()
}

pub(crate) async fn insert(tx: &mut Tx, case: &Case) -> Result<()> {
    let marks: Vec<String> = (1..=24).map(|number| format!("${number}")).collect();
    let sql = format!("INSERT INTO casefile ({CASE}) VALUES ({})", marks.join(", "));
    let values = args![
        case.district,
        case.id,
        case.place,
        case.kind,
        case.number,
        case.title,
        case.region,
        case.region_path,
        case.state,
        case.version,
        case.party,
        case.started_by,
        case.started_at,
        case.state_since,
        day_text(case.due_on),
        day_text(case.soon_on),
        case.assigned_to,
        case.closed_at,
        case.origin,
        case.pack,
        seal_json(tx.keys(), &about(case.id), &Json::Object(case.body.clone()))?,
        case.about,
        Units::written(&case.units.lead),
        Units::written(&case.units.part)
    ];
    tx.execute(&sql, values).await?;
    Ok(())
}

/// Puts the next version in the place of the present one. False when somebody else was first.
pub(crate) async fn replace(tx: &mut Tx, after: &Case) -> Result<bool> {
    let body = seal_json(tx.keys(), &about(after.id), &Json::Object(after.body.clone()))?;
    let touched = tx
        .execute(
            "UPDATE casefile SET title = $3, state = $4, version = $5, state_since = $6, due_on = $7, soon_on = $8, \
             assigned_to = $9, closed_at = $10, pack = $11, body = $12 \
             WHERE district = $1 AND id = $2 AND version = $5 - 1",
            args![
                after.district,
                after.id,
                after.title,
                after.state,
                after.version,
                after.state_since,
                day_text(after.due_on),
                day_text(after.soon_on),
                after.assigned_to,
                after.closed_at,
                after.pack,
                body
            ],
        )
        .await?;
    Ok(touched == 1)
}

pub(crate) async fn insert_step(tx: &mut Tx, case: &Case, step: &Step) -> Result<()> {
    let sql = format!(
        "INSERT INTO casefile_step (district, casefile, {STEP}) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    let values = args![
        case.district,
        case.id,
        step.seq,
        step.id,
        step.did.key(),
        step.name,
        step.from,
        step.to,
        step.at,
        step.account,
        step.login,
        step.person,
        step.said,
        day_text(step.was_due),
        step.fields,
        serde_json::json!(step.wrote)
    ];
    tx.execute(&sql, values).await?;
    Ok(())
}

/// The next running number of a district in a year.
pub(crate) async fn next_number(tx: &mut Tx, district: &str, year: i32) -> Result<i64> {
    let year = i64::from(year);
    tx.execute(
        "INSERT INTO casefile_number (district, year, last_given) VALUES ($1, $2, 0) ON CONFLICT (district, year) DO NOTHING",
        args![district, year],
    )
    .await?;
    let sql =
        "UPDATE casefile_number SET last_given = last_given + 1 WHERE district = $1 AND year = $2 RETURNING last_given";
    tx.one(sql, args![district, year]).await?.at(0)
}

/// The step of a case that was asked for under an id.
pub(crate) async fn step_in(tx: &mut Tx, id: Uuid) -> Result<Option<(Uuid, Step)>> {
    let sql = format!("SELECT casefile, {STEP} FROM casefile_step WHERE id = $1");
    let Some(row) = tx.optional(&sql, args![id]).await? else { return Ok(None) };
    Ok(Some((row.get("casefile")?, step(&row)?)))
}

/// Login of who began a case.
pub(crate) async fn starter(tx: &mut Tx, id: Uuid) -> Result<String> {
    tx.one("SELECT login FROM casefile_step WHERE casefile = $1 AND seq = 1", args![id]).await?.at(0)
}

pub(crate) async fn step_by_id(db: &Db, id: Uuid) -> Result<Option<(Uuid, Step)>> {
    let sql = format!("SELECT casefile, {STEP} FROM casefile_step WHERE id = $1");
    let Some(row) = db.optional(&sql, args![id]).await? else { return Ok(None) };
    Ok(Some((row.get("casefile")?, step(&row)?)))
}

pub(crate) async fn steps(db: &Db, id: Uuid) -> Result<Vec<Step>> {
    let sql = format!("SELECT {STEP} FROM casefile_step WHERE casefile = $1 ORDER BY seq");
    db.all(&sql, args![id]).await?.iter().map(step).collect()
}

pub(crate) async fn papers(db: &Db, id: Uuid) -> Result<Vec<Paper>> {
    db.all(&papers_sql(), args![id]).await?.iter().map(paper).collect()
}

pub(crate) async fn papers_in(tx: &mut Tx, id: Uuid) -> Result<Vec<Paper>> {
    tx.all(&papers_sql(), args![id]).await?.iter().map(paper).collect()
}

fn papers_sql() -> String {
    format!("SELECT {PAPER} FROM casefile_paper WHERE casefile = $1 AND removed_at IS NULL ORDER BY added_at, id")
}

pub(crate) async fn insert_paper(tx: &mut Tx, case: &Case, paper: &Paper, content: Vec<u8>) -> Result<()> {
    let sql = format!(
        "INSERT INTO casefile_paper (district, casefile, {PAPER}, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let content = seal_bytes(tx.keys(), &about_paper(paper.id), content)?;
    let values = args![
        case.district,
        case.id,
        paper.id,
        paper.kind,
        paper.name,
        paper.media,
        paper.bytes,
        paper.digest,
        paper.added_by,
        paper.added_at,
        content
    ];
    tx.execute(&sql, values).await?;
    Ok(())
}

/// Takes a paper back: its line stays, its content goes.
pub(crate) async fn remove_paper(tx: &mut Tx, case: &Case, id: Uuid, at: chrono::DateTime<chrono::Utc>) -> Result<()> {
    tx.execute(
        "UPDATE casefile_paper SET removed_at = $3, content = NULL WHERE district = $1 AND id = $2",
        args![case.district, id, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn content(db: &Db, case: Uuid, id: Uuid) -> Result<Option<(Paper, Vec<u8>)>> {
    let sql =
        format!("SELECT {PAPER}, content FROM casefile_paper WHERE casefile = $1 AND id = $2 AND removed_at IS NULL");
    let Some(row) = db.optional(&sql, args![case, id]).await? else { return Ok(None) };
    Ok(Some((paper(&row)?, open_bytes(db.keys(), &about_paper(id), row.get("content")?)?)))
}

/// Cases sealed in one transaction.
const RESEAL_PART: i64 = 500;

/// Seals the fields and papers of every case with the present key; gives how many were looked at and how many sealed anew. Part by part, to be
/// broken off and gone on with.
///
/// # Errors
/// When the database refuses or something does not open.
pub async fn reseal(db: &Db) -> Result<(u64, u64)> {
    let (mut seen, mut sealed, mut after) = (0, 0, String::new());
    loop {
        let sql = "SELECT id, version, body FROM casefile WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = db.all(sql, args![after, RESEAL_PART]).await?;
        let mut tx = db.begin().await?;
        for row in &rows {
            let (id, version): (Uuid, i64) = (row.at(0)?, row.at(1)?);
            if let Some(fresh) = reseal_json(tx.keys(), &about(id), &row.at(2)?)? {
                // Whoever moved the case meanwhile has sealed it anew already.
                let sql = "UPDATE casefile SET body = $3 WHERE id = $1 AND version = $2";
                sealed += tx.execute(sql, args![id, version, fresh]).await?;
            }
            after = row.at(0)?;
        }
        tx.commit().await?;
        seen += rows.len() as u64;
        if (rows.len() as i64) < RESEAL_PART {
            break;
        }
    }
    let (papers, fresh) = reseal_papers(db).await?;
    Ok((seen + papers, sealed + fresh))
}

/// Papers, one by one: each may be large.
async fn reseal_papers(db: &Db) -> Result<(u64, u64)> {
    let (mut seen, mut sealed, mut after) = (0, 0, String::new());
    loop {
        let sql = "SELECT id, content FROM casefile_paper WHERE id > $1 AND content IS NOT NULL ORDER BY id LIMIT 1";
        let Some(row) = db.optional(sql, args![after]).await? else { return Ok((seen, sealed)) };
        let id: Uuid = row.at(0)?;
        if let Some(fresh) = reseal_bytes(db.keys(), &about_paper(id), row.at(1)?)? {
            let mut tx = db.begin().await?;
            // Whoever took it back meanwhile left nothing to seal.
            let sql = "UPDATE casefile_paper SET content = $2 WHERE id = $1 AND content IS NOT NULL";
            sealed += tx.execute(sql, args![id, fresh]).await?;
            tx.commit().await?;
        }
        seen += 1;
        after = row.at(0)?;
    }
}
