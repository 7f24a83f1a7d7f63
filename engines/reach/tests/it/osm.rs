//! OpenStreetMap files: what is walked, the binary form against the text, and what is refused.

use flate2::{Compression, write::ZlibEncoder};
use reach::network::osm::{read_pbf, read_xml};
use reach::network::{Parts, join};
use reach::{Ground, Network, Pace, Problem, Settings, Spot, pace, solve};
use std::io::Write as _;

/// A street, a stairway beside it, a gated yard, a wall with a hole, a river, and a way that leaves the extract.
pub const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="31.2900000" lon="121.5000000"/>
 <node id="2" lat="31.2910000" lon="121.5000000"><tag k="barrier" v="bollard"/></node>
 <node id="3" lat="31.2920000" lon="121.5000000"/>
 <node id="4" lat="31.2920000" lon="121.5010000"><tag k="barrier" v="gate"/><tag k="access" v="private"/></node>
 <node id="5" lat="31.2920000" lon="121.5020000"/>
 <node id="6" lat="31.2900000" lon="121.5010000"/>
 <node id="7" lat="31.2905000" lon="121.5003000"><tag k="barrier" v="turnstile"/></node>
 <node id="8" lat="31.2915000" lon="121.4990000"/>
 <node id="9" lat="31.2915000" lon="121.5030000"/>
 <node id="10" lat="31.3500000" lon="121.5000000"/>
 <way id="100"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="A &amp; B"/><tag k="oneway" v="yes"/></way>
 <way id="101"><nd ref="3"/><nd ref="4"/><nd ref="5"/><tag k="highway" v="service"/></way>
 <way id="102"><nd ref="6"/><nd ref="1"/><tag k="highway" v="steps"/><tag k="step_count" v="10"/></way>
 <way id="103"><nd ref="1"/><nd ref="5"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
 <way id="104"><nd ref="1"/><nd ref="7"/><nd ref="2"/><tag k="highway" v="footway"/></way>
 <way id="105"><nd ref="8"/><nd ref="9"/><tag k="waterway" v="river"/></way>
 <way id="106"><nd ref="3"/><nd ref="999"/><tag k="highway" v="path"/><tag k="incline" v="10%"/></way>
 <way id="107"><nd ref="10"/><nd ref="1"/><tag k="building" v="yes"/></way>
</osm>
"#;

fn edges(network: &Network) -> Vec<(String, String, i64, bool, bool, u16)> {
    let name = |node: u32| network.names.get(node).to_owned();
    let edge = |edge: &reach::Edge| {
        let kind = edge.kind;
        (name(edge.from), name(edge.to), edge.metres.round() as i64, kind.steps, kind.narrow, kind.count)
    };
    network.edges.iter().map(edge).collect()
}

#[test]
fn what_is_walked() {
    let network = read_xml(SAMPLE, true).unwrap();
    let edge =
        |from: &str, to: &str, metres, steps, narrow, count| (from.into(), to.into(), metres, steps, narrow, count);
    assert_eq!(
        edges(&network),
        [
            edge("1", "2", 111, false, false, 0),
            edge("2", "3", 111, false, false, 0),
            edge("6", "1", 95, true, false, 10),
            edge("1", "7", 62, false, true, 0),
            edge("7", "2", 62, false, true, 0),
        ]
    );
    assert!(network.edges.iter().all(|edge| !edge.kind.oneway));
    assert_eq!(network.barriers.len(), 1);
    assert_eq!(network.notes.len(), 2, "{:?}", network.notes);
    assert!(read_xml(SAMPLE, false).unwrap().barriers.is_empty());
}

/// Seven bits a byte.
fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn signed(number: i64, out: &mut Vec<u8>) {
    varint(((number << 1) ^ (number >> 63)) as u64, out);
}

fn field(number: u64, bytes: &[u8], out: &mut Vec<u8>) {
    varint(number << 3 | 2, out);
    varint(bytes.len() as u64, out);
    out.extend(bytes);
}

fn block(kind: &str, data: &[u8], packed: bool, out: &mut Vec<u8>) {
    let mut blob = Vec::new();
    if packed {
        varint(2 << 3, &mut blob);
        varint(data.len() as u64, &mut blob);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let written = zlib.write_all(data).and_then(|()| zlib.finish());
        field(3, &written.unwrap_or_default(), &mut blob);
    } else {
        field(1, data, &mut blob);
    }
    let mut header = Vec::new();
    field(1, kind.as_bytes(), &mut header);
    varint(3 << 3, &mut header);
    varint(blob.len() as u64, &mut header);
    out.extend((header.len() as u32).to_be_bytes());
    out.extend(header);
    out.extend(blob);
}

