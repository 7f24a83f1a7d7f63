//! Files to a problem, everything that is wrong at once.

use super::{Asked, File, Files, Net, Options, settings};
use crate::earth::Point;
use crate::network::osm::{self, Fault};
use crate::network::{Edge, Kind, LONGEST_METRES, MOST_NODES, Network, WIDEST_GAP, join};
use crate::pace::{PROFILES, Pace};
use crate::problem::{Flaw, Spot};
use sheets::{Ids, Problems, Row, Sheet, Wrong, flag, number};
use std::collections::HashMap;

/// Largest weight or capacity.
const LARGEST: f64 = 1e12;

/// Reads a problem.
///
/// # Errors
/// Everything that is wrong with the options and the files.
pub fn read(files: &Files<'_>) -> Result<Asked, Problems> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    let options = files.options;
    check_options(options, &mut problems);
    let network = network(files, &mut problems, &mut warnings);
    let mut columns: Vec<&str> = vec!["weight"];
    columns.extend(options.by.as_deref());
    columns.extend(options.groups.iter().map(String::as_str));
    let (origins, streets) = spots(files.origins, &columns, options.by.is_some(), &mut problems, &mut warnings);
    let (facilities, _) = spots(files.facilities, &["capacity"], false, &mut problems, &mut warnings);
    let profile = PROFILES.into_iter().find(|profile| profile.key == options.profile);
    let (Some(mut network), Some(profile), true) = (network, profile, problems.is_empty()) else {
        return Err(problems);
    };
    let joints = join(&mut network, options.join_metres);
    let pace = Pace { profile, speed_mps: options.speed_mps };
    let settings = settings(options, matches!(files.network, Net::Straight));
    Ok(Asked { network, pace, settings, origins, streets, facilities, joints, warnings })
}

/// What cannot be asked.
fn check_options(options: &Options, problems: &mut Problems) {
    let mut within = |name: &str, value: f64, low: f64, high: f64| {
        if !(value.is_finite() && value >= low && value <= high) {
            problems.add(name, 0, "-", format!("{value} is not from {low} to {high}"), "give a number in that range");
        }
    };
    within("--minutes", options.minutes, 1e-6, 100_000.0);
    within("--snap-metres", options.snap_metres, 0.0, 1_000_000.0);
    within("--speed-mps", options.speed_mps.unwrap_or(1.0), 1e-3, 1_000.0);
    within("--detour", options.detour, 1.0, 3.0);
    within("--join-metres", options.join_metres, 0.0, WIDEST_GAP);
    if !PROFILES.iter().any(|profile| profile.key == options.profile) {
        let known: Vec<&str> = PROFILES.iter().map(|profile| profile.key).collect();
        let wrong = format!("there is no profile `{}`", options.profile.escape_debug());
        problems.add("--profile", 0, "-", wrong, format!("give one of {}", known.join(", ")));
    }
    let mut names = vec!["id", "lon", "lat", "weight"];
    for (option, name) in
        options.by.iter().map(|by| ("--by", by)).chain(options.groups.iter().map(|one| ("--count", one)))
    {
        if names.contains(&name.as_str()) || name.is_empty() {
            let wrong = format!("the column `{}` has a meaning already, or stands twice", name.escape_debug());
            problems.add(option, 0, "-", wrong, "name each further column of the origins once");
        }
        names.push(name);
    }
}

/// What is wrong with settings that came past the checks of the options.
pub(super) fn flawed(flaw: Flaw) -> Problems {
    let mut problems = Problems::default();
    let (name, wrong) = match flaw {
        Flaw::TooManyFacilities(count) => {
            ("--facilities", format!("{count} facilities are more than this program takes"))
        }
        Flaw::Minutes => ("--minutes", "this is no length of time".to_owned()),
        Flaw::Snap => ("--snap-metres", "this is no length".to_owned()),
        Flaw::Detour => ("--detour", "a way is not shorter than a straight line".to_owned()),
        Flaw::Pace => ("--speed-mps", "this is no speed".to_owned()),
    };
    problems.add(name, 0, "-", wrong, "give another value");
    problems
}

