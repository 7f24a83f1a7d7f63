//! Ruin and recreate under simulated annealing: two searches side by side, whatever the number of threads, that meet now and then.

use super::chance::Chance;
use super::insert::Inserter;
use super::model::Model;
use super::recreate::recreate;
use super::ruin::{Memory, Ruin, ruin};
use super::state::State;

/// How long and how wild.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Steps of each search; nothing to go by the clock alone.
    pub steps: Option<u64>,
    /// Seed of chance.
    pub seed: u64,
    /// First and last temperature, in the average cost of a visit.
    pub heat: (f64, f64),
    /// How often the searches meet.
    pub meetings: u32,
    /// What is taken out in a step.
    pub ruin: Ruin,
    /// Threads, one or two.
    pub threads: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { steps: None, seed: 1, heat: (2.0, 0.01), meetings: 8, ruin: Ruin::default(), threads: 2 }
    }
}

/// A blink: a spot is overlooked once in a hundred times.
const BLINK: u64 = (1 << 32) / 100;
/// Steps between two looks at the clock.
const LOOK: u64 = 16;

/// One search.
struct Walker<'m, 'p> {
    inserter: Inserter<'m, 'p>,
    chance: Chance,
    current: State,
    best: State,
    work: State,
    memory: Memory,
    steps: u64,
}

impl<'m, 'p> Walker<'m, 'p> {
    fn new(model: &'m Model<'p>, begun: &State, plan: &Plan, number: u64) -> Self {
        let mut inserter = Inserter::new(model);
        inserter.blink = BLINK;
        Self {
            inserter,
            chance: Chance::new(plan.seed, number),
            current: begun.clone(),
            best: begun.clone(),
            work: begun.clone(),
            memory: Memory::default(),
            steps: 0,
        }
    }

    /// One step at a temperature.
    fn step(&mut self, heat: f64, how: Ruin) {
        let model = self.inserter.model;
        self.steps += 1;
        self.work.clone_from(&self.current);
        ruin(&self.inserter, &mut self.work, &mut self.chance, how, &mut self.memory);
        for route in &self.memory.dirty {
            self.work.refresh(model, *route);
        }
        let some = (!model.any_arcs).then_some(&self.memory.dirty[..]);
        if self.work.retime(model, some, &mut self.inserter.stack).is_err() {
            return;
        }
        self.work.sum_up(model);
        let limit = self.current.cost - heat * self.chance.part().max(1e-12).ln();
        if !recreate(&mut self.inserter, &mut self.work, &mut self.chance, limit) {
            return;
        }
        self.work.sum_up(model);
        if self.work.cost < limit {
            std::mem::swap(&mut self.current, &mut self.work);
            if self.current.cost < self.best.cost - 1e-9 {
                self.best.clone_from(&self.current);
            }
        }
    }
}

/// Where the search stands: the part of it that is over, from 0 to 1, given steps done of all meetings so far.
type Progress<'a> = &'a (dyn Fn() -> f64 + Sync);

/// Improves a beginning. `progress` says which part of the time is over; it is asked for only where the plan has no steps, or to stop
/// early. The best found, and the steps made.
pub fn anneal(model: &Model<'_>, begun: &State, plan: &Plan, progress: Progress<'_>) -> (State, u64) {
    let undone: f64 = begun.absent.iter().map(|unit| model.worth[*unit as usize]).sum();
    let visits = model.near.len().max(1);
    let unit = ((begun.cost - undone) / visits as f64).max(1e-6);
    let (hot, cold) = (plan.heat.0 * unit, plan.heat.1 * unit);
    let heat = |part: f64| hot * (cold / hot).powf(part.clamp(0.0, 1.0));
    let mut walkers = [Walker::new(model, begun, plan, 1), Walker::new(model, begun, plan, 2)];
    let meetings = plan.meetings.max(1);
    for meeting in 0..meetings {
        let from = f64::from(meeting) / f64::from(meetings);
        let to = f64::from(meeting + 1) / f64::from(meetings);
        if progress() >= 1.0 {
            break;
        }
        let walk = |walker: &mut Walker<'_, '_>| match plan.steps {
            Some(steps) => by_steps(walker, plan, (from, to, steps), &heat, progress),
            None => by_clock(walker, plan, to, &heat, progress),
        };
        let [one, other] = &mut walkers;
        if plan.threads > 1 {
            std::thread::scope(|scope| {
                let beside = scope.spawn(|| walk(other));
                walk(one);
                // A thread that fails leaves its search where it was.
                let _ = beside.join();
            });
        } else {
            walk(one);
            walk(other);
        }
        meet(&mut walkers);
    }
    let [one, other] = walkers;
    let steps = one.steps + other.steps;
    (if other.best.cost < one.best.cost { other.best } else { one.best }, steps)
}

fn by_steps(
    walker: &mut Walker<'_, '_>,
    plan: &Plan,
    (from, to, steps): (f64, f64, u64),
    heat: &dyn Fn(f64) -> f64,
    progress: Progress<'_>,
) {
    let (first, last) = ((from * steps as f64) as u64, (to * steps as f64) as u64);
    let mut now = heat(from);
    for step in first..last {
        if step % LOOK == 0 {
            now = heat(step as f64 / steps as f64);
            if progress() >= 1.0 {
                return;
            }
        }
        walker.step(now, plan.ruin);
    }
}

fn by_clock(walker: &mut Walker<'_, '_>, plan: &Plan, to: f64, heat: &dyn Fn(f64) -> f64, progress: Progress<'_>) {
    loop {
        let part = progress();
        if part >= to {
            return;
        }
        let now = heat(part);
        for _ in 0..LOOK {
            walker.step(now, plan.ruin);
        }
    }
}

/// The worse search goes on from where the better one is.
fn meet(walkers: &mut [Walker<'_, '_>; 2]) {
    let [one, other] = walkers;
    let (worse, better) = if one.current.cost > other.current.cost { (one, other) } else { (other, one) };
    if worse.current.cost > better.current.cost {
        worse.current.clone_from(&better.current);
    }
}
