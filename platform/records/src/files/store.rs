//! SQL of files. Name and content are sealed; what belongs to a file is under its own id.

use super::{RecordFile, Taken};
use chrono::{DateTime, Utc};
use storage::{Db, Keys, Result, Row, Tx, args, open_bytes, reseal_bytes, seal_bytes};
use uuid::Uuid;

const COLUMNS: &str =
    "id, register, record, kind, name, media, bytes, digest, added_by, added_at, taken_by, taken_at, reason";
/// Ids in one question.
const IDS: usize = 200;

/// What a sealed name and content belong to.
fn about(id: Uuid) -> String {
    format!("file/{id}")
}

fn seal_name(keys: &Keys, id: Uuid, name: &str) -> Result<String> {
    if keys.are_there() { Ok(keys.seal(&about(id), name)?) } else { Ok(name.to_owned()) }
}

fn open_name(keys: &Keys, id: Uuid, stored: String) -> Result<String> {
    if Keys::number_of(&stored).is_none() {
        return Ok(stored);
    }
    Ok(keys.open(&about(id), &stored)?)
}

fn file(keys: &Keys, row: &Row) -> Result<RecordFile> {
    let id: Uuid = row.get("id")?;
    let taken = match row.get::<Option<DateTime<Utc>>>("taken_at")? {
        None => None,
        Some(at) => Some(Taken {
            by: row.get::<Option<String>>("taken_by")?.unwrap_or_default(),
            at,
            reason: row.get::<Option<String>>("reason")?.unwrap_or_default(),
        }),
    };
    Ok(RecordFile {
        id,
        register: row.get("register")?,
        record: row.get("record")?,
        kind: row.get("kind")?,
        name: open_name(keys, id, row.get("name")?)?,
        media: row.get("media")?,
        bytes: row.get("bytes")?,
        digest: row.get("digest")?,
        added_by: row.get("added_by")?,
        added_at: row.get("added_at")?,
        taken,
    })
}

/// The files of some records of a register, those taken back among them, the oldest first.
///
/// # Errors
/// When the database refuses, or a name does not open.
pub(crate) async fn of(db: &Db, register: &str, records: &[Uuid]) -> Result<Vec<RecordFile>> {
    let mut found = Vec::new();
    for part in records.chunks(IDS) {
        let mut values = args![register];
        let mut marks = Vec::with_capacity(part.len());
        for id in part {
            values.extend(args![*id]);
            marks.push(format!("${}", values.len()));
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM record_file WHERE register = $1 AND record IN ({}) ORDER BY record, added_at, id",
            marks.join(", ")
        );
        for row in db.all(&sql, values).await? {
            found.push(file(db.keys(), &row)?);
        }
    }
    Ok(found)
}

/// A file of a record that is held or was taken back.
///
/// # Errors
/// As [`of`].
pub(super) async fn one(tx: &mut Tx, id: Uuid) -> Result<Option<RecordFile>> {
    let sql = format!("SELECT {COLUMNS} FROM record_file WHERE id = $1");
    let row = tx.optional(&sql, args![id]).await?;
    row.as_ref().map(|row| file(tx.keys(), row)).transpose()
}

/// How many files of a record are held.
///
/// # Errors
/// When the database refuses.
pub(super) async fn held(tx: &mut Tx, record: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM record_file WHERE record = $1 AND taken_at IS NULL";
    tx.one(sql, args![record]).await?.at(0)
}

/// Keeps a file.
///
/// # Errors
/// When the database refuses, or nothing can be sealed.
pub(super) async fn insert(
    tx: &mut Tx,
    (district, place): (&str, &str),
    file: &RecordFile,
    content: Vec<u8>,
) -> Result<()> {
    let name = seal_name(tx.keys(), file.id, &file.name)?;
    let content = seal_bytes(tx.keys(), &about(file.id), content)?;
    tx.execute(
        "INSERT INTO record_file (district, place, id, register, record, kind, name, media, bytes, digest, added_by, \
         added_at, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            district,
            place,
            file.id,
            file.register,
            file.record,
            file.kind,
            name,
            file.media,
            file.bytes,
            file.digest,
            file.added_by,
            file.added_at,
            content
        ],
    )
    .await?;
    Ok(())
}

/// Takes a file back: its line stays, its content goes. `false` when somebody else was first.
///
/// # Errors
/// When the database refuses.
pub(super) async fn take_back(tx: &mut Tx, id: Uuid, taken: &Taken) -> Result<bool> {
    let sql = "UPDATE record_file SET taken_by = $2, taken_at = $3, reason = $4, content = NULL \
               WHERE id = $1 AND taken_at IS NULL";
    Ok(tx.execute(sql, args![id, taken.by, taken.at, taken.reason]).await? == 1)
}

/// A file that is held, with its content.
///
/// # Errors
/// When the database refuses, or it does not open.
pub(crate) async fn content(db: &Db, register: &str, record: Uuid, id: Uuid) -> Result<Option<(RecordFile, Vec<u8>)>> {
    let sql = format!(
        "SELECT {COLUMNS}, content FROM record_file \
         WHERE id = $1 AND record = $2 AND register = $3 AND taken_at IS NULL"
    );
    let Some(row) = db.optional(&sql, args![id, record, register]).await? else { return Ok(None) };
    let found = file(db.keys(), &row)?;
    Ok(Some((found, open_bytes(db.keys(), &about(id), row.get("content")?)?)))
}

/// The files of a record go: with the record, or when nothing but a few of its fields is kept.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn forget(tx: &mut Tx, record: Uuid) -> Result<()> {
    tx.execute("DELETE FROM record_file WHERE record = $1", args![record]).await?;
    Ok(())
}

/// The files of a record that went to another district stand there too.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn follow(tx: &mut Tx, record: Uuid, district: &str) -> Result<()> {
    tx.execute("UPDATE record_file SET district = $2 WHERE record = $1", args![record, district]).await?;
    Ok(())
}

/// Seals with the present key the next file after an id; gives its id and whether it was sealed anew, `None` behind the last one.
///
/// # Errors
/// When the database refuses or something does not open.
pub(crate) async fn reseal_next(db: &Db, after: &str) -> Result<Option<(String, bool)>> {
    let sql = "SELECT id, name, content FROM record_file WHERE id > $1 ORDER BY id LIMIT 1";
    let Some(row) = db.optional(sql, args![after]).await? else { return Ok(None) };
    let (id, name): (Uuid, String) = (row.get("id")?, row.get("name")?);
    let content: Option<Vec<u8>> = row.get("content")?;
    let fresh = match content {
        Some(content) => reseal_bytes(db.keys(), &about(id), content)?,
        None => None,
    };
    let stale = Keys::number_of(&name) != Some(db.keys().active());
    if stale || fresh.is_some() {
        let name = seal_name(db.keys(), id, &open_name(db.keys(), id, name)?)?;
        let mut tx = db.begin().await?;
        tx.execute("UPDATE record_file SET name = $2 WHERE id = $1", args![id, name]).await?;
        if let Some(fresh) = fresh {
            // Whoever took it back meanwhile left nothing to seal.
            let sql = "UPDATE record_file SET content = $2 WHERE id = $1 AND taken_at IS NULL";
            tx.execute(sql, args![id, fresh]).await?;
        }
        tx.commit().await?;
        return Ok(Some((id.to_string(), true)));
    }
    Ok(Some((id.to_string(), false)))
}
