//! What lies within the limit of each facility, as polygons.
//!
//! The walk along reached edges is continued straight off them for a few metres. On a grid every corner gets the least time of what lies
//! near; the line between corners inside and outside the limit is the polygon's edge, placed between two corners in proportion to time.

mod contour;

use super::search::{FAR, Searcher};
use crate::earth::{EARTH_METRES, Point};
use crate::problem::Problem;
use std::fmt::Write as _;

/// How far off a reached edge still counts, in metres.
const OFF_METRES: f64 = 50.0;
/// Width of a cell of the grid, in metres, unless the grid grows too large.
const CELL_METRES: f64 = 20.0;
/// Most cells of a side of the grid.
const MOST_CELLS: f64 = 1_500.0;
/// Corners of a circle.
const CIRCLE: u32 = 64;

/// A polygon: the outer ring and its holes, each closed; outer rings run against the clock.
pub type Polygon = Vec<Vec<Point>>;

/// What lies within the limit of each facility; nothing where it has neither a node nor straight lines.
#[must_use]
pub fn isochrones(problem: &Problem<'_>) -> Vec<Vec<Polygon>> {
    let facilities: Vec<u32> = (0..problem.facilities.len() as u32).collect();
    let make = || {
        let mut searcher = Searcher::inward(&problem.ground.graph);
        move |facility: &u32| of(problem, *facility, &mut searcher)
    };
    super::in_order(&facilities, problem.settings.threads, make)
}

fn of(problem: &Problem<'_>, facility: u32, searcher: &mut Searcher<'_>) -> Vec<Polygon> {
    let Some((at, spot)) = problem.facilities_at.get(facility as usize).zip(problem.facilities.get(facility as usize))
    else {
        return Vec::new();
    };
    let graph = &problem.ground.graph;
    if at.node.is_none() {
        let circle = |detour: f64| vec![circle(spot.point, graph.metres_of(problem.limit) / detour)];
        return problem.settings.detour.map(circle).unwrap_or_default();
    }
    searcher.run(&[(at.place, at.approach)], problem.limit);
    let stretches = stretches(problem, searcher);
    let Some(mut grid) = Grid::over(&stretches, graph.metres_of(problem.limit)) else { return Vec::new() };
    for stretch in &stretches {
        grid.walk(stretch);
    }
    grid.polygons()
}

/// A reached piece of an edge, with the metres walked at its beginning and end.
struct Stretch {
    ends: [Point; 2],
    metres: [f64; 2],
}

/// The pieces of edges that are reached within the limit.
fn stretches(problem: &Problem<'_>, searcher: &Searcher<'_>) -> Vec<Stretch> {
    let graph = &problem.ground.graph;
    let point = |place: u32| {
        let node = graph.node.get(place as usize)?;
        problem.ground.network.points.get(*node as usize).copied()
    };
    let mut found = Vec::new();
    for (place, cost) in searcher.reached() {
        let Some(from) = point(place) else { continue };
        found.push(Stretch { ends: [from, from], metres: [graph.metres_of(cost); 2] });
        let half = &graph.inward;
        for arc in half.of(place) {
            let Some(to) = point(arc.head) else { continue };
            // Each end is walked from for itself up to where the limit lies; the other end, when it is cheaper, does its own share.
            let left = problem.limit.saturating_sub(cost);
            let whole = half.cost(arc).max(1);
            let share = (left as f64 / whole as f64).min(1.0);
            if searcher.cost(arc.head) != FAR && searcher.cost(arc.head) > cost + half.cost(arc) {
                continue;
            }
            let end =
                Point { lon: from.lon + (to.lon - from.lon) * share, lat: from.lat + (to.lat - from.lat) * share };
            let begun = graph.metres_of(cost);
            found.push(Stretch { ends: [from, end], metres: [begun, begun + graph.metres_of(half.cost(arc)) * share] });
        }
    }
    found
}

/// Least metres walked at the corners of a grid.
struct Grid {
    west: f64,
    south: f64,
    /// Metres of a degree.
    scale: [f64; 2],
    cell: f64,
    wide: usize,
    high: usize,
    metres: Vec<f64>,
    limit: f64,
}

