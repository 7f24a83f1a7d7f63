//! Anyone's answers, read to be checked or to be repaired.

use super::Format;
use super::clock::time;
use super::fields::{Fields, Source};
use super::json::{Kind, Value, parse};
use crate::answer::{Roster, Stop, Undone};
use crate::constraints::Thing;
use crate::problem::{Problem, Ticks};
use sheets::Problems;
use std::collections::HashMap;

/// What stands in an answer.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Its rosters.
    pub rosters: Vec<Roster>,
    /// Who was told to be at which need of which visit, when; also where the carer has no shift any more.
    pub told: Vec<(u32, u8, u32, Ticks)>,
    /// What it says is undone; nothing when it says nothing.
    pub undone: Option<Vec<Undone>>,
    /// Whether it says what was moved, and so mends what was told.
    pub mends: bool,
    /// The total cost that it says it has, in minutes.
    pub cost: Option<f64>,
    /// What it names that is not there.
    pub unknown: Vec<String>,
}

/// Names of a problem.
struct Index<'p> {
    visits: HashMap<&'p str, u32>,
    carers: HashMap<&'p str, u32>,
}

/// Reads an answer.
///
/// # Errors
/// When it is not of the format.
pub fn read(problem: &Problem, format: Format, (file, text): (&str, &str)) -> Result<Given, Problems> {
    let mut source = Source::new(file);
    let visits = problem.visits.iter().zip(0..).map(|(visit, index)| (visit.id.as_str(), index)).collect();
    let carers = problem.carers.iter().zip(0..).map(|(carer, index)| (carer.id.as_str(), index)).collect();
    let index = Index { visits, carers };
    let mut given = Given::default();
    if format == Format::Solomon && !text.trim_start().starts_with('{') {
        routes_as_text(problem, &index, text, &mut given);
        return Ok(given);
    }
    match parse(text) {
        Err((line, what)) => source.tell(line, "-", what, "write the answer as JSON"),
        Ok(value) => {
            if let Some(top) = source.object(&value, "-") {
                let top = Fields { path: String::new(), ..top };
                match format {
                    Format::Zhaoxi => rosters(&mut source, problem, &index, &top, &mut given),
                    Format::Hhcrsp => routes(&mut source, problem, &index, &top, &mut given),
                    Format::Solomon => customers(&mut source, problem, &index, &top, &mut given),
                }
                undone(&mut source, &index, &top, &mut given);
                given.mends = top.get("moved").is_some();
                let cost = top.get("cost").and_then(|cost| source.object(cost, "cost"));
                let name = ["total", "total_cost", "distance"];
                let cost = cost.and_then(|cost| name.iter().find_map(|name| cost.get(name)));
                given.cost = cost.and_then(|value| source.number(value, "cost", (0.0, 1e15)));
            }
        }
    }
    if source.problems.is_empty() { Ok(given) } else { Err(source.problems) }
}

fn undone(source: &mut Source<'_>, index: &Index<'_>, top: &Fields<'_>, given: &mut Given) {
    let Some(value) = top.get("unassigned") else { return };
    let mut list = Vec::new();
    for (place, value) in source.list(value, "unassigned").iter().enumerate() {
        let Some(fields) = source.object(value, &format!("unassigned[{place}]")) else { continue };
        let Some(id) = fields.must(source, "visit").and_then(|value| source.text(value, &fields.at("visit"))) else {
            continue;
        };
        let Some(visit) = index.visits.get(id) else {
            given.unknown.push(format!("unknown_visit: there is no visit `{id}`"));
            continue;
        };
        let reasons: &[Value] = fields.get("reasons").map_or(&[], |value| source.list(value, &fields.at("reasons")));
        let mut things = Vec::new();
        for value in reasons {
            match source.text(value, &fields.at("reasons")).map(|key| (key, Thing::of(key))) {
                Some((_, Some(thing))) => things.push(thing),
                Some((key, None)) => given.unknown.push(format!("unknown_reason: `{key}` is no reason")),
                None => {}
            }
        }
        list.push(Undone { visit: *visit, things });
    }
    given.undone = Some(list);
}

