//! The points of a register as a map: the same question as the list, drawn on the server. Points that lie close together are one circle
//! with their number; it leads closer.

use super::{list_href, record_href};
use crate::actions::READ;
use crate::asked::query_of;
use crate::commands::Records;
use crate::decide::Spelling;
use crate::masking::{View, hides};
use crate::pages::inputs::filters;
use crate::query::{Filter, Query as Asked, Test};
use crate::reads::stream;
use crate::record::Record;
use crate::show::{Names, shown};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::fmt;
use futures::TryStreamExt;
use identity::Actor;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use vocabulary::Register;
use web::{Input, Page, Query, Shell, WebError};

/// Points drawn at most.
const POINTS_MAX: usize = 20_000;
/// Size of the drawing, and of the squares in which points are gathered.
const SIZE: (f64, f64) = (600.0, 450.0);
const SQUARE: f64 = 75.0;
/// Height of an area's name.
const NAME_SIZE: f64 = 16.0;
/// Degrees below which points count as one place: about a metre.
const ONE_PLACE: f64 = 1e-5;
/// Degrees around a lone point.
const AROUND: f64 = 0.005;

/// A circle of the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Centre and radius.
    pub x: String,
    /// See `x`.
    pub y: String,
    /// See `x`.
    pub r: String,
    /// How many records; "" for one.
    pub count: String,
    /// Where it leads; "" for nowhere.
    pub href: String,
    /// What it is, in words.
    pub label: String,
}

/// The map of a register.
#[derive(Debug, Template)]
#[template(path = "records/map.html")]
pub struct MapPage {
    /// What stands around it.
    pub shell: Shell,
    /// The map's address.
    pub query: Query,
    /// Filters, as above the list.
    pub filters: Vec<Input>,
    /// The list of the same question.
    pub list: String,
    /// How many are drawn, how many have no point.
    pub about: String,
    /// Boundaries as paths.
    pub outlines: Vec<String>,
    /// The circles.
    pub marks: Vec<Mark>,
    /// Names of the areas: where, and the words.
    pub names: Vec<(String, String, String)>,
    /// Where the whole map is; "" on it.
    pub whole: String,
    /// Length of the scale bar in the drawing and in words.
    pub scale: (String, String),
}

/// Whether a register's points may be drawn: those of people may not.
pub(super) fn drawable(register: &Register) -> bool {
    let open = |key: &str| register.field(key).is_some_and(|field| !hides(field, View::Many));
    register.point && open("longitude") && open("latitude")
}

/// `GET /registers/{register}/map`
pub(super) async fn map(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    if !drawable(&register) {
        return Err(WebError::not_found("这个登记簿的地图"));
    }
    let asked = records.opened(&actor, &register, asked).await?;
    let query = query_of(&records, &actor, &register, &asked, Spelling::People);
    let (points, more) = points(&records, &register, &query).await?;
    let outlines = records.regions.outlines(&query.scope, records.today());
    let frame = Frame::of(&asked, points.iter().map(|(point, _)| *point));
    let names = titles(&records, &actor, &register, &points, &frame).await?;
    let marks = frame.marks(&register, &points, &asked, (actor.may(&READ), &names));
    let level = query.scope.codes().count();
    let called = |code: &str| records.regions.by_code(code, records.today()).map(|region| region.name);
    let areas = frame.areas(&points, level).into_iter();
    let areas: Vec<_> = areas.filter_map(|(code, at)| called(code).map(|name| (name, at))).collect();
    let areas = spread(areas, &marks);
    let (open, _) = filters(&records, &actor, &register, &asked);
    let without = missing(&records, &register, &query).await?;
    let cut = if more { format!("；只画前 {POINTS_MAX} 处，请先筛选") } else { String::new() };
    let shell = shell.titled(format!("{}地图", register.label)).under(super::crumbs(&register));
    Ok(Page(MapPage {
        shell: shell.as_of(fmt::day(records.today())),
        filters: open,
        list: asked.without("after").without("before").href_of(&list_href(&register)),
        about: format!("{} 处有坐标，{without}没有坐标{cut}", points.len()),
        outlines: outlines.iter().map(|rings| frame.path(rings)).collect(),
        marks,
        names: areas,
        whole: if boxed(&asked) { unboxed(&asked).href() } else { String::new() },
        scale: frame.scale(),
        query: asked,
    })
    .into_response())
}

type Point = (f64, f64);

