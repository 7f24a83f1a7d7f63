//! Judges anyone's answer: plain searches with a textbook heap over lists of neighbours, seconds as reals, points set on nodes by looking
//! through them. With the solver it shares the walker's rules and the distance on the globe, and nothing else.

use crate::earth::Point;
use crate::network::Network;
use crate::pace::Pace;
use crate::problem::{Decay, Settings, Spot};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// What was asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What can be walked.
    pub network: &'a Network,
    /// Who walks.
    pub pace: Pace,
    /// How far is near.
    pub settings: Settings,
    /// Where people are.
    pub origins: &'a [Spot],
    /// What there is.
    pub facilities: &'a [Spot],
}

/// What an answer says of an origin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Claim {
    /// The origin, by its index.
    pub origin: usize,
    /// The nearest facility, by its index.
    pub nearest: Option<usize>,
    /// Seconds to it.
    pub seconds: Option<f64>,
    /// Facilities within the limit.
    pub within: Option<u32>,
    /// Its score.
    pub score: Option<f64>,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The origin of which it does not hold.
    pub origin: usize,
    /// Code of what is broken.
    pub code: &'static str,
    /// In words.
    pub text: String,
}

/// Seconds that are one time: six digits are asked of an answer, and edges are rounded to micrometres.
fn slack(seconds: f64) -> f64 {
    2e-6 * seconds + 1e-4
}

/// Everything that is broken in the claims, in their order.
#[must_use]
pub fn broken(asked: &Asked<'_>, claims: &[Claim]) -> Vec<Broken> {
    let city = City::new(asked);
    let truth = Truth::new(&city);
    let others = city.times_to_claimed(&truth, claims);
    let mut found = Vec::new();
    for claim in claims {
        judge(&city, &truth, &others, claim, &mut found);
    }
    found
}

fn judge(
    city: &City<'_>,
    truth: &Truth,
    others: &BTreeMap<(usize, usize), f64>,
    claim: &Claim,
    found: &mut Vec<Broken>,
) {
    let origin = claim.origin;
    let name = city.asked.origins.get(origin).map_or("", |one| one.id.as_str());
    let mut say = |code, text| found.push(Broken { origin, code, text });
    let known = city.origins.get(origin).is_some_and(Option::is_some) || city.asked.settings.detour.is_some();
    if !known {
        if claim.nearest.is_some()
            || claim.seconds.is_some()
            || claim.score.is_some_and(|score| score != 0.0)
            || claim.within.is_some_and(|n| n > 0)
        {
            say("unsnapped", format!("`{name}` has no node within the snap limit: nothing can be said of it"));
        }
        return;
    }
    let best = truth.best.get(origin).copied().unwrap_or(f64::INFINITY);
    match (claim.nearest, claim.seconds) {
        (None, None) if best.is_infinite() => {}
        (None, _) if best.is_finite() => say("missing_nearest", format!("`{name}` reaches a facility in {best:.3} s")),
        (None, Some(_)) => say("wrong_seconds", format!("`{name}` has seconds but no facility")),
        (Some(_), None) => say("missing_seconds", format!("`{name}` has a facility but no seconds")),
        (Some(_), Some(_)) if best.is_infinite() => say("unreachable", format!("`{name}` reaches no facility")),
        (Some(facility), Some(seconds)) => {
            let there = others.get(&(origin, facility)).copied().unwrap_or(f64::INFINITY);
            if there > best + slack(best) {
                let text = format!("`{name}`: the facility takes {there:.3} s, the nearest {best:.3} s");
                say("not_nearest", text);
            }
            if (seconds - best).abs() > slack(best) {
                say("wrong_seconds", format!("`{name}`: the nearest takes {best:.6} s, not {seconds}"));
            }
        }
        (None, None) => {}
    }
    let (fewest, most) = truth.within.get(origin).copied().unwrap_or((0, 0));
    if !claim.within.is_some_and(|count| count >= fewest && count <= most) {
        let said = claim.within.map_or("none".to_owned(), |count| count.to_string());
        say("wrong_count", format!("`{name}` has {most} facilities within the limit, not {said}"));
    }
    let (least, largest) = truth.score.get(origin).copied().unwrap_or((0.0, 0.0));
    let fits = |score: f64| score >= least * (1.0 - 2e-6) - 1e-12 && score <= largest * (1.0 + 2e-6) + 1e-12;
    if !claim.score.is_some_and(fits) {
        let said = claim.score.map_or("none".to_owned(), |score| score.to_string());
        say("wrong_score", format!("`{name}` has the score {largest}, not {said}"));
    }
}

