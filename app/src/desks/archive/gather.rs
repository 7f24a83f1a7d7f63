//! Everything that is held of an institution, from the rooms that hold it: what the reader may see, masked as lists are.

use crate::house::House;
use chrono::{Days, NaiveDate};
use documents::fmt;
use identity::{Actor, Refusal};
use records::masking::View;
use records::{Count, Names, Query, Record, RecordFile, Sort, Test};
use uuid::Uuid;
use vocabulary::{FieldKind, Register};
use web::{Link, Tag, Tone, WebError};

/// Rows of one register that are shown; more are a list's.
const ROWS: u32 = 200;
/// Days before an end at which it is told.
const SOON: u64 = 60;
/// Registers of the national base in the order of an archive; others follow.
const ORDER: [&str; 5] = ["facility_licence", "staff", "facility_contract", "facility_document", "inspection"];
/// The register of beds and places by type, which stands in a table of its own.
pub(super) const CAPACITY: &str = "facility_capacity";

/// One record of an archive.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its name, and where it stands.
    pub what: Link,
    /// What lists say of it.
    pub cells: Vec<String>,
    /// What is to be noticed.
    pub tag: Option<Tag>,
    /// Its files.
    pub files: Vec<Link>,
}

/// The records of one register about the institution.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    /// Key of the register.
    pub key: String,
    /// Its name.
    pub label: String,
    /// How many there are.
    pub count: String,
    /// All of them, as a list.
    pub list: String,
    /// Heads of the columns, the first for the record's name.
    pub heads: Vec<String>,
    /// The records, the newest first.
    pub rows: Vec<Row>,
    /// Whether the list has more.
    pub more: bool,
    /// Whether its records may have files.
    pub has_files: bool,
}

/// Beds or places of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Capacity {
    /// The type.
    pub label: String,
    /// Licensed, planned, occupied: each by itself, `—` where it is not known.
    pub figures: [String; 3],
    /// The day of which they speak; "" where that is not said.
    pub as_of: String,
    /// Whether it is all of them.
    pub total: bool,
}

/// A case about the institution.
#[derive(Debug, Clone)]
pub(super) struct CaseRow {
    /// Its kind and number.
    pub what: Link,
    /// What it is called.
    pub title: String,
    /// Its state.
    pub state: String,
    /// How it stands.
    pub tag: Tag,
    /// The day on which it was begun.
    pub started: String,
}

/// An archive.
#[derive(Debug)]
pub(super) struct Archive {
    /// The institution.
    pub record: Record,
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub region: String,
    /// What is filled in, under its headings, but for beds and places.
    pub sections: Vec<(String, Vec<(String, String)>)>,
    /// Beds and places.
    pub capacity: Vec<Capacity>,
    /// Registers with records about it.
    pub shelves: Vec<Shelf>,
    /// Registers that have none, and where one is begun.
    pub bare: Vec<Link>,
    /// Registers about people that name it: how many, as lists.
    pub people: Vec<Link>,
    /// Cases, by kind.
    pub cases: Vec<(String, Vec<CaseRow>)>,
}

/// The headings of the institution's fields that [`capacity`] tells.
const CAPACITY_SECTIONS: [&str; 2] = ["床位", "托位"];

/// Gathers an archive.
pub(super) async fn gather(house: &House, actor: &Actor, id: Uuid) -> Result<Archive, WebError> {
    let register = house.records.register(actor, facilities::KEY)?;
    let record = records::get(&house.db, &register, &actor.region, id).await.map_err(WebError::fault)?;
    let record = record.ok_or_else(|| WebError::not_found("这家机构"))?;
    let names = house.records.names(&actor.place, &register, std::slice::from_ref(&record)).await;
    let names = names.map_err(WebError::fault)?;
    let mut archive = Archive {
        name: record.title(&register),
        region: house.records.region_name(actor, &record.region),
        sections: sections(&register, &record, &names),
        capacity: capacity(&record, &[]),
        shelves: Vec::new(),
        bare: Vec::new(),
        people: Vec::new(),
        cases: cases(house, actor, id).await?,
        record,
    };
    for other in house.registry.all(&actor.place) {
        let mut of = other.fields.iter().filter(|field| field.reference.as_deref() == Some(facilities::KEY));
        if let Some(field) = of.next() {
            add(house, actor, &mut archive, &other, &field.key).await?;
        }
    }
    let place = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
    archive.shelves.sort_by_key(|shelf| place(&shelf.key));
    Ok(archive)
}