/// A node: id, latitude and longitude in units of 10⁻⁷ degrees, tags as places of texts.
type RawNode = (i64, i64, i64, Vec<(u64, u64)>);
/// A way: id, nodes, tags.
type RawWay = (i64, Vec<i64>, Vec<(u64, u64)>);

/// The sample taken apart: its texts, nodes and ways.
fn raw() -> (Vec<&'static str>, Vec<RawNode>, Vec<RawWay>) {
    let mut texts: Vec<&str> = vec![""];
    let (mut nodes, mut ways) = (Vec::new(), Vec::new());
    let value = |line: &'static str, name: &str| -> &'static str {
        let begin = format!(" {name}=\"");
        line.split(begin.as_str()).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    };
    let mut text = |value: &'static str| -> u64 {
        let at = texts.iter().position(|one| *one == value).unwrap_or(texts.len());
        if at == texts.len() {
            texts.push(value);
        }
        at as u64
    };
    for line in SAMPLE.lines() {
        let tags: Vec<(u64, u64)> =
            line.split("<tag").skip(1).map(|tag| (text(value(tag, "k")), text(value(tag, "v")))).collect();
        let Ok(id) = value(line, "id").parse::<i64>() else { continue };
        let degree = |name| (value(line, name).parse::<f64>().unwrap_or(f64::NAN) * 1e7).round() as i64;
        if line.trim().starts_with("<node") {
            nodes.push((id, degree("lat"), degree("lon"), tags));
        } else {
            let refs = line.split("<nd").skip(1).filter_map(|nd| value(nd, "ref").parse().ok()).collect();
            ways.push((id, refs, tags));
        }
    }
    (texts, nodes, ways)
}

/// Nodes in one dense message.
fn dense_nodes(nodes: &[RawNode], group: &mut Vec<u8>) {
    let mut lists = [const { Vec::new() }; 4];
    let mut last = (0, 0, 0);
    for (id, lat, lon, tags) in nodes {
        signed(id - last.0, &mut lists[0]);
        signed(lat - last.1, &mut lists[1]);
        signed(lon - last.2, &mut lists[2]);
        last = (*id, *lat, *lon);
        for (key, value) in tags {
            varint(*key, &mut lists[3]);
            varint(*value, &mut lists[3]);
        }
        lists[3].push(0);
    }
    let mut all = Vec::new();
    for (number, list) in [1, 8, 9, 10].into_iter().zip(&lists) {
        field(number, list, &mut all);
    }
    field(2, &all, group);
}

/// Nodes one by one.
fn plain_nodes(nodes: &[RawNode], group: &mut Vec<u8>) {
    for (id, lat, lon, tags) in nodes {
        let mut node = Vec::new();
        for (number, value) in [(1, *id), (8, *lat), (9, *lon)] {
            varint(number << 3, &mut node);
            signed(value, &mut node);
        }
        lists(tags, &mut node);
        field(1, &node, group);
    }
}

/// The sample in the binary form; nodes packed densely or one by one.
pub fn pbf(dense: bool, packed: bool) -> Vec<u8> {
    let (texts, nodes, ways) = raw();
    let mut group = Vec::new();
    if dense {
        dense_nodes(&nodes, &mut group)
    } else {
        plain_nodes(&nodes, &mut group)
    }
    for (id, refs, tags) in &ways {
        let mut way = Vec::new();
        varint(1 << 3, &mut way);
        varint(*id as u64, &mut way);
        lists(tags, &mut way);
        let (mut deltas, mut last) = (Vec::new(), 0);
        for id in refs {
            signed(id - last, &mut deltas);
            last = *id;
        }
        field(8, &deltas, &mut way);
        field(3, &way, &mut group);
    }
    let (mut table, mut data) = (Vec::new(), Vec::new());
    texts.iter().for_each(|text| field(1, text.as_bytes(), &mut table));
    field(1, &table, &mut data);
    field(2, &group, &mut data);
    let (mut file, mut head) = (Vec::new(), Vec::new());
    field(4, b"OsmSchema-V0.6", &mut head);
    field(4, b"DenseNodes", &mut head);
    block("OSMHeader", &head, packed, &mut file);
    block("OSMData", &data, packed, &mut file);
    file
}

fn lists(tags: &[(u64, u64)], out: &mut Vec<u8>) {
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (key, value) in tags {
        varint(*key, &mut keys);
        varint(*value, &mut values);
    }
    field(2, &keys, out);
    field(3, &values, out);
}

#[test]
fn the_binary_form_says_the_same() {
    let text = read_xml(SAMPLE, true).unwrap();
    for (dense, packed) in [(true, true), (true, false), (false, true), (false, false)] {
        let binary = read_pbf(&pbf(dense, packed), true, 2).unwrap();
        assert_eq!(edges(&binary), edges(&text));
        assert_eq!((&binary.points, &binary.barriers, &binary.notes), (&text.points, &text.barriers, &text.notes));
    }
}

