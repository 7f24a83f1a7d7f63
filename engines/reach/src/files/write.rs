//! Answers to text.

use super::{Asked, More, Options};
use crate::answer::{Answer, By};
use crate::problem::{Problem, Spot};
use crate::solve::{matrix, nth};
use sheets::{csv_row, float};
use std::collections::BTreeMap;

/// Columns of the answer; where straight lines are asked for, one more says how each time was found.
pub(super) const COLUMNS: [&str; 6] = ["origin", "nearest", "walk_seconds", "facilities_within", "score", "by"];

/// The answer itself; `labelled` says how each time was found.
pub(super) fn answer(labelled: bool, origins: &[Spot], facilities: &[Spot], answer: &Answer) -> String {
    let mut text = String::new();
    csv_row(&mut text, COLUMNS.into_iter().take(if labelled { 6 } else { 5 }));
    let name = |facility: u32| facilities.get(facility as usize).map_or("", |one| one.id.as_str());
    for (origin, row) in origins.iter().zip(&answer.rows) {
        let nearest = row.nearest.map_or("", name);
        let [seconds, within, score] = if row.known {
            [row.nearest.map_or_else(String::new, |_| float(row.seconds)), row.within.to_string(), float(row.score)]
        } else {
            [const { String::new() }; 3]
        };
        let by = if row.nearest.is_some() { row.by.key() } else { "" };
        let cells = [origin.id.as_str(), nearest, &seconds, &within, &score, by];
        csv_row(&mut text, cells.into_iter().take(if labelled { 6 } else { 5 }));
    }
    text
}

/// A further file.
pub(super) fn more(more: More, problem: &Problem<'_>, answer: &Answer, asked: &Asked, options: &Options) -> String {
    match more {
        More::Nearest(count) => nearest(problem, count),
        More::Pairs => pairs(problem),
        More::Facilities => facilities(problem, answer),
        More::Coverage => coverage(problem, answer, asked, options),
        More::Isochrones => crate::solve::isochrone::geojson(problem),
    }
}

fn named<'p>(problem: &'p Problem<'_>, origin: usize, facility: u32) -> (&'p str, &'p str) {
    let origin = problem.origins.get(origin).map_or("", |one| one.id.as_str());
    (origin, problem.facilities.get(facility as usize).map_or("", |one| one.id.as_str()))
}

fn nearest(problem: &Problem<'_>, count: usize) -> String {
    let mut text = String::new();
    csv_row(&mut text, ["origin", "rank", "facility", "walk_seconds", "by"]);
    for (origin, reached) in nth::nearest_few(problem, count).iter().enumerate() {
        for (rank, one) in (1..).zip(reached) {
            let (origin, facility) = named(problem, origin, one.facility);
            csv_row(&mut text, [origin, &i32::to_string(&rank), facility, &float(one.seconds), one.by.key()]);
        }
    }
    text
}

fn pairs(problem: &Problem<'_>) -> String {
    let mut text = String::new();
    csv_row(&mut text, ["origin", "facility", "walk_seconds", "by"]);
    matrix::each_pair(problem, problem.limit_seconds(), |pair| {
        let (origin, facility) = named(problem, pair.origin as usize, pair.facility);
        csv_row(&mut text, [origin, facility, &float(pair.seconds), pair.by.key()]);
    });
    text
}

fn facilities(problem: &Problem<'_>, answer: &Answer) -> String {
    let mut text = String::new();
    csv_row(&mut text, ["facility", "origins_within", "demand", "capacity_per_head", "by"]);
    for ((spot, at), load) in problem.facilities.iter().zip(&problem.facilities_at).zip(&answer.loads) {
        let by = if at.node.is_some() { By::Network } else { By::Straight }.key();
        let ratio = spot.size.map_or_else(String::new, |_| float(load.ratio));
        let cells = if load.known {
            [spot.id.as_str(), &load.origins.to_string(), &float(load.demand), &ratio, by]
        } else {
            [spot.id.as_str(), "", "", "", ""]
        };
        csv_row(&mut text, cells);
    }
    text
}

/// People of one group in one area.
#[derive(Debug, Clone, Copy, Default)]
struct People {
    all: f64,
    covered: f64,
    unknown: f64,
    straight: f64,
}

/// Who has a facility within the limit, by area and group; a last area `*` is all of them.
fn coverage(problem: &Problem<'_>, answer: &Answer, asked: &Asked, options: &Options) -> String {
    let mut groups: Vec<&str> = vec!["weight"];
    groups.extend(options.groups.iter().map(String::as_str));
    let mut areas: BTreeMap<&str, Vec<People>> = BTreeMap::new();
    let mut everyone = vec![People::default(); groups.len()];
    for (index, (origin, row)) in problem.origins.iter().zip(&answer.rows).enumerate() {
        let street = asked.streets.get(index);
        let area = areas.entry(street.map_or("", |street| street.0.as_str()));
        let area = area.or_insert_with(|| vec![People::default(); groups.len()]);
        let counts = std::iter::once(&origin.size).chain(street.map(|street| street.1.as_slice()).unwrap_or_default());
        for ((count, here), all) in counts.zip(area).zip(&mut everyone) {
            let count = count.unwrap_or(0.0);
            for people in [here, all] {
                people.all += count;
                people.covered += if row.within > 0 { count } else { 0.0 };
                people.unknown += if row.known { 0.0 } else { count };
                people.straight += if row.nearest.is_some() && row.by == By::Straight { count } else { 0.0 };
            }
        }
    }
    let mut text = String::new();
    csv_row(&mut text, ["area", "group", "people", "covered", "share", "unknown", "by_straight_line"]);
    let areas = areas.into_iter().filter(|(name, _)| options.by.is_some() || !name.is_empty());
    for (area, people) in areas.chain(std::iter::once(("*", everyone))) {
        for (group, one) in groups.iter().zip(people) {
            let share = if one.all > 0.0 { float(100.0 * one.covered / one.all) } else { String::new() };
            let [all, covered, unknown, straight] = [one.all, one.covered, one.unknown, one.straight].map(float);
            csv_row(&mut text, [area, group, &all, &covered, &share, &unknown, &straight]);
        }
    }
    text
}
