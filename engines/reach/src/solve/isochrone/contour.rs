//! Lines between inside and outside on a grid (marching squares), linked to rings, and rings sorted into polygons.

use std::collections::BTreeMap;

/// A point of the grid's plane, in cells.
type At = [f64; 2];
/// A closed line; the inside lies to its left.
pub(super) type Ring = Vec<At>;

/// An edge between two corners: the lower left one, and whether it goes up.
type Side = (usize, usize, bool);

/// The rings around the corners whose value is at most `limit`; the corners at the grid's border must lie beyond it.
pub(super) fn rings(values: &[f64], wide: usize, high: usize, limit: f64) -> Vec<Ring> {
    let value = |x: usize, y: usize| values.get(y * wide + x).copied().unwrap_or(f64::INFINITY);
    let mut next: BTreeMap<Side, Side> = BTreeMap::new();
    for y in 0..high.saturating_sub(1) {
        for x in 0..wide.saturating_sub(1) {
            let inside = |dx: usize, dy: usize| usize::from(value(x + dx, y + dy) <= limit);
            let (south, east, north, west) = ((x, y, false), (x + 1, y, true), (x, y + 1, false), (x, y, true));
            // Corners: 1 lower left, 2 lower right, 4 upper right, 8 upper left; each line keeps the inside to its left.
            let lines: &[(Side, Side)] = match inside(0, 0) | inside(1, 0) << 1 | inside(1, 1) << 2 | inside(0, 1) << 3
            {
                1 => &[(south, west)],
                2 => &[(east, south)],
                3 => &[(east, west)],
                4 => &[(north, east)],
                5 => &[(south, west), (north, east)],
                6 => &[(north, south)],
                7 => &[(north, west)],
                8 => &[(west, north)],
                9 => &[(south, north)],
                10 => &[(east, south), (west, north)],
                11 => &[(east, north)],
                12 => &[(west, east)],
                13 => &[(south, east)],
                14 => &[(west, south)],
                _ => &[],
            };
            next.extend(lines.iter().copied());
        }
    }
    let place = |(x, y, up): Side| {
        let (from, to) = (value(x, y), if up { value(x, y + 1) } else { value(x + 1, y) });
        // Never quite on a corner, so that rings do not touch themselves.
        let share = ((limit - from) / (to - from)).clamp(0.001, 0.999);
        if up { [x as f64, y as f64 + share] } else { [x as f64 + share, y as f64] }
    };
    let mut rings = Vec::new();
    while let Some((first, _)) = next.first_key_value().map(|(from, to)| (*from, *to)) {
        let (mut ring, mut here) = (vec![place(first)], first);
        while let Some(there) = next.remove(&here) {
            ring.push(place(there));
            here = there;
        }
        rings.push(ring);
    }
    rings
}

/// Twice the area, positive when the ring runs against the clock.
fn area(ring: &[At]) -> f64 {
    ring.windows(2).map(|pair| if let [a, b] = pair { a[0] * b[1] - b[0] * a[1] } else { 0.0 }).sum()
}

/// Whether a point lies in a ring.
fn holds(ring: &[At], at: At) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        if let [a, b] = pair {
            let passes = (a[1] > at[1]) != (b[1] > at[1]);
            inside ^= passes && at[0] < (b[0] - a[0]) * (at[1] - a[1]) / (b[1] - a[1]) + a[0];
        }
    }
    inside
}

/// Polygons: each outer ring with the holes that lie in it and in no smaller one.
pub(super) fn nest(rings: Vec<Ring>) -> Vec<Vec<Ring>> {
    let (mut outer, holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().partition(|ring| area(ring) > 0.0);
    outer.sort_by(|a, b| area(a).total_cmp(&area(b)));
    let mut polygons: Vec<Vec<Ring>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in holes {
        let Some(at) = hole.first().copied() else { continue };
        let around = polygons.iter_mut().find(|polygon| polygon.first().is_some_and(|ring| holds(ring, at)));
        around.into_iter().for_each(|polygon| polygon.push(hole.clone()));
    }
    polygons.reverse();
    polygons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_with_a_hole_and_an_island_in_it() {
        let (wide, high) = (11, 11);
        let value = |x: usize, y: usize| {
            let away = x.abs_diff(5).max(y.abs_diff(5));
            if away == 3 || away == 4 || away == 0 { 0.0 } else { 2.0 }
        };
        let values: Vec<f64> = (0..wide * high).map(|at| value(at % wide, at / wide)).collect();
        let polygons = nest(rings(&values, wide, high, 1.0));
        assert_eq!(polygons.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        for polygon in &polygons {
            for (place, ring) in polygon.iter().enumerate() {
                assert_eq!(ring.first(), ring.last());
                assert_eq!(area(ring) > 0.0, place == 0);
            }
        }
    }

    #[test]
    fn corners_that_touch_stay_apart() {
        let values = [2.0, 2.0, 2.0, 2.0, 2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0];
        let polygons = nest(rings(&values, 4, 4, 1.0));
        assert_eq!(polygons.len(), 2);
    }
}
