//! The packs in memory: read from the database at the start and whenever another was adopted, shared by every request.

use crate::NATIONAL;
use chrono::{DateTime, NaiveDate, Utc};
use pack_reader::{Around, Files, Layers, Memory, Pack, Problem};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use storage::{Db, Result, StorageError, args};
use vocabulary::Register;

/// Of a hash, in what tells versions apart.
const HASH_SHOWN: usize = 16;

/// A city's pack over the national base, in force from a day.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// The plan.
    pub pack: Arc<Pack>,
    /// The base beneath it.
    pub national: Arc<Pack>,
    /// When it was adopted.
    pub adopted_at: DateTime<Utc>,
    /// Login of who adopted it.
    pub adopted_by: String,
}

impl Adopted {
    /// The plan over its base.
    #[must_use]
    pub fn layers(&self) -> Layers<'_> {
        Layers::new(&self.national, Some(&self.pack))
    }

    /// The code of the place it is for.
    #[must_use]
    pub fn place(&self) -> &str {
        self.pack.manifest.region.as_deref().unwrap_or(NATIONAL)
    }

    /// What tells it apart from every other plan over every other base.
    #[must_use]
    pub fn version(&self) -> String {
        format!("{}+{}", self.pack.hash, self.national.hash)
    }
}

/// A national base.
#[derive(Debug, Clone)]
pub struct Base {
    /// The pack.
    pub pack: Arc<Pack>,
    /// When it was adopted.
    pub adopted_at: DateTime<Utc>,
    /// Login of who adopted it.
    pub adopted_by: String,
}

#[derive(Default)]
struct Shelf {
    /// How many adoptions there had been when the database was read.
    stamp: i64,
    /// National bases, oldest first.
    national: Vec<Base>,
    /// Adoptions by place, oldest first.
    places: BTreeMap<String, Vec<Arc<Adopted>>>,
}

impl Shelf {
    fn base(&self) -> Option<Arc<Pack>> {
        self.national.last().map(|base| Arc::clone(&base.pack))
    }

    /// A pack that was read before, over the same base.
    fn known(&self, hash: &str, parent: Option<&Pack>) -> Option<Arc<Pack>> {
        let parent = parent.map(|pack| pack.hash.as_str());
        let before =
            |at: usize| at.checked_sub(1).and_then(|at| self.national.get(at)).map(|base| base.pack.hash.as_str());
        let bases = self.national.iter().enumerate();
        let mut bases = bases.filter(|(at, _)| before(*at) == parent).map(|(_, base)| &base.pack);
        let mut plans = self.places.values().flatten();
        bases.find(|pack| pack.hash == hash).cloned().or_else(|| {
            let same = |one: &&Arc<Adopted>| one.pack.hash == hash && Some(one.national.hash.as_str()) == parent;
            plans.find(same).map(|one| Arc::clone(&one.pack))
        })
    }

    fn put(&mut self, pack: Arc<Pack>, adopted_at: DateTime<Utc>, adopted_by: String) {
        let Some(place) = pack.manifest.region.clone() else {
            self.national.push(Base { pack, adopted_at, adopted_by });
            return;
        };
        let Some(national) = self.base() else { return };
        self.places.entry(place).or_default().push(Arc::new(Adopted { pack, national, adopted_at, adopted_by }));
    }
}

/// The adopted packs of all places in one database. Cheap to clone.
#[derive(Clone)]
pub struct Plans {
    db: Db,
    builtin: Arc<Vec<Register>>,
    shelf: Arc<RwLock<Shelf>>,
}

impl Plans {
    /// Reads what was adopted. `builtin` are the registers described in Rust: packs may speak of them.
    ///
    /// # Errors
    /// When the database cannot be read, or a stored pack no longer reads (an older program wrote it).
    pub async fn open(db: Db, builtin: Vec<Register>) -> Result<Self> {
        let plans = Self { db, builtin: Arc::new(builtin), shelf: Arc::default() };
        let stamp = plans.stored_stamp().await?;
        plans.read_anew(stamp).await?;
        Ok(plans)
    }

    /// Reads what was adopted since, by this process or another; gives whether there was anything. Costs one row when there
    /// was not.
    ///
    /// # Errors
    /// As [`Self::open`]; what was known stays then.
    pub async fn refresh(&self) -> Result<bool> {
        let stamp = self.stored_stamp().await?;
        if stamp == self.stamp() {
            return Ok(false);
        }
        self.read_anew(stamp).await?;
        Ok(true)
    }

    async fn stored_stamp(&self) -> Result<i64> {
        self.db.one("SELECT n FROM plans_stamp WHERE id = 1", args![]).await?.at(0)
    }

