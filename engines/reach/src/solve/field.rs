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

/// Nodes that are searched together, so that what the search touches fits in a processor's own cache.
const PIECE: usize = 16_384;

/// A node and a label for it that may be better than its own.
type News = (u32, u64);

/// The label of every node, from scratch. Neighbouring nodes are searched in pieces, pieces are shared out to the threads, and what
/// crosses a border is handed over until nothing improves. The least label of every node is unique, so neither can be seen in it.
pub(crate) fn spread(graph: &Graph, seeds: &[News], threads: usize) -> Vec<u64> {
    let mut labels = vec![NONE; graph.len()];
    let threads = threads.clamp(1, graph.len() / WORTH_A_THREAD + 1);
    let size = graph.len().div_ceil(threads).next_multiple_of(PIECE);
    let half = &graph.inward;
    let mut inboxes = hand_out(seeds, threads, size, 0).0;
    let mut queues: Vec<Queue> = (0..threads).map(|_| queue(graph)).collect();
    while inboxes.iter().any(|inbox| !inbox.is_empty()) {
        let work = labels.chunks_mut(size).zip(&mut queues).zip(&inboxes).zip((0..).step_by(size));
        let outboxes: Vec<Vec<News>> = if threads == 1 {
            work.map(|(((labels, queue), inbox), from)| region(half, labels, from, queue, inbox)).collect()
        } else {
            std::thread::scope(|scope| {
                let running: Vec<_> = work
                    .map(|(((labels, queue), inbox), from)| {
                        scope.spawn(move || region(half, labels, from, queue, inbox))
                    })
                    .collect();
                running.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
            })
        };
        inboxes = hand_out(&outboxes.concat(), threads, size, 0).0;
    }
    labels
}

/// News by the piece that they concern, pieces of `size` nodes from `from` on; and those that concern none of them.
fn hand_out(news: &[News], pieces: usize, size: usize, from: usize) -> (Vec<Vec<News>>, Vec<News>) {
    let (mut inboxes, mut rest) = (vec![Vec::new(); pieces], Vec::new());
    for one in news {
        let place = (one.0 as usize).checked_sub(from).and_then(|at| inboxes.get_mut(at / size));
        place.unwrap_or(&mut rest).push(*one);
    }
    (inboxes, rest)
}

/// Improves the labels of one thread's nodes piece by piece until nothing improves; gives what concerns other nodes.
fn region(half: &Half, labels: &mut [u64], from: usize, queue: &mut Queue, inbox: &[News]) -> Vec<News> {
    let (mut inboxes, mut outbox) = hand_out(inbox, labels.len().div_ceil(PIECE), PIECE, from);
    while inboxes.iter().any(|inbox| !inbox.is_empty()) {
        for at in 0..inboxes.len() {
            let inbox = inboxes.get_mut(at).map(std::mem::take).unwrap_or_default();
            let Some(own) = labels.chunks_mut(PIECE).nth(at).filter(|_| !inbox.is_empty()) else { continue };
            for news in piece(half, own, from + at * PIECE, queue, &inbox) {
                let place = (news.0 as usize).checked_sub(from).and_then(|at| inboxes.get_mut(at / PIECE));
                place.unwrap_or(&mut outbox).push(news);
            }
        }
    }
    outbox
}

/// Improves the labels of the nodes from `from` on by what came in; gives what concerns other nodes.
pub(crate) fn piece(half: &Half, labels: &mut [u64], from: usize, queue: &mut Queue, inbox: &[News]) -> Vec<News> {
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