/// The city as lists.
struct City<'a> {
    asked: &'a Asked<'a>,
    /// For every node those from which it is reached, with seconds.
    before: Vec<Vec<(usize, f64)>>,
    /// Node and seconds of approach of each origin and facility.
    origins: Vec<Option<(usize, f64)>>,
    facilities: Vec<Option<(usize, f64)>>,
    /// Origins of each node.
    at: BTreeMap<usize, Vec<usize>>,
}

impl<'a> City<'a> {
    fn new(asked: &'a Asked<'a>) -> Self {
        let speed = asked.pace.metres_per_second();
        let mut before = vec![Vec::new(); asked.network.points.len()];
        for edge in &asked.network.edges {
            for (forward, from, to) in [(true, edge.from, edge.to), (false, edge.to, edge.from)] {
                if let (Some(metres), Some(list)) = (asked.pace.flat_metres(edge, forward), before.get_mut(to as usize))
                {
                    list.push((from as usize, metres / speed));
                }
            }
        }
        let mut by_lat: Vec<(f64, usize)> =
            asked.network.points.iter().enumerate().map(|(node, point)| (point.lat, node)).collect();
        by_lat.sort_by(|a, b| a.0.total_cmp(&b.0));
        let stand = |spot: &Spot| stand(asked, &by_lat, spot, speed);
        let origins: Vec<Option<(usize, f64)>> = asked.origins.iter().map(stand).collect();
        let facilities = asked.facilities.iter().map(stand).collect();
        let mut at: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (origin, place) in origins.iter().enumerate() {
            if let Some((node, _)) = place {
                at.entry(*node).or_default().push(origin);
            }
        }
        Self { asked, before, origins, facilities, at }
    }

    /// Seconds from nodes to the nearest of some beginnings, up to a limit.
    fn search(&self, beginnings: &[(usize, f64)], limit: f64) -> BTreeMap<usize, f64> {
        let mut heap: BinaryHeap<Reverse<(Order, usize)>> =
            beginnings.iter().map(|(node, seconds)| Reverse((Order(*seconds), *node))).collect();
        let mut done: Vec<bool> = vec![false; self.before.len()];
        let mut times = BTreeMap::new();
        while let Some(Reverse((Order(seconds), node))) = heap.pop() {
            let Some(seen) = done.get_mut(node).filter(|seen| !**seen && seconds <= limit) else { continue };
            *seen = true;
            times.insert(node, seconds);
            for (from, more) in self.before.get(node).into_iter().flatten() {
                heap.push(Reverse((Order(seconds + more), *from)));
            }
        }
        times
    }

    /// Seconds of the straight line between an origin and a facility of which one has no node.
    fn line(&self, origin: usize, facility: usize) -> Option<f64> {
        let detour = self.asked.settings.detour?;
        let lone = self.origins.get(origin)?.is_none() || self.facilities.get(facility)?.is_none();
        let (a, b) = (self.asked.origins.get(origin)?.point, self.asked.facilities.get(facility)?.point);
        let free = lone && !barred(self.asked.network, a, b);
        free.then(|| a.metres_to(b) * detour / self.asked.pace.metres_per_second())
    }