fn network(files: &Files<'_>, problems: &mut Problems, warnings: &mut Vec<String>) -> Option<Network> {
    let options = files.options;
    let (name, read) = match files.network {
        Net::Folder { nodes, edges } => {
            let mut network = folder(nodes, edges, problems, warnings);
            network.barriers = lines(files.barriers, problems, warnings);
            return Some(network);
        }
        Net::Straight => {
            return Some(Network { barriers: lines(files.barriers, problems, warnings), ..Network::default() });
        }
        Net::Xml((name, text)) => (name, osm::read_xml(text, options.osm_barriers)),
        Net::Pbf(name, bytes) => (name, osm::read_pbf(bytes, options.osm_barriers, options.threads.clamp(1, 64))),
    };
    let barriers = lines(files.barriers, problems, warnings);
    match read {
        Ok(network) if network.points.is_empty() => {
            problems.add(
                name,
                1,
                "-",
                "there is no way in it that can be walked",
                "give an extract with `highway` tags",
            );
            None
        }
        Ok(mut network) => {
            network.barriers.extend(barriers);
            Some(network)
        }
        Err(Fault { line, place, wrong, remedy }) => {
            problems.add(name, line, &place, wrong, remedy);
            None
        }
    }
}

/// `nodes.csv` and `edges.csv`.
fn folder(nodes: File<'_>, edges: File<'_>, problems: &mut Problems, warnings: &mut Vec<String>) -> Network {
    let mut network = Network::default();
    let file = nodes.0;
    if let Some(mut sheet) = Sheet::open(file, nodes.1, &["id", "lon", "lat"], &[], problems) {
        warnings.extend(sheet.warning().map(str::to_owned));
        while let Some(row) = sheet.next(problems) {
            let point = point(&row, problems);
            let Some(id) = row.text(0) else {
                row.report("id", "the cell is empty", "give every row an id of its own", problems);
                continue;
            };
            match network.names.add(id) {
                Some(_) => network.points.push(point.unwrap_or_default()),
                None => {
                    let wrong = format!("the id `{}` stands twice", id.escape_debug());
                    row.report("id", wrong, "give every row an id of its own", problems);
                }
            }
            if network.points.len() > MOST_NODES {
                row.report(
                    "-",
                    format!("there are more than {MOST_NODES} nodes"),
                    "cut the network to the city",
                    problems,
                );
                return network;
            }
        }
        if network.points.is_empty() && problems.is_empty() {
            problems.add(file, 1, "-", "there are no rows below the header", "write at least one row");
        }
    }
    read_edges(edges, &mut network, problems, warnings);
    network
}

fn read_edges(edges: File<'_>, network: &mut Network, problems: &mut Problems, warnings: &mut Vec<String>) {
    let (file, text) = edges;
    let further = ["oneway", "steps", "incline"];
    let Some(mut sheet) = Sheet::open(file, text, &["from", "to", "metres"], &further, problems) else { return };
    warnings.extend(sheet.warning().map(str::to_owned));
    let mut rows = 0_usize;
    while let Some(row) = sheet.next(problems) {
        rows += 1;
        let end = |column: usize, problems: &mut Problems| {
            let id = row.must(column, |id| Ok(id.to_owned()), problems)?;
            let found = network.names.find(&id);
            if found.is_none() {
                let wrong = format!("there is no node `{}`", id.escape_debug());
                row.report(row.name(column), wrong, "add it to the nodes, or take the edge away", problems);
            }
            found
        };
        let (from, to) = (end(0, problems), end(1, problems));
        let metres = row.must(2, |text| in_range(text, 0.0, LONGEST_METRES), problems);
        let oneway = row.get(3, flag, problems).unwrap_or(false);
        let steps = row.get(4, flag, problems).unwrap_or(false);
        let slope = row.get(5, |text| in_range(text, -100.0, 100.0), problems).unwrap_or(0.0) as f32 / 100.0;
        if let (Some(from), Some(to), Some(metres)) = (from, to, metres) {
            let kind = Kind { oneway, steps, slope, ..Kind::default() };
            network.edges.push(Edge { from, to, metres, kind });
        }
        if rows > 2 * MOST_NODES {
            row.report(
                "-",
                format!("there are more than {} edges", 2 * MOST_NODES),
                "cut the network to the city",
                problems,
            );
            return;
        }
    }
    if rows == 0 {
        problems.add(file, 1, "-", "there are no rows below the header", "write at least one row");
    }
}

