//! Loading a place's regions and departments from its pack: what is new is added, what changed gets a new
//! version from the day of the change, what is gone is closed. Loading the same pack again changes nothing.

use crate::model::{Department, Region, SINCE_EVER, UNTIL_FURTHER};
use crate::store;
use chrono::{DateTime, Days, NaiveDate, Utc};
use facts::{Entry, Fact};
use pack_reader::model as pack;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Result, StorageError, Tx};
use vocabulary::{RegionCode, RegionPath};

/// What a pack says about its place.
#[derive(Debug, Clone, Copy)]
pub struct PlaceData<'a> {
    /// Root code of the place: the region the plan is for.
    pub place: &'a str,
    /// Its regions.
    pub regions: &'a [pack::Region],
    /// Its departments.
    pub departments: &'a [pack::Department],
    /// The day from which changes hold that the pack itself does not date.
    pub as_of: NaiveDate,
}

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadReport {
    /// Regions not known before.
    pub added: usize,
    /// Regions that got a new version or new particulars.
    pub changed: usize,
    /// Regions that ended.
    pub closed: usize,
    /// Departments added, changed or no longer named.
    pub departments: usize,
}

impl LoadReport {
    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Loads a place in the caller's transaction; writes one fact and one audit entry when anything changed.
///
/// # Errors
/// When a code is not a code or the database refuses; the caller drops the transaction then.
pub async fn load(tx: &mut Tx, now: DateTime<Utc>, actor: &str, data: PlaceData<'_>) -> Result<LoadReport> {
    let incoming = regions(data)?;
    let known = store::regions_of(tx, data.place).await?;
    let changes = compare(known, &incoming, data.as_of);
    for region in &changes.rewritten {
        store::update_region(tx, region).await?;
    }
    store::insert_regions(tx, &changes.inserted).await?;
    let mut report = changes.report;
    report.departments = load_departments(tx, data).await?;
    if !report.is_empty() {
        record(tx, now, actor, data, report, &incoming).await?;
    }
    Ok(report)
}

/// The pack's regions in our form, each with its district and the day from which its place in the tree holds.
fn regions(data: PlaceData<'_>) -> Result<Vec<Region>> {
    let by_code: BTreeMap<&str, &pack::Region> =
        data.regions.iter().map(|region| (region.code.as_str(), region)).collect();
    data.regions.iter().map(|region| convert(data.place, region, &by_code)).collect()
}

fn convert(place: &str, region: &pack::Region, by_code: &BTreeMap<&str, &pack::Region>) -> Result<Region> {
    let code = RegionCode::parse(&region.code)
        .map_err(|message| StorageError::Column { column: "code".to_owned(), message })?;
    let path = RegionPath::stored(&region.path);
    let chain: Vec<&pack::Region> = path.codes().filter_map(|code| by_code.get(code).copied()).collect();
    // Rights and money are kept apart by county: the first unit on the path below province and city.
    let district = chain
        .iter()
        .find(|region| !matches!(region.kind, pack::RegionKind::Province | pack::RegionKind::City))
        .map_or_else(|| region.code.clone(), |region| region.code.clone());
    // A region that moved carries its children along: their place holds from the same day.
    let valid_from = chain.iter().filter_map(|region| region.valid_from).max().unwrap_or(SINCE_EVER);
    Ok(Region {
        place: place.to_owned(),
        code,
        name: region.name.clone(),
        kind: region.kind,
        parent: region.parent.clone(),
        path,
        district,
        valid_from,
        valid_to: region.valid_to.unwrap_or(UNTIL_FURTHER),
        official: region.official,
        aliases: region.aliases.clone(),
        cell: region.cell,
        source: region.source.clone(),
    })
}

#[derive(Debug, Default)]
struct Changes {
    inserted: Vec<Region>,
    rewritten: Vec<Region>,
    report: LoadReport,
}

fn compare(known: Vec<Region>, incoming: &[Region], as_of: NaiveDate) -> Changes {
    let mut changes = Changes::default();
    let mut latest: BTreeMap<String, Region> = BTreeMap::new();
    for region in known {
        // Ordered by the first day: the last one of a code stays.
        latest.insert(region.code.as_str().to_owned(), region);
    }
    let present: BTreeSet<&str> = incoming.iter().map(|region| region.code.as_str()).collect();
    for region in incoming {
        match latest.get(region.code.as_str()) {
            None => {
                changes.report.added += 1;
                changes.inserted.push(region.clone());
            }
            Some(current) => changes.version(current, region, as_of),
        }
    }
    for region in latest.values().filter(|region| !present.contains(region.code.as_str())) {
        if region.valid_to == UNTIL_FURTHER {
            changes.report.closed += 1;
            changes.rewritten.push(Region { valid_to: before(as_of), ..region.clone() });
        }
    }
    changes
}

fn before(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(1)).unwrap_or(day)
}

