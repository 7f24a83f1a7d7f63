//! OpenStreetMap to a network: the ways that can be walked, cut at every node.

use super::tags::{self, Gate, Tags};
use super::{Edge, Kind, MOST_NODES, Names, Network, pbf, xml};
use crate::earth::Point;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line, or 1 where there are no lines.
    pub line: usize,
    /// Where in the line or file: a block of a `.pbf`, an element.
    pub place: String,
    /// What is wrong.
    pub wrong: String,
    /// What to do.
    pub remedy: String,
}

impl Fault {
    pub(super) fn new(line: usize, place: impl Into<String>, wrong: impl Into<String>, remedy: &str) -> Self {
        Self { line, place: place.into(), wrong: wrong.into(), remedy: remedy.into() }
    }
}

/// Most references of walked ways to nodes.
const MOST_REFS: usize = MOST_NODES * 2;
/// Most nodes of one way. OpenStreetMap itself allows 2,000.
const MOST_OF_A_WAY: usize = 100_000;

/// Ways of one piece of a file.
#[derive(Debug, Default)]
pub(super) struct Ways {
    walked: Vec<(Kind, u32)>,
    /// The nodes of the walked ways, one behind another.
    refs: Vec<i64>,
    bars: Vec<i64>,
    /// Where each barrier ends in `bars`.
    bar_ends: Vec<u32>,
    /// Ways with a tag `highway`, walked or not.
    highways: u64,
}

impl Ways {
    /// Takes a way if it can be walked or bars the way.
    pub fn take(&mut self, tags: &Tags<'_, '_>, refs: &[i64], barriers: bool) {
        self.highways += u64::from(tags.get("highway").is_some());
        if refs.len() < 2 || refs.len() > MOST_OF_A_WAY {
            return;
        }
        if let Some((kind, against)) = tags::way(tags) {
            self.walked.push((kind, refs.len() as u32));
            if against { self.refs.extend(refs.iter().rev()) } else { self.refs.extend(refs) }
        } else if barriers && tags::bars(tags) {
            self.bars.extend(refs);
            self.bar_ends.push(self.bars.len() as u32);
        }
    }

    /// Adds those of a later piece.
    pub fn append(&mut self, mut other: Self) {
        let before = self.bars.len() as u32;
        self.walked.append(&mut other.walked);
        self.refs.append(&mut other.refs);
        self.bars.append(&mut other.bars);
        self.bar_ends.extend(other.bar_ends.iter().map(|end| end + before));
        self.highways += other.highways;
    }

    /// More than a machine should be asked to hold.
    pub fn too_many(&self) -> bool {
        self.refs.len() + self.bars.len() > MOST_REFS
    }

    /// Every node that is named, once, in order.
    pub fn wanted(&self) -> Vec<i64> {
        let mut wanted: Vec<i64> = self.refs.iter().chain(&self.bars).copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }
}

/// A node that some way names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    pub id: i64,
    pub point: Point,
    pub gate: Gate,
}

/// The fault of a file with more than this program takes.
pub(super) fn too_large(line: usize) -> Fault {
    Fault::new(line, "-", format!("there are more than {MOST_REFS} nodes in ways"), "cut the extract to the city")
}

/// A point, if it is one.
pub(super) fn point(lon: f64, lat: f64) -> Option<Point> {
    (lon.abs() <= 180.0 && lat.abs() <= 90.0).then_some(Point { lon, lat })
}

/// Reads `.osm`. Barriers for straight lines are kept where `barriers` asks for them.
///
/// # Errors
/// When it is no XML of OpenStreetMap.
pub fn read_xml(text: &str, barriers: bool) -> Result<Network, Fault> {
    let ways = xml::ways(text, barriers)?;
    let wanted = ways.wanted();
    let nodes = xml::nodes(text, &wanted)?;
    Ok(assemble(&ways, nodes))
}

/// Reads `.osm.pbf` on so many threads.
///
/// # Errors
/// When it is no such file, is torn, or is compressed in a way that is not read here.
pub fn read_pbf(bytes: &[u8], barriers: bool, threads: usize) -> Result<Network, Fault> {
    let file = pbf::open(bytes)?;
    let ways = pbf::ways(&file, barriers, threads)?;
    let wanted = ways.wanted();
    let nodes = pbf::nodes(&file, &wanted, threads)?;
    Ok(assemble(&ways, nodes))
}

/// Puts ways and nodes together. A piece between two nodes is left out when one of them is not in the file (the extract was cut there)
/// or is shut to walkers.
fn assemble(ways: &Ways, mut nodes: Vec<Node>) -> Network {
    nodes.sort_by_key(|node| node.id);
    nodes.dedup_by_key(|node| node.id);
    let find = |id: i64| nodes.binary_search_by_key(&id, |node| node.id).ok();
    let mut network = Network::default();
    let mut place = vec![u32::MAX; nodes.len()];
    let (mut missing, mut shut, mut rest) = (0_u64, 0_u64, ways.refs.as_slice());
    for (kind, count) in &ways.walked {
        let (refs, after) = rest.split_at((*count as usize).min(rest.len()));
        rest = after;
        let found: Vec<Option<usize>> = refs.iter().map(|id| find(*id)).collect();
        missing += found.iter().filter(|one| one.is_none()).count() as u64;
        let pieces: Vec<(usize, usize)> =
            found.windows(2).filter_map(|pair| Some((pair.first().copied()??, pair.last().copied()??))).collect();
        let long = |(a, b): &(usize, usize)| match (nodes.get(*a), nodes.get(*b)) {
            (Some(a), Some(b)) => a.point.metres_to(b.point),
            _ => 0.0,
        };
        let whole: f64 = pieces.iter().map(long).sum();
        for piece in pieces.iter().filter(|(a, b)| a != b) {
            let gates = [piece.0, piece.1].map(|at| nodes.get(at).map_or(Gate::Open, |node| node.gate));
            if gates.contains(&Gate::Shut) {
                shut += 1;
                continue;
            }
            let metres = long(piece);
            let share = if whole > 0.0 { metres / whole } else { 0.0 };
            let count = (f64::from(kind.count) * share).round() as u16;
            let kind = Kind { narrow: gates.contains(&Gate::Narrow), count, ..*kind };
            let mut name = |at: usize| name(&mut network.names, &mut network.points, &mut place, &nodes, at);
            let (from, to) = (name(piece.0), name(piece.1));
            network.edges.push(Edge { from, to, metres, kind });
        }
    }
    let mut from = 0;
    for end in &ways.bar_ends {
        let line = ways.bars.get(from..*end as usize).unwrap_or_default();
        from = *end as usize;
        let points: Vec<Point> = line.iter().filter_map(|id| nodes.get(find(*id)?).map(|node| node.point)).collect();
        network.barriers.extend(points.windows(2).filter_map(|pair| Some([*pair.first()?, *pair.last()?])));
    }
    if missing > 0 {
        network.notes.push(format!(
            "{missing} nodes of walked ways are not in the file: the ways end where the extract was cut"
        ));
    }
    if shut > 0 {
        network
            .notes
            .push(format!("{shut} pieces of way are left out because a gate or wall on them is shut to walkers"));
    }
    network
}

/// Place of a node in the network; it gets one when it is first used.
fn name(names: &mut Names, points: &mut Vec<Point>, place: &mut [u32], nodes: &[Node], at: usize) -> u32 {
    let (Some(slot), Some(node)) = (place.get_mut(at), nodes.get(at)) else { return 0 };
    if *slot == u32::MAX {
        *slot = points.len() as u32;
        points.push(node.point);
        names.add(&node.id.to_string());
    }
    *slot
}