async fn points(
    records: &Records,
    register: &Register,
    query: &Asked,
) -> Result<(Vec<(Point, Record)>, bool), WebError> {
    let mut query = query.clone();
    query.filters.push(Filter::new("longitude", Test::Missing(false)));
    let degrees = |record: &Record, key: &str| record.value(key)?.as_str()?.parse::<f64>().ok();
    let mut found = Vec::new();
    let mut rows = stream(&records.db, register, &query).map_err(WebError::fault)?;
    while let Some(record) = rows.try_next().await.map_err(WebError::fault)? {
        if found.len() == POINTS_MAX {
            return Ok((found, true));
        }
        if let (Some(longitude), Some(latitude)) = (degrees(&record, "longitude"), degrees(&record, "latitude")) {
            found.push(((longitude, latitude), record));
        }
    }
    Ok((found, false))
}

async fn missing(records: &Records, register: &Register, query: &Asked) -> Result<String, WebError> {
    let mut query = query.clone();
    query.filters.retain(|filter| !matches!(filter.field.as_str(), "longitude" | "latitude"));
    query.filters.push(Filter::new("longitude", Test::Missing(true)));
    let count = crate::reads::count(&records.db, register, &query).await.map_err(WebError::fault)?;
    Ok(count.of("处"))
}

/// The names of records that a lone circle stands for, where the name is a reference.
async fn titles(
    records: &Records,
    actor: &Actor,
    register: &Register,
    points: &[(Point, Record)],
    frame: &Frame,
) -> Result<Names, WebError> {
    let lone: Vec<Record> = frame
        .squares(points)
        .into_values()
        .filter_map(|members| match members.as_slice() {
            [one] => points.get(*one).map(|(_, record)| record.clone()),
            _ => None,
        })
        .collect();
    records.names(&actor.place, register, &lone).await.map_err(WebError::fault)
}

/// The four conditions that bound a map, in the words of a list's address.
const BOX: [&str; 4] = ["f.longitude.from", "f.latitude.from", "f.longitude.to", "f.latitude.to"];

fn boxed(asked: &Query) -> bool {
    BOX.iter().any(|name| asked.get(name).is_some())
}

fn unboxed(asked: &Query) -> Query {
    BOX.iter().fold(asked.clone(), |asked, name| asked.without(name))
}

/// The part of the world that is drawn.
#[derive(Debug, Clone, Copy)]
struct Frame {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Frame {
    /// The part asked for, else all points with some room around.
    fn of(asked: &Query, points: impl Iterator<Item = Point>) -> Self {
        let bound = |name: &str| asked.get(name).and_then(|text| text.parse::<f64>().ok());
        if let [Some(west), Some(south), Some(east), Some(north)] = BOX.map(bound)
            && west < east
            && south < north
        {
            return Self { west, south, east, north }.shaped();
        }
        let all = points.fold(None, |all: Option<Self>, (x, y)| {
            let one = Self { west: x, south: y, east: x, north: y };
            Some(all.map_or(one, |all| Self {
                west: all.west.min(x),
                south: all.south.min(y),
                east: all.east.max(x),
                north: all.north.max(y),
            }))
        });
        let all = all.unwrap_or(Self { west: 0.0, south: 0.0, east: 0.0, north: 0.0 });
        let room = |span: f64| (span * 0.05).max(AROUND);
        let (x, y) = (room(all.east - all.west), room(all.north - all.south));
        Self { west: all.west - x, south: all.south - y, east: all.east + x, north: all.north + y }.shaped()
    }

    /// How much shorter a degree of longitude is than one of latitude.
    fn narrow(&self) -> f64 {
        f64::midpoint(self.south, self.north).to_radians().cos().max(0.01)
    }

    /// Widened to the shape of the drawing, so that a kilometre is as long in both directions.
    fn shaped(self) -> Self {
        let (width, height) = ((self.east - self.west) * self.narrow(), self.north - self.south);
        let wanted = SIZE.0 / SIZE.1;
        let (x, y) = if width < height * wanted {
            ((height * wanted - width) / 2.0 / self.narrow(), 0.0)
        } else {
            (0.0, (width / wanted - height) / 2.0)
        };
        Self { west: self.west - x, south: self.south - y, east: self.east + x, north: self.north + y }
    }

    fn at(&self, (longitude, latitude): Point) -> Point {
        let x = (longitude - self.west) / (self.east - self.west) * SIZE.0;
        let y = (self.north - latitude) / (self.north - self.south) * SIZE.1;
        (x, y)
    }

    /// A boundary as a path.
    fn path(&self, rings: &[Vec<Point>]) -> String {
        let mut path = String::new();
        for ring in rings {
            for (number, point) in ring.iter().enumerate() {
                let (x, y) = self.at(*point);
                let _ = write!(path, "{}{x:.1} {y:.1}", if number == 0 { 'M' } else { 'L' });
            }
            path.push('Z');
        }
        path
    }

