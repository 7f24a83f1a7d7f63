//! Answers as files: our own form, the benchmark's solution form, and routes of customers.

use super::clock::written;
use super::{Format, Solved};
use crate::answer::{Answer, Roster, Stop};
use crate::problem::{Problem, Ticks};
use crate::why;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The answer as text.
pub fn answer(problem: &Problem, format: Format, solved: &Solved) -> String {
    let value = match format {
        Format::Zhaoxi => zhaoxi(problem, solved),
        Format::Hhcrsp => hhcrsp(problem, &solved.answer),
        Format::Solomon => solomon(problem, &solved.answer),
    };
    let mut text = String::new();
    layout(&value, 0, &mut text);
    text.push('\n');
    text
}

/// Objects that hold nothing but plain values, and lists of plain values, on one line; everything else one line an entry.
fn layout(value: &Value, depth: usize, text: &mut String) {
    let plain = |value: &Value| !value.is_object() && !value.is_array();
    let flat = match value {
        Value::Array(values) => values.iter().all(plain),
        Value::Object(fields) => {
            depth > 0 && fields.values().all(|v| plain(v) || v.as_array().is_some_and(|list| list.iter().all(plain)))
        }
        _ => true,
    };
    if flat {
        // Writing into text cannot fail.
        let _ = write!(text, "{value}");
        return;
    }
    let pad = "  ".repeat(depth + 1);
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    text.push(open);
    let mut entry = |name: Option<&str>, value: &Value, place: usize| {
        text.push_str(if place > 0 { ",\n" } else { "\n" });
        text.push_str(&pad);
        if let Some(name) = name {
            let _ = write!(text, "{}: ", Value::from(name));
        }
        layout(value, depth + 1, text);
    };
    match value {
        Value::Array(values) => values.iter().enumerate().for_each(|(place, value)| entry(None, value, place)),
        Value::Object(fields) => {
            fields.iter().enumerate().for_each(|(place, (name, value))| entry(Some(name), value, place));
        }
        _ => {}
    }
    let _ = write!(text, "\n{}{close}", "  ".repeat(depth));
}

/// A number without more decimals than it has.
fn number(value: f64) -> Value {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 { json!(rounded as i64) } else { json!(rounded) }
}

fn minutes(problem: &Problem, ticks: Ticks) -> Value {
    number(problem.minutes(ticks))
}

fn visit_id(problem: &Problem, visit: u32) -> &str {
    problem.visits.get(visit as usize).map_or("", |visit| visit.id.as_str())
}

fn undone(problem: &Problem, answer: &Answer) -> Vec<Value> {
    let one = |undone: &crate::answer::Undone| {
        let keys: Vec<&str> = undone.things.iter().map(|thing| thing.key()).collect();
        let words: Vec<String> = undone.things.iter().map(|thing| thing.words(problem, undone.visit)).collect();
        let text = if words.is_empty() { "原因未查明".to_owned() } else { words.join("；") };
        let priority = problem.visits.get(undone.visit as usize).map_or(0, |visit| visit.priority);
        json!({"visit": visit_id(problem, undone.visit), "priority": priority, "reasons": keys, "text": text})
    };
    answer.undone.iter().map(one).collect()
}

fn zhaoxi(problem: &Problem, solved: &Solved) -> Value {
    let answer = &solved.answer;
    let rosters: Vec<Value> = answer
        .rosters
        .iter()
        .filter(|roster| !roster.stops.is_empty())
        .map(|roster| zhaoxi_roster(problem, roster))
        .collect();
    let parts = &answer.parts;
    let mut all = Map::new();
    all.insert("rosters".into(), rosters.into());
    all.insert(
        "cost".into(),
        json!({
            "total": minutes_of(problem, parts.total(problem)), "travel_minutes": minutes(problem, parts.travel),
            "late_minutes": minutes(problem, parts.late), "latest_minutes": minutes(problem, parts.latest),
            "unwished": parts.unwished, "further_faces": parts.faces, "unfair_minutes": minutes(problem, parts.unfair),
            "undone_minutes": minutes(problem, parts.undone),
        }),
    );
    all.insert("unassigned".into(), undone(problem, answer).into());
    if let Some(moved) = &solved.moved {
        let list: Vec<Value> = moved.iter().map(|moved| zhaoxi_moved(problem, moved)).collect();
        all.insert("moved".into(), list.into());
    }
    Value::Object(all)
}

