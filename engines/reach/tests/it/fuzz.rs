//! Torn and altered files: refused or answered, never a crash, never without end.

use crate::generate::Chance;
use crate::osm::{SAMPLE, pbf};
use crate::{path, rounds};
use reach::files::{Files, More, Net, Options, check, run};
use reach::network::osm::{read_pbf, read_xml};

/// Cuts, doubles, swaps and rewrites bytes.
fn altered(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + chance.below(6) {
        if bytes.is_empty() {
            return bytes;
        }
        let at = chance.below(bytes.len() as u64) as usize;
        let to = at + chance.below((bytes.len() - at) as u64 + 1).min(40) as usize;
        match chance.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..to)),
            2 => {
                let piece = bytes[at..to].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => bytes[at] = chance.below(256) as u8,
            4 => bytes[at] ^= 1 << chance.below(8),
            5 => bytes[at] = b"\",\n<>&;-.e9/="[chance.below(13) as usize],
            6 => {
                let word: &[u8] =
                    [&b"nan"[..], b"1e308", b"-1", b"99999999999999999999", b"\xff\xfe", b""][chance.below(6) as usize];
                bytes.splice(at..at, word.iter().copied());
            }
            _ => bytes[at] = [0, 0x7f, 0x80, 0xff][chance.below(4) as usize],
        }
    }
    bytes
}

#[test]
fn tables() {
    let read = |name: &str| std::fs::read(path("docs/engines/reach").join(name)).unwrap();
    let good = ["network/nodes.csv", "network/edges.csv", "origins.csv", "facilities.csv", "answer.csv"].map(read);
    let options = Options {
        straight: true,
        gaussian: true,
        join_metres: 300.0,
        more: vec![More::Nearest(2), More::Pairs, More::Facilities, More::Coverage, More::Isochrones],
        ..Options::default()
    };
    let mut answered = 0;
    for seed in 0..rounds(300) {
        let mut chance = Chance(seed);
        let which = chance.below(5) as usize;
        let texts: Vec<String> = (0..)
            .zip(&good)
            .map(|(at, bytes)| {
                let bytes = if at == which { altered(bytes, &mut chance) } else { bytes.clone() };
                String::from_utf8_lossy(&bytes).into_owned()
            })
            .collect();
        let river = format!("line,lon,lat\n{}", texts[2].lines().skip(1).collect::<Vec<_>>().join("\n"));
        let files = Files {
            network: Net::Folder { nodes: ("n", &texts[0]), edges: ("e", &texts[1]) },
            origins: ("o", &texts[2]),
            facilities: ("f", &texts[3]),
            barriers: chance.once_in(2).then_some(("b", river.as_str())),
            options: &options,
        };
        match run(&files, &|| 0.0) {
            Ok(made) => {
                answered += 1;
                assert!(made.done.output.lines().count() > 1);
                let found = check(&files, ("answer", &made.done.output)).unwrap();
                assert!(found.is_empty(), "seed {seed}: {found:?}");
            }
            Err(problems) => assert!(!problems.is_empty()),
        }
        let _ = check(&files, ("answer", &texts[4]));
    }
    assert!(answered > 20);
    crate::memory::stays_modest();
}

#[test]
fn maps_as_text() {
    for seed in 0..rounds(1_500) {
        let bytes = altered(SAMPLE.as_bytes(), &mut Chance(seed));
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(network) = read_xml(&text, true) {
            assert!(network.edges.iter().all(|edge| edge.metres.is_finite()));
        }
    }
    crate::memory::stays_modest();
}

#[test]
fn maps_as_bytes() {
    let (mut read, many) = (0, rounds(3_000));
    for seed in 0..many {
        let mut chance = Chance(seed);
        let good = pbf(chance.once_in(2), chance.once_in(2));
        if let Ok(network) = read_pbf(&altered(&good, &mut chance), true, 1) {
            read += 1;
            assert!(network.edges.iter().all(|edge| edge.metres.is_finite()));
        }
    }
    assert!(read > many / 100, "{read}");
    crate::memory::stays_modest();
}
