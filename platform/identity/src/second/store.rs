//! SQL of the second factor.

use chrono::{DateTime, Utc};
use storage::{Db, Keys, Result, Tx, args};
use uuid::Uuid;

/// What is kept of an account's second factor.
pub(crate) struct Kept {
    /// The secret, opened.
    pub secret: Vec<u8>,
    /// When a code of it was first typed; `None` while it is being set up.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// What a sealed secret belongs to.
fn about(account: Uuid) -> String {
    format!("second_factor/{account}")
}

fn opened(keys: &Keys, account: Uuid, row: &storage::Row) -> Result<Kept> {
    let secret = keys.open(&about(account), &row.get::<String>("secret")?)?;
    Ok(Kept { secret: hex::decode(secret).unwrap_or_default(), confirmed_at: row.get("confirmed_at")? })
}

const READ: &str = "SELECT secret, confirmed_at FROM identity_second_factor WHERE account = $1";

/// An account's second factor, if there is one.
pub(crate) async fn get(db: &Db, account: Uuid) -> Result<Option<Kept>> {
    db.optional(READ, args![account]).await?.map(|row| opened(db.keys(), account, &row)).transpose()
}

/// The same inside a transaction in which the account is locked.
pub(crate) async fn get_in(tx: &mut Tx, account: Uuid) -> Result<Option<Kept>> {
    let row = tx.optional(READ, args![account]).await?;
    row.map(|row| opened(tx.keys(), account, &row)).transpose()
}

/// Puts a new secret in the place of the one there was; it counts once a code of it was typed.
pub(crate) async fn put(tx: &mut Tx, account: Uuid, secret: &[u8], now: DateTime<Utc>) -> Result<()> {
    delete(tx, account).await?;
    let sealed = tx.keys().seal(&about(account), &hex::encode(secret))?;
    tx.execute(
        "INSERT INTO identity_second_factor (account, secret, created_at, last_step) VALUES ($1, $2, $3, 0)",
        args![account, sealed, now],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete(tx: &mut Tx, account: Uuid) -> Result<u64> {
    tx.execute("DELETE FROM identity_recovery_code WHERE account = $1", args![account]).await?;
    tx.execute("DELETE FROM identity_second_factor WHERE account = $1", args![account]).await
}

pub(crate) async fn confirm(tx: &mut Tx, account: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.execute("UPDATE identity_second_factor SET confirmed_at = $2 WHERE account = $1", args![account, now]).await?;
    Ok(())
}

/// Takes a code of a step; `false` when this or a later one was taken before: each counts once.
pub(crate) async fn take_step(tx: &mut Tx, account: Uuid, step: i64) -> Result<bool> {
    let sql = "UPDATE identity_second_factor SET last_step = $2 WHERE account = $1 AND last_step < $2";
    Ok(tx.execute(sql, args![account, step]).await? == 1)
}

pub(crate) async fn put_recovery(tx: &mut Tx, account: Uuid, hashes: &[String]) -> Result<()> {
    for hash in hashes {
        let sql = "INSERT INTO identity_recovery_code (account, code_hash) VALUES ($1, $2)";
        tx.execute(sql, args![account, hash]).await?;
    }
    Ok(())
}

/// Takes a recovery code; `false` when there is none such, or it was used.
pub(crate) async fn take_recovery(tx: &mut Tx, account: Uuid, hash: &str, now: DateTime<Utc>) -> Result<bool> {
    let sql =
        "UPDATE identity_recovery_code SET used_at = $3 WHERE account = $1 AND code_hash = $2 AND used_at IS NULL";
    Ok(tx.execute(sql, args![account, hash, now]).await? == 1)
}

/// Recovery codes that are left.
pub(crate) async fn recovery_left(db: &Db, account: Uuid) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM identity_recovery_code WHERE account = $1 AND used_at IS NULL";
    db.one(sql, args![account]).await?.at(0)
}

/// Marks a session as having shown its second factor.
pub(crate) async fn pass(tx: &mut Tx, session: Uuid) -> Result<()> {
    tx.execute("UPDATE identity_session SET second_passed = TRUE WHERE id = $1", args![session]).await?;
    Ok(())
}

/// Seals every secret with the present key; gives how many there are and how many were sealed anew.
pub(crate) async fn reseal(db: &Db) -> Result<(u64, u64)> {
    let rows = db.all("SELECT account, secret FROM identity_second_factor", args![]).await?;
    let (mut tx, mut done) = (db.begin().await?, 0);
    for row in &rows {
        let (account, sealed): (Uuid, String) = (row.at(0)?, row.at(1)?);
        if Keys::number_of(&sealed) != Some(tx.keys().active()) {
            let fresh = tx.keys().seal(&about(account), &tx.keys().open(&about(account), &sealed)?)?;
            let sql = "UPDATE identity_second_factor SET secret = $3 WHERE account = $1 AND secret = $2";
            done += tx.execute(sql, args![account, sealed, fresh]).await?;
        }
    }
    tx.commit().await?;
    Ok((rows.len() as u64, done))
}
