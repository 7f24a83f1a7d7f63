//! Travel: a table of minutes, or points with a speed, where straight lines are lengthened by a detour.

use super::{LONGEST, SCALE};
use crate::files::fields::{Fields, Names, Source};
use crate::problem::MOST_PLACES;
use std::sync::Arc;

/// Metres a minute of latitude's degree.
const DEGREE_METRES: f64 = 111_195.0;

/// Reads places and travel between them.
pub fn read(
    source: &mut Source<'_>,
    top: &Fields<'_>,
    places: &mut Names,
    warnings: &mut Vec<String>,
) -> Option<Arc<Vec<i32>>> {
    let mut points = Vec::new();
    if let Some(value) = top.must(source, "places") {
        for (index, value) in source.list(value, "places").iter().enumerate() {
            let Some(fields) = source.object(value, &format!("places[{index}]")) else { continue };
            let Some(id) = fields.must(source, "id") else { continue };
            places.add(source, id, &fields.at("id"));
            let mut degree = |name: &str, most: f64| {
                fields.get(name).and_then(|value| source.number(value, &fields.at(name), (-most, most)))
            };
            points.push((degree("lon", 180.0), degree("lat", 90.0)));
        }
    }
    if points.len() > MOST_PLACES {
        source.tell(top.line, "places", format!("there are more than {MOST_PLACES}"), "split the problem by area");
        return None;
    }
    let value = top.must(source, "travel")?;
    let travel = source.object(value, "travel")?;
    match travel.get("minutes") {
        Some(value) => table(source, value, points.len()),
        None => {
            let mut number = |name: &str, usual: f64, bounds| {
                let value = travel.get(name);
                value.map_or(Some(usual), |value| source.number(value, &format!("travel.{name}"), bounds))
            };
            let speed = number("speed_mps", 4.0, (0.1, 50.0));
            let detour = number("detour", 1.3, (1.0, 5.0));
            let told = format!(
                "{}: travel is straight lines × {} at {} m/s, not a network's",
                source.file,
                detour.unwrap_or(1.3),
                speed.unwrap_or(4.0)
            );
            warnings.push(told);
            lines(source, top.line, &points, speed? / detour?)
        }
    }
}

fn table(source: &mut Source<'_>, value: &crate::files::json::Value, count: usize) -> Option<Arc<Vec<i32>>> {
    let rows = source.list(value, "travel.minutes");
    if !source.problems.is_empty() {
        // With a place missing or twice every row would be of the wrong length.
        return None;
    }
    if rows.len() != count {
        let wrong = format!("it has {} rows for {count} places", rows.len());
        source.tell(value.line, "travel.minutes", wrong, "give a row for each place, in their order");
        return None;
    }
    let mut table = Vec::with_capacity(count * count);
    for (index, row) in rows.iter().enumerate() {
        let path = format!("travel.minutes[{index}]");
        let Some(numbers) = source.numbers(row, &path) else { continue };
        if numbers.len() != count || numbers.iter().any(|number| !(0.0..=LONGEST).contains(number)) {
            source.tell(row.line, &path, format!("it is not {count} numbers from 0 to {LONGEST}"), "correct the row");
        }
        // Up to the next second: nobody is told to be somewhere before they can be.
        table.extend(numbers.iter().map(|minutes| (minutes * SCALE as f64 - 1e-6).ceil().max(0.0) as i32));
    }
    Some(Arc::new(table))
}

type Point = (Option<f64>, Option<f64>);

fn lines(source: &mut Source<'_>, line: usize, points: &[Point], speed: f64) -> Option<Arc<Vec<i32>>> {
    let mut whole = Vec::with_capacity(points.len());
    for (index, point) in points.iter().enumerate() {
        match point {
            (Some(lon), Some(lat)) => whole.push((*lon, *lat)),
            _ => source.tell(
                line,
                &format!("places[{index}]"),
                "it has no lon and lat, and there is no table",
                "give either",
            ),
        }
    }
    let mut table = Vec::with_capacity(whole.len() * whole.len());
    for (lon, lat) in &whole {
        for (to_lon, to_lat) in &whole {
            let east = (lon - to_lon) * ((lat + to_lat) / 2.0).to_radians().cos();
            let metres = east.hypot(lat - to_lat) * DEGREE_METRES;
            table.push((metres / speed).ceil().min(LONGEST * SCALE as f64) as i32);
        }
    }
    Some(Arc::new(table))
}
