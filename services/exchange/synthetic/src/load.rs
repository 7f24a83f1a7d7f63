//! Writing a city into the registers: one thread makes it, this one writes it, and neither waits long for the other.

use crate::city::City;
use crate::generate::{Batch, generate};
use crate::people::PERSON_KEYS;
use crate::rows::{Key, Row, Values};
use crate::{Options, thousandths};
use chrono::{DateTime, NaiveDate, Utc};
use pack_reader::Pack;
use records::{Bulk, BulkNote, Stored, stored_as};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::{Db, StorageError, Tx, Value, args};
use tokio::sync::mpsc;
use vocabulary::{Origin, Register, Violation};

/// Rows after which a transaction is closed, so that neither log nor memory grows with the city.
const ROWS_PER_TRANSACTION: usize = 60_000;
/// Batches that may wait to be written.
const WAITING: usize = 8;

/// Why a city could not be made.
#[derive(Debug)]
pub enum LoadError {
    /// The pack lacks something that the generator needs.
    Pack(Vec<Violation>),
    /// The place has been filled before, or half filled.
    There(Violation),
    /// The database refused.
    Storage(StorageError),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pack(violations) => violations.iter().try_for_each(|violation| writeln!(f, "{violation}")),
            Self::There(violation) => write!(f, "{violation}"),
            Self::Storage(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for LoadError {}

impl From<StorageError> for LoadError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// How far the work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// People written.
    pub people: usize,
    /// People there will be.
    pub of: usize,
    /// Rows of all registers written.
    pub rows: usize,
    /// Share done, in thousandths.
    pub thousandths: usize,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// People.
    pub people: usize,
    /// Rows of each register, and how they came to be known.
    pub rows: BTreeMap<(String, Origin), u64>,
    /// Digest over the digests of all registers: the same city has the same.
    pub digest: String,
}

/// A city that is in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Seed it was made with.
    pub seed: i64,
    /// Day on which it stands.
    pub day: NaiveDate,
    /// People.
    pub people: i64,
    /// Whether it was finished; an unfinished one must be thrown away.
    pub finished: bool,
}

/// Whether a place has been filled.
///
/// # Errors
/// When the database cannot be read.
pub async fn standing(db: &Db, place: &str) -> Result<Option<Standing>, StorageError> {
    let sql = "SELECT seed, day, people, finished_at FROM synthetic_city WHERE place = $1";
    let Some(row) = db.optional(sql, args![place]).await? else { return Ok(None) };
    let finished: Option<String> = row.at(3)?;
    Ok(Some(Standing { seed: row.at(0)?, day: row.at(1)?, people: row.at(2)?, finished: finished.is_some() }))
}

/// One register's bulk load, for rows of one origin.
struct Target {
    bulk: Bulk,
    fields: Vec<(String, Stored)>,
}

impl Target {
    fn new(register: &Arc<Register>, note: BulkNote, keys: &[&str]) -> Result<Self, StorageError> {
        let bulk = Bulk::new(register, note, keys)?;
        let fields = keys.iter().filter_map(|key| register.field(key));
        let fields = fields.map(|field| (field.key.clone(), stored_as(register, field))).collect();
        Ok(Self { bulk, fields })
    }

    fn ordered(&self, values: Vec<(Key, Value)>) -> Vec<Value> {
        let value = |(key, stored): &(String, Stored)| {
            let found = values.iter().rev().find(|(name, _)| name == key);
            found.map_or_else(|| missing(*stored), |(_, value)| value.clone())
        };
        self.fields.iter().map(value).collect()
    }
}

const fn missing(stored: Stored) -> Value {
    match stored {
        Stored::Text | Stored::Decimal => Value::Text(None),
        Stored::Int => Value::Int(None),
        Stored::Bool => Value::Bool(None),
        Stored::Real => Value::Real(None),
    }
}

struct Writer {
    registers: BTreeMap<String, Arc<Register>>,
    targets: BTreeMap<(Key, Origin), Target>,
    note: BulkNote,
}

impl Writer {
    fn new(city: &City, now: DateTime<Utc>, actor: &str) -> Self {
        let built_in = [people::register(), facilities::register(), workforce::register()];
        let all = built_in.into_iter().chain(city.registers.iter().cloned());
        let place = city.root.code.as_str().to_owned();
        Self {
            registers: all.map(|register| (register.key.clone(), Arc::new(register))).collect(),
            targets: BTreeMap::new(),
            note: BulkNote {
                district: place.clone(),
                place,
                actor: actor.to_owned(),
                origin: Origin::Synthetic,
                reason: format!("演示城市 {}，种子 {}", city.options.day, city.options.seed),
                now,
            },
        }
    }

