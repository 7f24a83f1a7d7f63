//! What changed on the day: a carer is ill or late, a visit is cancelled. An emergency is simply one more visit.

use super::{Known, SCALE};
use crate::files::clock::time;
use crate::files::fields::{Fields, Source};
use crate::problem::{Question, Ticks};

/// Reads `now` and `changes`, and applies these.
pub fn read(source: &mut Source<'_>, top: &Fields<'_>, known: &Known, question: &mut Question) {
    if let Some(now) = top.get("now").and_then(|value| source.object(value, "now")) {
        question.now = at(source, &now, "at", known);
    }
    let Some(value) = top.get("changes") else { return };
    for (index, value) in source.list(value, "changes").iter().enumerate() {
        let Some(fields) = source.object(value, &format!("changes[{index}]")) else { continue };
        let Some(kind) = fields.must(source, "kind") else { continue };
        match source.text(kind, &fields.at("kind")) {
            Some("ill") => {
                let from = fields.get("from").map(|_| at(source, &fields, "from", known));
                off(source, &fields, known, question, from.map(|from| from.unwrap_or(0)));
            }
            Some("late") => delay(source, &fields, known, question),
            Some("cancelled") => cancel(source, &fields, question),
            Some(_) => {
                source.tell(kind.line, &fields.at("kind"), "it is no kind of change", "write ill, late or cancelled");
            }
            None => {}
        }
    }
    question.cancelled.sort_unstable();
    question.cancelled.dedup();
}

fn day(source: &mut Source<'_>, fields: &Fields<'_>, known: &Known) -> Option<u32> {
    fields.must(source, "day").and_then(|value| known.days.place(source, value, &fields.at("day")))
}

fn at(source: &mut Source<'_>, fields: &Fields<'_>, name: &str, known: &Known) -> Option<Ticks> {
    let day = day(source, fields, known)?;
    let value = fields.must(source, name)?;
    Some(known.days.begin(day, SCALE) + time(source, value, &fields.at(name), SCALE)?)
}

fn who(source: &mut Source<'_>, fields: &Fields<'_>, known: &Known) -> Option<u32> {
    fields.must(source, "carer").and_then(|value| source.known(value, &fields.at("carer"), &known.carers))
}

/// A carer is away for the day, or from a time on: by then they are at the end place.
fn off(source: &mut Source<'_>, fields: &Fields<'_>, known: &Known, question: &mut Question, from: Option<Ticks>) {
    let (Some(carer), Some(day)) = (who(source, fields, known), day(source, fields, known)) else { return };
    let from = from.unwrap_or(0);
    for shift in question.shifts.iter_mut().filter(|shift| shift.carer == carer && shift.day == day) {
        shift.to = shift.to.min(from);
        shift.breaks.retain(|pause| pause.latest.saturating_add(pause.length) <= from);
    }
    question.shifts.retain(|shift| shift.from < shift.to);
}

/// A carer begins later.
fn delay(source: &mut Source<'_>, fields: &Fields<'_>, known: &Known, question: &mut Question) {
    let (carer, until) = (who(source, fields, known), at(source, fields, "until", known));
    let (Some(carer), Some(until), Some(day)) = (carer, until, day(source, fields, known)) else { return };
    for shift in question.shifts.iter_mut().filter(|shift| shift.carer == carer && shift.day == day) {
        shift.from = shift.from.max(until);
        shift.breaks.retain(|pause| pause.latest >= until);
    }
    question.shifts.retain(|shift| shift.from < shift.to);
}

fn cancel(source: &mut Source<'_>, fields: &Fields<'_>, question: &mut Question) {
    let Some(value) = fields.must(source, "visit") else { return };
    let Some(id) = source.text(value, &fields.at("visit")) else { return };
    match question.visits.iter().position(|visit| visit.id == id) {
        Some(place) => question.cancelled.push(place as u32),
        None => source.tell(value.line, &fields.at("visit"), format!("there is no visit `{id}`"), "name one that is"),
    }
}
