//! Points on the globe, and the points that are nearest to one.

use std::f64::consts::PI;

/// Mean radius of the earth in metres (IUGG, R1).
pub const EARTH_METRES: f64 = 6_371_008.8;

/// Half of a great circle in metres: nothing is farther away.
pub(crate) const HALF_WAY_ROUND: f64 = PI * EARTH_METRES;

/// A point in degrees of WGS 84 (or CGCS 2000, which differs by centimetres).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Longitude, −180 to 180.
    pub lon: f64,
    /// Latitude, −90 to 90.
    pub lat: f64,
}

impl Point {
    /// Great-circle distance in metres (haversine on a sphere; against the ellipsoid the error is below 0.6 %).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let up = ((other_lat - lat) / 2.0).sin();
        let along = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let square = up * up + lat.cos() * other_lat.cos() * along * along;
        2.0 * EARTH_METRES * square.sqrt().min(1.0).asin()
    }

    /// The point on the unit sphere, where the order of distances is that of straight chords.
    fn on_sphere(self) -> [f64; 3] {
        let (lon, lat) = (self.lon.to_radians(), self.lat.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }
}

/// The place of a point on a Hilbert curve over the globe: near points mostly have near places, so arrays in this order are read
/// with few misses of the processor's cache.
pub(crate) fn hilbert(point: Point) -> u64 {
    const SIDE: u32 = 1 << 30;
    let scaled = |share: f64| (share.clamp(0.0, 1.0) * f64::from(SIDE - 1)) as u32;
    let (mut x, mut y) = (scaled((point.lon + 180.0) / 360.0), scaled((point.lat + 90.0) / 180.0));
    let (mut place, mut side) = (0_u64, SIDE / 2);
    while side > 0 {
        let (right, upper) = (u32::from(x & side > 0), u32::from(y & side > 0));
        place += u64::from(side) * u64::from(side) * u64::from((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                x = (SIDE - 1).wrapping_sub(x);
                y = (SIDE - 1).wrapping_sub(y);
            }
            std::mem::swap(&mut x, &mut y);
        }
        side /= 2;
    }
    place
}

/// Length of the chord of the unit sphere below an arc of so many metres.
fn chord(metres: f64) -> f64 {
    2.0 * (metres / EARTH_METRES / 2.0).clamp(0.0, PI / 2.0).sin()
}

/// Points arranged so that the nearest one is found in logarithmic time: a balanced tree over the unit sphere, so that neither the
/// poles nor the date line nor any crowd of points is special.
#[derive(Debug, Clone, Default)]
pub struct Nearby {
    entries: Vec<Entry>,
}

/// A point of the tree.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: [f64; 3],
    point: Point,
    index: u32,
}

/// Below this many points a branch is looked through.
const LEAF: usize = 8;

impl Nearby {
    /// Arranges points; O(n log n).
    #[must_use]
    pub fn new(points: &[Point]) -> Self {
        let entry = |(point, index): (&Point, u32)| Entry { at: point.on_sphere(), point: *point, index };
        let mut entries: Vec<Entry> = points.iter().zip(0..).map(entry).collect();
        arrange(&mut entries, 0);
        Self { entries }
    }

    /// The same, but of points at one place only the first given.
    #[must_use]
    pub fn distinct(points: &[Point]) -> Self {
        let entry = |(point, index): (&Point, u32)| Entry { at: point.on_sphere(), point: *point, index };
        let mut entries: Vec<Entry> = points.iter().zip(0..).map(entry).collect();
        entries.sort_unstable_by(|a, b| {
            let by_lon = a.point.lon.total_cmp(&b.point.lon);
            by_lon.then(a.point.lat.total_cmp(&b.point.lat)).then(a.index.cmp(&b.index))
        });
        entries.dedup_by(|later, first| later.point == first.point);
        arrange(&mut entries, 0);
        Self { entries }
    }

    /// The nearest point within so many metres: its index and distance. What is equally far to a micrometre is decided by the order in
    /// which the points were given.
    #[must_use]
    pub fn nearest(&self, point: Point, within_metres: f64) -> Option<(u32, f64)> {
        let mut best: Option<(u64, u32, f64)> = None;
        let mut bound = reach(within_metres);
        self.search(0, self.entries.len(), 0, point.on_sphere(), &mut bound, &mut |square, entry| {
            let metres = entry.point.metres_to(point);
            let key = ((metres * 1e6).round() as u64, entry.index);
            let better = best.is_none_or(|(away, index, _)| key < (away, index));
            if better && metres <= within_metres * (1.0 + 1e-9) {
                best = Some((key.0, key.1, metres));
                // A little more than the chord, so that what is equally far is seen too.
                return Some(reach(arc(square)));
            }
            None
        });
        best.map(|(_, index, metres)| (index, metres))
    }