/// What a register holds of the institution.
async fn add(
    house: &House,
    actor: &Actor,
    archive: &mut Archive,
    other: &Register,
    field: &str,
) -> Result<(), WebError> {
    let id = archive.record.id;
    let newest = other.fields.iter().find(|field| field.kind == FieldKind::Date);
    let sort = newest.map_or(Sort::Region, |field| Sort::Down(field.key.clone()));
    let query = Query { limit: ROWS, count: true, sort, ..Query::within(&actor.region) };
    let query = query.filter(field, Test::Equals(id.to_string()));
    let page = records::list(&house.db, other, &query).await.map_err(WebError::fault)?;
    let list = format!("/registers/{}?f.{field}={id}", other.key);
    let count = page.count.unwrap_or(Count::Exactly(page.rows.len() as u64)).of("条");
    if other.key == CAPACITY {
        archive.capacity = capacity(&archive.record, &page.rows);
    }
    if page.rows.is_empty() {
        if about_people(other) {
            return Ok(());
        }
        let form = web::Query::parse(&format!("/registers/{}/new", other.key), "").with(field, &archive.name);
        let form = form.with("region", &archive.record.region);
        archive.bare.push(Link::new(form.href(), other.label.as_str()));
        return Ok(());
    }
    if about_people(other) {
        archive.people.push(Link::new(list, format!("{}：{count}", other.label)));
        return Ok(());
    }
    let names = house.records.names(&actor.place, other, &page.rows).await.map_err(WebError::fault)?;
    let files = house.records.files_of(other, &page.rows).await.map_err(WebError::from)?;
    let shown: Vec<_> =
        other.list_fields().into_iter().filter(|one| one.key != field && one.key != other.title).collect();
    let title = other.field(&other.title).filter(|one| one.key != field);
    let today = house.clock.today();
    let rows = page.rows.iter().map(|row| {
        let name =
            title.map_or_else(|| first(other, row, &names, field), |one| records::shown(one, row, &names, View::Many));
        let href = format!("/registers/{}/records/{}", other.key, row.id);
        let held = files.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        Row {
            cells: shown.iter().map(|one| records::shown(one, row, &names, View::Many)).collect(),
            tag: standing(row, today),
            files: held.iter().map(|file| download(&href, file)).collect(),
            what: Link::new(href, name),
        }
    });
    let head = title.map_or_else(|| other.label.clone(), |one| one.label.clone());
    archive.shelves.push(Shelf {
        rows: rows.collect(),
        heads: std::iter::once(head).chain(shown.iter().map(|one| labelled(one))).collect(),
        key: other.key.clone(),
        label: other.label.clone(),
        more: page.next.is_some(),
        has_files: !other.files.is_empty(),
        count,
        list,
    });
    Ok(())
}

fn download(href: &str, file: &RecordFile) -> Link {
    Link::new(format!("{href}/files/{}", file.id), file.name.as_str())
}

/// A record whose name is the institution's is called by the first thing that is said of it.
fn first(register: &Register, row: &Record, names: &Names, field: &str) -> String {
    let found = register.list_fields().into_iter().find(|one| one.key != field && row.value(&one.key).is_some());
    found.map_or_else(|| register.label.clone(), |one| records::shown(one, row, names, View::Many))
}

