//! From many places at once: for every node the nearest of them.

use super::queue::Queue;
use crate::graph::{COST_BITS, Graph, Half};

/// Nobody comes here.
pub(crate) const NONE: u64 = u64::MAX;
const FACILITY_BITS: u32 = 64 - COST_BITS;
/// Below so many nodes a second thread costs more than it saves.
const WORTH_A_THREAD: usize = 20_000;

/// A cost and the facility from which it is counted in one word, ordered by cost and then by facility.
pub(crate) fn label(cost: u64, facility: u32) -> u64 {
    (cost << FACILITY_BITS) | u64::from(facility)
}

/// The cost of a label.
pub(crate) fn cost_of(label: u64) -> u64 {
    label >> FACILITY_BITS
}

/// The facility of a label.
pub(crate) fn facility_of(label: u64) -> u32 {
    (label & ((1 << FACILITY_BITS) - 1)) as u32
}

/// A queue for labels of a graph.
pub(crate) fn queue(graph: &Graph) -> Queue {
    Queue::new(graph.stride.ilog2() + FACILITY_BITS)
}

/// The label of every node, from scratch. The nodes are cut into as many pieces as there are threads, each keeps its own labels, and what
/// crosses a cut is handed over until nothing improves. The least label of every node is unique, so the pieces cannot be seen in it.
pub(crate) fn spread(graph: &Graph, seeds: &[(u32, u64)], threads: usize) -> Vec<u64> {
    let mut labels = vec![NONE; graph.len()];
    let threads = threads.clamp(1, graph.len() / WORTH_A_THREAD + 1);
    let size = graph.len().div_ceil(threads).max(1);
    let mut inboxes: Vec<Vec<(u32, u64)>> = vec![Vec::new(); threads];
    let hand_out = |inboxes: &mut Vec<Vec<(u32, u64)>>, news: &[(u32, u64)]| {
        for (node, label) in news {
            if let Some(inbox) = inboxes.get_mut(*node as usize / size) {
                inbox.push((*node, *label));
            }
        }
    };
    hand_out(&mut inboxes, seeds);
    let mut queues: Vec<Queue> = (0..threads).map(|_| queue(graph)).collect();
    while inboxes.iter().any(|inbox| !inbox.is_empty()) {
        let work = labels.chunks_mut(size).zip(&mut queues).zip(std::mem::take(&mut inboxes)).zip((0..).step_by(size));
        let outboxes: Vec<Vec<(u32, u64)>> = if threads == 1 {
            work.map(|(((labels, queue), inbox), from)| piece(&graph.inward, labels, from, queue, &inbox)).collect()
        } else {
            std::thread::scope(|scope| {
                let running: Vec<_> = work
                    .map(|(((labels, queue), inbox), from)| {
                        scope.spawn(move || piece(&graph.inward, labels, from, queue, &inbox))
                    })
                    .collect();
                running.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
            })
        };
        inboxes = vec![Vec::new(); threads];
        outboxes.iter().for_each(|outbox| hand_out(&mut inboxes, outbox));
    }
    labels
}

/// Improves the labels of the nodes from `from` on by what came in; gives what concerns other nodes.
pub(crate) fn piece(
    half: &Half,
    labels: &mut [u64],
    from: usize,
    queue: &mut Queue,
    inbox: &[(u32, u64)],
) -> Vec<(u32, u64)> {
    let mut outbox = Vec::new();
    queue.begin(inbox.iter().map(|(_, label)| *label).min().unwrap_or(0));
    for (node, label) in inbox {
        if let Some(known) = labels.get_mut((*node as usize).wrapping_sub(from)).filter(|known| label < *known) {
            *known = *label;
            queue.push(*label, *node);
        }
    }
    let most = 4 * labels.len() + 1_024;
    let mut served = 0;
    while let Some((label, node)) = queue.pop() {
        if labels.get((node as usize).wrapping_sub(from)) != Some(&label) {
            continue;
        }
        served += 1;
        if served > most {
            queue.harden();
        }
        for arc in half.of(node) {
            let better = label + (half.cost(arc) << FACILITY_BITS);
            match labels.get_mut((arc.head as usize).wrapping_sub(from)) {
                Some(known) if better < *known => {
                    *known = better;
                    queue.push(better, arc.head);
                }
                Some(_) => {}
                None => outbox.push((arc.head, better)),
            }
        }
    }
    outbox
}
