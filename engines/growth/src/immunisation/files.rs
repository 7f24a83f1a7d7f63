//! `zhaoxi growth --doses` without its files: children and the doses they were given, to their calendars; text in, text out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sheets::{Done, Ids, Problems, Row, Sheet, Wrong, csv_row, day, flag, sex, whole};

use super::answer::{Calendar, DoseState, Slot, Visit};
use super::schedule::{Child, Given, Hbsag, Hiv, Schedule};
use super::{assess, broken};

const CHILD: [&str; 3] = ["id", "sex", "birth_date"];
const MORE: [&str; 4] = ["hbsag", "birth_weight_g", "hiv_exposed", "blood_products"];
const DOSE: [&str; 3] = ["id", "vaccine", "given_on"];
const ANSWER: [&str; 10] =
    ["id", "series", "dose", "vaccine", "state", "given_on", "first_day", "last_day", "planned_on", "why"];
const STATES: [(&str, DoseState); 7] = [
    ("given", DoseState::Given),
    ("due", DoseState::Due),
    ("overdue", DoseState::Overdue),
    ("later", DoseState::Later),
    ("deferred", DoseState::Deferred),
    ("decide", DoseState::Decide),
    ("closed", DoseState::Closed),
];

/// What is asked: children, the doses they were given, and the day.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// Name and text of the children.
    pub children: (&'a str, &'a str),
    /// Name and text of the doses given.
    pub doses: (&'a str, &'a str),
    /// The day.
    pub on: NaiveDate,
}

/// The calendar of every child: each dose with its state, its days, and the visit on which it would be given.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn run(schedule: &Schedule, files: Files<'_>) -> Result<Done, Problems> {
    let (children, warnings) = read(schedule, files)?;
    let mut done = Done { warnings, ..Done::default() };
    csv_row(&mut done.output, ANSWER);
    let (mut counts, mut surplus) = ([0_u64; STATES.len()], 0);
    for (id, child) in &children {
        let calendar = assess(schedule, child, files.on);
        for slot in &calendar.slots {
            let place = STATES.iter().position(|(_, state)| *state == slot.state);
            place.and_then(|place| counts.get_mut(place)).into_iter().for_each(|count| *count += 1);
            write(&mut done.output, id, slot, &calendar);
        }
        for (on, vaccine) in &calendar.surplus {
            surplus += 1;
            done.warnings.push(format!("{id}: {vaccine} of {on} has no place in the child's series"));
        }
    }
    done.counts = vec![("children", children.len() as u64), ("surplus", surplus)];
    done.counts.extend(STATES.iter().zip(counts).map(|((name, _), count)| (*name, count)));
    Ok(done)
}

fn write(output: &mut String, id: &str, slot: &Slot, calendar: &Calendar) {
    let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let here = |visit: &&Visit| visit.doses.iter().any(|(key, number)| *key == slot.series && *number == slot.number);
    let state = STATES.iter().find(|(_, state)| *state == slot.state).map_or("", |(name, _)| name);
    let why: Vec<String> = slot.why.iter().map(super::Why::text).collect();
    let (number, why) = (slot.number.to_string(), why.join("；"));
    let (given, first, last) = (text(slot.given_on), text(slot.first_day), text(slot.last_day));
    let planned = text(calendar.visits.iter().find(here).map(|visit| visit.on));
    let cells = [id, &slot.series, &number, &slot.vaccine, state, &given, &first, &last, &planned, &why];
    csv_row(output, cells);
}

