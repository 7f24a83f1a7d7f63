//! `zhaoxi keys`: where the keys of sensitive fields are, and a new one.

use super::KeysCommand;
use super::run::house;
use crate::keys;
use records::Resealed;

/// Rows after which a line tells how far it is.
const TOLD_EVERY: u64 = 50_000;

/// Runs a sub-command of `zhaoxi keys`.
///
/// # Errors
/// When the key file or the database refuses.
pub async fn run(command: KeysCommand) -> anyhow::Result<u8> {
    match command {
        KeysCommand::Show(database) => {
            let house = house(&database).await?;
            let keys = house.db.keys();
            println!("key file:   {}", keys.file().map(|file| file.display().to_string()).unwrap_or_default());
            println!("active key: {} (the file holds {})", keys.active(), keys.checks()?.len());
        }
        KeysCommand::Rotate { go_on, database } => {
            let house = house(&database).await?;
            let told = |done: Resealed| {
                if done.seen > 0 && done.seen.is_multiple_of(TOLD_EVERY) {
                    eprintln!("{} rows of a table looked at, {} sealed anew", done.seen, done.sealed);
                }
            };
            let (number, done) = keys::rotate(&house, go_on, &told).await?;
            println!("key {number} seals; {} of {} rows were sealed anew", done.sealed, done.seen);
            println!(
                "Copy the key file to where its copy is kept. Earlier keys stay in it: earlier backups need them."
            );
            println!("Broken off before this line? Go on with: zhaoxi keys rotate --go-on");
        }
    }
    Ok(0)
}