#[test]
fn what_is_refused_says_why() {
    let refused = |bytes: &[u8]| read_pbf(bytes, false, 1).unwrap_err();
    let good = pbf(true, true);
    assert!(refused(b"").wrong.contains("no `.osm.pbf`"));
    assert!(refused(b"<?xml version=\"1.0\"?><osm/>").wrong.contains("no `.osm.pbf`"));
    assert!(refused(&good[..good.len() - 7]).wrong.contains("ends in the middle"));
    let mut history = Vec::new();
    let mut head = Vec::new();
    field(4, b"HistoricalInformation", &mut head);
    block("OSMHeader", &head, true, &mut history);
    assert!(refused(&history).wrong.contains("HistoricalInformation"));
    // A block that says it is small and grows without end.
    let mut bomb = Vec::new();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(&vec![0; 60 << 20]).unwrap();
    let packed = zlib.finish().unwrap();
    for told in [1_000, 60 << 20, u64::MAX] {
        let mut blob = Vec::new();
        varint(2 << 3, &mut blob);
        varint(told, &mut blob);
        field(3, &packed, &mut blob);
        let mut header = Vec::new();
        field(1, b"OSMHeader", &mut header);
        varint(3 << 3, &mut header);
        varint(blob.len() as u64, &mut header);
        bomb.clear();
        bomb.extend((header.len() as u32).to_be_bytes());
        bomb.extend(header);
        bomb.extend(blob);
        assert!(!refused(&bomb).wrong.is_empty());
    }
    let xml = |text: &str| read_xml(text, false).unwrap_err();
    assert!(xml("").wrong.contains("no element `osm`"));
    assert!(xml("id,lon,lat\n1,2,3\n").wrong.contains("no element `osm`"));
    assert_eq!(xml("<osm>\n<node id=\"1\"\n").line, 3);
    assert_eq!(xml("<osm>\n\n<way id=\"1\"><nd ref=\"x\"/></way></osm>").line, 3);
    assert!(read_xml("<osm/>", false).unwrap().points.is_empty());
}

/// Small files that would fill the memory of their reader: refused before anything is unpacked.
#[test]
fn bombs_are_refused() {
    let bomb = |way: usize, texts: usize, blocks: usize| {
        let (mut table, mut walk, mut group, mut data, mut file) = (vec![], vec![], vec![], vec![], vec![]);
        ["", "highway", "footway"].iter().for_each(|text| field(1, text.as_bytes(), &mut table));
        (0..texts).for_each(|_| field(1, b"", &mut table));
        lists(&[(1, 2)], &mut walk);
        field(8, &vec![0; way], &mut walk);
        field(3, &walk, &mut group);
        field(1, &table, &mut data);
        field(2, &group, &mut data);
        block("OSMHeader", &[], true, &mut file);
        (0..blocks).for_each(|_| block("OSMData", &data, true, &mut file));
        file
    };
    assert!(read_pbf(&bomb(10, 10, 10), false, 2).is_ok());
    for (way, texts, blocks) in [(30 << 20, 0, 1), (90_000, 0, 500), (0, 15_000_000, 1)] {
        let file = bomb(way, texts, blocks);
        assert!(file.len() < 300_000);
        assert!(read_pbf(&file, false, 2).unwrap_err().wrong.contains("tighter than any map"));
    }
}

#[test]
fn walkers_gates_and_rivers() {
    let mut network = read_xml(SAMPLE, true).unwrap();
    assert_eq!(Parts::new(&network).sizes, [5]);
    assert!(join(&mut network, 100.0).is_empty(), "there is one part only");
    let ask = |profile, from: (&str, f64, f64)| {
        let ground = Ground::new(&network, Pace { profile, speed_mps: None });
        let spot = |(id, lon, lat): (&str, f64, f64)| {
            vec![Spot { id: id.into(), point: reach::Point { lon, lat }, size: Some(1.0) }]
        };
        let problem = Problem::new(&ground, spot(from), spot(("3", 121.5, 31.292)), Settings::default()).unwrap();
        solve(&problem).rows[0].seconds
    };
    let flat = 222.39;
    // From the foot of the steps: an elder climbs, a pushchair suffers, a wheelchair stays.
    let foot = ("6", 121.501, 31.29);
    assert!((ask(pace::ELDER, foot) - (flat + 2.5 * 95.01) / 0.9).abs() < 0.2);
    assert!((ask(pace::PUSHCHAIR, foot) - (flat + 10.0 * 95.01)).abs() < 0.5);
    assert!(ask(pace::WHEELCHAIR, foot).is_nan());
    // A house north of the river is set on the node north of it, though one to the south is nearer.
    assert!((ask(pace::ADULT, ("house", 121.5, 31.29151)) - 0.0).abs() < 1e-9);
}
