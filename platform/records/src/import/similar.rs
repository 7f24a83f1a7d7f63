//! People who may be there already although no number says so: born on the same day, in the same street, and with the same or nearly the
//! same name, or the same telephone. Two whole identity numbers that differ are two people. A person decides, nobody else.

use super::check::Checked;
use super::{ImportRow, Verdict};
use crate::commands::{Failure, Records};
use crate::decide::Decided;
use crate::query::{Query, Test};
use crate::reads::stream;
use crate::record::Record;
use crate::value::Body;
use futures::TryStreamExt;
use identity::Actor;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use vocabulary::{Field, FieldKind, RegionCode, RegionPath, Register, Violation};

/// Birthdays asked for in one statement.
const DAYS_PER_STATEMENT: usize = 400;
/// Names of this many letters and more may differ in one of them.
const NAME_LETTERS: usize = 3;

/// The fields by which people are told apart, for a register that keeps people.
struct Traits<'a> {
    name: &'a Field,
    birth: &'a Field,
    number: &'a Field,
    phone: Option<&'a Field>,
}

fn traits(register: &Register) -> Option<Traits<'_>> {
    let date = |key: &&str| register.field(key).filter(|field| field.kind == FieldKind::Date);
    Some(Traits {
        name: register.field(&register.title).filter(|field| field.kind == FieldKind::Text)?,
        birth: ["birth_date", "born_on"].iter().find_map(date)?,
        number: register.fields.iter().find(|field| field.kind == FieldKind::IdNumber)?,
        phone: register.fields.iter().find(|field| field.kind == FieldKind::Phone),
    })
}

/// The migration text of the index that finds people without a number by their day of birth: those with one are many, and never come
/// into question for a row that has one too. Kept as a migration file of its own, which a test compares.
#[must_use]
pub fn unnumbered_ddl(register: &Register) -> String {
    let (Some(table), Some(traits)) = (register.table, traits(register)) else { return String::new() };
    let (birth, number) = (&traits.birth.key, &traits.number.key);
    format!(
        "CREATE INDEX {table}_unnumbered ON {table} (\"{birth}\", region_path) WHERE state = 'active' AND \"{number}\" IS NULL;\n"
    )
}

fn text<'a>(body: &'a Body, field: &Field) -> Option<&'a str> {
    body.get(&field.key).and_then(Json::as_str)
}

/// The street or town that a region lies in, as far as the codes tell; the region itself above streets.
fn street(path: &RegionPath) -> RegionPath {
    let mut above: Option<RegionPath> = None;
    for code in path.codes().filter_map(|code| RegionCode::parse(code).ok()) {
        let whole = above.map_or_else(|| RegionPath::root(&code), |above| above.child(&code));
        let digits = code.as_str();
        if digits.get(6..9) != Some("000") && digits.get(9..) == Some("000") {
            return whole;
        }
        above = Some(whole);
    }
    path.clone()
}

/// Whether two names are the same but for one letter of a longer one.
fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let differ = one.iter().zip(&other).filter(|(a, b)| a != b).count();
    one.len() == other.len() && one.len() >= NAME_LETTERS && differ == 1
}

impl Traits<'_> {
    /// People born on some days; without a number only, where those who are asked about have one.
    fn born(&self, scope: &RegionPath, numbered: bool, days: &[String]) -> Query {
        let query = Query::within(scope).filter(&self.birth.key, Test::OneOf(days.to_vec()));
        if numbered { query.filter(&self.number.key, Test::Missing(true)) } else { query }
    }

    fn same(&self, row: &Body, record: &Record) -> bool {
        let both = |field: &Field| Some((text(row, field)?, record.value(&field.key)?.as_str()?));
        if both(self.birth).is_none_or(|(mine, theirs)| mine != theirs) || both(self.number).is_some() {
            return false;
        }
        let phone = self.phone.and_then(both).is_some_and(|(mine, theirs)| mine == theirs);
        phone || both(self.name).is_some_and(|(mine, theirs)| alike(mine, theirs))
    }

    fn problem(&self, records: &Records, actor: &Actor, record: &Record, register: &Register) -> Violation {
        let (name, region) = (record.title(register), records.region_name(actor, &record.region));
        let birth = record.value(&self.birth.key).and_then(Json::as_str).unwrap_or_default();
        let message = format!("可能与已登记的“{name}”（{birth}，{region}）是同一人");
        Violation::new(
            "record.similar",
            self.name.key.as_str(),
            message,
            "请在预览里选定是不是同一人；或补上证件号再传",
        )
    }
}

