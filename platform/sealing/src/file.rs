//! The key file: made once, readable by its owner alone, replaced as a whole or not at all.

use crate::ring::{KEY_BYTES, Ring};
use crate::{Result, SealingError, chance};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The usual name of the key file.
pub const KEYS_FILE: &str = "zhaoxi.keys";

/// The only format there is.
const FORMAT: u32 = 1;

const HEAD: &str = "# Keys of sensitive fields. With this file and the database everything can be read; without it nobody can.\n\
                    # Keep a copy in another place than the backups of the database. Never edit it by hand.\n";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    active: u32,
    index: String,
    key: Vec<WrittenKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    number: u32,
    made_at: String,
    secret: String,
}

fn wrong(file: &Path, message: impl Into<String>) -> SealingError {
    SealingError::File { file: file.display().to_string(), message: message.into() }
}

/// Reads a key file.
pub(crate) fn read(file: &Path) -> Result<Ring> {
    let written = written(file)?;
    let bytes = |text: &str| -> Result<[u8; KEY_BYTES]> {
        let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| wrong(file, "holds a key of a wrong length: put its copy back"))
    };
    let mut keys = BTreeMap::new();
    for key in &written.key {
        keys.insert(key.number, bytes(&key.secret)?);
    }
    Ring::new(written.active, &keys, &bytes(&written.index)?)
        .map_err(|_| wrong(file, "does not hold the key that it names as active: put its copy back"))
}

fn written(file: &Path) -> Result<Written> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(SealingError::Missing(file.display().to_string()));
        }
        Err(error) => return Err(wrong(file, format!("cannot be read: {error}"))),
    };
    closed_to_others(file)?;
    let written: Written = toml::from_str(&text).map_err(|_| wrong(file, "is no key file: put its copy back"))?;
    if written.format != FORMAT {
        return Err(wrong(file, format!("has format {}, which this version does not know", written.format)));
    }
    Ok(written)
}

#[cfg(unix)]
fn closed_to_others(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)?.permissions().mode();
    if mode & 0o007 == 0 {
        return Ok(());
    }
    Err(wrong(file, format!("may be read by everybody on this machine (mode {:o}): run chmod 600", mode & 0o777)))
}

#[cfg(not(unix))]
fn closed_to_others(_: &Path) -> Result<()> {
    Ok(())
}

fn secret() -> Result<String> {
    let mut bytes = [0_u8; KEY_BYTES];
    chance(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// Makes a key file unless there is one.
pub(crate) fn make(file: &Path, made_at: &str) -> Result<()> {
    if file.exists() {
        return Ok(());
    }
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let key = WrittenKey { number: 1, made_at: made_at.to_owned(), secret: secret()? };
    let written = Written { format: FORMAT, active: 1, index: secret()?, key: vec![key] };
    let draft = draft(file, &written)?;
    // A link, not a move: of two processes that start at once, the second finds the first one's file and keeps it.
    let linked = std::fs::hard_link(&draft, file);
    std::fs::remove_file(&draft)?;
    match linked {
        Ok(()) => settle(file),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(wrong(file, format!("cannot be made: {error}"))),
    }
}

/// Adds a key and makes it the active one.
pub(crate) fn add(file: &Path, made_at: &str) -> Result<u32> {
    let mut written = written(file)?;
    let number = written.key.iter().map(|key| key.number).max().unwrap_or(0) + 1;
    written.key.push(WrittenKey { number, made_at: made_at.to_owned(), secret: secret()? });
    written.active = number;
    let draft = draft(file, &written)?;
    std::fs::rename(&draft, file)?;
    settle(file)?;
    Ok(number)
}

/// Writes the keys whole into a file beside, readable by its owner alone.
fn draft(file: &Path, written: &Written) -> Result<PathBuf> {
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    let mut bytes = [0_u8; 4];
    chance(&mut bytes)?;
    name.push(format!(".{}.new", hex::encode(bytes)));
    let draft = file.with_file_name(name);
    let text = toml::to_string(written).map_err(|error| wrong(file, error.to_string()))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut out = options.open(&draft).map_err(|error| wrong(file, format!("cannot be written: {error}")))?;
    out.write_all(HEAD.as_bytes())?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    Ok(draft)
}

/// Makes the folder's entry survive a power cut, where folders can be opened.
fn settle(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        // Some systems refuse to sync a folder; the file itself is on disk by now.
        let _ = folder.sync_all();
    }
    Ok(())
}
