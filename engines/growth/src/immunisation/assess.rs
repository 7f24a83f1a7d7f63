//! Where every dose stands on a day. A missing dose is caught up; a series is never begun anew.

use chrono::NaiveDate;
use sheets::Sex;

use super::answer::{Calendar, DoseState, Slot, Why};
use super::dates::{add_days, add_months, last_day_before};
use super::plan;
use super::schedule::{Child, Dose, Given, Hbsag, Hiv, Live, Only, Schedule, Series};

/// A child's calendar on a day.
#[must_use]
pub fn assess(schedule: &Schedule, child: &Child, on: NaiveDate) -> Calendar {
    let chosen = chosen(schedule, child, on);
    let mut slots = Vec::new();
    let mut used = vec![false; child.given.len()];
    for series in &chosen {
        slots.extend(Reader { schedule, child, on, series }.slots(&mut used));
    }
    let unused = child.given.iter().zip(&used).filter(|(one, used)| !**used && one.on <= on);
    let mut surplus: Vec<(NaiveDate, String)> = unused.map(|(one, _)| (one.on, one.vaccine.clone())).collect();
    surplus.sort();
    let visits = plan::visits(schedule, child, &chosen, &slots, on);
    Calendar { slots, surplus, visits }
}

/// The series that are for the child on a day: of each choice one.
fn chosen<'a>(schedule: &'a Schedule, child: &Child, on: NaiveDate) -> Vec<&'a Series> {
    let applies = |series: &&Series| {
        let sex = match series.only {
            None => true,
            Some(Only::Male) => child.sex == Sex::Male,
            Some(Only::Female) => child.sex == Sex::Female,
        };
        sex && series.born_from.is_none_or(|day| day <= child.birth) && series.from.is_none_or(|day| day <= on)
    };
    let series: Vec<&Series> = schedule.series.iter().filter(applies).collect();
    let picked = |choice: &str| -> Option<&str> {
        let options = || series.iter().filter(|one| one.choice.as_deref() == Some(choice));
        let light = |limit: u16| child.birth_weight_g.is_some_and(|weight| weight < limit);
        let by_weight =
            options().find(|one| one.low_weight_hbsag_below_g.is_some_and(light) && child.hbsag != Hbsag::Negative);
        let plain = || options().filter(|one| one.low_weight_hbsag_below_g.is_none());
        let by_record = || {
            let mut given: Vec<&Given> = child.given.iter().filter(|one| one.on <= on).collect();
            given.sort();
            given.iter().find_map(|dose| plain().find(|one| one.accepts.contains(&dose.vaccine)))
        };
        let picked = by_weight.or_else(by_record).or_else(|| plain().find(|one| one.default));
        picked.map(|one| one.key.as_str())
    };
    let keeps = |one: &&&Series| one.choice.as_deref().is_none_or(|choice| picked(choice) == Some(one.key.as_str()));
    series.iter().filter(keeps).copied().collect()
}

struct Reader<'a> {
    schedule: &'a Schedule,
    child: &'a Child,
    on: NaiveDate,
    series: &'a Series,
}

