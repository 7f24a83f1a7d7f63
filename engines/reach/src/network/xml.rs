//! `.osm`: the XML of OpenStreetMap, read twice: first the ways, then the nodes they name.

use super::osm::{Fault, Node, Ways, point, too_large};
use super::tags::{self, Tags};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Most tags of one element that are kept.
const MOST_TAGS: usize = 1_000;
/// Longest value of a tag that is kept.
const LONGEST_TAG: usize = 1_000;

/// The element that is being read.
#[derive(Default)]
struct Element {
    tags: Vec<(String, String)>,
    refs: Vec<i64>,
}

impl Element {
    fn clear(&mut self) {
        self.tags.clear();
        self.refs.clear();
    }

    fn with_tags<T>(&self, use_them: impl FnOnce(&Tags<'_, '_>) -> T) -> T {
        let list: Vec<(&str, &str)> = self.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        use_them(&Tags(&list))
    }
}

/// The ways that are walked.
pub(super) fn ways(text: &str, barriers: bool) -> Result<Ways, Fault> {
    let mut ways = Ways::default();
    let mut element = Element::default();
    let mut inside = false;
    let mut osm = false;
    events(text, |event, line| {
        match event {
            Event::Start(start) | Event::Empty(start) => match start.name().as_ref() {
                "osm" => osm = true,
                "way" => {
                    element.clear();
                    inside = matches!(event, Event::Start(_));
                }
                "nd" if inside => {
                    let id = attribute(start, "ref").and_then(|id| id.parse().ok());
                    let id = id.ok_or_else(|| wrong(line, "nd", "`ref` is no whole number"))?;
                    element.refs.push(id);
                }
                "tag" if inside => tag(start, &mut element),
                _ => {}
            },
            Event::End(end) if end.name().as_ref() == "way" && inside => {
                element.with_tags(|tags| ways.take(tags, &element.refs, barriers));
                inside = false;
                if ways.too_many() {
                    return Err(too_large(line));
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    if osm {
        return Ok(ways);
    }
    Err(Fault::new(
        1,
        "osm",
        "there is no element `osm`",
        "give a file of OpenStreetMap's XML, or one that ends in `.osm.pbf`",
    ))
}

/// The nodes that are wanted; `wanted` is sorted.
pub(super) fn nodes(text: &str, wanted: &[i64]) -> Result<Vec<Node>, Fault> {
    let mut nodes = Vec::new();
    let mut element = Element::default();
    let mut open: Option<Node> = None;
    events(text, |event, line| {
        match event {
            Event::Start(start) | Event::Empty(start) => match start.name().as_ref() {
                "node" => {
                    element.clear();
                    open = node(start, line, wanted)?;
                    if matches!(event, Event::Empty(_)) {
                        nodes.extend(open.take());
                    }
                }
                "tag" if open.is_some() => tag(start, &mut element),
                _ => {}
            },
            Event::End(end) if end.name().as_ref() == "node" => {
                if let Some(node) = open.take() {
                    nodes.push(Node { gate: element.with_tags(tags::node), ..node });
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(nodes)
}

fn node(start: &BytesStart<'_>, line: usize, wanted: &[i64]) -> Result<Option<Node>, Fault> {
    let id = attribute(start, "id").and_then(|id| id.parse::<i64>().ok());
    let id = id.ok_or_else(|| wrong(line, "node", "`id` is no whole number"))?;
    if wanted.binary_search(&id).is_err() {
        return Ok(None);
    }
    let degrees = |name: &str| attribute(start, name).and_then(|text| text.parse::<f64>().ok());
    // A deleted node has no point; it is then missing, like one beyond the edge of the extract.
    let (Some(lon), Some(lat)) = (degrees("lon"), degrees("lat")) else { return Ok(None) };
    let point = point(lon, lat).ok_or_else(|| wrong(line, "node", "`lon` or `lat` lies outside the globe"))?;
    Ok(Some(Node { id, point, gate: tags::Gate::Open }))
}

fn wrong(line: usize, place: &str, what: &str) -> Fault {
    Fault::new(line, place, what, "download the extract again, or write it anew with a tool for OpenStreetMap's files")
}

fn tag(start: &BytesStart<'_>, element: &mut Element) {
    let (Some(key), Some(value)) = (attribute(start, "k"), attribute(start, "v")) else { return };
    if element.tags.len() < MOST_TAGS && key.len() <= LONGEST_TAG && value.len() <= LONGEST_TAG {
        element.tags.push((key, value));
    }
}

/// An attribute with its references resolved; as it stands where they cannot be.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let raw = start.attributes().with_checks(false).flatten().find(|one| one.key.as_ref() == name)?.value;
    Some(quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), std::borrow::Cow::into_owned))
}

/// Shows every event with its line.
fn events<'t>(text: &'t str, mut show: impl FnMut(&Event<'t>, usize) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut reader = Reader::from_str(text);
    let (mut line, mut counted) = (1, 0);
    let mut depth = 0_usize;
    loop {
        let event = reader.read_event();
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        let passed = text.as_bytes().get(counted..at).unwrap_or_default();
        line += passed.iter().filter(|byte| **byte == b'\n').count();
        counted = counted.max(at);
        match event {
            Ok(Event::Eof) if depth == 0 => return Ok(()),
            Ok(Event::Eof) => return Err(wrong(line, "-", "the file ends in the middle")),
            Ok(event) => {
                match &event {
                    Event::Start(_) => depth += 1,
                    Event::End(_) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                show(&event, line)?;
            }
            Err(error) => return Err(wrong(line, "-", &format!("this is no well-formed XML ({error})"))),
        }
    }
}
