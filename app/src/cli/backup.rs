//! `zhaoxi backup` and `zhaoxi restore`.

use super::run::settings;
use super::{BackupArgs, RestoreArgs, SealArgs};
use crate::backup::{self, Last};
use anyhow::{Context as _, bail};
use sealing::Secret;
use vocabulary::{Clock, SystemClock};

/// The secret that the options name.
fn secret(args: &SealArgs) -> anyhow::Result<Option<Secret>> {
    if let Some(file) = &args.passphrase_file {
        let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        return Ok(Some(Secret::Passphrase(text.lines().next().unwrap_or_default().trim().to_owned())));
    }
    let Some(file) = &args.key_file else { return Ok(None) };
    Ok(Some(Secret::KeyFile(std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?)))
}

/// Writes a backup.
///
/// # Errors
/// When it cannot be written.
pub async fn write(args: &BackupArgs) -> anyhow::Result<u8> {
    let settings = settings(&args.database, Vec::new())?;
    let address = settings.database_address();
    let db = storage::Db::open(&address).await?;
    if let Some(secret) = secret(&args.sealed)? {
        let bytes = backup::write(&db, &address, &args.file, secret, &SystemClock).await?;
        println!("sealed backup of {bytes} bytes written to {}", args.file.display());
        println!(
            "Kept apart from it: the key file of sensitive fields (zhaoxi keys show), and what seals this backup."
        );
    } else if args.unsealed {
        storage::backup::copy_to(&db, &args.file).await?;
        let bytes = std::fs::metadata(&args.file)?.len();
        backup::remember(&db, &Last { made_at: SystemClock.now(), sealed: false, bytes }).await?;
        println!("open copy written to {}: whoever has it reads names and conditions", args.file.display());
    } else {
        bail!("name --key-file or --passphrase-file; or --unsealed for an open copy");
    }
    db.close().await;
    Ok(0)
}

/// Puts a backup back.
///
/// # Errors
/// When it does not open, or the target is not empty.
pub async fn restore(args: &RestoreArgs) -> anyhow::Result<u8> {
    let secret = secret(&args.sealed)?.context("name --key-file or --passphrase-file, whichever sealed the backup")?;
    let done = backup::restore(&args.file, secret, &args.database).await?;
    let (label, report) = (&done.label, &done.report);
    println!(
        "restored: backup of {}, made by version {} at {}",
        label.engine,
        label.version,
        label.made_at.to_rfc3339()
    );
    println!("audit trail: {} entries in {} chains, {} breaks", report.entries, report.chains, report.breaks.len());
    for found in &report.breaks {
        println!("  {} {}: {}", found.chain, found.seq, found.wrong.message());
    }
    println!("Start the server with the key file that belonged to it: data.keys.");
    Ok(u8::from(!report.breaks.is_empty()))
}