/// Whether a register's records are about people who live at or come to an institution: those are not its archive.
fn about_people(register: &Register) -> bool {
    let named = |field: &vocabulary::Field| field.required && field.reference.as_deref() == Some(people::KEY);
    register.key == people::KEY || register.fields.iter().any(named)
}

fn labelled(field: &vocabulary::Field) -> String {
    let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
    format!("{}{unit}", field.label)
}

/// What is filled in, by heading.
fn sections(register: &Register, record: &Record, names: &Names) -> Vec<(String, Vec<(String, String)>)> {
    let mut all: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let told = |field: &&vocabulary::Field| {
        let counted = CAPACITY_SECTIONS.contains(&field.section.as_str()) && !BESIDE.contains(&field.key.as_str());
        !counted && record.value(&field.key).is_some()
    };
    for field in register.fields.iter().filter(told) {
        let line = (labelled(field), records::shown(field, record, names, View::Many));
        match all.last_mut() {
            Some((title, lines)) if *title == field.section => lines.push(line),
            _ => all.push((field.section.clone(), vec![line])),
        }
    }
    all
}

/// Beds that count among none of those that are licensed.
const BESIDE: [&str; 2] = ["family_beds", "medical_beds"];
/// All beds and all places: the word, and the fields of the institution for licensed, planned, occupied.
const TOTALS: [(&str, [&str; 3]); 2] = [
    ("床位合计", ["licensed_beds", "planned_beds", "residents"]),
    ("托位合计", ["licensed_places", "planned_places", "enrolled"]),
];
/// Types whose licensed beds stand in the institution's own fields too.
const OF_TYPE: [(&str, &str); 2] = [("护理型床位", "nursing_beds"), ("认知障碍床位", "dementia_beds")];

fn figure(record: &Record, key: &str) -> String {
    record
        .value(key)
        .and_then(serde_json::Value::as_i64)
        .map_or_else(|| fmt::MISSING.to_owned(), |value| value.to_string())
}

/// Beds and places: all of them, and by type. A figure of a type that has a row of its own is that row's.
fn capacity(record: &Record, rows: &[Record]) -> Vec<Capacity> {
    let mut all = Vec::new();
    for (label, keys) in TOTALS {
        let figures = keys.map(|key| figure(record, key));
        if figures.iter().any(|figure| figure != fmt::MISSING) {
            let as_of = text(record, "as_of");
            all.push(Capacity { label: label.to_owned(), figures, as_of, total: true });
        }
    }
    let kind = |row: &Record| text(row, "kind");
    for (label, key) in OF_TYPE {
        let licensed = figure(record, key);
        if licensed != fmt::MISSING && rows.iter().all(|row| kind(row) != label) {
            let figures = [licensed, fmt::MISSING.to_owned(), fmt::MISSING.to_owned()];
            all.push(Capacity { label: label.to_owned(), figures, as_of: text(record, "as_of"), total: false });
        }
    }
    all.extend(rows.iter().map(|row| Capacity {
        label: kind(row),
        figures: ["licensed", "planned", "occupied"].map(|key| figure(row, key)),
        as_of: text(row, "as_of"),
        total: false,
    }));
    all
}

