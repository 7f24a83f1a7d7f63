//! The packs in memory: read once from the database, shared by every request.

use crate::NATIONAL;
use chrono::{DateTime, NaiveDate, Utc};
use pack_reader::{Around, Files, Layers, Memory, Pack, Problem};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use storage::{Db, Result, StorageError, args};
use vocabulary::Register;

/// A city's pack over the national base, in force from a day.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// The plan.
    pub pack: Arc<Pack>,
    /// The base beneath it.
    pub national: Arc<Pack>,
    /// When it was adopted.
    pub adopted_at: DateTime<Utc>,
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
}

#[derive(Default)]
struct Shelf {
    /// National bases, oldest first.
    national: Vec<Arc<Pack>>,
    /// Adoptions by place, oldest first.
    places: BTreeMap<String, Vec<Arc<Adopted>>>,
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
        let rows = plans
            .db
            .all("SELECT hash, adopted_at FROM plans_adoption ORDER BY CASE WHEN place = $1 THEN 0 ELSE 1 END, adopted_at", args![NATIONAL])
            .await?;
        for row in rows {
            let (hash, adopted_at): (String, DateTime<Utc>) = (row.at(0)?, row.at(1)?);
            let memory = plans.stored(&hash).await?;
            let (pack, problems) = plans.read(&memory, plans.national().as_deref());
            let Some(pack) = pack.filter(|_| problems.is_empty()) else {
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                return Err(StorageError::Migration(format!(
                    "the adopted pack {hash} does not read with this program ({first}); adopt a corrected version with the program that wrote it"
                )));
            };
            plans.put(pack, adopted_at);
        }
        Ok(plans)
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

    pub(crate) fn put(&self, pack: Pack, adopted_at: DateTime<Utc>) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        let pack = Arc::new(pack);
        let Some(place) = pack.manifest.region.clone() else {
            shelf.national.retain(|known| known.hash != pack.hash);
            shelf.national.push(pack);
            return;
        };
        let Some(national) = shelf.national.last().cloned() else { return };
        let adopted = shelf.places.entry(place).or_default();
        if !adopted.iter().any(|known| known.pack.hash == pack.hash) {
            adopted.push(Arc::new(Adopted { pack, national, adopted_at }));
        }
    }

    /// The national base in use.
    #[must_use]
    pub fn national(&self) -> Option<Arc<Pack>> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        shelf.national.last().cloned()
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
}