impl Reader<'_> {
    fn slots(&self, used: &mut [bool]) -> Vec<Slot> {
        let doses = self.series.doses_on(self.on);
        let mut given = self.given();
        given.truncate(doses.len());
        let mut slots: Vec<Slot> = Vec::new();
        for (place, dose) in doses.iter().enumerate() {
            let previous = slots.last();
            let mut slot = match given.get(place) {
                Some((index, one)) => {
                    if let Some(used) = used.get_mut(*index) {
                        *used = true;
                    }
                    self.given_slot(dose, one, previous)
                }
                None => self.open_slot(dose, previous),
            };
            if slot.given_on.is_none() {
                self.limit(dose, doses.get(place + 1..).unwrap_or_default(), previous, &mut slot);
            }
            slots.push(slot);
        }
        slots
    }

    /// Doses given up to the day that count for the series, in order, with their places in the child's list.
    fn given(&self) -> Vec<(usize, &Given)> {
        let counts = |one: &Given| one.on <= self.on && self.series.accepts.contains(&one.vaccine);
        let mut given: Vec<(usize, &Given)> =
            self.child.given.iter().enumerate().filter(|(_, one)| counts(one)).collect();
        given.sort_by_key(|(index, one)| (one.on, *index));
        given
    }

    fn slot(&self, dose: &Dose, state: DoseState) -> Slot {
        Slot {
            series: self.series.key.clone(),
            label: self.series.label.clone(),
            number: dose.number,
            vaccine: dose.vaccine.clone(),
            state,
            given_on: None,
            first_day: None,
            last_day: None,
            why: Vec::new(),
        }
    }

    /// A dose that was given is judged by the row that held on its day.
    fn given_slot(&self, dose: &Dose, given: &Given, previous: Option<&Slot>) -> Slot {
        let mut slot = self.slot(dose, DoseState::Given);
        slot.given_on = Some(given.on);
        slot.vaccine.clone_from(&given.vaccine);
        let row = self.series.dose(dose.number, given.on).unwrap_or(dose);
        let mut first = add_months(self.child.birth, row.min_months);
        if let Some(before) = previous.and_then(|slot| slot.given_on) {
            first = first.max(after_interval(row, before));
        }
        slot.first_day = Some(first);
        if given.on < first {
            slot.why.push(Why::TooEarly(first));
        }
        slot
    }

    fn open_slot(&self, dose: &Dose, previous: Option<&Slot>) -> Slot {
        let mut slot = self.slot(dose, DoseState::Later);
        if let Some(why) = self.stopped(dose) {
            slot.state = if matches!(why, Why::AgeOver(_)) { DoseState::Closed } else { DoseState::Decide };
            if dose.live == Some(Live::Intradermal) && why == Why::Hiv {
                slot.state = DoseState::Deferred;
            }
            slot.why.push(why);
            return slot;
        }
        let age = add_months(self.child.birth, dose.min_months);
        slot.why.push(Why::Age(age));
        let mut first = age;
        if let Some(previous) = previous {
            let Some(base) = previous.given_on.or(previous.first_day.map(|day| day.max(self.on))) else {
                // The dose before waits for a doctor: so does this one.
                slot.state = DoseState::Decide;
                slot.why.push(Why::AfterPrevious);
                return slot;
            };
            if previous.given_on.is_none() {
                slot.why.push(Why::AfterPrevious);
            }
            if !dose.states_interval() && base >= age {
                slot.state = DoseState::Decide;
                slot.why.push(Why::IntervalNotStated);
                return slot;
            }
            let interval = after_interval(dose, base);
            if interval > first {
                slot.why.push(Why::Interval(interval));
                first = interval;
            }
        }
        if dose.live == Some(Live::Injected) {
            let from = first.max(self.on);
            let free = self.after_others(from, &mut slot.why);
            if free > from {
                first = free;
            }
        }
        slot.first_day = Some(first);
        self.late(dose, &mut slot);
        if self.test_needed(dose) {
            slot.why.push(Why::SkinTest);
        }
        slot
    }

    /// Why a dose is not to be given by this schedule at all.
    fn stopped(&self, dose: &Dose) -> Option<Why> {
        let over = dose.never_from_months.map(|months| add_months(self.child.birth, months));
        if let Some(day) = over.filter(|day| *day <= self.on) {
            return Some(Why::AgeOver(day));
        }
        let beyond = self.series.late.as_ref().map(|late| add_months(self.child.birth, late.until_months));
        if beyond.is_some_and(|day| day <= self.on) {
            return Some(Why::AgeNotStated);
        }
        (self.child.hiv == Hiv::Exposed && dose.live.is_some()).then_some(Why::Hiv)
    }

    fn test_needed(&self, dose: &Dose) -> bool {
        dose.test_from_months.is_some_and(|months| add_months(self.child.birth, months) <= self.on)
    }

    /// The first day from a day on that keeps its distance from other injected live vaccines and from blood products.
    fn after_others(&self, from: NaiveDate, why: &mut Vec<Why>) -> NaiveDate {
        let mut first = from;
        for product in self.child.blood_products.iter().filter(|day| **day <= self.on) {
            let free = add_months(*product, self.schedule.blood_product_months);
            if free > first {
                first = free;
                why.push(Why::BloodProduct(free));
            }
        }
        let days = live_days(self.schedule, self.child, self.on);
        let free = plan::free_of(&days, self.schedule.live_gap_days, first);
        if free > first {
            why.push(Why::LiveGap(free));
        }
        free
    }

    fn late(&self, dose: &Dose, slot: &mut Slot) {
        let Some(late) = &self.series.late else { return };
        let (Some(first), from) = (slot.first_day, add_months(self.child.birth, late.from_months)) else { return };
        // A dose that belongs to that age anyway is no catching up.
        if first.max(self.on) >= from
            && dose.before_months.is_none_or(|before| last_day_before(self.child.birth, before) < first.max(self.on))
        {
            slot.vaccine.clone_from(&late.vaccine);
            slot.why.push(Why::Instead(late.label.clone()));
        }
    }

    /// Sets the last good day, and with it whether the dose is due or overdue.
    fn limit(&self, dose: &Dose, later: &[&Dose], previous: Option<&Slot>, slot: &mut Slot) {
        let own = last_day(dose, self.child.birth, previous.and_then(|slot| slot.given_on));
        let inherited = || later.iter().filter_map(|dose| last_day(dose, self.child.birth, None)).min();
        let why = own.map(Why::LastDay).or_else(|| inherited().map(Why::LastDayOfLater));
        slot.last_day = match &why {
            Some(Why::LastDay(day) | Why::LastDayOfLater(day)) => Some(*day),
            _ => None,
        };
        if slot.state == DoseState::Later {
            if slot.last_day.is_some_and(|last| last < self.on) {
                slot.state = DoseState::Overdue;
            } else if slot.first_day.is_some_and(|first| first <= self.on)
                && previous.is_none_or(|one| one.given_on.is_some())
            {
                slot.state = DoseState::Due;
            }
        }
        if slot.state != DoseState::Closed {
            slot.why.extend(why);
        }
    }
}

