//! The few things the installation itself remembers: its signing secret, the demo's clock.

use identity::Chance;
use storage::{Db, Result, args};

/// Bytes of the secret that signs forms.
const SECRET_BYTES: usize = 32;

/// A remembered value.
///
/// # Errors
/// When the database cannot be read.
pub async fn get(db: &Db, key: &str) -> Result<Option<String>> {
    let row = db.optional("SELECT value FROM app_state WHERE key = $1", args![key]).await?;
    row.map(|row| row.at(0)).transpose()
}

/// Remembers a value, or keeps the one that is there; gives what is remembered then.
///
/// # Errors
/// When the database refuses.
pub async fn keep(db: &Db, key: &str, value: &str) -> Result<String> {
    db.execute("INSERT INTO app_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", args![key, value])
        .await?;
    Ok(get(db, key).await?.unwrap_or_else(|| value.to_owned()))
}

/// The secret that signs forms: made once, the same in every process of the installation.
///
/// # Errors
/// When there is no randomness or the database refuses.
pub async fn secret(db: &Db, chance: &dyn Chance) -> anyhow::Result<Vec<u8>> {
    if let Some(known) = get(db, "web.secret").await? {
        return Ok(hex::decode(known)?);
    }
    let mut bytes = [0_u8; SECRET_BYTES];
    chance.fill(&mut bytes).map_err(|_| anyhow::anyhow!("the machine has no randomness to give"))?;
    Ok(hex::decode(keep(db, "web.secret", &hex::encode(bytes)).await?)?)
}

/// Remembers a value in the place of the one there was.
///
/// # Errors
/// When the database refuses.
pub async fn put(tx: &mut storage::Tx, key: &str, value: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO app_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        args![key, value],
    )
    .await?;
    Ok(())
}