    /// How many adoptions there had been when the database was read last.
    #[must_use]
    pub fn stamp(&self) -> i64 {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).stamp
    }

    async fn read_anew(&self, stamp: i64) -> Result<()> {
        let mut shelf = Shelf { stamp, ..Shelf::default() };
        let rows = self
            .db
            .all(
                "SELECT hash, adopted_at, adopted_by FROM plans_adoption \
                 ORDER BY CASE WHEN place = $1 THEN 0 ELSE 1 END, adopted_at",
                args![NATIONAL],
            )
            .await?;
        for row in rows {
            let (hash, adopted_at): (String, DateTime<Utc>) = (row.at(0)?, row.at(1)?);
            let parent = shelf.base();
            let known = self.shelf.read().unwrap_or_else(PoisonError::into_inner).known(&hash, parent.as_deref());
            let pack = match known {
                Some(pack) => pack,
                None => Arc::new(self.read_stored(&hash, parent.as_deref()).await?),
            };
            shelf.put(pack, adopted_at, row.at(2)?);
        }
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = shelf;
        Ok(())
    }

    async fn read_stored(&self, hash: &str, parent: Option<&Pack>) -> Result<Pack> {
        let memory = self.stored(hash).await?;
        let (pack, problems) = self.read(&memory, parent);
        pack.filter(|_| problems.is_empty()).ok_or_else(|| {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            StorageError::Migration(format!(
                "the adopted pack {hash} does not read with this program ({first}); adopt a corrected version with the program that wrote it"
            ))
        })
    }

    async fn stored(&self, hash: &str) -> Result<Memory> {
        let mut memory = Memory::default();
        for row in self.db.all("SELECT path, content FROM plans_file WHERE hash = $1", args![hash]).await? {
            memory.put(&row.at::<String>(0)?, row.at::<Vec<u8>>(1)?);
        }
        Ok(memory)
    }

    pub(crate) fn read(&self, files: &dyn Files, national: Option<&Pack>) -> (Option<Pack>, Vec<Problem>) {
        pack_reader::read(files, Around { builtin: &self.builtin, parent: national })
    }

    /// What is wrong with adopted plans when they are read over another base, by key; plans that read well are left out.
    pub(crate) async fn over(&self, national: &Pack) -> Result<Vec<(String, Vec<Problem>)>> {
        let rows = self.db.all("SELECT hash, pack_key FROM plans_adoption WHERE place <> $1", args![NATIONAL]).await?;
        let mut found = Vec::new();
        for row in rows {
            let memory = self.stored(&row.at::<String>(0)?).await?;
            let (_, problems) = self.read(&memory, Some(national));
            if !problems.is_empty() {
                found.push((row.at(1)?, problems));
            }
        }
        Ok(found)
    }

    pub(crate) const fn db(&self) -> &Db {
        &self.db
    }

    /// The national base in use.
    #[must_use]
    pub fn national(&self) -> Option<Arc<Pack>> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).base()
    }

    /// Every national base, newest first: the first is in use.
    #[must_use]
    pub fn bases(&self) -> Vec<Base> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).national.iter().rev().cloned().collect()
    }

    /// The registers described in Rust.
    #[must_use]
    pub fn builtin(&self) -> &[Register] {
        &self.builtin
    }

    /// The plan in force at a place on a day: of those begun, the one adopted last.
    #[must_use]
    pub fn in_force(&self, place: &str, on: NaiveDate) -> Option<Arc<Adopted>> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let adopted = shelf.places.get(place)?;
        let begun = adopted.iter().filter(|one| one.pack.manifest.in_force_from <= on);
        begun.max_by_key(|one| (one.pack.manifest.in_force_from, one.adopted_at)).cloned()
    }

    /// Every place with an adopted plan, and the plan adopted last.
    #[must_use]
    pub fn places(&self) -> Vec<(String, Arc<Adopted>)> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let latest = shelf.places.iter().filter_map(|(place, all)| Some((place.clone(), all.last()?.clone())));
        latest.collect()
    }

    /// Every adoption of a place, newest first.
    #[must_use]
    pub fn history(&self, place: &str) -> Vec<Arc<Adopted>> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let mut all = shelf.places.get(place).cloned().unwrap_or_default();
        all.reverse();
        all
    }

    /// When and by whom this very content was adopted, if it was.
    #[must_use]
    pub fn known(&self, pack: &Pack) -> Option<(DateTime<Utc>, String)> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        match &pack.manifest.region {
            None => {
                let known = shelf.national.iter().find(|base| base.pack.hash == pack.hash)?;
                Some((known.adopted_at, known.adopted_by.clone()))
            }
            Some(place) => {
                let known = shelf.places.get(place)?.iter().find(|one| one.pack.hash == pack.hash)?;
                Some((known.adopted_at, known.adopted_by.clone()))
            }
        }
    }

    /// Whether this very content is in force on a day; of a base, whether it is the one in use.
    #[must_use]
    pub fn is_in_force(&self, pack: &Pack, on: NaiveDate) -> bool {
        match &pack.manifest.region {
            None => self.national().is_some_and(|base| base.hash == pack.hash),
            Some(place) => self.in_force(place, on).is_some_and(|one| one.pack.hash == pack.hash),
        }
    }

    /// Over what a pack would be adopted on a day: the base, and the plan in force at each place that it is for. Where it is
    /// the same again, nothing came between.
    #[must_use]
    pub fn ground(&self, pack: &Pack, on: NaiveDate) -> String {
        let places = match &pack.manifest.region {
            Some(place) => vec![place.clone()],
            None => self.places().into_iter().map(|(place, _)| place).collect(),
        };
        let plans = places.iter().map(|place| self.in_force(place, on).map(|one| one.pack.hash.clone()));
        let hashes = std::iter::once(self.national().map(|base| base.hash.clone())).chain(plans);
        let short =
            |hash: Option<String>| hash.map_or_else(|| "0".to_owned(), |hash| hash.chars().take(HASH_SHOWN).collect());
        hashes.map(short).collect::<Vec<String>>().join("-")
    }
}
