//! The visits that complete a child's series: on each day everything that may be given then, each dose as early as may be.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answer::{DoseState, Slot, Visit};
use super::assess::{after_interval, live_days};
use super::dates::add_days;
use super::schedule::{Child, Live, Schedule, Series};

/// A dose on its way into the plan.
struct Open<'a> {
    slot: &'a Slot,
    series: &'a Series,
    live: bool,
}

/// Visits from a day on. Doses that a doctor must decide on, and those behind them in their series, are not planned.
pub(super) fn visits(
    schedule: &Schedule,
    child: &Child,
    chosen: &[&Series],
    slots: &[Slot],
    on: NaiveDate,
) -> Vec<Visit> {
    let plannable = |slot: &&Slot| matches!(slot.state, DoseState::Due | DoseState::Overdue | DoseState::Later);
    let open = slots.iter().filter(plannable).filter_map(|slot| {
        let series = chosen.iter().find(|series| series.key == slot.series)?;
        let live = series.dose(slot.number, on).is_some_and(|dose| dose.live == Some(Live::Injected));
        Some(Open { slot, series, live })
    });
    let mut open: Vec<Open<'_>> = open.collect();
    let mut live = live_days(schedule, child, on);
    let mut planned: BTreeMap<(&str, u8), NaiveDate> = BTreeMap::new();
    let mut visits: Vec<Visit> = Vec::new();
    while !open.is_empty() {
        let first = |one: &Open<'_>| first_day(schedule, one, slots, &planned, &live, on);
        let days: Vec<Option<NaiveDate>> = open.iter().map(first).collect();
        let Some(next) = days.iter().flatten().min().copied() else { break };
        let mut doses = Vec::new();
        let mut rest = Vec::new();
        for (one, day) in open.into_iter().zip(days) {
            if day == Some(next) {
                planned.insert((&one.slot.series, one.slot.number), next);
                doses.push((one.slot.series.clone(), one.slot.number));
                if one.live {
                    live.push(next);
                }
            } else {
                rest.push(one);
            }
        }
        open = rest;
        match visits.last_mut().filter(|visit| visit.on == next) {
            Some(visit) => visit.doses.extend(doses),
            None => visits.push(Visit { on: next, doses }),
        }
    }
    visits
}

/// The first day on which a dose may be given, with what is planned so far; `None` while the dose before is not planned.
fn first_day(
    schedule: &Schedule,
    one: &Open<'_>,
    slots: &[Slot],
    planned: &BTreeMap<(&str, u8), NaiveDate>,
    live: &[NaiveDate],
    on: NaiveDate,
) -> Option<NaiveDate> {
    let mut first = one.slot.first_day?.max(on);
    if one.slot.number > 1 {
        let before = one.slot.number - 1;
        let given = slots.iter().find(|slot| slot.series == one.slot.series && slot.number == before)?.given_on;
        let previous = given.or_else(|| planned.get(&(one.slot.series.as_str(), before)).copied())?;
        first = first.max(after_interval(one.series.dose(one.slot.number, on)?, previous));
    }
    Some(if one.live { free_of(live, schedule.live_gap_days, first) } else { first })
}

/// The first day from a day on that is the day of, or `gap` days apart from, every day in a list.
pub(super) fn free_of(days: &[NaiveDate], gap: u16, from: NaiveDate) -> NaiveDate {
    let mut first = from;
    loop {
        let clash = |day: &&NaiveDate| **day != first && (first - **day).num_days().abs() < i64::from(gap);
        let Some(day) = days.iter().filter(clash).max() else { return first };
        // Forward only: past the day that is too near, which is later than `first` by less than the gap or earlier.
        first = if *day > first { *day } else { add_days(*day, gap) };
        if first == NaiveDate::MAX {
            return first;
        }
    }
}
