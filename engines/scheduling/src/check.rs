//! Judges anyone's rosters from the problem alone. Shares no code with the search: its own walk along every roster, its own sums, and
//! its own way of trying whether something fits.

mod reasons;

use crate::answer::{Parts, Roster, Stop};
use crate::problem::{Link, Problem, Shift, Ticks, Visit};
use std::collections::{BTreeMap, BTreeSet};

pub use reasons::reasons;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// What, as one word.
    pub code: &'static str,
    /// What, in a sentence.
    pub text: String,
}

/// Who does a need of a visit, and when.
#[derive(Debug, Clone, Copy)]
struct Done {
    shift: usize,
    start: Ticks,
}

/// Needs met, by visit and need.
type Met = BTreeMap<(u32, u8), Done>;

/// How much times may be off, in ticks: answers of others carry rounded times.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slack(pub Ticks);

/// Everything that does not hold in rosters, and what they cost. What is undone is no fault here, only a cost.
#[must_use]
pub fn check(problem: &Problem, rosters: &[Roster], slack: Slack) -> (Vec<Broken>, Parts) {
    let mut broken = Vec::new();
    let mut parts = Parts::default();
    let mut met = Met::new();
    let mut seen = BTreeSet::new();
    for roster in rosters {
        let Some(shift) = problem.shifts.get(roster.shift as usize) else {
            broken.push(Broken { code: "unknown_shift", text: format!("there is no shift {}", roster.shift) });
            continue;
        };
        if !seen.insert(roster.shift) {
            let text = format!("{} has two rosters", name(problem, shift));
            broken.push(Broken { code: "repeated_shift", text });
        }
        walk(problem, shift, roster, slack.0, &mut met, &mut broken, &mut parts.travel);
        parts.used += u64::from(roster.stops.iter().any(|stop| matches!(stop, Stop::Visit { .. })));
    }
    for (index, visit) in (0..).zip(&problem.visits) {
        of_visit(problem, index, visit, slack.0, &met, &mut broken, &mut parts);
    }
    for link in &problem.links {
        of_link(problem, link, slack.0, &met, &mut broken);
    }
    soft(problem, &met, &mut parts);
    (broken, parts)
}

fn name(problem: &Problem, shift: &Shift) -> String {
    let carer = problem.carers.get(shift.carer as usize).map_or("", |carer| carer.id.as_str());
    let day = problem.days.get(shift.day as usize).map_or("", String::as_str);
    if day.is_empty() { format!("`{carer}`") } else { format!("`{carer}` on {day}") }
}

/// Follows a roster stop by stop.
fn walk(
    problem: &Problem,
    shift: &Shift,
    roster: &Roster,
    slack: Ticks,
    met: &mut Met,
    broken: &mut Vec<Broken>,
    travel: &mut Ticks,
) {
    let who = name(problem, shift);
    let mut tell = |code, text: String| broken.push(Broken { code, text });
    let (mut free, mut here) = (shift.from, shift.start);
    let mut load = 0_i64;
    let mut visited = false;
    let mut pauses: Vec<(Ticks, Ticks)> = Vec::new();
    for stop in &roster.stops {
        match stop {
            Stop::Break { length, start } => {
                if *start < free - slack {
                    tell("too_early", format!("a break of {who} begins {} before it can", late(problem, free - start)));
                }
                pauses.push((*start, *length));
                free = (*start).max(free - slack) + length;
            }
            Stop::Visit { visit, need, start } => {
                let asked = problem.visits.get(*visit as usize);
                let Some((asked, length)) =
                    asked.and_then(|asked| Some((asked, asked.needs.get(usize::from(*need))?.length)))
                else {
                    tell("unknown_visit", format!("{who} has a visit that is not there"));
                    continue;
                };
                let leg = problem.travel(here, asked.place);
                if *start < free + leg - slack {
                    let early = late(problem, free + leg - start);
                    tell("too_early", format!("visit `{}` begins {early} before {who} can be there", asked.id));
                }
                *travel += leg;
                visited = true;
                load = load.saturating_add(asked.load);
                (free, here) = (start.saturating_add(length), asked.place);
                if met.insert((*visit, *need), Done { shift: roster.shift as usize, start: *start }).is_some() {
                    tell("repeated_visit", format!("visit `{}` is done twice", asked.id));
                }
            }
        }
    }
    if visited {
        let leg = problem.travel(here, shift.end);
        *travel += leg;
        free += leg;
    }
    if free > shift.to + slack {
        tell("after_hours", format!("{who} is back {} after the end of the shift", late(problem, free - shift.to)));
    }
    if load > shift.most_load {
        tell("over_load", format!("{who} takes {load} where {} is the most", shift.most_load));
    }
    let wanted = shift.breaks.iter().all(|pause| {
        let fits = |(start, length): &(Ticks, Ticks)| {
            *length == pause.length && *start >= pause.from - slack && *start <= pause.latest + slack
        };
        let found = pauses.iter().position(fits);
        found.map(|place| pauses.swap_remove(place)).is_some()
    });
    if (!wanted && visited) || !pauses.is_empty() {
        tell("wrong_break", format!("{who} has not the breaks of the shift, at their times"));
    }
}

