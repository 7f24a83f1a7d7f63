//! Visits and what links them.

use super::{Known, LONGEST, SCALE, skills, ticks};
use crate::files::clock::time;
use crate::files::fields::{Fields, Names, Source};
use crate::files::json::{Kind, Value};
use crate::problem::{Link, Need, Question, Ticks, Visit, Window};

/// No most gap.
const NO_LIMIT: Ticks = 1 << 50;
/// What the least urgent visit is worth, in minutes; each step of priority doubles it.
const WORTH: i64 = 1_000;

/// Reads `visits` and `after`.
pub fn read(source: &mut Source<'_>, top: &Fields<'_>, known: &mut Known, question: &mut Question) {
    let mut names = Names::new("visit");
    if let Some(value) = top.must(source, "visits") {
        for (index, value) in source.list(value, "visits").iter().enumerate() {
            let Some(fields) = source.object(value, &format!("visits[{index}]")) else { continue };
            let Some(id) = fields.must(source, "id") else { continue };
            let Some(place) = names.add(source, id, &fields.at("id")) else { continue };
            let read = visit(source, &fields, known).unwrap_or_default();
            let id = names.list.get(place as usize).cloned().unwrap_or_default();
            question.visits.push(Visit { id, ..read });
        }
    }
    if let Some(value) = top.get("after") {
        for (index, value) in source.list(value, "after").iter().enumerate() {
            let Some(fields) = source.object(value, &format!("after[{index}]")) else { continue };
            question.links.extend(link(source, &fields, &names, &question.visits));
        }
    }
}

fn visit(source: &mut Source<'_>, fields: &Fields<'_>, known: &mut Known) -> Option<Visit> {
    let place = fields.must(source, "place").and_then(|value| source.known(value, &fields.at("place"), &known.places));
    let client = fields.get("client").and_then(|value| source.text(value, &fields.at("client")));
    let client = client.map(|name| known.clients.at(name));
    let windows = windows(source, fields, known);
    let stairs = stairs(source, fields, known.per_floor);
    let length = fields.must(source, "minutes");
    let length = length.and_then(|value| source.number(value, &fields.at("minutes"), (0.0, LONGEST)));
    let own = Need { skills: skills(source, fields, known), length: ticks(length? + stairs) };
    let (mut least, mut most) = (0, 0);
    let mut needs = vec![own.clone()];
    let count = fields.get("carers").and_then(|value| source.number(value, &fields.at("carers"), (1.0, 2.0)));
    if let Some(inner) = fields.get("second").and_then(|value| source.object(value, &fields.at("second"))) {
        let mut minutes = |name: &str, usual: f64| {
            inner.get(name).map_or(Some(usual), |value| source.number(value, &inner.at(name), (0.0, LONGEST)))
        };
        let length = minutes("minutes", length?)?;
        least = ticks(minutes("least", 0.0)?);
        most = ticks(minutes("most", 0.0)?).max(least);
        needs.push(Need { skills: skills(source, &inner, known), length: ticks(length + stairs) });
    } else if count == Some(2.0) {
        needs.push(own);
    }
    let mut visit = Visit { place: place?, client, windows: windows?, needs, least, most, load: 1, ..Visit::default() };
    visit.prefers = carers(source, fields, "prefers", known);
    visit.refuses = carers(source, fields, "refuses", known);
    let priority =
        fields.get("priority").map_or(Some(5.0), |value| source.number(value, &fields.at("priority"), (1.0, 9.0)));
    visit.priority = priority.unwrap_or(5.0) as u8;
    visit.worth = (WORTH << (9 - i64::from(visit.priority.clamp(1, 9)))) * SCALE;
    if let Some(inner) = fields.get("pin").and_then(|value| source.object(value, &fields.at("pin"))) {
        visit.pinned = carers(source, &inner, "carers", known);
        if let Some(value) = inner.get("at") {
            let day = visit.windows.first().map_or(0, |window| window.from / (1_440 * SCALE) * 1_440 * SCALE);
            let at = day + time(source, value, &inner.at("at"), SCALE)?;
            visit.windows = vec![Window { from: at, due: at, latest: at }];
        }
    }
    Some(visit)
}

/// Minutes for stairs: every floor above the ground where there is no lift.
fn stairs(source: &mut Source<'_>, fields: &Fields<'_>, per_floor: f64) -> f64 {
    let floor = fields.get("floor").and_then(|value| source.number(value, &fields.at("floor"), (-5.0, 200.0)));
    let lift = match fields.get("lift").map(|value| (&value.kind, value.line)) {
        Some((Kind::Truth(lift), _)) => *lift,
        Some((_, line)) => {
            source.tell(line, &fields.at("lift"), "it is neither true nor false", "write true or false");
            true
        }
        None => floor.is_none(),
    };
    if lift { 0.0 } else { (floor.unwrap_or(1.0) - 1.0).max(0.0) * per_floor }
}

fn windows(source: &mut Source<'_>, fields: &Fields<'_>, known: &Known) -> Option<Vec<Window>> {
    let value = fields.must(source, "windows")?;
    let late = fields.get("late_minutes");
    let late = late.map_or(Some(0.0), |value| source.number(value, &fields.at("late_minutes"), (0.0, LONGEST)));
    let path = fields.at("windows");
    let mut windows = Vec::new();
    for (index, value) in source.list(value, &path).iter().enumerate() {
        let Some(inner) = source.object(value, &format!("{path}[{index}]")) else { continue };
        let day = inner.must(source, "day").and_then(|value| known.days.place(source, value, &inner.at("day")));
        let mut at =
            |name: &str| inner.must(source, name).and_then(|value| time(source, value, &inner.at(name), SCALE));
        if let (Some(from), Some(to), Some(day)) = (at("from"), at("to"), day) {
            let begin = known.days.begin(day, SCALE);
            let due = begin + to;
            windows.push(Window { from: begin + from, due, latest: due + ticks(late?) });
        }
    }
    windows.sort_by_key(|window| window.from);
    Some(windows)
}

fn carers(source: &mut Source<'_>, fields: &Fields<'_>, name: &str, known: &Known) -> Vec<u32> {
    let path = fields.at(name);
    let list: &[Value] = fields.get(name).map_or(&[], |value| source.list(value, &path));
    list.iter().filter_map(|value| source.known(value, &path, &known.carers)).collect()
}

fn link(source: &mut Source<'_>, fields: &Fields<'_>, names: &Names, visits: &[Visit]) -> Option<Link> {
    let mut visit = |name: &str| {
        let value = fields.must(source, name)?;
        source.known(value, &fields.at(name), names)
    };
    let (first, then) = (visit("first")?, visit("then")?);
    let mut minutes = |name: &str| {
        fields.get(name).and_then(|value| source.number(value, &fields.at(name), (0.0, LONGEST))).map(ticks)
    };
    let (least, most) = (minutes("least"), minutes("most"));
    let from = fields.get("from").map_or(Some("end"), |value| source.text(value, &fields.at("from")));
    let shift = match from? {
        "start" => 0,
        "end" => visits.get(first as usize).and_then(|visit| visit.needs.first()).map_or(0, |need| need.length),
        _ => {
            source.tell(fields.line, &fields.at("from"), "it is no end of a visit", "write start or end");
            0
        }
    };
    Some(Link { first, then, least: least.unwrap_or(0) + shift, most: most.map_or(NO_LIMIT, |most| most + shift) })
}
