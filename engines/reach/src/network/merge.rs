//! Several files of one map as one network, and a network without the islands that extracts leave.

use super::{Edge, Network, Parts};
use std::collections::HashSet;

/// Adds what another file of the same map holds. Nodes of one name are one node and stay where they were first; a piece of
/// way between two nodes that is there already is not added again.
pub fn merge(network: &mut Network, other: &Network) {
    let mut there: HashSet<(u32, u32, u64)> = network.edges.iter().map(key).collect();
    let mut place = Vec::with_capacity(other.points.len());
    for (node, point) in (0_u32..).zip(&other.points) {
        let name = other.names.get(node);
        let known = network.names.find(name).or_else(|| {
            let added = network.names.add(name);
            network.points.extend(added.map(|_| *point));
            added
        });
        place.push(known);
    }
    let of = |node: u32| place.get(node as usize).copied().flatten();
    for edge in &other.edges {
        let (Some(from), Some(to)) = (of(edge.from), of(edge.to)) else { continue };
        let edge = Edge { from, to, ..*edge };
        if there.insert(key(&edge)) {
            network.edges.push(edge);
        }
    }
    network.barriers.extend(&other.barriers);
    network.notes.extend(other.notes.iter().cloned());
}

/// A piece of way as it is told apart: its nodes, whichever way round unless it is one-way, and its length to the decimetre,
/// since there may be two ways between the same nodes.
fn key(edge: &Edge) -> (u32, u32, u64) {
    let (low, high) =
        if edge.kind.oneway { (edge.from, edge.to) } else { (edge.from.min(edge.to), edge.from.max(edge.to)) };
    (low, high, (edge.metres * 10.0).round() as u64)
}

/// The largest part that hangs together, and how many nodes the others had. Where a map was cut, pieces of way remain from
/// which nothing can be reached: a point set on one of them would seem to be cut off.
#[must_use]
pub fn largest_part(network: &Network) -> (Network, usize) {
    let parts = Parts::new(network);
    let mut kept = Network { barriers: network.barriers.clone(), notes: network.notes.clone(), ..Network::default() };
    let mut place = Vec::with_capacity(network.points.len());
    let nodes = (0_u32..).zip(&parts.of).zip(&network.points);
    for ((node, part), point) in nodes {
        let new = if *part == 0 { kept.names.add(network.names.get(node)) } else { None };
        kept.points.extend(new.map(|_| *point));
        place.push(new);
    }
    let of = |node: u32| place.get(node as usize).copied().flatten();
    for edge in &network.edges {
        if let (Some(from), Some(to)) = (of(edge.from), of(edge.to)) {
            kept.edges.push(Edge { from, to, ..*edge });
        }
    }
    let left = network.points.len() - kept.points.len();
    (kept, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::earth::Point;
    use crate::network::Kind;

    fn chain(names: &[&str]) -> Network {
        let mut network = Network::default();
        for (at, name) in names.iter().enumerate() {
            network.names.add(name).unwrap();
            network.points.push(Point { lon: 121.0 + at as f64 / 1000.0, lat: 31.0 });
        }
        for to in 1..names.len() as u32 {
            network.edges.push(Edge { from: to - 1, to, metres: 100.0, kind: Kind::default() });
        }
        network
    }

    #[test]
    fn two_files_of_one_map_meet_at_the_nodes_they_share() {
        let mut network = chain(&["a", "b", "c"]);
        merge(&mut network, &chain(&["b", "c", "d"]));
        assert_eq!((network.points.len(), network.edges.len()), (4, 3), "b–c stands in both files and is one piece");
        let last = network.edges.last().unwrap();
        assert_eq!((network.names.get(last.from), network.names.get(last.to)), ("c", "d"));
        assert_eq!(Parts::new(&network).sizes, vec![4]);
    }

    #[test]
    fn islands_are_left_out() {
        let mut network = chain(&["a", "b", "c"]);
        merge(&mut network, &chain(&["x", "y"]));
        let (kept, left) = largest_part(&network);
        assert_eq!((kept.points.len(), kept.edges.len(), left), (3, 2, 2));
        assert_eq!(kept.names.find("x"), None);
        let (kept, left) = largest_part(&Network::default());
        assert_eq!((kept.points.len(), left), (0, 0));
    }
}