    /// All points within so many metres, in the order in which they were given, with their distances.
    #[must_use]
    pub fn within(&self, point: Point, metres: f64) -> Vec<(u32, f64)> {
        let mut found = Vec::new();
        let mut bound = reach(metres);
        self.search(0, self.entries.len(), 0, point.on_sphere(), &mut bound, &mut |_, entry| {
            let away = entry.point.metres_to(point);
            if away <= metres * (1.0 + 1e-9) {
                found.push((entry.index, away));
            }
            None
        });
        found.sort_unstable_by_key(|(index, _)| *index);
        found
    }

    /// Shows every point that is not farther than `bound` to `visit`, which may give a new bound.
    fn search(
        &self,
        from: usize,
        to: usize,
        axis: usize,
        target: [f64; 3],
        bound: &mut f64,
        visit: &mut dyn FnMut(f64, &Entry) -> Option<f64>,
    ) {
        let mut show = |entry: &Entry, bound: &mut f64| {
            let square = square(entry.at, target);
            if square <= *bound {
                *bound = visit(square, entry).unwrap_or(*bound);
            }
        };
        if to - from <= LEAF {
            self.entries.get(from..to).unwrap_or_default().iter().for_each(|entry| show(entry, bound));
            return;
        }
        let middle = usize::midpoint(from, to);
        let Some(entry) = self.entries.get(middle) else { return };
        show(entry, bound);
        let [split, here] = [&entry.at, &target].map(|at| at.get(axis).copied().unwrap_or(0.0));
        let next = (axis + 1) % 3;
        let (left, right) = ((from, middle), (middle + 1, to));
        let (near, far) = if here < split { (left, right) } else { (right, left) };
        self.search(near.0, near.1, next, target, bound, visit);
        if (here - split) * (here - split) <= *bound {
            self.search(far.0, far.1, next, target, bound, visit);
        }
    }
}

/// Square of the chord below an arc of so many metres, and a little more for rounding.
fn reach(metres: f64) -> f64 {
    let chord = chord(metres * (1.0 + 1e-9) + 1e-5);
    chord * chord
}

/// Metres of the arc above a chord whose square is given.
fn arc(square: f64) -> f64 {
    2.0 * EARTH_METRES * (square.sqrt() / 2.0).min(1.0).asin()
}

fn square(a: [f64; 3], b: [f64; 3]) -> f64 {
    let [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    x * x + y * y + z * z
}

/// Sorts a branch so that its middle parts the rest along one axis, then its halves along the next.
fn arrange(entries: &mut [Entry], axis: usize) {
    if entries.len() <= LEAF {
        return;
    }
    let middle = entries.len() / 2;
    let along = |entry: &Entry| entry.at.get(axis).copied().unwrap_or(0.0);
    entries.select_nth_unstable_by(middle, |a, b| along(a).total_cmp(&along(b)));
    let (left, right) = entries.split_at_mut(middle);
    arrange(left, (axis + 1) % 3);
    if let Some((_, right)) = right.split_first_mut() {
        arrange(right, (axis + 1) % 3);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_the_equator_and_the_half_way_round() {
        let at = |lon, lat| Point { lon, lat };
        assert!((at(0.0, 0.0).metres_to(at(1.0, 0.0)) - 111_195.08).abs() < 0.01);
        assert!((at(0.0, 0.0).metres_to(at(180.0, 0.0)) - PI * EARTH_METRES).abs() < 1e-3);
        assert_eq!(at(121.5, 31.2).metres_to(at(121.5, 31.2)), 0.0);
        assert!((at(179.999, 0.0).metres_to(at(-179.999, 0.0)) - 222.39).abs() < 0.01);
    }

    #[test]
    fn the_curve_visits_every_cell_of_a_square_once_and_steps_to_neighbours() {
        let mut cells: Vec<(u64, i32, i32)> = Vec::new();
        for x in 0..32 {
            for y in 0..32 {
                let point = Point {
                    lon: (f64::from(x) + 0.5) / 32.0 * 360.0 - 180.0,
                    lat: (f64::from(y) + 0.5) / 32.0 * 180.0 - 90.0,
                };
                cells.push((hilbert(point) >> 50, x, y));
            }
        }
        cells.sort_unstable();
        for (place, pair) in cells.windows(2).enumerate() {
            assert_eq!(pair[0].0, place as u64);
            assert_eq!((pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs(), 1, "{pair:?}");
        }
    }
}
