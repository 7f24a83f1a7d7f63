//! What contradicts itself in a question, or is more than the engine takes.

use super::{Question, Shift, Ticks, Visit};

/// Most visits.
pub const MOST_VISITS: usize = 20_000;
/// Most carers.
pub const MOST_CARERS: usize = 5_000;
/// Most shifts.
pub const MOST_SHIFTS: usize = 20_000;
/// Most places; the table of travel is its square.
pub const MOST_PLACES: usize = 12_000;
/// Latest time, so that sums cannot overflow.
const FAR: Ticks = 1 << 50;

/// Something that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where: `visits[3]`, `shifts[0]`.
    pub place: String,
    /// What is wrong.
    pub wrong: String,
    /// What to do.
    pub remedy: &'static str,
}

/// Everything that is wrong.
pub fn found(question: &Question) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    sizes(question, &mut flaws);
    if !flaws.is_empty() {
        return flaws;
    }
    for (index, shift) in question.shifts.iter().enumerate() {
        of_shift(question, shift, &format!("shifts[{index}]"), &mut flaws);
    }
    for (index, visit) in question.visits.iter().enumerate() {
        of_visit(question, visit, &format!("visits[{index}]"), &mut flaws);
    }
    of_links(question, &mut flaws);
    flaws
}

fn flaw(flaws: &mut Vec<Flaw>, place: &str, wrong: impl Into<String>, remedy: &'static str) {
    flaws.push(Flaw { place: place.to_owned(), wrong: wrong.into(), remedy });
}

fn sizes(question: &Question, flaws: &mut Vec<Flaw>) {
    let counts = [
        ("visits", question.visits.len(), MOST_VISITS),
        ("carers", question.carers.len(), MOST_CARERS),
        ("shifts", question.shifts.len(), MOST_SHIFTS),
        ("places", question.places.len(), MOST_PLACES),
    ];
    for (name, count, most) in counts {
        if count > most {
            flaw(flaws, name, format!("{count} are more than {most}"), "split the problem by area or by week");
        }
    }
    if question.travel.len() != question.places.len() * question.places.len() {
        flaw(flaws, "travel", "it has not one row and column a place", "give one row and one column for each place");
    }
    if question.travel.iter().any(|length| *length < 0) {
        flaw(flaws, "travel", "travel below 0", "give minutes from 0");
    }
    if question.scale < 1 {
        flaw(flaws, "scale", "less than one tick a minute", "give at least 1");
    }
    let pairs = question.visits.len().saturating_mul(question.shifts.len());
    if pairs > 40_000_000 {
        flaw(flaws, "visits", "visits × shifts are more than 40,000,000", "split the problem by area or by week");
    }
}

fn of_shift(question: &Question, shift: &Shift, place: &str, flaws: &mut Vec<Flaw>) {
    let places = question.places.len() as u32;
    if shift.carer as usize >= question.carers.len() || shift.start >= places || shift.end >= places {
        flaw(flaws, place, "it names a carer or place that is not there", "name one that is");
    }
    if shift.from < 0 || shift.to > FAR || shift.from > shift.to {
        flaw(flaws, place, "it ends before it begins", "put the end after the beginning");
    }
    let mut free = shift.from;
    for pause in &shift.breaks {
        if pause.length < 0 || pause.from > pause.latest || pause.from.max(free) > pause.latest {
            flaw(flaws, place, "a break cannot begin when it should", "check its times and those of the break before");
        }
        free = pause.from.max(free).saturating_add(pause.length);
    }
    if free > shift.to {
        flaw(flaws, place, "its breaks do not fit into it", "shorten the breaks or lengthen the shift");
    }
}

fn of_visit(question: &Question, visit: &Visit, place: &str, flaws: &mut Vec<Flaw>) {
    if visit.place as usize >= question.places.len() {
        flaw(flaws, place, "its place is not there", "name one that is");
    }
    if visit.needs.is_empty() || visit.needs.len() > 2 {
        flaw(flaws, place, "it asks for no carer or for more than two", "ask for one or two carers");
    }
    if visit.needs.iter().any(|need| !(0..=FAR).contains(&need.length)) {
        flaw(flaws, place, "its length is below 0 or too large", "give minutes from 0");
    }
    if visit.windows.is_empty() {
        flaw(flaws, place, "it has no time window", "give at least one");
    }
    let mut last = Ticks::MIN;
    for window in &visit.windows {
        if window.from > window.due || window.due > window.latest || window.from < 0 || window.latest > FAR {
            flaw(flaws, place, "a window ends before it begins", "put the end after the beginning");
        }
        if window.from <= last {
            flaw(flaws, place, "two of its windows overlap", "join them");
        }
        last = window.latest;
    }
    if visit.least < 0 || visit.least > visit.most {
        flaw(flaws, place, "the least gap is above the most, or below 0", "give 0 ≤ least ≤ most");
    }
    let carers = question.carers.len() as u32;
    let named = [&visit.prefers, &visit.refuses, &visit.pinned];
    if named.iter().any(|list| list.iter().any(|carer| *carer >= carers)) {
        flaw(flaws, place, "it names a carer who is not there", "name one who is");
    }
    if !(0..=FAR).contains(&visit.worth) {
        flaw(flaws, place, "what it is worth is below 0 or too large", "give a priority from 1 to 9");
    }
}

/// Links must lead to visits, and not in a circle.
fn of_links(question: &Question, flaws: &mut Vec<Flaw>) {
    let visits = question.visits.len();
    let mut waits = vec![0_u32; visits];
    let mut after: Vec<Vec<u32>> = vec![Vec::new(); visits];
    for (index, link) in question.links.iter().enumerate() {
        let place = format!("after[{index}]");
        if link.least < 0 || link.least > link.most {
            flaw(flaws, &place, "the least gap is above the most, or below 0", "give 0 ≤ least ≤ most");
        }
        let Some(wait) = waits.get_mut(link.then as usize) else {
            flaw(flaws, &place, "it names a visit that is not there", "name one that is");
            continue;
        };
        *wait += 1;
        match after.get_mut(link.first as usize) {
            Some(list) => list.push(link.then),
            None => flaw(flaws, &place, "it names a visit that is not there", "name one that is"),
        }
    }
    let mut free: Vec<u32> = (0..visits as u32).filter(|visit| waits.get(*visit as usize) == Some(&0)).collect();
    let mut done = 0;
    while let Some(visit) = free.pop() {
        done += 1;
        for then in after.get(visit as usize).into_iter().flatten() {
            if let Some(wait) = waits.get_mut(*then as usize) {
                *wait = wait.saturating_sub(1);
                if *wait == 0 {
                    free.push(*then);
                }
            }
        }
    }
    if flaws.is_empty() && done < visits {
        flaw(flaws, "after", "visits wait for each other in a circle", "take one of the links out");
    }
}
