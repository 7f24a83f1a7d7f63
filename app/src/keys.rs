//! The keys of sensitive fields: where their file is, which database they belong to, and a new one in the place of an old one.

use crate::house::House;
use anyhow::Context as _;
use records::Resealed;
use settings::Settings;
use std::path::{Path, PathBuf};
use storage::{Db, Keys, Tied};
use vocabulary::Clock;

/// The key file of an installation: the one that is set, else beside a SQLite database, else in the data folder.
#[must_use]
pub fn file(settings: &Settings, address: &str) -> PathBuf {
    if let Some(file) = &settings.data.keys {
        return file.clone();
    }
    let beside = match address.split_once("://") {
        Some(("sqlite", file)) => Path::new(file).parent(),
        Some(_) => Some(settings.data.dir.as_path()),
        None => Path::new(address.trim_start_matches("sqlite:")).parent(),
    };
    beside.unwrap_or(Path::new("")).join(sealing::KEYS_FILE)
}

/// The database with its keys. At the first start they are made; later a missing file is an error and never made anew, since
/// what was sealed with the old one would be lost in silence.
///
/// # Errors
/// When the file is missing though something is sealed, may be read by everybody, or is none.
pub async fn unlock(db: Db, settings: &Settings, address: &str, clock: &dyn Clock) -> anyhow::Result<Db> {
    let file = file(settings, address);
    let keys = if storage::is_sealed(&db).await {
        Keys::read(&file)?
    } else {
        Keys::read_or_make(&file, &clock.now().to_rfc3339()).context("the keys of sensitive fields")?
    };
    Ok(db.with_keys(keys))
}

/// Compares the keys with the database; seals what was written before there were keys.
///
/// # Errors
/// When the keys are those of another database.
pub async fn settle(house: &House) -> anyhow::Result<()> {
    if storage::tied_keys(&house.db).await? == Tied::NotYet {
        reseal(house, &|_| ()).await?;
        storage::tie_keys(&house.db, house.clock.now()).await?;
    }
    Ok(())
}

/// Everything that is sealed, sealed with the present key.
async fn reseal(house: &House, told: &(dyn Fn(Resealed) + Sync)) -> storage::Result<Resealed> {
    let done = records::reseal(&house.records, told).await?;
    let (seen, sealed) = cases::reseal(&house.db).await?;
    let done = done.and(Resealed { seen, sealed });
    let (seen, sealed) = house.identity.reseal().await?;
    Ok(done.and(Resealed { seen, sealed }))
}

/// A new key, and everything sealed with it; or, with `go_on`, what an earlier run left behind. Old keys stay in the file: older
/// backups need them.
///
/// # Errors
/// When the key file cannot be written or the database refuses; run it again with `go_on` then.
pub async fn rotate(house: &House, go_on: bool, told: &(dyn Fn(Resealed) + Sync)) -> anyhow::Result<(u32, Resealed)> {
    let number = if go_on {
        house.db.keys().active()
    } else {
        let number = house.db.keys().add(&house.clock.now().to_rfc3339())?;
        storage::tie_keys(&house.db, house.clock.now()).await?;
        number
    };
    let done = reseal(house, told).await?;
    let entry = facts::Entry {
        district: identity::SYSTEM_CHAIN.to_owned(),
        actor: "system".to_owned(),
        action: "keys.rotate".to_owned(),
        subject: format!("key:{number}"),
        detail: serde_json::json!({ "seen": done.seen, "sealed": done.sealed, "went_on": go_on }),
    };
    let mut tx = house.db.begin().await?;
    facts::audit(&mut tx, house.clock.now(), &entry).await?;
    tx.commit().await?;
    Ok((number, done))
}