impl Grid {
    fn over(stretches: &[Stretch], limit: f64) -> Option<Self> {
        let points = || stretches.iter().flat_map(|one| one.ends);
        let least = |of: fn(&Point) -> f64| points().map(|one| of(&one)).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&Point) -> f64| points().map(|one| of(&one)).fold(f64::NEG_INFINITY, f64::max);
        let (west, east) = (least(|one| one.lon), most(|one| one.lon));
        let (south, north) = (least(|one| one.lat), most(|one| one.lat));
        if !(west.is_finite() && south.is_finite()) {
            return None;
        }
        let degree = EARTH_METRES.to_radians();
        let scale = [degree * f64::midpoint(south, north).to_radians().cos().max(0.01), degree];
        let (wide, high) = ((east - west) * scale[0], (north - south) * scale[1]);
        let cell = CELL_METRES.max(wide.max(high) / MOST_CELLS);
        let margin = OFF_METRES + 2.0 * cell;
        let count = |length: f64| ((length + 2.0 * margin) / cell).ceil() as usize + 1;
        let (wide, high) = (count(wide), count(high));
        Some(Self {
            west: west - margin / scale[0],
            south: south - margin / scale[1],
            scale,
            cell,
            wide,
            high,
            // Untouched corners lie one cell beyond the limit.
            metres: vec![limit + cell; wide * high],
            limit,
        })
    }

    /// Walks a stretch in steps of half a cell, each with its surroundings.
    fn walk(&mut self, stretch: &Stretch) {
        let [a, b] =
            stretch.ends.map(|end| [(end.lon - self.west) * self.scale[0], (end.lat - self.south) * self.scale[1]]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let steps = (length / (self.cell / 2.0)).ceil().max(1.0) as usize;
        for step in 0..=steps {
            let share = step as f64 / steps as f64;
            let at = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
            self.stamp(at, stretch.metres[0] + (stretch.metres[1] - stretch.metres[0]) * share);
            if length == 0.0 {
                break;
            }
        }
    }

    fn stamp(&mut self, at: [f64; 2], metres: f64) {
        let reach = OFF_METRES.min(self.limit - metres).max(0.0) + self.cell;
        let range = |at: f64, most: usize| {
            let low = ((at - reach) / self.cell).ceil().max(0.0) as usize;
            let high = ((at + reach) / self.cell).floor().max(0.0) as usize;
            low..(high + 1).min(most)
        };
        for y in range(at[1], self.high) {
            for x in range(at[0], self.wide) {
                let off = (x as f64 * self.cell - at[0]).hypot(y as f64 * self.cell - at[1]);
                // Beyond the strip beside the way the limit is passed, steeply.
                let value = metres + off + 1e3 * (off - OFF_METRES).max(0.0);
                if let Some(known) = self.metres.get_mut(y * self.wide + x).filter(|known| value < **known) {
                    *known = value;
                }
            }
        }
    }

    fn polygons(&self) -> Vec<Polygon> {
        let rings = contour::rings(&self.metres, self.wide, self.high, self.limit);
        let point = |[x, y]: [f64; 2]| Point {
            lon: self.west + x * self.cell / self.scale[0],
            lat: self.south + y * self.cell / self.scale[1],
        };
        contour::nest(rings)
            .into_iter()
            .map(|polygon| polygon.into_iter().map(|ring| ring.into_iter().map(point).collect()).collect())
            .collect()
    }
}

fn circle(centre: Point, metres: f64) -> Polygon {
    let degree = EARTH_METRES.to_radians();
    let across = degree * centre.lat.to_radians().cos().max(0.01);
    let corner = |at: u32| {
        let angle = f64::from(at % CIRCLE) / f64::from(CIRCLE) * std::f64::consts::TAU;
        Point { lon: centre.lon + metres * angle.cos() / across, lat: centre.lat + metres * angle.sin() / degree }
    };
    vec![(0..=CIRCLE).map(corner).collect()]
}

/// The polygons as GeoJSON, a feature a facility: `facility`, `minutes`, and `by`: `network` or `straight`.
#[must_use]
pub fn geojson(problem: &Problem<'_>) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    let features = problem.facilities.iter().zip(&problem.facilities_at).zip(isochrones(problem));
    for (index, ((spot, at), polygons)) in features.enumerate() {
        let by = if at.node.is_some() { crate::By::Network } else { crate::By::Straight }.key();
        let geometry = if polygons.is_empty() { "null".to_owned() } else { multipolygon(&polygons) };
        let comma = if index > 0 { ",\n" } else { "\n" };
        let _ = write!(
            text,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"facility\":{},\"minutes\":{},\"by\":\"{by}\"}},\"geometry\":{geometry}}}",
            quoted(&spot.id),
            problem.settings.minutes
        );
    }
    text.push_str("\n]}\n");
    text
}

fn multipolygon(polygons: &[Polygon]) -> String {
    let mut text = String::from("{\"type\":\"MultiPolygon\",\"coordinates\":[");
    let separated = |text: &mut String, first: bool, open: &str| {
        text.push_str(if first { "" } else { "," });
        text.push_str(open);
    };
    for (index, polygon) in polygons.iter().enumerate() {
        separated(&mut text, index == 0, "[");
        for (index, ring) in polygon.iter().enumerate() {
            separated(&mut text, index == 0, "[");
            for (index, point) in ring.iter().enumerate() {
                separated(&mut text, index == 0, "");
                let _ = write!(text, "[{:.6},{:.6}]", point.lon, point.lat);
            }
            text.push(']');
        }
        text.push(']');
    }
    text.push_str("]}");
    text
}

/// A text in JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(one);
            }
            control if control < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", control as u32);
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
