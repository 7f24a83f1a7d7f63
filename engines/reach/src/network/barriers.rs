//! What a straight line must not cross: rivers, railways, walls.

use crate::earth::{Point, hilbert};

/// Segments below one box.
const BLOCK: usize = 32;

/// Pieces of lines, found by where they are: boxes around neighbours, and boxes around those.
#[derive(Debug, Clone, Default)]
pub(crate) struct Barriers {
    pieces: Vec<[Point; 2]>,
    blocks: Vec<Frame>,
    large: Vec<Frame>,
}

/// West, south, east, north.
#[derive(Debug, Clone, Copy)]
struct Frame {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Frame {
    const NOWHERE: Self =
        Self { west: f64::INFINITY, south: f64::INFINITY, east: f64::NEG_INFINITY, north: f64::NEG_INFINITY };

    fn of(points: impl IntoIterator<Item = Point>) -> Self {
        points.into_iter().fold(Self::NOWHERE, |all, one| {
            all.with(Self { west: one.lon, south: one.lat, east: one.lon, north: one.lat })
        })
    }

    fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    fn meets(self, other: Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }
}

impl Barriers {
    /// Arranges pieces of lines.
    pub fn new(pieces: &[[Point; 2]]) -> Self {
        let mut pieces = pieces.to_vec();
        pieces.sort_by_cached_key(|[a, b]| {
            hilbert(Point { lon: f64::midpoint(a.lon, b.lon), lat: f64::midpoint(a.lat, b.lat) })
        });
        let blocks: Vec<Frame> = pieces.chunks(BLOCK).map(|block| Frame::of(block.iter().flatten().copied())).collect();
        let join = |some: &[Frame]| some.iter().fold(Frame::NOWHERE, |all, one| all.with(*one));
        let large = blocks.chunks(BLOCK).map(join).collect();
        Self { pieces, blocks, large }
    }

    /// Whether the straight line between two points crosses one; touching is not crossing.
    pub fn between(&self, a: Point, b: Point) -> bool {
        if self.pieces.is_empty() {
            return false;
        }
        let around = Frame::of([a, b]);
        let near = |boxes: &[Frame], from: usize| -> Vec<usize> {
            let some = boxes.iter().enumerate().skip(from * BLOCK).take(BLOCK);
            some.filter(|(_, one)| one.meets(around)).map(|(at, _)| at).collect()
        };
        let large = self.large.iter().enumerate().filter(|(_, one)| one.meets(around));
        large
            .flat_map(|(at, _)| near(&self.blocks, at))
            .any(|at| self.pieces.iter().skip(at * BLOCK).take(BLOCK).any(|piece| crosses(*piece, [a, b])))
    }
}

/// Whether two pieces cross, each with its ends on different sides of the other.
fn crosses([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon);
    let parts = |first: f64, second: f64| (first > 0.0 && second < 0.0) || (first < 0.0 && second > 0.0);
    parts(side(a, b, c), side(a, b, d)) && parts(side(c, d, a), side(c, d, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_river_is_found_among_many_pieces() {
        let at = |lon: f64, lat: f64| Point { lon, lat };
        let mut pieces: Vec<[Point; 2]> = (0..5_000)
            .map(|n| {
                let x = 121.0 + f64::from(n) * 1e-4;
                [at(x, 31.0), at(x + 1e-4, 31.0)]
            })
            .collect();
        pieces.swap(3, 4_000);
        let barriers = Barriers::new(&pieces);
        assert!(barriers.between(at(121.2, 30.999), at(121.2003, 31.001)));
        assert!(!barriers.between(at(121.2, 31.001), at(121.3, 31.002)));
        assert!(!barriers.between(at(120.9, 30.999), at(120.9, 31.001)), "beyond its end");
        assert!(!barriers.between(at(121.2, 30.999), at(121.2, 31.0)), "touching is not crossing");
        assert!(!Barriers::default().between(at(0.0, 0.0), at(1.0, 1.0)));
    }
}
