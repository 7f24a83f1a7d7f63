//! Maps: areas in five classes, from their real outlines or as a pattern of hexagons where there are none.
//! What is not known is hatched. Areas may be links; the list of values under the map serves those who do not see it.

use super::at;
use crate::markup::{Markup, escape, id_part};
use serde_json::{Value, json};

/// One area with its outline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Area {
    /// Its name as written on the map: 大桥, not 大桥街道.
    pub name: String,
    /// Its value as text; "" when it is not known.
    pub value: String,
    /// Its class, 1 to 5; `None` when its value is not known.
    pub class: Option<u8>,
    /// Where it leads; "" for nowhere.
    pub href: String,
    /// Its outlines and holes: longitude and latitude in degrees, each ring once around.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// What a mark on a map stands for; told apart by shape, not by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// Something that is there: a dot.
    There,
    /// Something that is missing there: a diamond.
    Missing,
}

/// A point on a map of outlines. Those who do not see it read the list beside the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Longitude and latitude in degrees.
    pub at: [f64; 2],
    /// What it stands for.
    pub kind: MarkKind,
    /// What is said where a pointer rests on it.
    pub name: String,
}

/// One area of a pattern of hexagons.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HexCell {
    /// The column; odd rows lie half a cell to the right.
    pub x: i32,
    /// The row, downwards.
    pub y: i32,
    /// Its name as written on the map.
    pub name: String,
    /// Its value as text; "" when it is not known.
    pub value: String,
    /// Its class, 1 to 5; `None` when its value is not known.
    pub class: Option<u8>,
    /// Where it leads; "" for nowhere.
    pub href: String,
}

const WIDTH: f64 = 640.0;
const LONGEST: f64 = 900.0;
const EDGE: f64 = 8.0;
/// Outlines are laid on a grid of this many units, so that neighbours lose the same points and fit on.
const GRID: f64 = 1.5;
const LETTER: f64 = 24.0;
const LINE: f64 = 28.0;
/// A name too long for a line is set in two, smaller.
const SMALL_LETTER: f64 = 18.0;
const SMALL_LINE: f64 = 21.0;

/// A point on the drawing.
type Point = (f64, f64);

struct Shape<'a> {
    path: String,
    label: Option<Point>,
    room: f64,
    /// Whether a label of three lines has room.
    tall: bool,
    name: &'a str,
    value: &'a str,
    class: Option<u8>,
    href: &'a str,
}

/// Draws areas from their outlines. `id` is unique on the page; `title` says measure, unit and day.
#[must_use]
pub fn choropleth(id: &str, title: &str, areas: &[Area]) -> Markup {
    marked_map(id, title, areas, &[])
}

/// The same with points over the areas; those that lie outside the drawing are left out.
#[must_use]
pub fn marked_map(id: &str, title: &str, areas: &[Area], marks: &[Mark]) -> Markup {
    let Some(frame) = Frame::around(areas) else {
        return Markup::trusted("<p class=\"nil\">没有边界，请看列表</p>".into());
    };
    let shapes: Vec<Shape<'_>> = areas
        .iter()
        .map(|area| {
            let rings: Vec<Vec<Point>> = area.rings.iter().map(|ring| simple(&frame.project(ring))).collect();
            let widest = rings.iter().max_by(|a, b| size(a).abs().total_cmp(&size(b).abs()));
            let (label, room) =
                widest.and_then(|ring| widest_span(ring)).map_or((None, 0.0), |(point, room)| (Some(point), room));
            Shape {
                path: rings.iter().filter(|ring| ring.len() > 2).map(|ring| path(ring)).collect(),
                label,
                room,
                tall: false,
                name: &area.name,
                value: &area.value,
                class: area.class,
                href: &area.href,
            }
        })
        .collect();
    let marks: String = marks.iter().filter_map(|mark| frame.mark(mark)).collect();
    draw(id, title, (frame.width, frame.height), &shapes, &marks)
}

