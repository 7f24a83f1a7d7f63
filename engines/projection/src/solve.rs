//! Year by year, many regions side by side.
//!
//! A tile holds up to 32 regions that share their rates, one row of lanes a sex and age. A cohort's row goes through all years in
//! the processor's registers (`cohorts`). Regions with rates of their own, and tiles where someone would be fewer than none, go in
//! single steps (`kernel`), with the same figures to the last bit. Tiles are spread over threads; no figure depends on how.

pub(crate) mod benchmark;
mod cohorts;
mod kernel;

use crate::problem::{Cells, Problem};
use crate::question::{FEMALE, MALE};
use crate::split::at;
use cohorts::{Block, Keep, LONGEST, Rates};
use kernel::{Net, Tile};
use std::borrow::Cow;

/// Regions side by side where many share their rates.
const WIDE: usize = 32;

/// People of some regions on the first Januaries.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// The regions, by their place in the problem.
    regions: Vec<usize>,
    /// Regions side by side in a row.
    lanes: usize,
    /// By kept year, sex, age and lane.
    people: Vec<f64>,
}

/// People of every region on every 1 January that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    ages: usize,
    kept: Vec<usize>,
    pieces: Vec<Piece>,
    /// Where a region stands: piece and lane.
    places: Vec<(usize, usize)>,
}

impl Path {
    /// The years that are kept, counted from the start.
    #[must_use]
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// People of a region on a kept 1 January (by its place among those kept), of a sex and age.
    #[must_use]
    pub fn people(&self, region: usize, kept: usize, sex: usize, age: usize) -> f64 {
        let Some((piece, lane)) = self.places.get(region).copied() else { return 0.0 };
        let Some(piece) = self.pieces.get(piece) else { return 0.0 };
        at(&piece.people, (((kept * 2) + sex) * self.ages + age) * piece.lanes + lane)
    }

    /// Regions whose people have become more than a number can hold.
    fn endless(&self) -> Vec<usize> {
        let regions = |piece: &Piece| {
            let last = piece.people.len().saturating_sub(2 * self.ages * piece.lanes);
            let rows = piece.people.get(last..).unwrap_or_default();
            // As good as always, and said of all at once.
            if rows.iter().all(|people| people.is_finite()) {
                return Vec::new();
            }
            let bad = |lane: usize| rows.iter().skip(lane).step_by(piece.lanes).any(|people| !people.is_finite());
            let found = piece.regions.iter().enumerate().filter(|(lane, _)| bad(*lane)).map(|(_, region)| *region);
            found.collect::<Vec<_>>()
        };
        self.pieces.iter().flat_map(regions).collect()
    }

    /// The same for all ages.
    #[must_use]
    pub fn cells(&self, region: usize, kept: usize) -> Cells {
        [MALE, FEMALE].map(|sex| (0..self.ages).map(|age| self.people(region, kept, sex, age)).collect())
    }
}

/// A region that would have fewer than no people, or more than a number can hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Negative {
    /// The region.
    pub region: usize,
    /// The year in which it happens, counted from the start.
    pub year: usize,
    /// Of which sex.
    pub sex: usize,
    /// At which age.
    pub age: usize,
    /// How many there would be.
    pub people: f64,
}

/// What is kept of a path, and with how many threads it is made.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Keep every so many years; the first and the last always.
    pub every: usize,
    /// Threads; the answer does not depend on them.
    pub threads: usize,
}

impl Default for Run {
    fn default() -> Self {
        Self { every: 1, threads: 1 }
    }
}

/// What came of a problem: the rates as they were used, and the people.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The problem with the rates that were used: those of five-year tables are set to the five-year engine.
    pub problem: Cow<'a, Problem>,
    /// The people.
    pub path: Path,
    /// How far death rates and births were moved for the five-year engine.
    pub moved: Option<benchmark::Moved>,
}