/// `line,lon,lat`: the points of each line one below the other.
fn lines(file: Option<File<'_>>, problems: &mut Problems, warnings: &mut Vec<String>) -> Vec<[Point; 2]> {
    let Some((file, text)) = file else { return Vec::new() };
    let Some(mut sheet) = Sheet::open(file, text, &["line", "lon", "lat"], &[], problems) else { return Vec::new() };
    warnings.extend(sheet.warning().map(str::to_owned));
    let mut pieces = Vec::new();
    let mut last: HashMap<String, Point> = HashMap::new();
    while let Some(row) = sheet.next(problems) {
        let name = row.must(0, |name| Ok(name.to_owned()), problems);
        if let (Some(name), Some(point)) = (name, point(&row, problems)) {
            pieces.extend(last.insert(name, point).map(|before| [before, point]));
        }
    }
    pieces
}

/// Longitude and latitude from the second and third column.
fn point(row: &Row<'_, '_>, problems: &mut Problems) -> Option<Point> {
    let lon = row.must(1, |text| in_range(text, -180.0, 180.0), problems);
    let lat = row.must(2, |text| in_range(text, -90.0, 90.0), problems);
    Some(Point { lon: lon?, lat: lat? })
}

/// A number from one value to another.
fn in_range(text: &str, low: f64, high: f64) -> Result<f64, Wrong> {
    let value = number(text)?;
    if value >= low && value <= high {
        return Ok(value);
    }
    Err(Wrong::new(format!("{value} is not from {low} to {high}"), "correct the number, or its unit"))
}

/// The street of an origin and the people of each group.
type Street = (String, Vec<Option<f64>>);

/// Origins or facilities. `columns`: the size, then what is asked for by name: the street (`by`), and counts.
fn spots(
    (file, text): File<'_>,
    columns: &[&str],
    by: bool,
    problems: &mut Problems,
    warnings: &mut Vec<String>,
) -> (Vec<Spot>, Vec<Street>) {
    let (mut spots, mut streets) = (Vec::new(), Vec::new());
    let mut ids = Ids::default();
    let Some((size, further)) = columns.split_first() else { return (spots, streets) };
    let mut needed = vec!["id", "lon", "lat"];
    needed.extend(further);
    let first = needed.len();
    let Some(mut sheet) = Sheet::open(file, text, &needed, &[size], problems) else { return (spots, streets) };
    warnings.extend(sheet.warning().map(str::to_owned));
    let sized =
        text.lines().next().is_some_and(|header| header.split(',').any(|name| name.trim().trim_matches('"') == *size));
    while let Some(row) = sheet.next(problems) {
        let id = ids.take(&row, 0, problems).map(str::to_owned);
        let point = point(&row, problems);
        let amount = |text: &str| in_range(text, 0.0, LARGEST);
        let size = row.get(first, amount, problems).or((!sized).then_some(1.0));
        let street = (by).then(|| row.text(3).unwrap_or_default().to_owned());
        let from = 3 + usize::from(by);
        let groups: Vec<Option<f64>> = (from..first).map(|column| row.get(column, amount, problems)).collect();
        if let (Some(id), Some(point)) = (id, point) {
            spots.push(Spot { id, point, size });
            if by || !groups.is_empty() {
                streets.push((street.unwrap_or_default(), groups));
            }
        }
    }
    if !sized && problems.is_empty() {
        warnings.push(format!("{file}: there is no column `{size}`: each row counts as 1"));
    }
    ids.some(file, problems);
    (spots, streets)
}
