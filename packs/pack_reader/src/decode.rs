//! From a tree to a typed value through serde, with every fault found and not only the first:
//! after each fault the tree is mended (a key taken away, a stand-in put in) and read again.

mod deserializer;
mod fault;

use serde::Deserialize;

pub(crate) use fault::{Fault, Kind};

use crate::tree::{Data, Entry, Node, Step};
use deserializer::Reader;

/// What came of reading one value.
pub(crate) struct Decoded<T> {
    /// The value, when it is whole (unknown keys beside it do not hurt).
    pub value: Option<T>,
    /// Every fault found.
    pub faults: Vec<Fault>,
}

/// A bound against a tree that could not be mended; far above what any real element has.
const MOST_FAULTS: usize = 200;

/// Reads one value and finds all its faults.
pub(crate) fn decode<'de, T: Deserialize<'de>>(node: &Node) -> Decoded<T> {
    let mut tree = node.clone();
    let mut faults = Vec::new();
    let mut whole = true;
    for _ in 0..MOST_FAULTS {
        match T::deserialize(Reader::new(&tree)) {
            Ok(value) => return Decoded { value: whole.then_some(value), faults },
            Err(fault) => {
                whole &= matches!(fault.kind, Kind::UnknownKey { .. });
                if !mend(&mut tree, fault, &mut faults) {
                    break;
                }
            }
        }
    }
    Decoded { value: None, faults }
}

/// Notes the fault and changes the tree so that the next reading gets past it. False when there is no way past.
fn mend(tree: &mut Node, fault: Fault, faults: &mut Vec<Fault>) -> bool {
    let mended = match &fault.kind {
        Kind::UnknownKey { .. } => remove(tree, &fault.path),
        Kind::Missing { key } => insert_stand_in(tree, &fault.path, key),
        Kind::WrongType { .. } | Kind::UnknownWord { .. } | Kind::Other { .. } => {
            return stand_in(tree, fault, faults);
        }
    };
    faults.push(fault);
    mended
}

fn remove(tree: &mut Node, path: &[Step]) -> bool {
    let Some((Step::Key(key), parent)) = path.split_last() else { return false };
    match tree.at_path_mut(parent).map(|node| &mut node.data) {
        Some(Data::Table(entries)) => entries.remove(key).is_some(),
        _ => false,
    }
}

fn insert_stand_in(tree: &mut Node, table: &[Step], key: &str) -> bool {
    let Some(node) = tree.at_path_mut(table) else { return false };
    let at = node.at;
    let Data::Table(entries) = &mut node.data else { return false };
    let entry = Entry { key_at: at, node: Node { at, data: Data::StandIn(0) } };
    entries.insert(key.to_owned(), entry).is_none()
}

/// Puts a stand-in for a wrong value. A stand-in that is itself refused takes its other form, unreported; then we give up.
fn stand_in(tree: &mut Node, fault: Fault, faults: &mut Vec<Fault>) -> bool {
    // The place may lie inside a stand-in: then the stand-in is what to change.
    for length in (0..=fault.path.len()).rev() {
        let Some(node) = fault.path.get(..length).and_then(|path| tree.at_path_mut(path)) else { continue };
        return match node.data {
            Data::StandIn(form) if form < 3 => {
                node.data = Data::StandIn(form + 1);
                true
            }
            Data::StandIn(_) => false,
            _ => {
                node.data = Data::StandIn(0);
                faults.push(fault);
                true
            }
        };
    }
    false
}