fn minutes_of(problem: &Problem, ticks: f64) -> Value {
    number((ticks / problem.scale as f64 * 1e3).round() / 1e3)
}

/// The time of day and the day of a time.
fn clock(problem: &Problem, shift: u32, ticks: Ticks) -> String {
    let begin = problem
        .shifts
        .get(shift as usize)
        .map_or(0, |shift| shift.from / (1_440 * problem.scale) * 1_440 * problem.scale);
    written(ticks - begin, problem.scale)
}

fn zhaoxi_roster(problem: &Problem, roster: &Roster) -> Value {
    let Some(shift) = problem.shifts.get(roster.shift as usize) else { return Value::Null };
    let carer = problem.carers.get(shift.carer as usize).map_or("", |carer| carer.id.as_str());
    let day = problem.days.get(shift.day as usize).map_or("", String::as_str);
    let (mut here, mut free, mut travel, mut work) = (shift.start, shift.from, 0, 0);
    let mut stops = Vec::new();
    for stop in &roster.stops {
        match stop {
            Stop::Break { length, start } => {
                let (from, to) = (clock(problem, roster.shift, *start), clock(problem, roster.shift, start + length));
                stops.push(json!({"break": true, "start": from, "end": to}));
                free = start + length;
            }
            Stop::Visit { visit, need, start } => {
                let Some(asked) = problem.visits.get(*visit as usize) else { continue };
                let length = asked.needs.get(usize::from(*need)).map_or(0, |need| need.length);
                let leg = problem.travel(here, asked.place);
                let mut fields = Map::new();
                fields.insert("visit".into(), asked.id.clone().into());
                if asked.needs.len() > 1 {
                    fields.insert("carer_number".into(), (need + 1).into());
                }
                fields.insert("travel_minutes".into(), minutes(problem, leg));
                fields.insert("wait_minutes".into(), minutes(problem, (start - free - leg).max(0)));
                fields.insert("start".into(), clock(problem, roster.shift, *start).into());
                fields.insert("end".into(), clock(problem, roster.shift, start + length).into());
                let due =
                    asked.windows.iter().rev().find(|window| window.from <= *start).map_or(*start, |window| window.due);
                if *start > due {
                    fields.insert("late_minutes".into(), minutes(problem, start - due));
                }
                stops.push(Value::Object(fields));
                (here, free, travel, work) = (asked.place, start + length, travel + leg, work + length);
            }
        }
    }
    if work > 0 || travel > 0 {
        let leg = problem.travel(here, shift.end);
        travel += leg;
        free += leg;
    }
    json!({
        "carer": carer, "day": day, "from": clock(problem, roster.shift, shift.from), "stops": stops,
        "back": clock(problem, roster.shift, free), "travel_minutes": minutes(problem, travel), "visit_minutes": minutes(problem, work),
    })
}