/// Draws areas as hexagons of one size.
#[must_use]
pub fn hex_map(id: &str, title: &str, cells: &[HexCell]) -> Markup {
    const RADIUS: f64 = 62.0;
    let across = RADIUS * 3.0_f64.sqrt();
    let centre = |cell: &HexCell| {
        let shift = if cell.y.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
        ((f64::from(cell.x) + shift) * across, f64::from(cell.y) * RADIUS * 1.5)
    };
    let centres: Vec<Point> = cells.iter().map(centre).collect();
    let Some(bounds) = bounds(&centres) else {
        return Markup::trusted("<p class=\"nil\">没有区划，请看列表</p>".into());
    };
    let (left, top) = (bounds.0.0 - across / 2.0 - EDGE, bounds.0.1 - RADIUS - EDGE);
    let shapes: Vec<Shape<'_>> = cells
        .iter()
        .zip(&centres)
        .map(|(cell, (x, y))| {
            let (x, y) = (x - left, y - top);
            let corners: Vec<Point> = (0..6)
                .map(|corner| {
                    let angle = std::f64::consts::PI / 3.0 * (f64::from(corner) + 0.5);
                    (x + (RADIUS - 2.0) * angle.cos(), y + (RADIUS - 2.0) * angle.sin())
                })
                .collect();
            Shape {
                path: path(&corners),
                label: Some((x, y)),
                room: across - 8.0,
                tall: true,
                name: &cell.name,
                value: &cell.value,
                class: cell.class,
                href: &cell.href,
            }
        })
        .collect();
    let size = (bounds.1.0 + across / 2.0 + EDGE - left, bounds.1.1 + RADIUS + EDGE - top);
    draw(id, title, size, &shapes, "")
}

fn draw(id: &str, title: &str, (width, height): (f64, f64), shapes: &[Shape<'_>], marks: &str) -> Markup {
    let id = id_part(id);
    // Links inside a picture would be hidden from those who cannot see it: with links it is a group.
    let role = if shapes.iter().any(|shape| !shape.href.is_empty()) { "group" } else { "img" };
    let mut svg = format!(
        "<svg class=\"map\" viewBox=\"0 0 {} {}\" role=\"{role}\" aria-labelledby=\"{id}-t\"><title id=\"{id}-t\">{}</title>",
        at(width),
        at(height),
        escape(title)
    );
    if shapes.iter().any(|shape| shape.class.is_none()) {
        svg.push_str(&format!(
            "<defs><pattern id=\"{id}-h\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect class=\"none-bg\" width=\"9\" height=\"9\"/><path class=\"none-line\" d=\"M0 0V9\"/></pattern></defs>"
        ));
    }
    let mut labels = String::new();
    for shape in shapes {
        let fill = match shape.class {
            Some(class) => format!("class=\"a c{}\"", class.clamp(1, 5)),
            None => format!("class=\"a\" fill=\"url(#{id}-h)\""),
        };
        let outline = format!("<path {fill} d=\"{}\"/>", shape.path);
        let label = label(shape);
        if shape.href.is_empty() {
            svg.push_str(&outline);
            labels.push_str(&label);
        } else {
            let said = spoken(shape, &label);
            svg.push_str(&format!("<a href=\"{}\">{outline}{label}{said}</a>", escape(shape.href)));
        }
    }
    svg.push_str(marks);
    svg.push_str(&labels);
    svg.push_str("</svg>");
    Markup::trusted(svg)
}

/// How wide a text is, in letters.
fn letters(text: &str) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 0.58 } else { 1.0 }).sum()
}

/// A name in two lines of about the same length; `None` when they are too long as well.
fn two_lines(name: &str, room: f64) -> Option<[String; 2]> {
    let half = name.chars().count().div_ceil(2);
    let lines: [String; 2] = [name.chars().take(half).collect(), name.chars().skip(half).collect()];
    lines.iter().all(|line| letters(line) * SMALL_LETTER <= room).then_some(lines)
}

