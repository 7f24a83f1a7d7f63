//! Sealed backups of both databases, and putting them back. What leaves the machine is encrypted from the first byte; a restored
//! copy is checked before anybody relies on it.

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use sealing::{Secret, open_file, seal_file};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use storage::{Db, Engine};
use vocabulary::Clock;

/// Where the installation remembers its last backup.
pub const LAST: &str = "backup.last";
/// The longest first line that a backup can have.
const LABEL_MAX: usize = 4_096;

/// What stands before the data: sealed with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Version of this form.
    pub format: u32,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// Version of the program that wrote it.
    pub version: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Entries of the audit trail at that moment, at least.
    pub entries: u64,
}

/// The last backup, as the installation remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Whether it was sealed.
    pub sealed: bool,
    /// Bytes of the data.
    pub bytes: u64,
}

/// What came back.
#[derive(Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub label: Label,
    /// What was found in its audit trail.
    pub report: facts::VerifyReport,
}

const fn engine_key(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// Writes a sealed backup to a new file; the file is whole or not there.
///
/// # Errors
/// When the file exists or cannot be written, the secret is too weak, or (PostgreSQL) `pg_dump` is missing or refuses.
pub async fn write(db: &Db, address: &str, file: &Path, secret: Secret, clock: &dyn Clock) -> anyhow::Result<u64> {
    if file.exists() {
        bail!("{} exists already; name a new file", file.display());
    }
    let now = clock.now();
    let label = Label {
        format: 1,
        engine: engine_key(db.engine()).to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        entries: u64::try_from(facts::writes(db).await?).unwrap_or(0),
    };
    let head = format!("{}\n", serde_json::to_string(&label)?);
    let target = file.to_path_buf();
    let bytes = match db.engine() {
        Engine::Sqlite => {
            // The open copy lies beside the database, never where backups go.
            let folder = tempfile::tempdir_in(folder_of(address))?;
            let copy = folder.path().join("copy.db");
            storage::backup::copy_to(db, &copy).await?;
            let sealed = move || seal_into(&target, &secret, head.as_bytes().chain(BufReader::new(File::open(copy)?)));
            let bytes = tokio::task::spawn_blocking(sealed).await??;
            drop(folder);
            bytes
        }
        Engine::Postgres => {
            let mut dump = tool("pg_dump")?;
            dump.args(["--format=custom", "--no-password"]).stdin(Stdio::null()).stdout(Stdio::piped());
            connect(&mut dump, address);
            tokio::task::spawn_blocking(move || dump_into(dump, &target, &secret, head.as_bytes())).await??
        }
    };
    remember(db, &Last { made_at: now, sealed: true, bytes }).await?;
    Ok(bytes)
}

/// Remembers a backup, in the database and in the audit trail.
///
/// # Errors
/// When the database refuses.
pub async fn remember(db: &Db, last: &Last) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    crate::state::put(&mut tx, LAST, &serde_json::to_string(last)?).await?;
    let entry = facts::Entry {
        district: identity::SYSTEM_CHAIN.to_owned(),
        actor: "system".to_owned(),
        action: "app.backup".to_owned(),
        subject: "database".to_owned(),
        detail: serde_json::json!({ "sealed": last.sealed, "bytes": last.bytes }),
    };
    facts::audit(&mut tx, last.made_at, &entry).await?;
    tx.commit().await?;
    Ok(())
}

fn folder_of(address: &str) -> PathBuf {
    let file = address.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    let folder = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Seals into a file beside the wanted one, which takes its name when it is whole and on disk.
fn seal_into(file: &Path, secret: &Secret, mut from: impl Read) -> anyhow::Result<u64> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft =
        tempfile::NamedTempFile::new_in(folder).with_context(|| format!("{} cannot be written", file.display()))?;
    let bytes = seal_file(secret, &mut from, &mut BufWriter::new(draft.as_file()))?;
    draft.as_file().sync_all()?;
    draft.persist_noclobber(file).with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(bytes)
}

fn dump_into(mut dump: Command, file: &Path, secret: &Secret, head: &[u8]) -> anyhow::Result<u64> {
    let mut child = dump.stderr(Stdio::piped()).spawn().context("pg_dump cannot be started")?;
    let out = child.stdout.take().context("pg_dump gives nothing")?;
    let sealed = seal_into(file, secret, head.chain(BufReader::new(out)));
    let ended = child.wait_with_output()?;
    if !ended.status.success() {
        let _ = std::fs::remove_file(file);
        bail!("pg_dump: {}", String::from_utf8_lossy(&ended.stderr).trim());
    }
    sealed
}