    fn target(&mut self, key: Key, origin: Origin) -> Result<Option<&mut Target>, StorageError> {
        if !self.targets.contains_key(&(key, origin)) {
            let Some(register) = self.registers.get(key) else { return Ok(None) };
            let note = BulkNote { origin, ..self.note.clone() };
            let all: Vec<&str> = register.fields.iter().map(|field| field.key.as_str()).collect();
            let keys = if key == ::people::KEY { PERSON_KEYS } else { all.as_slice() };
            let target = Target::new(register, note, keys)?;
            self.targets.insert((key, origin), target);
        }
        Ok(self.targets.get_mut(&(key, origin)))
    }

    async fn write(&mut self, tx: &mut Tx, row: Row) -> Result<(), StorageError> {
        let Some(target) = self.target(row.register, row.origin)? else { return Ok(()) };
        let values = match row.values {
            Values::Person(values) => values,
            Values::Named(values) => target.ordered(values),
        };
        target.bulk.push(tx, row.id, &row.at, row.valid_from, values).await
    }

    async fn finish(self, tx: &mut Tx, people: usize) -> Result<Loaded, StorageError> {
        let mut loaded = Loaded { people, rows: BTreeMap::new(), digest: String::new() };
        for ((key, origin), target) in self.targets {
            let done = target.bulk.finish(tx).await?;
            loaded.rows.insert((key.to_owned(), origin), done.rows);
            loaded.digest.push_str(&done.digest);
        }
        loaded.digest = hex::encode(Sha256::digest(&loaded.digest));
        Ok(loaded)
    }
}

/// Makes a city and writes it, with one fact and one audit entry a register. A small city is written in one
/// transaction; a large one in several, and counts as there only when its last one is through.
///
/// # Errors
/// When the pack lacks something, the place is filled already, or the database refuses.
pub async fn load(
    db: &Db,
    now: DateTime<Utc>,
    actor: &str,
    packs: (&Pack, Option<&Pack>),
    options: Options,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Loaded, LoadError> {
    let city = Arc::new(City::read(packs.0, packs.1, options).map_err(LoadError::Pack)?);
    let of = options.people(&city.census);
    begin(db, &city, of).await?;
    let mut writer = Writer::new(&city, now, actor);
    let (sender, mut batches) = mpsc::channel::<Batch>(WAITING);
    let maker = Arc::clone(&city);
    let making = tokio::task::spawn_blocking(move || generate(&maker, |batch| sender.blocking_send(batch).is_ok()));
    let (mut people, mut rows, mut open) = (0, 0, 0);
    let mut tx = db.begin().await?;
    while let Some(batch) = batches.recv().await {
        people += batch.people;
        for row in batch.rows {
            writer.write(&mut tx, row).await?;
            rows += 1;
            open += 1;
        }
        if open > ROWS_PER_TRANSACTION {
            tx.commit().await?;
            tx = db.begin().await?;
            open = 0;
        }
        progress(Progress { people, of, rows, thousandths: thousandths(people, of) });
    }
    if making.await.is_err() {
        let broken = Violation::new("synthetic.broken", city.root.code.as_str(), "演示数据没有生成完", "请清空后重试");
        return Err(LoadError::There(broken));
    }
    let loaded = writer.finish(&mut tx, people).await?;
    tx.execute(
        "UPDATE synthetic_city SET rows_written = $2, digest = $3, finished_at = $4 WHERE place = $1",
        args![city.root.code.as_str(), i64::try_from(rows).unwrap_or(i64::MAX), loaded.digest, now],
    )
    .await?;
    tx.commit().await?;
    Ok(loaded)
}

async fn begin(db: &Db, city: &City, people: usize) -> Result<(), LoadError> {
    let place = city.root.code.as_str();
    if let Some(standing) = standing(db, place).await? {
        let message = if standing.finished {
            "这个地方已经生成过演示数据"
        } else {
            "上次生成没有完成，数据不全"
        };
        let there = Violation::new("synthetic.there", place, message, "请换一个空的数据目录，或加 --fresh 重新开始");
        return Err(LoadError::There(there));
    }
    let seed = i64::from_be_bytes(city.options.seed.to_be_bytes());
    let people = i64::try_from(people).unwrap_or(i64::MAX);
    db.execute(
        "INSERT INTO synthetic_city (place, seed, day, people, rows_written) VALUES ($1, $2, $3, $4, $5)",
        args![place, seed, city.options.day, people, 0_i64],
    )
    .await?;
    Ok(())
}