impl Changes {
    fn version(&mut self, current: &Region, new: &Region, as_of: NaiveDate) {
        let same = current.same_substance(new);
        if same && current.same_particulars(new) {
            return;
        }
        self.report.changed += 1;
        if current.valid_to < as_of && current.valid_to < new.valid_to {
            // It had ended and is listed again: a new span, the gap stays.
            let from = if new.valid_from > current.valid_to { new.valid_from } else { as_of };
            self.inserted.push(Region { valid_from: from, ..new.clone() });
            return;
        }
        let from = if new.valid_from > current.valid_from { new.valid_from } else { as_of };
        if same || from <= current.valid_from {
            // Nothing about the region itself, or a correction of the same day: no new span begins.
            self.rewritten.push(Region { valid_from: current.valid_from, ..new.clone() });
            return;
        }
        self.rewritten.push(Region { valid_to: before(from), ..current.clone() });
        self.inserted.push(Region { valid_from: from, ..new.clone() });
    }
}

const fn level(level: pack::Level) -> &'static str {
    match level {
        pack::Level::City => "city",
        pack::Level::County => "county",
        pack::Level::Town => "town",
        pack::Level::Village => "village",
        pack::Level::Other => "other",
    }
}

async fn load_departments(tx: &mut Tx, data: PlaceData<'_>) -> Result<usize> {
    let mut known: BTreeMap<String, Department> = BTreeMap::new();
    for department in store::departments_of(tx, data.place).await? {
        known.insert(department.key.clone(), department);
    }
    let mut touched = 0;
    for department in data.departments {
        let new = Department {
            place: data.place.to_owned(),
            key: department.key.clone(),
            name: department.name.clone(),
            short: department.short.clone().unwrap_or_else(|| department.name.clone()),
            aliases: department.aliases.clone(),
            level: level(department.level).to_owned(),
            region: department.region.clone(),
            collective: department.collective,
            notes: department.notes.clone(),
            active: true,
        };
        if known.remove(&new.key).as_ref() != Some(&new) {
            store::put_department(tx, &new).await?;
            touched += 1;
        }
    }
    // Old reports still name them: a department is never deleted.
    for (_, department) in known.into_iter().filter(|(_, department)| department.active) {
        store::put_department(tx, &Department { active: false, ..department }).await?;
        touched += 1;
    }
    Ok(touched)
}

async fn record(
    tx: &mut Tx,
    now: DateTime<Utc>,
    actor: &str,
    data: PlaceData<'_>,
    report: LoadReport,
    regions: &[Region],
) -> Result<()> {
    let mut digest = Sha256::new();
    for region in regions {
        digest.update(format!("{}\u{1f}{}\u{1f}{}\u{1e}", region.path, region.name, region.valid_from).as_bytes());
    }
    let body = json!({
        "regions": regions.len(), "added": report.added, "changed": report.changed, "closed": report.closed,
        "departments": report.departments, "digest": hex::encode(digest.finalize()),
    });
    let subject = format!("place:{}", data.place);
    let fact = Fact {
        district: data.place.to_owned(),
        kind: "PlaceLoaded",
        subject: subject.clone(),
        valid_on: data.as_of,
        actor: actor.to_owned(),
        body: body.clone(),
        because: Vec::new(),
    };
    facts::record(tx, now, &fact).await?;
    let entry = Entry {
        district: data.place.to_owned(),
        actor: actor.to_owned(),
        action: "place.load".to_owned(),
        subject,
        detail: body,
    };
    facts::audit(tx, now, &entry).await
}