    /// Seconds from every origin that reaches a facility within a limit.
    fn to(&self, facility: usize, limit: f64) -> BTreeMap<usize, f64> {
        let mut times = BTreeMap::new();
        if let Some(Some(place)) = self.facilities.get(facility) {
            for (node, seconds) in self.search(&[*place], limit) {
                for origin in self.at.get(&node).into_iter().flatten() {
                    let approach = self.origins.get(*origin).copied().flatten().map_or(0.0, |(_, approach)| approach);
                    times.insert(*origin, seconds + approach);
                }
            }
        }
        if self.asked.settings.detour.is_some() {
            for origin in 0..self.origins.len() {
                if let Some(seconds) = self.line(origin, facility) {
                    times.insert(origin, seconds);
                }
            }
        }
        times.retain(|_, seconds| *seconds <= limit);
        times
    }

    /// Seconds from origins to the facilities that claims name.
    fn times_to_claimed(&self, truth: &Truth, claims: &[Claim]) -> BTreeMap<(usize, usize), f64> {
        let mut asked: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut times = BTreeMap::new();
        for claim in claims {
            let Some(facility) = claim.nearest else { continue };
            if truth.who.get(claim.origin) == Some(&Some(facility)) {
                let best = truth.best.get(claim.origin).copied().unwrap_or(f64::INFINITY);
                times.insert((claim.origin, facility), best);
            } else {
                asked.entry(facility).or_default().push(claim.origin);
            }
        }
        for (facility, origins) in asked {
            let best = |origin: &usize| truth.best.get(*origin).copied().filter(|best| best.is_finite()).unwrap_or(0.0);
            let farthest = origins.iter().map(best).fold(0.0, f64::max);
            let there = self.to(facility, farthest + slack(farthest));
            for origin in origins {
                times.insert((origin, facility), there.get(&origin).copied().unwrap_or(f64::INFINITY));
            }
        }
        times
    }
}

/// What holds, as far as rounding lets it be known: counts and scores as a least and a largest value.
struct Truth {
    best: Vec<f64>,
    who: Vec<Option<usize>>,
    within: Vec<(u32, u32)>,
    score: Vec<(f64, f64)>,
}

impl Truth {
    fn new(city: &City<'_>) -> Self {
        let count = city.origins.len();
        let mut truth = Self {
            best: vec![f64::INFINITY; count],
            who: vec![None; count],
            within: vec![(0, 0); count],
            score: vec![(0.0, 0.0); count],
        };
        truth.find_best(city);
        truth.find_scores(city);
        truth
    }

    /// The nearest by one search from all facilities, each node remembering who came first.
    fn find_best(&mut self, city: &City<'_>) {
        let mut heap: BinaryHeap<Reverse<(Order, usize, usize)>> = BinaryHeap::new();
        for (facility, place) in city.facilities.iter().enumerate() {
            heap.extend(place.iter().map(|(node, seconds)| Reverse((Order(*seconds), facility, *node))));
        }
        let mut first: Vec<Option<(f64, usize)>> = vec![None; city.before.len()];
        while let Some(Reverse((Order(seconds), facility, node))) = heap.pop() {
            let Some(slot) = first.get_mut(node).filter(|slot| slot.is_none()) else { continue };
            *slot = Some((seconds, facility));
            for (from, more) in city.before.get(node).into_iter().flatten() {
                heap.push(Reverse((Order(seconds + more), facility, *from)));
            }
        }
        for (origin, place) in city.origins.iter().enumerate() {
            let walked = place.and_then(|(node, approach)| {
                first.get(node).copied().flatten().map(|(seconds, facility)| (seconds + approach, facility))
            });
            let lines = (0..city.facilities.len()).filter(|_| city.asked.settings.detour.is_some());
            let lines = lines.filter_map(|facility| Some((city.line(origin, facility)?, facility)));
            let best = walked.into_iter().chain(lines).min_by(|a, b| a.0.total_cmp(&b.0));
            if let (Some((seconds, facility)), Some(slot), Some(who)) =
                (best, self.best.get_mut(origin), self.who.get_mut(origin))
            {
                (*slot, *who) = (seconds, Some(facility));
            }
        }
    }

