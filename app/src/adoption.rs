//! Adopting a pack in a house: the pack, its regions and departments in one transaction; then everything that rests on adopted
//! packs follows, here at once, in other processes on the same database within seconds.

use crate::house::House;
use identity::Refusal;
use pack_reader::{Files, Pack};
use plans::{Adopted, Adoption, Draft};
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// Said when the version in force is no longer the one that a pack was looked at against.
const CHANGED: &str = "您看过以后，现行的版本变了，这次没有采用";

/// What of the adopted packs a house has taken over.
#[derive(Debug, Default)]
pub struct Followed {
    /// The stamp of the packs whose regions are in memory.
    pub regions: i64,
    /// The version whose registers and times of keeping each place goes by.
    pub declared: BTreeMap<String, String>,
}

/// A pack that someone wants to adopt.
pub struct Wanted<'a> {
    /// Its files.
    pub files: &'a (dyn Files + Sync),
    /// Login of who adopts it.
    pub by: &'a str,
    /// Over what it was looked at ([`plans::Plans::ground`]); `None`: over whatever is in force.
    pub ground: Option<&'a str>,
    /// The draft that goes when it is adopted.
    pub draft: Option<&'a Draft>,
}

impl House {
    /// Checks and adopts a pack, whatever is in force.
    ///
    /// # Errors
    /// As [`Self::adopt_wanted`].
    pub async fn adopt(&self, files: &(dyn Files + Sync), by: &str) -> Result<Pack, Refusal> {
        self.adopt_wanted(&Wanted { files, by, ground: None, draft: None }).await
    }

    /// Checks and adopts a pack: its files, its regions and departments, its registers.
    ///
    /// # Errors
    /// All problems of the pack at once; a conflict when it was looked at over something else than is in force now; or a fault of
    /// the database. Nothing is adopted then.
    pub async fn adopt_wanted(&self, wanted: &Wanted<'_>) -> Result<Pack, Refusal> {
        let now = self.clock.now();
        self.follow_plans().await?;
        let (pack, files) = plans::examine(&self.plans, wanted.files, None).await?;
        let today = self.clock.today();
        if wanted.ground.is_some_and(|seen| seen != self.plans.ground(&pack, today)) {
            return Err(Refusal::Conflict(CHANGED.to_owned()));
        }
        let mut tx = self.db.begin().await?;
        let adoption = Adoption { pack: &pack, files: &files, by: wanted.by };
        let new = plans::store(&mut tx, &self.plans, &adoption, now).await?;
        // A version that never comes into force leaves the tree of regions alone.
        if let Some(place) = pack.manifest.region.as_deref()
            && (self.plans.is_in_force(&pack, today) || new && self.will_hold(&pack))
        {
            let data = places::PlaceData {
                place,
                regions: &pack.regions,
                departments: &pack.departments,
                as_of: pack.manifest.in_force_from,
            };
            places::load(&mut tx, now, wanted.by, data).await?;
        }
        for place in self.stands_on(&pack) {
            monitoring::store::touch(&mut tx, &place).await?;
        }
        if let Some(draft) = wanted.draft {
            plans::drop_draft(&mut tx, draft, None, now).await?;
        }
        tx.commit().await?;
        self.follow_plans().await?;
        Ok(pack)
    }

    /// Whether a pack begins no earlier than the one in force.
    fn will_hold(&self, pack: &Pack) -> bool {
        let present = pack.manifest.region.as_deref().and_then(|place| self.plans.in_force(place, self.clock.today()));
        present.is_none_or(|present| present.pack.manifest.in_force_from <= pack.manifest.in_force_from)
    }

    /// The places whose pages rest on a pack: its own, or every one for a national base.
    fn stands_on(&self, pack: &Pack) -> Vec<String> {
        match &pack.manifest.region {
            Some(place) => vec![place.clone()],
            None => self.plans.places().into_iter().map(|(place, _)| place).collect(),
        }
    }

    /// Takes over what was adopted since the last time, here or by another process, and plans whose day has come: the packs,
    /// regions, registers and times of keeping. Cheap when there is nothing; whoever shows adopted packs asks first.
    ///
    /// # Errors
    /// When the database refuses; the next call goes on.
    pub async fn follow_plans(&self) -> Result<(), Refusal> {
        self.plans.refresh().await?;
        let stamp = self.plans.stamp();
        let behind = self.followed.lock().unwrap_or_else(PoisonError::into_inner).regions != stamp;
        if behind {
            self.put_regions(places::snapshot(&self.db).await?);
        }
        let today = self.clock.today();
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        if behind {
            followed.regions = stamp;
        }
        for (place, latest) in self.plans.places() {
            let adopted = self.plans.in_force(&place, today).unwrap_or(latest);
            let version = adopted.version();
            if followed.declared.get(&place) != Some(&version) {
                self.declare(&place, &adopted)?;
                followed.declared.insert(place, version);
            }
        }
        Ok(())
    }

    /// Makes the registers that a plan declares known, how long their records are kept, and what hidden values are looked at for.
    fn declare(&self, place: &str, adopted: &Adopted) -> Result<(), Refusal> {
        let registers = adopted.layers().registers().into_iter().cloned().collect();
        self.registry.declare(place, registers).map_err(Refusal::Invalid)?;
        self.registry.retain(place, crate::described::retention(adopted));
        self.registry.name_purposes(place, crate::described::purposes(adopted));
        Ok(())
    }
}