fn text(record: &Record, key: &str) -> String {
    record.value(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// What is to be noticed of a record: over, over soon, gone, or found wrong and not put right.
fn standing(row: &Record, today: NaiveDate) -> Option<Tag> {
    let day = |key: &str| text(row, key).parse::<NaiveDate>().ok();
    if day("cancelled_on").is_some() {
        return Some(Tag::new(Tone::None, "已注销"));
    }
    if day("left_on").is_some_and(|day| day <= today) {
        return Some(Tag::new(Tone::None, "已离职"));
    }
    if let Some(end) = day("expires_on").or_else(|| day("ends_on")) {
        let soon = today.checked_add_days(Days::new(SOON)).unwrap_or(today);
        return match end {
            end if end < today => Some(Tag::new(Tone::Late, "已到期")),
            end if end <= soon => Some(Tag::new(Tone::Slow, "快到期")),
            _ => None,
        };
    }
    match (day("due_on"), day("corrected_on")) {
        (Some(due), None) if due < today => Some(Tag::new(Tone::Late, "逾期未改")),
        (Some(_), None) => Some(Tag::new(Tone::Slow, "整改中")),
        (Some(_), Some(_)) => Some(Tag::new(Tone::Ok, "已改正")),
        _ => None,
    }
}

/// Cases about the institution that the reader sees, by kind, the newest first.
async fn cases(house: &House, actor: &Actor, id: Uuid) -> Result<Vec<(String, Vec<CaseRow>)>, WebError> {
    let mut all: Vec<(String, Vec<CaseRow>)> = Vec::new();
    let found = match house.cases.of_party(actor, id).await {
        // A place without a plan has no cases.
        Err(Refusal::NotFound(_)) => Vec::new(),
        found => found?,
    };
    for listed in found {
        let row = CaseRow {
            what: Link::new(format!("/cases/{}", listed.case.id), listed.case.number.as_str()),
            title: listed.case.title.clone(),
            state: listed.state.clone(),
            tag: listed.due.tag(),
            started: fmt::day_in_table(vocabulary::clock::china_day(listed.case.started_at)),
        };
        match all.iter_mut().find(|(kind, _)| *kind == listed.kind) {
            Some((_, rows)) => rows.push(row),
            None => all.push((listed.kind.clone(), vec![row])),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(body: serde_json::Value) -> Record {
        let day = "2025-09-30".parse().unwrap();
        Record {
            district: String::new(),
            id: Uuid::nil(),
            region: String::new(),
            region_path: vocabulary::RegionPath::stored("/"),
            version: 1,
            valid_from: day,
            known_from: vocabulary::Clock::now(&vocabulary::FixedClock::noon(day)),
            origin: vocabulary::Origin::Measured,
            state: records::State::Active,
            updated_by: String::new(),
            body: body.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn licensed_planned_and_occupied_never_stand_for_each_other() {
        let home = record(json!({ "licensed_beds": 80, "residents": 60, "nursing_beds": 40, "dementia_beds": 10 }));
        let nursing = record(json!({ "kind": "护理型床位", "licensed": 40, "planned": 60, "as_of": "2025-06-30" }));
        let told = capacity(&home, &[nursing]);
        let lines: Vec<(&str, [&str; 3])> =
            told.iter().map(|one| (one.label.as_str(), [0, 1, 2].map(|at: usize| one.figures[at].as_str()))).collect();
        assert_eq!(
            lines,
            [("床位合计", ["80", "—", "60"]), ("认知障碍床位", ["10", "—", "—"]), ("护理型床位", ["40", "60", "—"]),]
        );
    }

    #[test]
    fn what_is_over_or_not_put_right_is_noticed() {
        let today = "2025-09-30".parse().unwrap();
        let word = |body| standing(&record(body), today).map(|tag| tag.word);
        assert_eq!(word(json!({ "expires_on": "2025-09-29" })).as_deref(), Some("已到期"));
        assert_eq!(word(json!({ "ends_on": "2025-10-30" })).as_deref(), Some("快到期"));
        assert_eq!(word(json!({ "expires_on": "2027-10-30" })), None);
        assert_eq!(
            word(json!({ "expires_on": "2020-01-01", "cancelled_on": "2020-01-01" })).as_deref(),
            Some("已注销")
        );
        assert_eq!(word(json!({ "due_on": "2025-09-01" })).as_deref(), Some("逾期未改"));
        assert_eq!(word(json!({ "due_on": "2025-09-01", "corrected_on": "2025-08-30" })).as_deref(), Some("已改正"));
        assert_eq!(word(json!({})), None);
    }
}