/// Who may be the one that is about to be registered by hand: born on the same day, in the same street, and alike.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn resembling(
    records: &Records,
    actor: &Actor,
    register: &Register,
    decided: &Decided,
) -> Result<Vec<Record>, Failure> {
    let Some(traits) = traits(register) else { return Ok(Vec::new()) };
    let (Some(region), Some(day)) = (&decided.region, text(&decided.body, traits.birth)) else {
        return Ok(Vec::new());
    };
    let numbered = text(&decided.body, traits.number).is_some();
    let mut found = Vec::new();
    let query = traits.born(&asked_in(actor, &region.path), numbered, &[day.to_owned()]);
    let mut people = stream(&records.db, register, &query)?;
    while let Some(person) = people.try_next().await? {
        if traits.same(&decided.body, &person) {
            found.push(person);
        }
    }
    Ok(found)
}

/// Where people are looked for who may be the same: the street, as far as the actor sees it.
fn asked_in(actor: &Actor, region: &RegionPath) -> RegionPath {
    let scope = street(region);
    if scope.is_within(&actor.region) { scope } else { actor.region.clone() }
}

/// Marks the new rows that may be people who are there already.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn mark(
    records: &Records,
    actor: &Actor,
    register: &Register,
    rows: &[ImportRow],
    checked: &mut [Checked],
) -> Result<(), Failure> {
    let Some(traits) = traits(register) else { return Ok(()) };
    // By street, and by whether the row has a number: then only people without one come into question.
    let mut groups: BTreeMap<(RegionPath, bool), Vec<usize>> = BTreeMap::new();
    for (at, one) in checked.iter().enumerate() {
        let open = one.verdict == Verdict::New && rows.get(at).is_some_and(|row| row.decision.is_none());
        let Some(decided) = one.decided.as_ref().filter(|_| open) else { continue };
        let (Some(region), Some(_)) = (&decided.region, text(&decided.body, traits.birth)) else { continue };
        let scope = asked_in(actor, &region.path);
        groups.entry((scope, text(&decided.body, traits.number).is_some())).or_default().push(at);
    }
    for ((scope, numbered), group) in groups {
        let body = |at: usize| checked.get(at).and_then(|one| one.decided.as_ref()).map(|decided| &decided.body);
        let mut days: Vec<String> =
            group.iter().filter_map(|at| text(body(*at)?, traits.birth).map(str::to_owned)).collect();
        days.sort_unstable();
        days.dedup();
        let mut found: BTreeMap<String, Vec<Record>> = BTreeMap::new();
        for part in days.chunks(DAYS_PER_STATEMENT) {
            let query = traits.born(&scope, numbered, part);
            let mut people = stream(&records.db, register, &query)?;
            while let Some(person) = people.try_next().await? {
                let day = person.value(&traits.birth.key).and_then(Json::as_str).unwrap_or_default().to_owned();
                found.entry(day).or_default().push(person);
            }
        }
        for at in group {
            let Some(one) = checked.get_mut(at) else { continue };
            let same = one.decided.as_ref().and_then(|decided| {
                let born = found.get(text(&decided.body, traits.birth)?)?;
                born.iter().find(|person| traits.same(&decided.body, person))
            });
            if let Some(person) = same {
                one.problems.push(traits.problem(records, actor, person, register));
                one.verdict = Verdict::Similar;
                one.same_as = Some(person.id);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_differ_in_one_letter_of_three() {
        assert!(alike("王芳", "王芳") && alike("王秀兰", "王秀蓝"));
        assert!(!alike("王芳", "王芬") && !alike("王秀兰", "李秀蓝") && !alike("王秀兰", "王秀"));
    }

    #[test]
    fn a_community_lies_in_its_street() {
        let path = |text: &str| RegionPath::stored(text);
        let community = path("/310110000000/310110008000/310110008001/");
        assert_eq!(street(&community), path("/310110000000/310110008000/"));
        assert_eq!(street(&path("/310110000000/")), path("/310110000000/"));
    }
}