/// Checks anyone's calendars against the schedule: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with the files as files.
pub fn check(schedule: &Schedule, files: Files<'_>, (file, text): (&str, &str)) -> Result<Vec<String>, Problems> {
    let (children, _) = read(schedule, files)?;
    let mut problems = Problems::default();
    let Some(mut sheet) = Sheet::open(file, text, &ANSWER, &[], &mut problems) else { return Err(problems) };
    let mut claims: BTreeMap<String, Claim> = BTreeMap::new();
    while let Some(row) = sheet.next(&mut problems) {
        let id = row.must(0, any, &mut problems);
        let series = row.must(1, any, &mut problems);
        let number = row.must(2, small, &mut problems);
        let state = row.must(4, state, &mut problems);
        let given = row.get(5, day, &mut problems);
        let last = row.get(7, day, &mut problems);
        let planned = row.get(8, day, &mut problems);
        let (Some(id), Some(series), Some(number), Some(state)) = (id, series, number, state) else { continue };
        let claim = claims.entry(id).or_default();
        let line = row.line();
        let mut say = |what: &str| claim.wrong.push(format!("{series}-{number}: {what}"));
        if (state == DoseState::Overdue) != last.is_some_and(|last| last < files.on)
            && matches!(state, DoseState::Overdue | DoseState::Due)
        {
            say("its last day and its state do not agree");
        }
        if (state == DoseState::Given) != given.is_some() {
            say("a day belongs to a dose that is given, and to no other");
        }
        claim.line = line;
        if let Some(day) = planned {
            claim.visits.entry(day).or_default().push((series.clone(), number));
        }
        claim.states.push((series, number, state, given));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut found = Vec::new();
    for (id, child) in &children {
        match claims.remove(id) {
            None => found.push(format!("{file}: `{id}` has no row")),
            Some(claim) => {
                let lines = claim.against(schedule, child, files.on);
                found.extend(lines.into_iter().map(|what| format!("{file}:{}: {id}: {what}", claim.line)));
            }
        }
    }
    let (known, _) = files.children;
    found.extend(claims.iter().map(|(id, claim)| format!("{file}:{}: id: `{id}` is not in {known}", claim.line)));
    Ok(found)
}

/// What an answer says of a child.
#[derive(Default)]
struct Claim {
    /// Line of its last row.
    line: usize,
    states: Vec<(String, u8, DoseState, Option<NaiveDate>)>,
    visits: BTreeMap<NaiveDate, Vec<(String, u8)>>,
    wrong: Vec<String>,
}

impl Claim {
    fn against(&self, schedule: &Schedule, child: &Child, on: NaiveDate) -> Vec<String> {
        let mut found = self.wrong.clone();
        let mut seen = BTreeSet::new();
        for (series, number, ..) in &self.states {
            if !seen.insert((series, number)) {
                found.push(format!("{series}-{number}: it stands twice"));
            }
        }
        let given: BTreeSet<NaiveDate> = child.given.iter().map(|one| one.on).filter(|day| *day <= on).collect();
        for (series, number, _, day) in &self.states {
            if day.is_some_and(|day| !given.contains(&day)) {
                found.push(format!("{series}-{number}: nothing was given on that day"));
            }
        }
        let visits: Vec<Visit> =
            self.visits.iter().map(|(on, doses)| Visit { on: *on, doses: doses.clone() }).collect();
        found.extend(broken(schedule, child, on, &self.states, &visits));
        found
    }
}

/// Children in the order of their file, each with the doses given.
type Children = Vec<(String, Child)>;

fn read(schedule: &Schedule, files: Files<'_>) -> Result<(Children, Vec<String>), Problems> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    let mut children: Children = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let (file, text) = files.children;
    if let Some(mut sheet) = Sheet::open(file, text, &CHILD, &MORE, &mut problems) {
        let mut ids = Ids::default();
        while let Some(row) = sheet.next(&mut problems) {
            let child = child(&row, files.on, &mut problems);
            let Some(id) = ids.take(&row, 0, &mut problems).map(str::to_owned) else { continue };
            places.insert(id.clone(), children.len());
            children.extend(child.map(|child| (id, child)));
        }
        ids.some(file, &mut problems);
        warnings.extend(sheet.warning().map(str::to_owned));
    }
    let known: BTreeSet<&str> = schedule.series.iter().flat_map(|one| &one.accepts).map(String::as_str).collect();
    let (file, text) = files.doses;
    if let Some(mut sheet) = Sheet::open(file, text, &DOSE, &[], &mut problems) {
        let mut seen = BTreeSet::new();
        while let Some(row) = sheet.next(&mut problems) {
            let (id, vaccine) = (row.must(0, any, &mut problems), row.must(1, any, &mut problems));
            let on = row.must(2, day, &mut problems);
            let (Some(id), Some(vaccine), Some(on)) = (id, vaccine, on) else { continue };
            if !known.contains(vaccine.as_str()) {
                let all: Vec<&str> = known.iter().copied().collect();
                let what = format!("`{vaccine}` is no vaccine of the schedule");
                row.report("vaccine", what, format!("write one of {}", all.join(", ")), &mut problems);
            }
            let Some(place) = places.get(&id) else {
                let what = format!("`{id}` is not in {}", files.children.0);
                row.report("id", what, "add the child or remove the dose", &mut problems);
                continue;
            };
            if !seen.insert((*place, vaccine.clone(), on)) {
                row.report("given_on", "this dose stands twice", "keep one of the rows", &mut problems);
            }
            // Where a child could not be read, there are problems and no answer.
            let Some((_, child)) = children.get_mut(*place) else { continue };
            if on < child.birth {
                row.report("given_on", "it is before the day of birth", "check both days", &mut problems);
            }
            child.given.push(Given { on, vaccine });
        }
        warnings.extend(sheet.warning().map(str::to_owned));
    }
    if problems.is_empty() { Ok((children, warnings)) } else { Err(problems) }
}

fn child(row: &Row<'_, '_>, on: NaiveDate, problems: &mut Problems) -> Option<Child> {
    let (sex, birth) = (row.must(1, sex, problems), row.must(2, day, problems));
    let hbsag = row.get(3, hbsag, problems).unwrap_or(Hbsag::Unknown);
    let birth_weight_g = row.get(4, grams, problems);
    let exposed = row.get(5, flag, problems).unwrap_or(false);
    let blood_products = row.get(6, days, problems).unwrap_or_default();
    let (sex, birth) = (sex?, birth?);
    if birth > on {
        row.report(row.name(2), "it is after the day asked for", "check both days", problems);
    }
    let hiv = if exposed { Hiv::Exposed } else { Hiv::Clear };
    Some(Child { hbsag, birth_weight_g, hiv, blood_products, ..Child::born(sex, birth) })
}

fn any(text: &str) -> Result<String, Wrong> {
    Ok(text.to_owned())
}

fn small(text: &str) -> Result<u8, Wrong> {
    let number = whole(text)?;
    u8::try_from(number).map_err(|_| Wrong::new(format!("`{number}` is no dose's number"), "number doses from 1"))
}

fn grams(text: &str) -> Result<u16, Wrong> {
    let grams = whole(text)?;
    let fits = u16::try_from(grams).ok().filter(|grams| (200..=9_000).contains(grams));
    fits.ok_or_else(|| Wrong::new(format!("`{grams}` is no birth weight in grams"), "write grams, 200 to 9000"))
}

fn hbsag(text: &str) -> Result<Hbsag, Wrong> {
    match text {
        "negative" => Ok(Hbsag::Negative),
        "positive" => Ok(Hbsag::Positive),
        "unknown" => Ok(Hbsag::Unknown),
        _ => Err(Wrong::new("it is not `negative`, `positive` or `unknown`", "write one of them")),
    }
}

fn days(text: &str) -> Result<Vec<NaiveDate>, Wrong> {
    text.split(';').map(|one| day(one.trim())).collect()
}

fn state(text: &str) -> Result<DoseState, Wrong> {
    let found = STATES.iter().find(|(name, _)| *name == text).map(|(_, state)| *state);
    found.ok_or_else(|| Wrong::new("it is no state", "write given, due, overdue, later, deferred, decide or closed"))
}
