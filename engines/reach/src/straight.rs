//! Straight lines where there is no network.

use crate::earth::{HALF_WAY_ROUND, Nearby, Point};
use crate::problem::{Problem, Spot, Standing};
use crate::solve::field::label;

/// Straight lines between spots of which one at least has no node.
#[derive(Debug, Default)]
pub(crate) struct Straight {
    /// Facilities and origins without a node; their trees, and all.
    facilities: Vec<u32>,
    origins: Vec<u32>,
    lone_facilities: Nearby,
    lone_origins: Nearby,
    all_facilities: Nearby,
    all_origins: Nearby,
}

impl Straight {
    /// Arranges origins and facilities with their standings; only what a spot without a node needs is kept.
    pub fn new(
        (origins, origins_at): (&[Spot], &[Standing]),
        (facilities, facilities_at): (&[Spot], &[Standing]),
    ) -> Self {
        let lone = |at: &[Standing]| -> Vec<u32> {
            (0..).zip(at).filter(|(_, at)| at.node.is_none() && !at.gone).map(|(index, _)| index).collect()
        };
        let (lone_facilities, lone_origins) = (lone(facilities_at), lone(origins_at));
        let points = |spots: &[Spot]| spots.iter().map(|one| one.point).collect::<Vec<Point>>();
        let picked = |points: &[Point], which: &[u32]| {
            Nearby::new(&which.iter().filter_map(|one| points.get(*one as usize).copied()).collect::<Vec<_>>())
        };
        let (facility_points, origin_points) = (points(facilities), points(origins));
        Self {
            lone_facilities: picked(&facility_points, &lone_facilities),
            lone_origins: picked(&origin_points, &lone_origins),
            all_facilities: if lone_origins.is_empty() { Nearby::default() } else { Nearby::new(&facility_points) },
            all_origins: if lone_facilities.is_empty() { Nearby::default() } else { Nearby::new(&origin_points) },
            facilities: lone_facilities,
            origins: lone_origins,
        }
    }

    /// Labels of the `count` facilities nearest to an origin by straight lines.
    pub fn nearest_few(&self, problem: &Problem<'_>, origin: u32, count: usize) -> Vec<u64> {
        let alone = problem.origins_at.get(origin as usize).is_some_and(|at| at.node.is_none());
        let all = 0..problem.facilities.len() as u32;
        let which: Box<dyn Iterator<Item = u32>> =
            if alone { Box::new(all) } else { Box::new(self.facilities.iter().copied()) };
        let mut labels: Vec<u64> =
            which.filter_map(|one| problem.line(origin, one).map(|cost| label(cost, one))).collect();
        labels.sort_unstable();
        labels.truncate(count);
        labels
    }

    /// The label of the facility that is nearest to an origin by a straight line no costlier than `most`.
    pub fn nearest(&self, problem: &Problem<'_>, origin: u32, most: u64) -> Option<u64> {
        let detour = problem.settings.detour?;
        let point = problem.origins.get(origin as usize)?.point;
        let alone = problem.origins_at.get(origin as usize)?.node.is_none();
        let tree = if alone { &self.all_facilities } else { &self.lone_facilities };
        let name = |at: u32| if alone { Some(at) } else { self.facilities.get(at as usize).copied() };
        let to = |at: u32| {
            let facility = name(at)?;
            Some(label(problem.line(origin, facility)?, facility))
        };
        // Widening rings: the nearest may stand behind a barrier, and equal costs are decided by the facilities' order.
        let farthest = (problem.ground.graph.metres_of(most) / detour).min(HALF_WAY_ROUND) + 1.0;
        let (_, first) = tree.nearest(point, farthest)?;
        let mut ring = first + 1.0;
        loop {
            let best = tree.within(point, ring).into_iter().filter_map(|(at, _)| to(at)).min();
            if best.is_some() || ring >= farthest {
                return best;
            }
            ring = (ring * 2.0).min(farthest);
        }
    }

    /// Shows the origins in reach of a facility by a straight line.
    pub fn each_origin(&self, problem: &Problem<'_>, facility: u32, limit: u64, mut show: impl FnMut(u32, u64)) {
        let Some(detour) = problem.settings.detour else { return };
        let Some(point) = problem.facilities.get(facility as usize).map(|one| one.point) else { return };
        let alone = problem.facilities_at.get(facility as usize).is_some_and(|at| at.node.is_none());
        let tree = if alone { &self.all_origins } else { &self.lone_origins };
        for (at, _) in tree.within(point, problem.ground.graph.metres_of(limit) / detour + 1.0) {
            let Some(origin) = (if alone { Some(at) } else { self.origins.get(at as usize).copied() }) else {
                continue;
            };
            if let Some(cost) = problem.line(origin, facility).filter(|cost| *cost <= limit) {
                show(origin, cost);
            }
        }
    }
}
