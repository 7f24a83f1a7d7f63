//! Which keys belong to a database: it remembers how to recognise them, so that a missing or another key file is noticed
//! before anything is read or written with it.

use crate::{Db, Keys, Migration, Result, SealingError, StorageError, args};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The table of what is remembered.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "storage.001_sealing_key", sql: include_str!("../migrations/001_sealing_key.sql") }];

/// The key under which a sealed document stands in a JSON column.
const SEALED: &str = "sealed";

/// How a database and its keys stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tied {
    /// They belong together.
    Already,
    /// Nothing was sealed here yet: seal what is there, then call [`tie_keys`].
    NotYet,
}

async fn remembered(db: &Db) -> Result<BTreeMap<u32, String>> {
    let rows = db.all("SELECT number, key_check FROM sealing_key", args![]).await?;
    rows.iter().map(|row| Ok((u32::try_from(row.at::<i64>(0)?).unwrap_or(u32::MAX), row.at::<String>(1)?))).collect()
}

/// Whether the keys of a database are its own.
///
/// # Errors
/// When they are others: nothing may be read or written then.
pub async fn tied_keys(db: &Db) -> Result<Tied> {
    let known = remembered(db).await?;
    if known.is_empty() {
        return Ok(Tied::NotYet);
    }
    let checks = db.keys().checks()?;
    for (number, check) in known {
        if checks.get(&number) != Some(&check) {
            let file = db.keys().file().map(|file| file.display().to_string()).unwrap_or_default();
            let message = format!(
                "is not the one of this database: key {number} is missing or another one. Put the database's own key \
                 file back, or name it with data.keys"
            );
            return Err(StorageError::Sealing(SealingError::File { file, message }));
        }
    }
    Ok(Tied::Already)
}

/// Remembers how to recognise the keys in use, and those added since.
///
/// # Errors
/// When there are no keys or the database refuses.
pub async fn tie_keys(db: &Db, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.begin().await?;
    for (number, check) in db.keys().checks()? {
        tx.execute(
            "INSERT INTO sealing_key (number, key_check, known_from) VALUES ($1, $2, $3) ON CONFLICT (number) DO NOTHING",
            args![i64::from(number), check, now],
        )
        .await?;
    }
    tx.commit().await
}

/// Whether anything was ever sealed in a database; `false` also where there are no tables yet.
pub async fn is_sealed(db: &Db) -> bool {
    db.all("SELECT 1 FROM sealing_key LIMIT 1", args![]).await.is_ok_and(|rows| !rows.is_empty())
}

/// A JSON document as it is stored: sealed whole, where there are keys. It opens only for what it belongs to.
///
/// # Errors
/// When it cannot be sealed.
pub fn seal_json<T: Serialize + ?Sized>(keys: &Keys, belongs_to: &str, plain: &T) -> Result<Json> {
    let unwritten = |_| StorageError::Sealing(SealingError::Broken);
    if !keys.are_there() {
        return serde_json::to_value(plain).map_err(unwritten);
    }
    let plain = serde_json::to_string(plain).map_err(unwritten)?;
    Ok(Json::Object([(SEALED.to_owned(), Json::from(keys.seal(belongs_to, &plain)?))].into_iter().collect()))
}

/// A JSON document as it was before [`seal_json`]; one that was stored open is read as it is.
///
/// # Errors
/// When it does not open, or is another document than wanted.
pub fn open_json<T: DeserializeOwned>(keys: &Keys, belongs_to: &str, stored: Json) -> Result<T> {
    let broken = |_| StorageError::Sealing(SealingError::Broken);
    let Some(sealed) = sealed_whole(&stored) else { return serde_json::from_value(stored).map_err(broken) };
    let plain = keys.open(belongs_to, sealed)?;
    serde_json::from_str(&plain).map_err(broken)
}

/// The document under the present key; `None` when it is already.
///
/// # Errors
/// As [`open_json`] and [`seal_json`].
pub fn reseal_json(keys: &Keys, belongs_to: &str, stored: &Json) -> Result<Option<Json>> {
    if sealed_whole(stored).and_then(Keys::number_of) == Some(keys.active()) {
        return Ok(None);
    }
    seal_json(keys, belongs_to, &open_json::<Json>(keys, belongs_to, stored.clone())?).map(Some)
}

/// A file's content as it is stored: sealed, where there are keys. It opens only for what it belongs to.
///
/// # Errors
/// When it cannot be sealed.
pub fn seal_bytes(keys: &Keys, belongs_to: &str, plain: Vec<u8>) -> Result<Vec<u8>> {
    if keys.are_there() { Ok(keys.seal_bytes(belongs_to, &plain)?) } else { Ok(plain) }
}

/// A file's content as it was before [`seal_bytes`]; one that was stored open is read as it is.
///
/// # Errors
/// When it does not open.
pub fn open_bytes(keys: &Keys, belongs_to: &str, stored: Vec<u8>) -> Result<Vec<u8>> {
    if Keys::number_of_bytes(&stored).is_none() {
        return Ok(stored);
    }
    Ok(keys.open_bytes(belongs_to, &stored)?)
}

/// The content under the present key; `None` when it is already.
///
/// # Errors
/// As [`open_bytes`] and [`seal_bytes`].
pub fn reseal_bytes(keys: &Keys, belongs_to: &str, stored: Vec<u8>) -> Result<Option<Vec<u8>>> {
    if Keys::number_of_bytes(&stored) == Some(keys.active()) {
        return Ok(None);
    }
    seal_bytes(keys, belongs_to, open_bytes(keys, belongs_to, stored)?).map(Some)
}

fn sealed_whole(stored: &Json) -> Option<&str> {
    let map = stored.as_object().filter(|map| map.len() == 1)?;
    map.get(SEALED)?.as_str().filter(|text| Keys::number_of(text).is_some())
}
