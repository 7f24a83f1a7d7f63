//! Our own JSON form: see `docs/engines/schedule/README.md`.

mod changes;
mod travel;
mod visits;

use super::Asked;
use super::clock::{Days, time};
use super::fields::{Fields, Names, Source};
use super::json::{Kind, Value, parse};
use crate::problem::{Break, Carer, Problem, Question, Shift, Ticks, Weights};
use sheets::Problems;

/// Ticks a minute: times are whole seconds.
pub const SCALE: i64 = 60;
/// No length is longer, in minutes.
const LONGEST: f64 = 100_000.0;

/// Minutes as ticks.
fn ticks(minutes: f64) -> Ticks {
    (minutes * SCALE as f64).round() as Ticks
}

/// Names that are known while a file is read.
#[derive(Debug)]
struct Known {
    places: Names,
    skills: Names,
    carers: Names,
    clients: Names,
    days: Days,
    per_floor: f64,
}

/// Reads a problem.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read(file: &str, text: &str) -> Result<Asked, Problems> {
    let mut source = Source::new(file);
    let mut warnings = Vec::new();
    let question = match parse(text) {
        Err((line, what)) => {
            source.tell(line, "-", what, "write JSON");
            None
        }
        Ok(value) => question(&mut source, &value, &mut warnings),
    };
    let Some(question) = question.filter(|_| source.problems.is_empty()) else { return Err(source.problems) };
    Problem::new(question).map(|problem| Asked { problem, warnings }).map_err(|flaws| {
        for flaw in flaws {
            source.tell(1, &flaw.place, flaw.wrong, flaw.remedy);
        }
        source.problems
    })
}

const FIELDS: [&str; 9] =
    ["places", "travel", "carers", "visits", "after", "weights", "minutes_per_floor", "changes", "now"];

fn question(source: &mut Source<'_>, value: &Value, warnings: &mut Vec<String>) -> Option<Question> {
    let top = source.object(value, "-")?;
    let top = Fields { path: String::new(), ..top };
    let unknown: Vec<&str> = top.unknown(&FIELDS).collect();
    if !unknown.is_empty() {
        let names = super::fields::shown(&unknown.join(", "));
        warnings.push(format!("{}: fields that mean nothing here: {names}", source.file));
    }
    let mut days = Vec::new();
    gather_days(value, &mut days);
    let mut known = Known {
        places: Names::new("place"),
        skills: Names::new("skill"),
        carers: Names::new("carer"),
        clients: Names::new("client"),
        days: Days::of(&days),
        per_floor: 1.0,
    };
    if let Some(value) = top.get("minutes_per_floor") {
        known.per_floor = source.number(value, "minutes_per_floor", (0.0, 60.0)).unwrap_or(1.0);
    }
    let travel = travel::read(source, &top, &mut known.places, warnings);
    let mut question = Question {
        scale: SCALE,
        days: known.days.list.iter().map(|(name, _)| name.clone()).collect(),
        weights: weights(source, &top),
        ..Question::default()
    };
    if let Some(value) = top.must(source, "carers") {
        for (index, value) in source.list(value, "carers").iter().enumerate() {
            if let Some(fields) = source.object(value, &format!("carers[{index}]")) {
                carer(source, &fields, &mut known, &mut question);
            }
        }
    }
    visits::read(source, &top, &mut known, &mut question);
    changes::read(source, &top, &known, &mut question);
    if question.carers.is_empty() || question.visits.is_empty() {
        source.tell(top.line, "-", "there are no carers or no visits", "give at least one of each");
    }
    question.travel = travel?;
    question.skills = known.skills.list;
    question.places = known.places.list;
    question.clients = known.clients.list;
    Some(question)
}

/// Every text that stands in a field `day`.
fn gather_days<'v>(value: &'v Value, days: &mut Vec<&'v str>) {
    match &value.kind {
        Kind::List(values) => values.iter().for_each(|value| gather_days(value, days)),
        Kind::Object(fields) => {
            for (name, value) in fields {
                match &value.kind {
                    Kind::Text(text) if name == "day" => days.push(text),
                    _ => gather_days(value, days),
                }
            }
        }
        _ => {}
    }
}