fn rosters(source: &mut Source<'_>, problem: &Problem, index: &Index<'_>, top: &Fields<'_>, given: &mut Given) {
    let Some(value) = top.must(source, "rosters") else { return };
    for (place, value) in source.list(value, "rosters").iter().enumerate() {
        let Some(fields) = source.object(value, &format!("rosters[{place}]")) else { continue };
        let carer = fields.must(source, "carer").and_then(|value| source.text(value, &fields.at("carer")));
        let day = fields.must(source, "day").and_then(|value| source.text(value, &fields.at("day")));
        let from = fields.get("from").and_then(|value| time(source, value, &fields.at("from"), problem.scale));
        let (Some(carer), Some(day)) = (carer, day) else { continue };
        let begin_of = |from: Ticks| from / (1_440 * problem.scale) * 1_440 * problem.scale;
        let own = |shift: &crate::problem::Shift| {
            index.carers.get(carer) == Some(&shift.carer)
                && problem.days.get(shift.day as usize).map(String::as_str) == Some(day)
        };
        let exact = |shift: &crate::problem::Shift| from.is_none_or(|from| begin_of(shift.from) + from == shift.from);
        // A shift that begins later than was told is still the carer's.
        let mut shifts = problem.shifts.iter().zip(0_u32..).filter(|(shift, _)| own(shift));
        let found = shifts.clone().find(|(shift, _)| exact(shift)).or_else(|| shifts.next());
        let begin = match (found, begin_of_day(problem, day)) {
            (Some((shift, _)), _) => begin_of(shift.from),
            (None, begin) => begin.unwrap_or(0),
        };
        if found.is_none() {
            given.unknown.push(format!("unknown_shift: `{carer}` has no such shift on {day}"));
        }
        let mut stops = Vec::new();
        let Some(value) = fields.must(source, "stops") else { continue };
        let path = fields.at("stops");
        for value in source.list(value, &path) {
            let Some(inner) = source.object(value, &path) else { continue };
            let Some(start) = at(source, &inner, "start", problem.scale) else { continue };
            if inner.get("break").is_some_and(|value| value.kind == Kind::Truth(true)) {
                let Some(end) = at(source, &inner, "end", problem.scale) else { continue };
                stops.push(Stop::Break { length: end - start, start: begin + start });
                continue;
            }
            let Some(id) = inner.must(source, "visit").and_then(|value| source.text(value, &inner.at("visit"))) else {
                continue;
            };
            let number = inner.get("carer_number");
            let number =
                number.and_then(|value| source.number(value, &inner.at("carer_number"), (1.0, 2.0))).unwrap_or(1.0);
            match index.visits.get(id) {
                Some(visit) => {
                    let (need, start) = (number as u8 - 1, begin + start);
                    stops.push(Stop::Visit { visit: *visit, need, start });
                    given.told.extend(index.carers.get(carer).map(|carer| (*visit, need, *carer, start)));
                }
                None => given.unknown.push(format!("unknown_visit: there is no visit `{id}`")),
            }
        }
        given.rosters.extend(found.map(|(_, shift)| Roster { shift, stops }));
    }
}

/// When a day begins, whether or not anybody works on it.
fn begin_of_day(problem: &Problem, day: &str) -> Option<Ticks> {
    let first = sheets::day(problem.days.first()?).ok()?;
    let days = (sheets::day(day).ok()? - first).num_days();
    (0..100_000).contains(&days).then(|| days * 1_440 * problem.scale)
}

/// A time of day with or without seconds.
fn at(source: &mut Source<'_>, fields: &Fields<'_>, name: &str, scale: i64) -> Option<Ticks> {
    let value = fields.must(source, name)?;
    let text = source.text(value, &fields.at(name))?;
    let Some((minutes, seconds)) = text.rsplit_once(':').filter(|(head, _)| head.contains(':')) else {
        return time(source, value, &fields.at(name), scale);
    };
    let seconds = seconds.parse::<i64>().ok().filter(|seconds| (0..60).contains(seconds));
    let head = Value { line: value.line, kind: Kind::Text(minutes.to_owned()) };
    let minutes = time(source, &head, &fields.at(name), scale)?;
    match seconds {
        Some(seconds) => Some(minutes + seconds * scale / 60),
        None => {
            source.tell(value.line, &fields.at(name), "it is no time of day", "write HH:MM or HH:MM:SS");
            None
        }
    }
}