/// Name and value, as far as there is room; the list under the map has all.
fn label(shape: &Shape<'_>) -> String {
    let Some((x, y)) = shape.label else {
        return String::new();
    };
    let fits = |text: &str| letters(text) * LETTER <= shape.room;
    let value = Some(if shape.value.is_empty() { "—" } else { shape.value }).filter(|value| fits(value));
    let split = if shape.tall && !fits(shape.name) { two_lines(shape.name, shape.room) } else { None };
    // Each line, how far it lies below the one before, and its size where it is not the usual one.
    let mut lines: Vec<(&str, f64, Option<f64>)> = Vec::new();
    match &split {
        Some([first, second]) => {
            lines
                .extend([(first.as_str(), 0.0, Some(SMALL_LETTER)), (second.as_str(), SMALL_LINE, Some(SMALL_LETTER))]);
        }
        None => lines.extend(Some(shape.name).filter(|name| fits(name)).map(|name| (name, 0.0, None))),
    }
    lines.extend(value.map(|value| (value, LINE, None)));
    let class = match shape.class {
        Some(5) => " class=\"inv\"",
        Some(4) => " class=\"l4\"",
        Some(_) => "",
        None => " class=\"un\"",
    };
    let x = at(x);
    let span = |(index, (text, down, size)): (usize, &(&str, f64, Option<f64>))| {
        let down = if index == 0 { String::new() } else { format!(" dy=\"{down}\"") };
        let size = size.map(|size| format!(" font-size=\"{size}\"")).unwrap_or_default();
        format!("<tspan x=\"{x}\"{down}{size}>{}</tspan>", escape(text))
    };
    let spans: String = lines.iter().enumerate().map(span).collect();
    let y = match lines.len() {
        0 => return String::new(),
        1 => y + 8.0,
        2 => y - 5.0,
        _ => y - 16.0,
    };
    format!("<text x=\"{x}\" y=\"{}\"{class}>{spans}</text>", at(y))
}

/// The name of a link whose text had no room.
fn spoken(shape: &Shape<'_>, label: &str) -> String {
    let whole = label.contains(&escape(shape.name));
    if whole { String::new() } else { format!("<title>{} {}</title>", escape(shape.name), escape(shape.value)) }
}

fn path(ring: &[Point]) -> String {
    let points: Vec<String> = ring.iter().map(|(x, y)| format!("{} {}", at(*x), at(*y))).collect();
    format!("M{}Z", points.join("L"))
}

fn bounds(points: &[Point]) -> Option<(Point, Point)> {
    let first = *points.first()?;
    Some(
        points.iter().fold((first, first), |(low, high), (x, y)| {
            ((low.0.min(*x), low.1.min(*y)), (high.0.max(*x), high.1.max(*y)))
        }),
    )
}

/// From degrees to the drawing: a degree of longitude is shorter the farther north.
struct Frame {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    width: f64,
    height: f64,
}

impl Frame {
    fn around(areas: &[Area]) -> Option<Self> {
        let points: Vec<Point> =
            areas.iter().flat_map(|area| &area.rings).flatten().map(|[lon, lat]| (*lon, *lat)).collect();
        let ((west, south), (east, north)) = bounds(&points)?;
        let squeeze = ((south + north) / 2.0).to_radians().cos();
        let (wide, high) = ((east - west) * squeeze, north - south);
        if wide <= 0.0 || high <= 0.0 {
            return None;
        }
        let down = ((WIDTH - 2.0 * EDGE) / wide).min((LONGEST - 2.0 * EDGE) / high);
        Some(Self {
            west,
            north,
            across: down * squeeze,
            down,
            width: wide * down + 2.0 * EDGE,
            height: high * down + 2.0 * EDGE,
        })
    }

    /// A mark as drawn; `None` outside the drawing.
    fn mark(&self, mark: &Mark) -> Option<String> {
        let [lon, lat] = mark.at;
        let (x, y) = ((lon - self.west) * self.across + EDGE, (self.north - lat) * self.down + EDGE);
        if !(0.0..=self.width).contains(&x) || !(0.0..=self.height).contains(&y) {
            return None;
        }
        let name = format!("<title>{}</title>", escape(&mark.name));
        Some(match mark.kind {
            MarkKind::There => {
                format!("<circle class=\"mk there\" cx=\"{}\" cy=\"{}\" r=\"5\">{name}</circle>", at(x), at(y))
            }
            MarkKind::Missing => {
                format!("<path class=\"mk missing\" d=\"M{} {}l6 6l-6 6l-6 -6Z\">{name}</path>", at(x), at(y - 6.0))
            }
        })
    }