fn zhaoxi_moved(problem: &Problem, moved: &super::Moved) -> Value {
    let side = |list: &[(u32, Ticks)]| -> Vec<Value> {
        let one = |(carer, start): &(u32, Ticks)| {
            let id = problem.carers.get(*carer as usize).map_or("", |carer| carer.id.as_str());
            let day = 1_440 * problem.scale;
            let at = written(start % day, problem.scale);
            json!(format!("{id} {at}"))
        };
        list.iter().map(one).collect()
    };
    let things = moved.things.as_deref().unwrap_or_default();
    let keys: Vec<&str> = things.iter().map(|thing| thing.key()).collect();
    let words: Vec<String> = things.iter().map(|thing| thing.words(problem, moved.visit)).collect();
    let text = match &moved.things {
        None => "原来的人已不当班，或要求已变".to_owned(),
        Some(things) if things.is_empty() => "可以保持原安排，改动更省".to_owned(),
        Some(_) => format!("原安排保不住：{}", words.join("；")),
    };
    json!({
        "visit": visit_id(problem, moved.visit), "was": side(&moved.was), "now": side(&moved.now), "reasons": keys,
        "text": text,
    })
}

/// The benchmark's solution form, with cost and what is undone beside it.
fn hhcrsp(problem: &Problem, answer: &Answer) -> Value {
    let mut order: Vec<(Ticks, u32)> = Vec::new();
    let mut routes = Vec::new();
    for roster in &answer.rosters {
        let carer =
            problem.shifts.get(roster.shift as usize).and_then(|shift| problem.carers.get(shift.carer as usize));
        let mut locations = Vec::new();
        for stop in &roster.stops {
            let Stop::Visit { visit, need, start } = stop else { continue };
            let Some(asked) = problem.visits.get(*visit as usize) else { continue };
            let Some(wanted) = asked.needs.get(usize::from(*need)) else { continue };
            let service = wanted.skills.first().and_then(|skill| problem.skills.get(*skill as usize));
            order.push((*start, *visit));
            locations.push(json!({
                "patient_id": asked.id, "service_id": service,
                "arrival_time": minutes(problem, *start), "departure_time": minutes(problem, start + wanted.length),
            }));
        }
        routes.push(json!({"caregiver_id": carer.map(|carer| carer.id.as_str()), "locations": locations}));
    }
    order.sort_unstable();
    let mut seen = std::collections::BTreeSet::new();
    let global: Vec<&str> =
        order.iter().filter(|(_, visit)| seen.insert(*visit)).map(|(_, visit)| visit_id(problem, *visit)).collect();
    let parts = answer.parts;
    let total = problem.minutes(parts.travel + parts.late + parts.latest) / 3.0;
    json!({
        "routes": routes,
        "global_ordering": global,
        "cost": {
            "distance_traveled": minutes(problem, parts.travel), "total_tardiness": minutes(problem, parts.late),
            "max_tardiness": minutes(problem, parts.latest), "total_cost": number(total),
        },
        "unassigned": undone(problem, answer),
    })
}

fn solomon(problem: &Problem, answer: &Answer) -> Value {
    let used = answer.rosters.iter().filter(|roster| !roster.stops.is_empty());
    let routes: Vec<Value> = used
        .zip(1..)
        .map(|(roster, number): (&Roster, usize)| {
            let visits = roster.stops.iter().filter_map(|stop| match stop {
                Stop::Visit { visit, start, .. } => Some((*visit, *start)),
                Stop::Break { .. } => None,
            });
            let (customers, starts): (Vec<&str>, Vec<Value>) =
                visits.map(|(visit, start)| (visit_id(problem, visit), minutes(problem, start))).unzip();
            json!({"vehicle": number, "customers": customers, "starts": starts})
        })
        .collect();
    let cost = json!({"distance": minutes(problem, answer.parts.travel), "vehicles": answer.parts.used});
    json!({"routes": routes, "cost": cost, "unassigned": undone(problem, answer)})
}

/// Rosters with what they cost in a problem, and what is undone with why, as `strict` sees it, looked for until it is enough.
pub fn explained(problem: &Problem, strict: &Problem, rosters: Vec<Roster>, enough: &dyn Fn() -> bool) -> Answer {
    let undone = why::undone(strict, &rosters, enough);
    let (_, parts) = crate::check::check(problem, &rosters, crate::check::Slack::default());
    Answer { rosters, parts, undone }
}