    /// Indexes of the points of each square of the drawing.
    fn squares(&self, points: &[(Point, Record)]) -> BTreeMap<(i64, i64), Vec<usize>> {
        let mut squares: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (index, (point, _)) in points.iter().enumerate() {
            let (x, y) = self.at(*point);
            if (0.0..=SIZE.0).contains(&x) && (0.0..=SIZE.1).contains(&y) {
                // What lies on the very edge belongs to the last square.
                let square = ((x.min(SIZE.0 - 1.0) / SQUARE) as i64, (y.min(SIZE.1 - 1.0) / SQUARE) as i64);
                squares.entry(square).or_default().push(index);
            }
        }
        squares
    }

    /// Where each area right below a level stands: in the middle of its points, those with most points first.
    fn areas<'a>(&self, points: &'a [(Point, Record)], level: usize) -> Vec<(&'a str, Point)> {
        let mut areas: BTreeMap<&str, (usize, Point)> = BTreeMap::new();
        for (point, record) in points {
            let (x, y) = self.at(*point);
            let inside = (0.0..=SIZE.0).contains(&x) && (0.0..=SIZE.1).contains(&y);
            if let Some(code) = record.region_path.codes().nth(level).filter(|_| inside) {
                let (count, sum) = areas.entry(code).or_default();
                *count += 1;
                *sum = (sum.0 + x, sum.1 + y);
            }
        }
        let mut areas: Vec<_> = areas.into_iter().collect();
        areas.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        areas.into_iter().map(|(code, (count, (x, y)))| (code, (x / count as f64, y / count as f64))).collect()
    }

    fn marks(
        &self,
        register: &Register,
        points: &[(Point, Record)],
        asked: &Query,
        (opens, names): (bool, &Names),
    ) -> Vec<Mark> {
        let title = |record: &Record| match register.field(&register.title) {
            Some(field) => shown(field, record, names, View::Many),
            None => record.title(register),
        };
        let mark = |members: Vec<usize>| {
            let members: Vec<&(Point, Record)> = members.iter().filter_map(|index| points.get(*index)).collect();
            let around = Self::around(members.iter().map(|(point, _)| *point))?;
            let many = members.len() as f64;
            let (x, y) = self.at((f64::midpoint(around.west, around.east), f64::midpoint(around.south, around.north)));
            let (count, href, label) = match members.as_slice() {
                [(_, one)] => {
                    let href = if opens { record_href(&register.key, one.id) } else { String::new() };
                    (String::new(), href, title(one))
                }
                several => {
                    let count = several.len().to_string();
                    let label = format!("{count} 处，放大");
                    (count, around.closer(asked, &list_href(register)), label)
                }
            };
            // A circle of several stays in its square, so that no two lie upon each other.
            let radius = if count.is_empty() { 14.0 } else { (20.0 + many.log10() * 4.0).min(SQUARE / 2.0 - 1.0) };
            let kept = |at: f64| {
                let start = (at / SQUARE).floor() * SQUARE;
                if count.is_empty() { at } else { at.clamp(start + radius, start + SQUARE - radius) }
            };
            let (x, y) = (kept(x), kept(y));
            Some(Mark { x: format!("{x:.1}"), y: format!("{y:.1}"), r: format!("{radius:.1}"), count, href, label })
        };
        self.squares(points).into_values().filter_map(mark).collect()
    }

    fn around(points: impl Iterator<Item = Point>) -> Option<Self> {
        points.fold(None, |all: Option<Self>, (x, y)| {
            let one = Self { west: x, south: y, east: x, north: y };
            Some(all.map_or(one, |all| Self {
                west: all.west.min(x),
                south: all.south.min(y),
                east: all.east.max(x),
                north: all.north.max(y),
            }))
        })
    }

    /// Closer to these points; the list of them where they are one place.
    fn closer(&self, asked: &Query, list: &str) -> String {
        let bounds = |room: f64| {
            let ends = [self.west - room, self.south - room, self.east + room, self.north + room];
            BOX.iter().zip(ends).fold(unboxed(asked).without("after").without("before"), |asked, (name, end)| {
                asked.with(name, &format!("{end:.6}"))
            })
        };
        let span = (self.east - self.west).max(self.north - self.south);
        if span < ONE_PLACE {
            bounds(ONE_PLACE).href_of(list)
        } else {
            bounds(span * 0.1).href_of(&format!("{list}/map"))
        }
    }

    /// A bar of a round number of metres, not longer than a quarter of the drawing.
    fn scale(&self) -> (String, String) {
        // A degree of latitude is about 111.3 km.
        let metres = (self.north - self.south) * 111_320.0;
        let most = metres / SIZE.1 * SIZE.0 / 4.0;
        let round = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10];
        let length = round.into_iter().find(|length| f64::from(*length) <= most).unwrap_or(5);
        let words = if length >= 1_000 { format!("{} 公里", length / 1_000) } else { format!("{length} 米") };
        (format!("{:.1}", f64::from(length) / metres * SIZE.1), words)
    }
}