    fn project(&self, ring: &[[f64; 2]]) -> Vec<Point> {
        let snap = |value: f64| (value / GRID).round() * GRID;
        ring.iter()
            .map(|[lon, lat]| {
                (snap((lon - self.west) * self.across + EDGE), snap((self.north - lat) * self.down + EDGE))
            })
            .collect()
    }
}

/// A ring without repeated points and without points on a straight line between their neighbours.
fn simple(ring: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(ring.len());
    for point in ring {
        if kept.last() == Some(point) {
            continue;
        }
        while let [.., before, last] = kept.as_slice()
            && cross(*before, *last, *point).abs() < f64::EPSILON
        {
            kept.pop();
        }
        kept.push(*point);
    }
    while kept.len() > 1 && kept.first() == kept.last() {
        kept.pop();
    }
    kept
}

fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// The area within a ring; its sign says which way round it goes.
fn size(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>() / 2.0
}

/// The middle of the widest level line inside a ring, and its length: where a label has the most room.
fn widest_span(ring: &[Point]) -> Option<(Point, f64)> {
    const LEVELS: i32 = 15;
    let ((_, top), (_, bottom)) = bounds(ring)?;
    let middle = (top + bottom) / 2.0;
    let mut best: Option<(Point, f64, f64)> = None;
    for level in 1..LEVELS {
        // A little off the grid, so that no corner lies on the line.
        let y = top + (bottom - top) * f64::from(level) / f64::from(LEVELS) + 0.013;
        let mut crossings: Vec<f64> = ring
            .iter()
            .zip(ring.iter().cycle().skip(1))
            .filter(|(a, b)| (a.1 <= y) != (b.1 <= y))
            .map(|(a, b)| a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0))
            .collect();
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            if let [left, right] = pair {
                // Near the middle a label reads better than at the very widest place.
                let worth = (right - left) * (1.0 - ((y - middle) / (bottom - top)).abs());
                if best.is_none_or(|(_, _, found)| worth > found) {
                    best = Some((((left + right) / 2.0, y), right - left, worth));
                }
            }
        }
    }
    best.map(|(point, room, _)| (point, room))
}

/// The data block of the map island: areas with their outlines (5 decimals), and points of facilities.
/// A point is `{at: [lon, lat], kind: 1–5, name, text, href}`.
#[must_use]
pub fn island_data(label: &str, areas: &[Area], points: &[Value]) -> Markup {
    let round = |value: f64| (value * 1e5).round() / 1e5;
    let features: Vec<Value> = areas
        .iter()
        .map(|area| {
            let rings: Vec<Vec<[f64; 2]>> =
                area.rings.iter().map(|ring| ring.iter().map(|[lon, lat]| [round(*lon), round(*lat)]).collect()).collect();
            let value = if area.value.is_empty() { "—" } else { &area.value };
            let label_at = label_place(area).map(|[lon, lat]| [round(lon), round(lat)]);
            json!({
                "type": "Feature",
                "properties": { "name": area.name, "value": value, "class": area.class.unwrap_or(0), "at": label_at, "href": area.href },
                "geometry": { "type": "MultiPolygon", "coordinates": rings.into_iter().map(|ring| vec![ring]).collect::<Vec<_>>() },
            })
        })
        .collect();
    Markup::json(&json!({
        "label": label,
        "areas": { "type": "FeatureCollection", "features": features },
        "points": points,
    }))
}

fn label_place(area: &Area) -> Option<[f64; 2]> {
    let as_points = |ring: &Vec<[f64; 2]>| ring.iter().map(|[lon, lat]| (*lon, -*lat)).collect::<Vec<Point>>();
    let rings: Vec<Vec<Point>> = area.rings.iter().map(as_points).collect();
    let largest = rings.iter().max_by(|a, b| size(a).abs().total_cmp(&size(b).abs()))?;
    widest_span(largest).map(|((x, y), _)| [x, -y])
}

#[cfg(test)]
mod tests;