fn weights(source: &mut Source<'_>, top: &Fields<'_>) -> Weights {
    let mut weights =
        Weights { travel: 1.0, late: 2.0, latest: 0.0, preference: 15.0, continuity: 10.0, fairness: 0.2 };
    if let Some(fields) = top.get("weights").and_then(|value| source.object(value, "weights")) {
        let mut read = |name: &str, into: &mut f64| {
            if let Some(value) = fields.get(name) {
                *into = source.number(value, &format!("weights.{name}"), (0.0, 10_000.0)).unwrap_or(*into);
            }
        };
        read("travel", &mut weights.travel);
        read("late", &mut weights.late);
        read("latest", &mut weights.latest);
        read("preference", &mut weights.preference);
        read("continuity", &mut weights.continuity);
        read("fairness", &mut weights.fairness);
    }
    // These two are minutes a time, not factors.
    weights.preference *= SCALE as f64;
    weights.continuity *= SCALE as f64;
    weights
}

/// Skills as a list of names, ascending by number.
fn skills(source: &mut Source<'_>, fields: &Fields<'_>, known: &mut Known) -> Vec<u32> {
    let mut found = Vec::new();
    if let Some(value) = fields.get("skills") {
        let path = fields.at("skills");
        for value in source.list(value, &path) {
            if let Some(name) = source.text(value, &path) {
                found.push(known.skills.at(name));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn carer(source: &mut Source<'_>, fields: &Fields<'_>, known: &mut Known, question: &mut Question) {
    let Some(index) = fields.must(source, "id").and_then(|value| known.carers.add(source, value, &fields.at("id")))
    else {
        return;
    };
    let skills = skills(source, fields, known);
    let id = known.carers.list.get(index as usize).cloned().unwrap_or_default();
    question.carers.push(Carer { id, skills });
    let Some(value) = fields.must(source, "shifts") else { return };
    let path = fields.at("shifts");
    for (place, value) in source.list(value, &path).iter().enumerate() {
        let Some(inner) = source.object(value, &format!("{path}[{place}]")) else { continue };
        if let Some(shift) = shift(source, &inner, fields, known) {
            question.shifts.push(Shift { carer: index, ..shift });
        }
    }
}

fn shift(source: &mut Source<'_>, fields: &Fields<'_>, carer: &Fields<'_>, known: &Known) -> Option<Shift> {
    let place = |source: &mut Source<'_>, name: &str, other: &str| {
        let value =
            fields.get(name).or_else(|| carer.get(name)).or_else(|| fields.get(other)).or_else(|| carer.get(other));
        match value {
            Some(value) => source.known(value, &fields.at(name), &known.places),
            None => {
                source.tell(fields.line, &fields.at(name), "it is missing here and at the carer", "name a place");
                None
            }
        }
    };
    let (start, end) = (place(source, "start", "start"), place(source, "end", "start"));
    let day = fields.must(source, "day").and_then(|value| known.days.place(source, value, &fields.at("day")));
    let at = |source: &mut Source<'_>, inner: &Fields<'_>, name: &str| {
        inner.must(source, name).and_then(|value| time(source, value, &inner.at(name), SCALE))
    };
    let (from, to) = (at(source, fields, "from"), at(source, fields, "to"));
    let begin = known.days.begin(day?, SCALE);
    let mut breaks = Vec::new();
    if let Some(value) = fields.get("breaks") {
        let path = fields.at("breaks");
        for (index, value) in source.list(value, &path).iter().enumerate() {
            let Some(inner) = source.object(value, &format!("{path}[{index}]")) else { continue };
            let (from, to) = (at(source, &inner, "from"), at(source, &inner, "to"));
            let length = inner.must(source, "minutes");
            let length = length.and_then(|value| source.number(value, &inner.at("minutes"), (0.0, 1_440.0)));
            if let (Some(from), Some(to), Some(length)) = (from, to, length) {
                breaks.push(Break { from: begin + from, latest: begin + to, length: ticks(length) });
            }
        }
    }
    breaks.sort_by_key(|pause| (pause.from, pause.latest));
    let most = fields.get("most_visits");
    let most = most.and_then(|value| source.number(value, &fields.at("most_visits"), (0.0, 10_000.0)));
    Some(Shift {
        carer: 0,
        day: day?,
        from: begin + from?,
        to: begin + to?,
        start: start?,
        end: end?,
        breaks,
        most_load: most.map_or(i64::MAX, |most| most as i64),
    })
}