/// Names where there is room for them: beside the circles, and none upon another.
fn spread(areas: Vec<(String, Point)>, marks: &[Mark]) -> Vec<(String, String, String)> {
    let number = |text: &str| text.parse::<f64>().unwrap_or_default();
    let circles: Vec<(f64, f64, f64)> =
        marks.iter().map(|mark| (number(&mark.x), number(&mark.y), number(&mark.r))).collect();
    let mut placed: Vec<(f64, f64, f64)> = Vec::new();
    let mut names = Vec::new();
    for (name, (x, y)) in areas {
        let half = name.chars().count() as f64 * NAME_SIZE / 2.0;
        let x = x.clamp(half, (SIZE.0 - half).max(half));
        let apart = |y: f64| {
            let circle =
                |at: &&(f64, f64, f64)| (at.0 - x).abs() < half + at.2 && (at.1 - y).abs() < NAME_SIZE / 2.0 + at.2;
            let other = |at: &&(f64, f64, f64)| (at.0 - x).abs() < half + at.2 && (at.1 - y).abs() < NAME_SIZE * 1.2;
            (circles.iter().filter(circle).count(), placed.iter().any(|at| other(&at)))
        };
        // Up and down from the middle until no circle is covered; where all is full, over the fewest.
        let tries =
            [0.0, -26.0, 26.0, -44.0, 44.0, -60.0, 60.0].map(|by: f64| (y + by).clamp(NAME_SIZE, SIZE.1 - NAME_SIZE));
        let free = tries.into_iter().map(|y| (y, apart(y))).filter(|(_, (_, taken))| !taken);
        if let Some((y, _)) = free.min_by_key(|(_, (covered, _))| *covered) {
            placed.push((x, y, half));
            names.push((format!("{x:.1}"), format!("{y:.1}"), name));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cover_no_circle_while_there_is_room_and_never_each_other() {
        let mark = |x: f64, y: f64| Mark {
            x: x.to_string(),
            y: y.to_string(),
            r: "24".to_owned(),
            count: "3".to_owned(),
            href: String::new(),
            label: String::new(),
        };
        let areas = vec![("宝应县".to_owned(), (300.0, 200.0)), ("高邮市".to_owned(), (301.0, 201.0))];
        let names = spread(areas, &[mark(300.0, 200.0)]);
        let y: Vec<f64> = names.iter().map(|(_, y, _)| y.parse().unwrap()).collect();
        assert_eq!(names.len(), 2);
        assert!(y.iter().all(|y| (y - 200.0).abs() >= 24.0 + NAME_SIZE / 2.0), "{y:?}");
        assert!((y[0] - y[1]).abs() >= NAME_SIZE, "{y:?}");
    }

    #[test]
    fn a_kilometre_is_as_long_east_as_north() {
        let asked = Query::parse("/x/map", "");
        let frame = Frame::of(&asked, [(121.5, 31.2), (121.52, 31.3)].into_iter());
        let (x, y) = frame.at((121.5, 31.25));
        let (east, _) = frame.at((121.5 + 0.01 / frame.narrow(), 31.25));
        let (_, north) = frame.at((121.5, 31.26));
        assert!(((east - x) - (y - north)).abs() < 1e-6, "{} {}", east - x, y - north);
        let (words, bar) = (frame.scale().1, frame.scale().0.parse::<f64>().unwrap());
        assert!(words.contains("公里") && bar > 10.0 && bar <= SIZE.0 / 4.0, "{words} {bar}");
    }

    #[test]
    fn one_point_and_none_are_drawn_too() {
        let asked = Query::parse("/x/map", "f.longitude.from=9&f.latitude.from=x");
        let one = Frame::of(&asked, [(121.5, 31.2)].into_iter());
        let (x, y) = one.at((121.5, 31.2));
        assert!((x - SIZE.0 / 2.0).abs() < 1e-6 && (y - SIZE.1 / 2.0).abs() < 1e-6);
        assert!(Frame::of(&asked, std::iter::empty()).scale().0.parse::<f64>().unwrap().is_finite());
    }

    #[test]
    fn points_of_one_place_lead_to_the_list() {
        let asked = Query::parse("/registers/x/map", "q=a&after=z");
        let same = Frame::around([(121.5, 31.2), (121.5, 31.2)].into_iter()).unwrap();
        assert!(same.closer(&asked, "/registers/x").starts_with("/registers/x?q=a&f.longitude.from=121.499990"));
        let apart = Frame::around([(121.5, 31.2), (121.6, 31.2)].into_iter()).unwrap();
        assert!(apart.closer(&asked, "/registers/x").starts_with("/registers/x/map?q=a&f.longitude.from=121.490000"));
    }
}