fn late(problem: &Problem, ticks: Ticks) -> String {
    format!("{} min", problem.minutes(ticks))
}

fn of_visit(
    problem: &Problem,
    index: u32,
    visit: &Visit,
    slack: Ticks,
    met: &Met,
    broken: &mut Vec<Broken>,
    parts: &mut Parts,
) {
    let mut tell = |code, text: String| broken.push(Broken { code, text });
    let done: Vec<(usize, &Done)> =
        (0..visit.needs.len()).filter_map(|need| Some((need, met.get(&(index, need as u8))?))).collect();
    if done.is_empty() {
        parts.undone += if problem.is_cancelled(index) { 0 } else { visit.worth };
        return;
    }
    if problem.is_cancelled(index) {
        tell("cancelled", format!("visit `{}` is cancelled", visit.id));
    }
    if done.len() < visit.needs.len() {
        tell("half_done", format!("visit `{}` has one carer where two are asked", visit.id));
    }
    for (need, Done { shift, start }) in &done {
        let carer = problem.shifts.get(*shift).map_or(0, |shift| shift.carer);
        let (has, id) = problem.carers.get(carer as usize).map_or((&[][..], ""), |it| (&it.skills, it.id.as_str()));
        let asked = visit.needs.get(*need).map_or(&[][..], |need| &need.skills);
        if let Some(skill) = asked.iter().find(|skill| !has.contains(skill)) {
            let skill = problem.skills.get(*skill as usize).map_or("", String::as_str);
            tell("no_skill", format!("visit `{}` asks for `{skill}`, which `{id}` has not", visit.id));
        }
        if visit.refuses.contains(&carer) {
            tell("refused", format!("visit `{}` is done by `{id}`, who is refused", visit.id));
        }
        if !visit.pinned.is_empty() && !visit.pinned.contains(&carer) {
            tell("pin_broken", format!("visit `{}` is pinned, but not to `{id}`", visit.id));
        }
        parts.unwished += u64::from(!visit.prefers.is_empty() && !visit.prefers.contains(&carer));
        let window = visit.windows.iter().find(|window| {
            *start >= window.from.saturating_sub(slack) && *start <= window.latest.saturating_add(slack)
        });
        match window {
            Some(window) => {
                let over = (start - window.due).max(0);
                parts.late = parts.late.saturating_add(over);
                parts.latest = parts.latest.max(over);
            }
            None => tell("outside_window", format!("visit `{}` begins outside its windows", visit.id)),
        }
    }
    if let [(_, one), (_, other)] = done.as_slice() {
        let carer = |done: &Done| problem.shifts.get(done.shift).map(|shift| shift.carer);
        if carer(one) == carer(other) {
            tell("same_carer", format!("visit `{}` has the same carer twice", visit.id));
        }
        let gap = other.start - one.start;
        if gap < visit.least - slack || gap > visit.most.saturating_add(slack) {
            let gap = problem.minutes(gap);
            tell("wrong_gap", format!("the carers of visit `{}` begin {gap} min apart", visit.id));
        }
    }
}

fn of_link(problem: &Problem, link: &Link, slack: Ticks, met: &Met, broken: &mut Vec<Broken>) {
    let id = |visit: u32| problem.visits.get(visit as usize).map_or("", |visit| visit.id.as_str());
    let Some(then) = met.get(&(link.then, 0)) else { return };
    let Some(first) = met.get(&(link.first, 0)) else {
        let text = format!("visit `{}` is done without `{}`, which it follows", id(link.then), id(link.first));
        broken.push(Broken { code: "without_first", text });
        return;
    };
    let gap = then.start - first.start;
    if gap < link.least - slack || gap > link.most.saturating_add(slack) {
        let gap = problem.minutes(gap);
        let text = format!("visit `{}` begins {gap} min after `{}`", id(link.then), id(link.first));
        broken.push(Broken { code: "wrong_order", text });
    }
}

/// Faces that clients see, and work above fair shares.
fn soft(problem: &Problem, met: &Met, parts: &mut Parts) {
    let mut faces: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut work: BTreeMap<u32, Ticks> = BTreeMap::new();
    for ((visit, need), done) in met {
        let Some(carer) = problem.shifts.get(done.shift).map(|shift| shift.carer) else { continue };
        let Some(visit) = problem.visits.get(*visit as usize) else { continue };
        if let Some(client) = visit.client {
            faces.entry(client).or_default().insert(carer);
        }
        *work.entry(carer).or_default() += visit.needs.get(usize::from(*need)).map_or(0, |need| need.length);
    }
    parts.faces = faces.values().map(|faces| faces.len() as u64 - 1).sum();
    parts.unfair = work.iter().map(|(carer, work)| (work - problem.share(*carer)).max(0)).sum();
}
