//! What a pack would change before it is adopted: against the version in force at each place, element by element, whom it
//! touches, and what the newest month would come to. Reads only.

mod figures;
mod text;
mod touched;

use crate::house::House;
use crate::packs;
use chrono::{DateTime, NaiveDate, Utc};
use identity::Refusal;
use monitoring::model::Month;
use pack_reader::changes::{Change, changes};
use pack_reader::{Around, Files, Layers, Pack, read};
use plans::Adopted;
use std::sync::Arc;

pub use figures::{FigureChange, Figures};
pub use text::{
    HASH_SHOWN, NO_PLACE, NOBODY, Told, about, counted, in_force, lines, nothing, of_regions, told, told_of,
};
pub use touched::Touched;

/// A pack, and what it would change.
#[derive(Debug)]
pub struct Preview {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its hash.
    pub hash: String,
    /// From when it holds.
    pub in_force_from: NaiveDate,
    /// Over what it was looked at, see [`plans::Plans::ground`].
    pub ground: String,
    /// Said where this very content was adopted before, so that adopting it does nothing; "" for new content.
    pub known: String,
    /// What it would change, place by place: one for a city's plan, every place for the national base.
    pub places: Vec<AtPlace>,
}

/// The version in force that a preview compares with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Key of the pack.
    pub key: String,
    /// Its hash.
    pub hash: String,
    /// From when it holds.
    pub in_force_from: NaiveDate,
    /// When it was adopted.
    pub adopted_at: DateTime<Utc>,
}

/// What a pack would change at one place.
#[derive(Debug)]
pub struct AtPlace {
    /// Code of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// The version in force; `None` where there is none yet.
    pub before: Option<Version>,
    /// Whether the very same content is in force already.
    pub same: bool,
    /// Why it would not come into force now although it was adopted; "" when it would.
    pub waits: String,
    /// Elements that come, go or change.
    pub changes: Vec<Change>,
    /// Whom and what that touches.
    pub touched: Vec<Touched>,
    /// What the newest month would come to; `None` where nothing that figures rest on changes.
    pub figures: Option<Figures>,
}

impl Preview {
    /// Whether adopting it would change nothing anywhere.
    #[must_use]
    pub fn changes_nothing(&self) -> bool {
        self.places.iter().all(|place| place.changes.is_empty())
    }
}

/// Looks at a pack as if it were adopted now.
///
/// # Errors
/// All problems of the pack at once, or a fault of the database.
pub async fn preview(house: &House, files: &(dyn Files + Sync)) -> Result<Preview, Refusal> {
    // A database without any pack gets the base that comes with the program first.
    let builtin = crate::cli::pack::builtin_registers();
    let base = match house.plans.national() {
        Some(_) => None,
        None => read(&packs::national(), Around { builtin: &builtin, parent: None }).0,
    };
    let (pack, _) = plans::examine(&house.plans, files, base.as_ref()).await?;
    let pack = Arc::new(pack);
    let today = house.clock.today();
    // Asked before anything is compared: whoever comes between makes what was seen out of date.
    let ground = house.plans.ground(&pack, today);
    let national = house.plans.national().or_else(|| base.map(Arc::new));
    let mut places = Vec::new();
    if let Some(place) = &pack.manifest.region {
        let before = house.plans.in_force(place, today);
        let national = national.ok_or_else(|| Refusal::NotFound("全国基础包".to_owned()))?;
        let (adopted_at, adopted_by) = (house.clock.now(), String::new());
        let after = Adopted { pack: Arc::clone(&pack), national, adopted_at, adopted_by };
        places.push(at_place(house, place, before, after).await?);
    } else {
        for (place, _) in house.plans.places() {
            let Some(before) = house.plans.in_force(&place, today) else { continue };
            let after = Adopted { national: Arc::clone(&pack), ..Adopted::clone(&before) };
            places.push(at_place(house, &place, Some(before), after).await?);
        }
    }
    let manifest = &pack.manifest;
    Ok(Preview {
        key: manifest.key.clone(),
        title: manifest.title.clone(),
        hash: pack.hash.clone(),
        in_force_from: manifest.in_force_from,
        ground,
        known: known(house, &pack),
        places,
    })
}

async fn at_place(
    house: &House,
    place: &str,
    before: Option<Arc<Adopted>>,
    after: Adopted,
) -> Result<AtPlace, Refusal> {
    let after = Arc::new(after);
    let old = before.as_ref().map(|adopted| adopted.layers());
    let found = changes(old, after.layers());
    let touched = touched::touched(house, place, old, after.layers(), &found).await?;
    let month = Month::of(house.clock.today());
    let figures = match &before {
        Some(before) if figures::rest_on(&found) => {
            Some(figures::figures(house, Arc::clone(before), Arc::clone(&after), month).await?)
        }
        _ => None,
    };
    Ok(AtPlace {
        place: place.to_owned(),
        name: after.pack.manifest.display_name.clone(),
        same: before
            .as_ref()
            .is_some_and(|one| one.pack.hash == after.pack.hash && one.national.hash == after.national.hash),
        waits: waits(&after.pack, before.as_deref(), house.clock.today()),
        before: before.map(|adopted| Version {
            key: adopted.pack.manifest.key.clone(),
            hash: adopted.pack.hash.clone(),
            in_force_from: adopted.pack.manifest.in_force_from,
            adopted_at: adopted.adopted_at,
        }),
        changes: found,
        touched,
        figures,
    })
}

/// What to say of content that was adopted before.
#[must_use]
pub fn known(house: &House, pack: &Pack) -> String {
    let today = house.clock.today();
    let Some((at, by)) = house.plans.known(pack) else { return String::new() };
    let (day, from) = (vocabulary::clock::china_day(at), pack.manifest.in_force_from);
    if house.plans.is_in_force(pack, today) {
        return format!("这份内容 {day} 由 {by} 采用，就是现行版本，没有可采用的");
    }
    if from > today {
        return format!("这份内容 {day} 由 {by} 采用，自 {from} 起施行，不用再采用");
    }
    format!(
        "这份内容 {day} 由 {by} 采用过，后来换成了别的版本；再采用一次不会有任何变化。要改回这一版，请在 pack.toml 里加一行注释说明缘由：内容有了不同，就是新的一版"
    )
}

/// Of the plans begun, the one that begins last is in force: a version with an earlier day never is.
fn waits(pack: &Pack, before: Option<&Adopted>, today: NaiveDate) -> String {
    let from = pack.manifest.in_force_from;
    let present = before.map(|adopted| adopted.pack.manifest.in_force_from);
    match present {
        Some(present) if from < present => format!(
            "施行日期 {from} 早于现行版本的 {present}：采用以后仍按现行版本执行。请把 pack.toml 的 in_force_from 改为不早于 {present}"
        ),
        _ if from > today => format!("自 {from} 起施行，在那以前仍按现行版本执行；下面的数按今天就施行来算"),
        _ => String::new(),
    }
}

/// The registers that a plan declares, in a registry of its own.
fn registry(house: &House, place: &str, layers: Layers<'_>) -> Result<records::Registry, Refusal> {
    let built_in = house.registry.built_in().iter().map(|register| register.as_ref().clone()).collect();
    let registry = records::Registry::new(built_in).map_err(Refusal::Invalid)?;
    let declared = layers.registers().into_iter().cloned().collect();
    registry.declare(place, declared).map_err(Refusal::Invalid)?;
    Ok(registry)
}
