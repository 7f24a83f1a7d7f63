//! What can be walked: nodes with their points, and the edges between them, before anyone's pace is known.

mod barriers;
mod join;
mod merge;
pub mod osm;
mod pbf;
mod tags;
mod wire;
mod xml;

pub(crate) use barriers::Barriers;
pub use join::{Parts, WIDEST_GAP, join};
pub use merge::{largest_part, merge};

use crate::earth::Point;
use std::collections::HashMap;

/// Most nodes and most edges of a network: a country's.
pub const MOST_NODES: usize = 50_000_000;
/// Longest edge, in metres.
pub const LONGEST_METRES: f64 = 10_000_000.0;

/// Names of many things in one piece of memory, found by name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    text: String,
    /// Where each name ends in the text.
    ends: Vec<usize>,
    /// Names whose hash is given; two names of one hash stand behind one another in `same`.
    places: HashMap<u64, u32>,
    same: HashMap<u32, u32>,
}

impl Names {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name at a place; empty beyond the last.
    #[must_use]
    pub fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let from = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let to = self.ends.get(index).copied().unwrap_or(from);
        self.text.get(from..to).unwrap_or_default()
    }

    /// Adds a name; `None` when it is there already.
    pub fn add(&mut self, name: &str) -> Option<u32> {
        if self.find(name).is_some() {
            return None;
        }
        let index = u32::try_from(self.ends.len()).ok()?;
        self.text.push_str(name);
        self.ends.push(self.text.len());
        let hash = hash(name);
        if let Some(first) = self.places.get(&hash).copied() {
            let mut last = first;
            while let Some(next) = self.same.get(&last) {
                last = *next;
            }
            self.same.insert(last, index);
        } else {
            self.places.insert(hash, index);
        }
        Some(index)
    }

    /// The place of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<u32> {
        let mut here = self.places.get(&hash(name)).copied()?;
        while self.get(here) != name {
            here = self.same.get(&here).copied()?;
        }
        Some(here)
    }
}

/// FNV-1a with a last mixing; equal hashes are told apart by the names themselves.
fn hash(name: &str) -> u64 {
    let sum = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (sum ^ (sum >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// What an edge is like underfoot.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Kind {
    /// Walked from `from` to `to` only.
    pub oneway: bool,
    /// A flight of steps.
    pub steps: bool,
    /// Steps with a ramp beside them.
    pub ramp: bool,
    /// Too narrow for wheels: a stile, a turnstile.
    pub narrow: bool,
    /// How many steps, 0 when it is not told.
    pub count: u16,
    /// Rise over run from `from` to `to`, 0 when it is not told.
    pub slope: f32,
}

/// A piece of way between two nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Node at which it begins.
    pub from: u32,
    /// Node at which it ends.
    pub to: u32,
    /// Its length.
    pub metres: f64,
    /// What it is like.
    pub kind: Kind,
}

/// Nodes and edges as they were read.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Names of the nodes: ids of `nodes.csv`, or of OpenStreetMap.
    pub names: Names,
    /// Where the nodes are, in the order of their names.
    pub points: Vec<Point>,
    /// What joins them.
    pub edges: Vec<Edge>,
    /// What a straight line must not cross: rivers, railways, walls, as pieces of lines.
    pub barriers: Vec<[Point; 2]>,
    /// What the user must be told of how it was read.
    pub notes: Vec<String>,
}