fn routes(source: &mut Source<'_>, problem: &Problem, index: &Index<'_>, top: &Fields<'_>, given: &mut Given) {
    let Some(value) = top.must(source, "routes") else { return };
    for (place, value) in source.list(value, "routes").iter().enumerate() {
        let Some(fields) = source.object(value, &format!("routes[{place}]")) else { continue };
        let either = |source: &mut Source<'_>, fields: &Fields<'_>, long: &str, short: &str| {
            let value = fields.get(long).or_else(|| fields.get(short));
            match value {
                Some(value) => source.text(value, &fields.at(long)).map(str::to_owned),
                None => {
                    source.tell(fields.line, &fields.at(long), "it is missing", "add it");
                    None
                }
            }
        };
        let Some(carer) = either(source, &fields, "caregiver_id", "caregiver") else { continue };
        let Some(shift) = index.carers.get(carer.as_str()) else {
            given.unknown.push(format!("unknown_shift: there is no caregiver `{carer}`"));
            continue;
        };
        let path = fields.at("locations");
        let mut stops = Vec::new();
        let locations: &[Value] = fields.get("locations").map_or(&[], |value| source.list(value, &path));
        for value in locations {
            let Some(inner) = source.object(value, &path) else { continue };
            let patient = either(source, &inner, "patient_id", "patient");
            let service = either(source, &inner, "service_id", "service");
            let start = inner.must(source, "arrival_time");
            let start = start.and_then(|value| source.number(value, &inner.at("arrival_time"), (0.0, 1e9)));
            let (Some(patient), Some(service), Some(start)) = (patient, service, start) else { continue };
            let visit = index.visits.get(patient.as_str()).copied();
            let Some(asked) = visit.and_then(|visit| problem.visits.get(visit as usize)) else {
                given.unknown.push(format!("unknown_visit: there is no patient `{patient}`"));
                continue;
            };
            let is = |need: &crate::problem::Need| {
                need.skills.first().and_then(|skill| problem.skills.get(*skill as usize)) == Some(&service)
            };
            let Some(need) = asked.needs.iter().position(is) else {
                given.unknown.push(format!("unknown_visit: patient `{patient}` asks for no service `{service}`"));
                continue;
            };
            let start = (start * problem.scale as f64).round() as Ticks;
            stops.push(Stop::Visit { visit: visit.unwrap_or(0), need: need as u8, start });
        }
        given.rosters.push(Roster { shift: *shift, stops });
    }
}

fn customers(source: &mut Source<'_>, problem: &Problem, index: &Index<'_>, top: &Fields<'_>, given: &mut Given) {
    let Some(value) = top.must(source, "routes") else { return };
    for (place, value) in source.list(value, "routes").iter().enumerate() {
        let Some(fields) = source.object(value, &format!("routes[{place}]")) else { continue };
        let Some(value) = fields.must(source, "customers") else { continue };
        let names: Vec<String> = match &value.kind {
            Kind::Numbers(numbers) => numbers.iter().map(f64::to_string).collect(),
            _ => {
                let list = source.list(value, &fields.at("customers"));
                list.iter().filter_map(|value| source.text(value, &fields.at("customers"))).map(str::to_owned).collect()
            }
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        route(problem, index, &names, given);
    }
}

/// `Route #1: 3 5 8`, as answers to routing benchmarks are often written.
fn routes_as_text(problem: &Problem, index: &Index<'_>, text: &str, given: &mut Given) {
    for line in text.lines() {
        let line = line.trim();
        if let Some((head, names)) = line.split_once(':')
            && head.to_ascii_lowercase().starts_with("route")
        {
            route(problem, index, &names.split_whitespace().collect::<Vec<_>>(), given);
            continue;
        }
        if let Some(cost) = line.to_ascii_lowercase().strip_prefix("cost") {
            given.cost = cost.trim_start_matches([':', ' ']).trim().parse().ok();
        }
    }
}

/// Customers in order, each as early as can be.
fn route(problem: &Problem, index: &Index<'_>, names: &[&str], given: &mut Given) {
    let number = given.rosters.len() as u32;
    let Some(shift) = problem.shifts.get(number as usize) else {
        given.unknown.push("unknown_shift: there are more routes than vehicles".to_owned());
        return;
    };
    let (mut free, mut here) = (shift.from, shift.start);
    let mut stops = Vec::new();
    for name in names {
        let visit = index.visits.get(name).copied();
        let Some(asked) = visit.and_then(|visit| problem.visits.get(visit as usize)) else {
            given.unknown.push(format!("unknown_visit: there is no customer `{name}`"));
            continue;
        };
        let from = asked.windows.first().map_or(0, |window| window.from);
        let start = from.max(free + problem.travel(here, asked.place));
        stops.push(Stop::Visit { visit: visit.unwrap_or(0), need: 0, start });
        free = start + asked.needs.first().map_or(0, |need| need.length);
        here = asked.place;
    }
    given.rosters.push(Roster { shift: number, stops });
}
