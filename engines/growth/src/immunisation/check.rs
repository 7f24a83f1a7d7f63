//! Verifies anyone's visits for a child from the rules of the schedule, dose by dose. Shares only the reading of the schedule and the
//! arithmetic of months with `assess`.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::answer::{DoseState, Visit};
use super::dates::add_months;
use super::schedule::{Child, Dose, Live, Schedule};

/// One dose on its day.
struct Event<'a> {
    on: NaiveDate,
    dose: &'a Dose,
    planned: bool,
}

/// Every rule that visits from a day on would break, and every series that they leave open though nothing stands in its way.
/// `states` says which doses are given, and which are left to a doctor or closed.
#[must_use]
pub fn broken(
    schedule: &Schedule,
    child: &Child,
    on: NaiveDate,
    states: &[(String, u8, DoseState, Option<NaiveDate>)],
    visits: &[Visit],
) -> Vec<String> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (before, after) in visits.iter().zip(visits.iter().skip(1)) {
        if before.on >= after.on {
            found.push(format!("visits are not in order: {} before {}", before.on, after.on));
        }
    }
    let mut live: Vec<NaiveDate> = Vec::new();
    let names: BTreeSet<&String> = states.iter().map(|(series, ..)| series).collect();
    for name in names {
        let Some(series) = schedule.series.iter().find(|series| series.key == *name) else {
            found.push(format!("{name}: there is no such series"));
            continue;
        };
        let mut events: Vec<Event<'_>> = Vec::new();
        for (_, number, state, given) in states.iter().filter(|(series, ..)| series == name) {
            let Some(dose) = series.dose(*number, on) else { continue };
            let planned: Vec<NaiveDate> = visits
                .iter()
                .filter(|visit| visit.doses.iter().any(|(key, place)| key == name && place == number))
                .map(|visit| visit.on)
                .collect();
            seen.extend(planned.iter().map(|_| (name.clone(), *number)));
            let label = format!("{name}-{number}");
            let wanted = matches!(state, DoseState::Due | DoseState::Overdue | DoseState::Later);
            if planned.len() != usize::from(wanted) {
                found.push(format!("{label}: planned {} times", planned.len()));
            }
            let day = given.map(|day| (day, false)).or(planned.first().map(|day| (*day, true)));
            if let Some((on, planned)) = day {
                events.push(Event { on, dose, planned });
            }
        }
        for (index, event) in events.iter().enumerate() {
            let previous = index.checked_sub(1).and_then(|before| events.get(before));
            let label = format!("{name}-{}", event.dose.number);
            for what in against(schedule, child, on, event, previous) {
                found.push(format!("{label} on {}: {what}", event.on));
            }
            if event.dose.live == Some(Live::Injected) {
                live.push(event.on);
            }
        }
    }
    live.sort_unstable();
    for (before, after) in live.iter().zip(live.iter().skip(1)) {
        let apart = (*after - *before).num_days();
        if apart > 0 && apart < i64::from(schedule.live_gap_days) && *after >= on {
            found.push(format!("injected live vaccines on {before} and {after}: {apart} days apart"));
        }
    }
    for visit in visits {
        for dose in visit.doses.iter().filter(|dose| !seen.contains(*dose)) {
            found.push(format!("{}-{} on {}: it is not for the child", dose.0, dose.1, visit.on));
        }
    }
    found
}

/// What a planned dose breaks by itself and beside the one before.
fn against(
    schedule: &Schedule,
    child: &Child,
    on: NaiveDate,
    event: &Event<'_>,
    previous: Option<&Event<'_>>,
) -> Vec<&'static str> {
    if !event.planned {
        return Vec::new();
    }
    let mut found = Vec::new();
    let dose = event.dose;
    let mut must = |holds: bool, what: &'static str| {
        if !holds {
            found.push(what);
        }
    };
    must(event.on >= on, "before the day of the question");
    must(event.on >= add_months(child.birth, dose.min_months), "before the earliest age");
    if dose.number > 1 {
        let wait = |previous: &Event<'_>| {
            let days = (event.on - previous.on).num_days();
            let months = dose.interval_months.is_none_or(|months| event.on >= add_months(previous.on, months));
            days >= i64::from(dose.interval_days.unwrap_or(1)).max(1) && months
        };
        must(previous.is_some_and(|one| one.dose.number + 1 == dose.number), "without the dose before");
        must(previous.is_none_or(wait), "too soon after the dose before");
    }
    if dose.live == Some(Live::Injected) {
        let free = |day: &NaiveDate| *day > on || event.on >= add_months(*day, schedule.blood_product_months);
        must(child.blood_products.iter().all(free), "too soon after a blood product");
    }
    found
}