/// Puts a sealed backup back into a database that is not there yet (SQLite) or is empty (PostgreSQL), and reads its whole audit
/// trail.
///
/// # Errors
/// When the target is not empty, the secret is another, or anything of the backup was changed or is missing.
pub async fn restore(file: &Path, secret: Secret, address: &str) -> anyhow::Result<Restored> {
    let postgres = address.starts_with("postgres");
    if postgres {
        let db = Db::open(address).await?;
        let tables = "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() LIMIT 1";
        let empty = db.all(tables, Vec::new()).await?.is_empty();
        db.close().await;
        if !empty {
            bail!("{} is not empty: restore into a new database", crate::house::shown(address));
        }
    } else if Path::new(address).exists() {
        bail!("{address} exists already: move it away first, with its -wal and -shm");
    }
    let (from, to) = (file.to_path_buf(), address.to_owned());
    let label = tokio::task::spawn_blocking(move || unpack(&from, &secret, &to, postgres)).await??;
    let db = Db::open(address).await?;
    let report = facts::verify(&db).await?;
    db.close().await;
    if report.entries < label.entries {
        bail!("the restored audit trail has {} entries, the backup names {}", report.entries, label.entries);
    }
    Ok(Restored { label, report })
}

fn unpack(file: &Path, secret: &Secret, address: &str, postgres: bool) -> anyhow::Result<Label> {
    let mut sealed = BufReader::new(File::open(file).with_context(|| format!("{} cannot be read", file.display()))?);
    let folder = if postgres { std::env::temp_dir() } else { folder_of(address) };
    std::fs::create_dir_all(&folder)?;
    // Nothing takes the database's name before the last piece was found whole.
    let draft = tempfile::NamedTempFile::new_in(folder)?;
    let mut out = AfterLabel { label: Vec::new(), complete: false, rest: BufWriter::new(draft.as_file()) };
    open_file(secret, &mut sealed, &mut out)?;
    let label: Label = serde_json::from_slice(&out.label).context("the backup has no label")?;
    out.rest.flush()?;
    drop(out);
    let wanted = if postgres { "postgres" } else { "sqlite" };
    if label.engine != wanted {
        bail!("this is a backup of {}; restore it into such a database", label.engine);
    }
    draft.as_file().sync_all()?;
    if postgres {
        let mut load = tool("pg_restore")?;
        load.args(["--no-owner", "--exit-on-error", "--single-transaction", "--no-password"]);
        connect(&mut load, address);
        let ended = load.arg(draft.path()).output().context("pg_restore cannot be started")?;
        if !ended.status.success() {
            bail!("pg_restore: {}", String::from_utf8_lossy(&ended.stderr).trim());
        }
    } else {
        draft.persist_noclobber(address).with_context(|| format!("{address} cannot be written"))?;
    }
    Ok(label)
}

/// Keeps the first line and hands on the rest.
struct AfterLabel<W> {
    label: Vec<u8>,
    complete: bool,
    rest: W,
}

impl<W: Write> Write for AfterLabel<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.complete {
            return self.rest.write(bytes);
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        self.label.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
        if self.label.len() > LABEL_MAX {
            return Err(std::io::Error::other("the backup has no label"));
        }
        self.complete = end.is_some();
        Ok(end.map_or(bytes.len(), |end| end + 1))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.rest.flush()
    }
}

/// Names the database to a program of PostgreSQL, its password in the environment: the list of processes is open to all.
fn connect(command: &mut Command, address: &str) {
    let Some((scheme, rest)) = address.split_once("://") else {
        command.args(["--dbname", address]);
        return;
    };
    let bare = match rest.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?, host))) {
        Some(((user, password), host)) => {
            command.env("PGPASSWORD", percent_decoded(password));
            format!("{scheme}://{user}@{host}")
        }
        None => address.to_owned(),
    };
    command.args(["--dbname", &bare]);
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let coded = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A program of PostgreSQL: from the path, else from Debian's folder of the newest version.
fn tool(name: &str) -> anyhow::Result<Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    Ok(Command::new(found.with_context(|| format!("{name} is missing: apt-get install postgresql-client"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_kept_and_the_rest_handed_on_however_it_is_cut() {
        for cut in 1..12 {
            let mut out = AfterLabel { label: Vec::new(), complete: false, rest: Vec::new() };
            for part in b"label\nrest\nof it".chunks(cut) {
                out.write_all(part).unwrap();
            }
            assert_eq!((out.label.as_slice(), out.rest.as_slice()), (&b"label"[..], &b"rest\nof it"[..]));
        }
    }

    #[test]
    fn a_password_is_not_among_the_arguments() {
        let mut command = Command::new("pg_dump");
        connect(&mut command, "postgres://zhaoxi:a%40b@127.0.0.1/zhaoxi");
        let arguments: Vec<String> = command.get_args().map(|text| text.to_string_lossy().into_owned()).collect();
        assert_eq!(arguments, ["--dbname", "postgres://zhaoxi@127.0.0.1/zhaoxi"]);
        let known = command.get_envs().find(|(name, _)| *name == "PGPASSWORD").and_then(|(_, value)| value);
        assert_eq!(known.map(|value| value.to_string_lossy().into_owned()).as_deref(), Some("a@b"));
    }
}