/// Projects.
///
/// # Errors
/// Where migration takes more people than there are, or people become more than a number can hold.
pub fn solve(problem: &Problem, run: Run) -> Result<Answer<'_>, Vec<Negative>> {
    let (settled, moved) = if problem.benchmarked {
        let (settled, moved) = benchmark::settle(problem, run.threads);
        (Cow::Owned(settled), Some(moved))
    } else {
        (Cow::Borrowed(problem), None)
    };
    let (path, below) = walk(&settled, run);
    let below = if below.is_empty() { path.endless() } else { below };
    if below.is_empty() {
        return Ok(Answer { problem: settled, path, moved });
    }
    let mut found: Vec<Negative> = below.into_iter().filter_map(|region| first_negative(&settled, region)).collect();
    found.sort_by_key(|one| one.region);
    Err(found)
}

/// The path, and the regions where someone would be fewer than none.
pub(crate) fn walk(problem: &Problem, run: Run) -> (Path, Vec<usize>) {
    let years = problem.years();
    let every = run.every.max(1);
    let kept: Vec<usize> = (0..=years).filter(|year| year.is_multiple_of(every) || *year == years).collect();
    let groups = groups(problem);
    let threads = run.threads.clamp(1, 64).min(groups.len().max(1));
    let share = groups.len().div_ceil(threads).max(1);
    let work = |part: &[Group]| {
        let mut known: Option<(usize, Rates<'_>)> = None;
        let mut done = Vec::with_capacity(part.len());
        for group in part {
            if group.regions.len() > 1 && known.as_ref().is_none_or(|(set, _)| *set != group.set) {
                let rates = problem.sets.get(group.set).and_then(|rates| rates.get(..years));
                known = rates.map(|rates| (group.set, Rates::new(rates, problem.open)));
            }
            let rates = known.as_ref().filter(|(set, _)| *set == group.set).map(|(_, rates)| rates);
            done.push(piece(problem, &group.regions, &kept, rates));
        }
        done
    };
    let mut done: Vec<(Piece, Vec<usize>)> = Vec::with_capacity(groups.len());
    if threads == 1 {
        done = work(&groups);
    } else {
        std::thread::scope(|scope| {
            let running: Vec<_> = groups.chunks(share).map(|part| scope.spawn(move || work(part))).collect();
            for thread in running {
                match thread.join() {
                    Ok(part) => done.extend(part),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    let mut places = vec![(0, 0); problem.ids.len()];
    let (mut pieces, mut below) = (Vec::with_capacity(done.len()), Vec::new());
    for (place, (piece, negative)) in done.into_iter().enumerate() {
        for (lane, region) in piece.regions.iter().enumerate() {
            places.get_mut(*region).into_iter().for_each(|slot| *slot = (place, lane));
        }
        pieces.push(piece);
        below.extend(negative);
    }
    (Path { ages: problem.open + 1, kept, pieces, places }, below)
}

/// Regions that go side by side: same rates, at most so many.
struct Group {
    set: usize,
    regions: Vec<usize>,
}

fn groups(problem: &Problem) -> Vec<Group> {
    let mut by_set: Vec<Vec<usize>> = vec![Vec::new(); problem.sets.len()];
    for (region, set) in problem.set_of.iter().enumerate() {
        by_set.get_mut(*set).into_iter().for_each(|group| group.push(region));
    }
    let some = |(set, group): (usize, &Vec<usize>)| {
        group.chunks(WIDE).map(|regions| Group { set, regions: regions.to_vec() }).collect::<Vec<_>>()
    };
    by_set.iter().enumerate().flat_map(some).collect()
}

fn piece(problem: &Problem, regions: &[usize], kept: &[usize], rates: Option<&Rates<'_>>) -> (Piece, Vec<usize>) {
    match regions.len() {
        1 => lanes::<1>(problem, regions, kept),
        2..=16 => through::<16>(problem, regions, kept, rates),
        _ => through::<WIDE>(problem, regions, kept, rates),
    }
}

/// Cohort by cohort, or in single steps where that cannot be.
fn through<const N: usize>(
    problem: &Problem,
    regions: &[usize],
    kept: &[usize],
    rates: Option<&Rates<'_>>,
) -> (Piece, Vec<usize>) {
    match rates.and_then(|rates| cohorts::<N>(problem, regions, kept, rates)) {
        Some(people) => (Piece { regions: regions.to_vec(), lanes: N, people }, Vec::new()),
        None => lanes::<N>(problem, regions, kept),
    }
}

/// The people kept; none where somebody would be fewer than none.
fn cohorts<const N: usize>(
    problem: &Problem,
    regions: &[usize],
    kept: &[usize],
    rates: &Rates<'_>,
) -> Option<Vec<f64>> {
    let (years, size) = (problem.years(), 2 * (problem.open + 1) * N);
    let mut block = Block::<N>::of(problem, regions);
    let mut people = vec![0.0; kept.len() * size];
    block.write(people.get_mut(..size)?);
    let mut after = vec![None; years];
    for (place, year) in kept.iter().enumerate() {
        year.checked_sub(1).and_then(|year| after.get_mut(year)).into_iter().for_each(|slot| *slot = Some(place));
    }
    let mut year = 0;
    while year < years {
        let nets =
            |region: &usize| problem.net_of.get(*region).and_then(|nets| nets.get(year..years)).unwrap_or_default();
        let alike = |nets: &[Option<u32>]| nets.iter().take_while(|table| Some(*table) == nets.first()).count();
        let longest = problem.open.min(LONGEST).min(years - year);
        let until = year + regions.iter().map(|region| alike(nets(region))).min()?.clamp(1, longest);
        let tables: Vec<Option<u32>> = regions.iter().map(|region| nets(region).first().copied().flatten()).collect();
        let net = tables.iter().any(Option::is_some).then(|| Net::gather(problem, &tables));
        let keep = (kept.len() > 2).then_some(Keep { out: &mut people, block: &after });
        if !block.run(rates, (year, until), (net.as_ref(), problem.timing), keep) {
            return None;
        }
        year = until;
    }
    if kept.len() <= 2 {
        let last = people.len() - size;
        block.write(people.get_mut(last..)?);
    }
    Some(people)
}

fn lanes<const N: usize>(problem: &Problem, regions: &[usize], kept: &[usize]) -> (Piece, Vec<usize>) {
    let ages = problem.open + 1;
    let mut tile = Tile::<N>::of(problem, regions);
    let mut people = Vec::with_capacity(kept.len() * 2 * ages * N);
    tile.write(&mut people);
    let mut net: Option<(Vec<Option<u32>>, Net<N>)> = None;
    let mut next = kept.iter().skip(1).copied();
    let mut wanted = next.next();
    for year in 0..problem.years() {
        let Some(rates) = regions.first().and_then(|first| problem.rates(*first, year)) else { break };
        let tables: Vec<Option<u32>> =
            regions.iter().map(|region| problem.net_of.get(*region).and_then(|years| *years.get(year)?)).collect();
        if tables.iter().all(Option::is_none) {
            net = None;
        } else if net.as_ref().is_none_or(|(known, _)| *known != tables) {
            let gathered = Net::gather(problem, &tables);
            net = Some((tables, gathered));
        }
        tile.step(rates, net.as_ref().map(|(_, net)| net), problem.timing);
        if wanted == Some(year + 1) {
            tile.write(&mut people);
            wanted = next.next();
        }
    }
    let below = regions.iter().enumerate().filter(|(lane, _)| tile.below(*lane)).map(|(_, region)| *region).collect();
    (Piece { regions: regions.to_vec(), lanes: N, people }, below)
}

/// Where a region first has fewer than no people.
fn first_negative(problem: &Problem, region: usize) -> Option<Negative> {
    let mut tile = Tile::<1>::of(problem, &[region]);
    for year in 0..problem.years() {
        let rates = problem.rates(region, year)?;
        let table = problem.net_of.get(region).and_then(|years| *years.get(year)?);
        let net = table.map(|table| Net::<1>::gather(problem, &[Some(table)]));
        let before = tile.clone();
        tile.step(rates, net.as_ref(), problem.timing);
        if tile.endless() {
            return Some(Negative { region, year, sex: FEMALE, age: 0, people: f64::INFINITY });
        }
        if tile.below(0) {
            let (sex, age, people) = before.worst(rates, net.as_ref()?, problem.timing);
            return Some(Negative { region, year, sex, age, people });
        }
    }
    None
}