/// Days on which injected live vaccines were given up to a day.
pub(super) fn live_days(schedule: &Schedule, child: &Child, on: NaiveDate) -> Vec<NaiveDate> {
    let is_live = |code: &str| {
        schedule
            .series
            .iter()
            .flat_map(|series| &series.doses)
            .any(|dose| dose.vaccine == code && dose.live == Some(Live::Injected))
    };
    child.given.iter().filter(|one| one.on <= on && is_live(&one.vaccine)).map(|one| one.on).collect()
}

/// The first day after a dose on which the next may follow.
pub(super) fn after_interval(dose: &Dose, previous: NaiveDate) -> NaiveDate {
    let days = dose.interval_days.map_or(previous, |days| add_days(previous, days));
    let months = dose.interval_months.map_or(previous, |months| add_months(previous, months));
    // Two doses of one series never fall on one day.
    days.max(months).max(add_days(previous, 1))
}

fn last_day(dose: &Dose, birth: NaiveDate, previous: Option<NaiveDate>) -> Option<NaiveDate> {
    let by_age = dose.before_months.map(|months| last_day_before(birth, months));
    let by_birth = dose.within_days_of_birth.map(|days| add_days(birth, days));
    let by_days = dose.at_most_days.zip(previous).map(|(days, previous)| add_days(previous, days));
    let by_months = dose.at_most_months.zip(previous).map(|(months, previous)| add_months(previous, months));
    [by_age, by_birth, by_days, by_months].into_iter().flatten().min()
}
