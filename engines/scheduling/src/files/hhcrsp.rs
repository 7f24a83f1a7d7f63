//! The benchmark's JSON of home health care routing and scheduling (Mankowska and others, 2014; JSON by the University of Udine).
//!
//! One day, one office where everyone begins and ends, windows whose end may be overrun at a cost, one or two services a patient, the
//! two by two people at once or with a gap between their starts. Everything must be done.

use super::Asked;
use super::fields::{Fields, Names, Source};
use super::json::{Kind, Value, parse};
use crate::problem::{Carer, Need, Problem, Question, Shift, Ticks, Visit, Weights, Window};
use sheets::Problems;
use std::sync::Arc;

/// No minute is beyond this.
const MOST: f64 = 1e6;
/// What an undone patient costs: more than anything else can.
const WORTH: Ticks = 1 << 45;

/// Reads a problem.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read(file: &str, text: &str) -> Result<Asked, Problems> {
    let mut source = Source::new(file);
    let question = match parse(text) {
        Err((line, what)) => {
            source.tell(line, "-", what, "write JSON as the benchmark does");
            None
        }
        Ok(value) => question(&mut source, &value),
    };
    let Some(question) = question.filter(|_| source.problems.is_empty()) else { return Err(source.problems) };
    match Problem::new(question) {
        Ok(problem) => Ok(Asked { problem, warnings: Vec::new() }),
        Err(flaws) => {
            for flaw in flaws {
                source.tell(1, &flaw.place, flaw.wrong, flaw.remedy);
            }
            Err(source.problems)
        }
    }
}

fn question(source: &mut Source<'_>, value: &Value) -> Option<Question> {
    let top = source.object(value, "-")?;
    let top = Fields { path: String::new(), ..top };
    let patients = top.must(source, "patients").map(|value| source.list(value, "patients"));
    let distances = top.must(source, "distances").map(|value| (value.line, source.list(value, "distances")));
    let offices = top.get("central_offices").map_or(1, |value| source.list(value, "central_offices").len());
    if offices != 1 {
        source.tell(1, "central_offices", format!("there are {offices}"), "give one office");
    }
    let mut skills = Names::new("service");
    let mut defaults = Vec::new();
    if let Some(value) = top.must(source, "services") {
        for (index, value) in source.list(value, "services").iter().enumerate() {
            let Some(service) = source.object(value, &format!("services[{index}]")) else { continue };
            let id = service.must(source, "id").and_then(|id| skills.add(source, id, &service.at("id")));
            let length = service.get("default_duration");
            let length = length.and_then(|value| source.number(value, &service.at("default_duration"), (0.0, MOST)));
            if id.is_some() {
                defaults.push(length);
            }
        }
    }
    let carers = top.must(source, "caregivers").map(|value| carers(source, value, &skills)).unwrap_or_default();
    let (patients, (line, rows)) = (patients?, distances?);
    if patients.is_empty() || carers.is_empty() {
        source.tell(top.line, "-", "there are no patients or no caregivers", "give at least one of each");
        return None;
    }
    let travel = table(source, line, rows, patients.len() + 1);
    let scale = scale(&travel);
    let mut names = Names::new("patient");
    let mut places = vec!["office".to_owned()];
    let mut visits = Vec::new();
    for (index, value) in patients.iter().enumerate() {
        let Some(fields) = source.object(value, &format!("patients[{index}]")) else { continue };
        let Some(id) = fields.must(source, "id") else { continue };
        names.add(source, id, &fields.at("id"));
        let visit = patient(source, &fields, (&skills, &defaults), scale);
        let id = if let Kind::Text(id) = &id.kind { id.clone() } else { String::new() };
        places.push(id.clone());
        visits.extend(visit.map(|visit| Visit { id, place: index as u32 + 1, ..visit }));
    }
    let shifts = (0..carers.len() as u32)
        .map(|carer| Shift { carer, from: 0, to: 1 << 50, most_load: i64::MAX, ..Shift::default() })
        .collect();
    Some(Question {
        scale,
        days: vec![String::new()],
        skills: skills.list,
        places,
        travel: Arc::new(travel.iter().map(|minutes| (minutes * scale as f64).round() as i32).collect()),
        carers,
        shifts,
        visits,
        weights: Weights { latest: 1.0, ..Weights::default() },
        ..Question::default()
    })
}