    /// Counts and scores, facility by facility.
    fn find_scores(&mut self, city: &City<'_>) {
        let settings = &city.asked.settings;
        let limit = settings.minutes * 60.0;
        let weight = |seconds: f64| match settings.decay {
            Decay::Flat => 1.0,
            Decay::Gaussian => {
                let edge = f64::exp(-0.5);
                ((f64::exp(-0.5 * (seconds / limit).powi(2)) - edge) / (1.0 - edge)).max(0.0)
            }
        };
        for (facility, spot) in city.asked.facilities.iter().enumerate() {
            let there = city.to(facility, limit + slack(limit));
            // What a place counts at least and at most, as far as its seconds are known.
            let sure = |seconds: f64| seconds <= limit - slack(limit);
            let least = |seconds: f64| if sure(seconds) { weight(seconds + slack(seconds)) } else { 0.0 };
            let most = |seconds: f64| weight((seconds - slack(seconds)).max(0.0));
            let people = |origin: usize| city.asked.origins.get(origin).and_then(|one| one.size).unwrap_or(0.0);
            let sum =
                |of: &dyn Fn(f64) -> f64| there.iter().map(|(origin, seconds)| people(*origin) * of(*seconds)).sum();
            let (fewest, largest): (f64, f64) = (sum(&least), sum(&most));
            let capacity = spot.size.unwrap_or(0.0);
            let ratio = |demand: f64| if demand > 0.0 { capacity / demand } else { 0.0 };
            let (low, high) = match fewest > 0.0 {
                true => (ratio(largest), ratio(fewest)),
                // Whether anyone at all is in reach is in doubt.
                false => (0.0, if largest > 0.0 && capacity > 0.0 { f64::MAX } else { 0.0 }),
            };
            for (origin, seconds) in there {
                if let Some((few, many)) = self.within.get_mut(origin) {
                    *few += u32::from(sure(seconds));
                    *many += 1;
                }
                if let Some((bottom, top)) = self.score.get_mut(origin) {
                    *bottom += low * least(seconds);
                    *top += high * most(seconds);
                }
            }
        }
    }
}

/// Sets a spot on its node, by looking through the nodes of its latitude.
fn stand(asked: &Asked<'_>, by_lat: &[(f64, usize)], spot: &Spot, speed: f64) -> Option<(usize, f64)> {
    let points = &asked.network.points;
    let snap = asked.settings.snap_metres;
    let close = |node: usize| {
        points.get(node).filter(|at| (at.lon - spot.point.lon).abs() <= 1e-6 && (at.lat - spot.point.lat).abs() <= 1e-6)
    };
    if let Some(node) = asked.network.names.find(&spot.id).filter(|node| close(*node as usize).is_some()) {
        return Some((node as usize, 0.0));
    }
    // A degree of latitude has 111 km everywhere on the sphere.
    let reach = snap / 111_000.0 + 1e-9;
    let from = by_lat.partition_point(|(lat, _)| *lat < spot.point.lat - reach);
    let near = by_lat.iter().skip(from).take_while(|(lat, _)| *lat <= spot.point.lat + reach);
    let mut all: Vec<(f64, usize)> = near
        .filter_map(|(_, node)| Some((points.get(*node)?.metres_to(spot.point), *node)))
        .filter(|(metres, _)| *metres <= snap * (1.0 + 1e-9))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let free = |node: usize| points.get(node).is_some_and(|at| !barred(asked.network, spot.point, *at));
    let (metres, node) = all.into_iter().find(|(_, node)| free(*node))?;
    Some((node, if asked.settings.approach { metres / speed } else { 0.0 }))
}

/// Whether a barrier crosses the line between two points, by solving for where the two meet.
fn barred(network: &Network, a: Point, b: Point) -> bool {
    network.barriers.iter().any(|[c, d]| {
        let (x, y) = (b.lon - a.lon, b.lat - a.lat);
        let (u, v) = (d.lon - c.lon, d.lat - c.lat);
        let area = x * v - y * u;
        let (p, q) = (c.lon - a.lon, c.lat - a.lat);
        let (along, across) = ((p * v - q * u) / area, (p * y - q * x) / area);
        area != 0.0 && along > 0.0 && along < 1.0 && across > 0.0 && across < 1.0
    })
}

/// Seconds in their order.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Order(f64);

impl Eq for Order {}

impl PartialOrd for Order {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Order {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