fn carers(source: &mut Source<'_>, value: &Value, skills: &Names) -> Vec<Carer> {
    let mut names = Names::new("caregiver");
    let mut carers = Vec::new();
    for (index, value) in source.list(value, "caregivers").iter().enumerate() {
        let Some(fields) = source.object(value, &format!("caregivers[{index}]")) else { continue };
        let id = fields.must(source, "id").and_then(|id| names.add(source, id, &fields.at("id")));
        let mut able = Vec::new();
        if let Some(value) = fields.must(source, "abilities") {
            for value in source.list(value, &fields.at("abilities")) {
                able.extend(source.known(value, &fields.at("abilities"), skills));
            }
        }
        able.sort_unstable();
        able.dedup();
        let id = id.and_then(|id| names.list.get(id as usize)).cloned().unwrap_or_default();
        carers.push(Carer { id, skills: able });
    }
    carers
}

/// The square table of travel, row by row, in minutes.
fn table(source: &mut Source<'_>, line: usize, rows: &[Value], places: usize) -> Vec<f64> {
    let mut travel = Vec::new();
    if rows.len() != places {
        let wrong = format!("it has {} rows, not {places}", rows.len());
        source.tell(line, "distances", wrong, "give a row for the office and for each patient, in their order");
        return travel;
    }
    for (index, row) in rows.iter().enumerate() {
        let path = format!("distances[{index}]");
        let Some(numbers) = source.numbers(row, &path) else { continue };
        if numbers.len() != places {
            let wrong = format!("it has {} numbers, not {places}", numbers.len());
            source.tell(row.line, &path, wrong, "give a number for the office and for each patient, in their order");
        }
        if numbers.iter().any(|number| !(0.0..=MOST).contains(number)) {
            source.tell(row.line, &path, "a distance is below 0 or above 1,000,000", "correct it");
        }
        travel.extend_from_slice(numbers);
    }
    travel
}

/// As many ticks a minute as the numbers have decimals, from a thousand up to a million, as long as they fit.
fn scale(travel: &[f64]) -> i64 {
    let most = travel.iter().fold(0.0_f64, |most, number| most.max(*number));
    let exact = |scale: f64| travel.iter().all(|number| ((number * scale).round() / scale - number).abs() < 1e-9);
    for scale in [1_000_i64, 10_000, 100_000, 1_000_000] {
        let next = scale as f64 * 10.0;
        if exact(scale as f64) || most * next > f64::from(i32::MAX) {
            return scale;
        }
    }
    1_000_000
}

fn patient(
    source: &mut Source<'_>,
    fields: &Fields<'_>,
    (skills, defaults): (&Names, &[Option<f64>]),
    scale: i64,
) -> Option<Visit> {
    let ticks = |minutes: f64| (minutes * scale as f64).round() as Ticks;
    let span = |source: &mut Source<'_>, fields: &Fields<'_>, name: &str| {
        let path = fields.at(name);
        let value = fields.must(source, name)?;
        let numbers = source.numbers(value, &path)?;
        match numbers {
            [from, to] if *from >= 0.0 && from <= to && *to <= MOST => Some((ticks(*from), ticks(*to))),
            _ => {
                source.tell(
                    value.line,
                    &path,
                    "it is not two numbers, the first not above the second",
                    "write [from, to]",
                );
                None
            }
        }
    };
    let window = span(source, fields, "time_window");
    let required = fields.must(source, "required_caregivers")?;
    let path = fields.at("required_caregivers");
    let mut needs = Vec::new();
    for value in source.list(required, &path) {
        let Some(need) = source.object(value, &path) else { continue };
        let Some(service) = need.must(source, "service") else { continue };
        let Some(skill) = source.known(service, &need.at("service"), skills) else { continue };
        let length = match need.get("duration") {
            Some(value) => source.number(value, &need.at("duration"), (0.0, MOST)),
            None => defaults.get(skill as usize).copied().flatten(),
        };
        let Some(length) = length else {
            source.tell(
                value.line,
                &path,
                "the service has no duration",
                "give `duration` or the service's `default_duration`",
            );
            continue;
        };
        needs.push(Need { skills: vec![skill], length: ticks(length) });
    }
    if needs.is_empty() || needs.len() > 2 {
        source.tell(required.line, &path, "there are not one or two services", "ask for one or two");
    }
    let (mut least, mut most) = (0, 0);
    if let Some(value) = fields.get("synchronization") {
        let sync = source.object(value, &fields.at("synchronization"))?;
        let kind = sync.must(source, "type")?;
        match source.text(kind, &sync.at("type"))? {
            "simultaneous" => {}
            "sequential" => (least, most) = span(source, &sync, "distance")?,
            _ => source.tell(kind.line, &sync.at("type"), "it is no type known", "write simultaneous or sequential"),
        }
    } else if needs.len() > 1 {
        source.tell(fields.line, &fields.at("synchronization"), "it is missing for two services", "add it");
    }
    let (from, due) = window?;
    // Lateness has no end here.
    let windows = vec![Window { from, due, latest: 1 << 50 }];
    Some(Visit { windows, needs, least, most, worth: WORTH, priority: 1, ..Visit::default() })
}
