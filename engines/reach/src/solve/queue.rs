//! A queue that gives the smallest keys first, nearly: a ring of buckets, with a heap for what lies beyond it and for input on which
//! buckets would work badly.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Buckets of the ring.
const SLOTS: usize = 1 << 10;
/// Words of the map of buckets that hold something.
const WORDS: usize = SLOTS / 64;

/// Keys with nodes. Within a bucket the last come is the first served, so a node may be served before its key is final and is then
/// pushed again: the result is the same. [`Queue::harden`] turns it into a heap, in which no node is served twice in vain.
#[derive(Debug)]
pub(crate) struct Queue {
    slots: Vec<Vec<(u64, u32)>>,
    used: [u64; WORDS],
    /// Bits of a key below its bucket's number.
    shift: u32,
    /// Number of the bucket that is served.
    bucket: u64,
    /// Entries in the ring.
    held: usize,
    /// Entries beyond the ring, or all of them once hardened.
    later: BinaryHeap<Reverse<(u64, u32)>>,
    hard: bool,
}

impl Queue {
    /// An empty queue; keys within `2^shift` of one another share a bucket.
    pub fn new(shift: u32) -> Self {
        Self {
            slots: vec![Vec::new(); SLOTS],
            used: [0; WORDS],
            shift: shift.min(63),
            bucket: 0,
            held: 0,
            later: BinaryHeap::new(),
            hard: false,
        }
    }

    /// Begins anew at a smallest key; the queue must be empty.
    pub fn begin(&mut self, key: u64) {
        self.bucket = key >> self.shift;
        self.hard = false;
    }

    /// Adds an entry whose key is not below the bucket that is served.
    pub fn push(&mut self, key: u64, node: u32) {
        let bucket = key >> self.shift;
        if !self.hard && bucket.wrapping_sub(self.bucket) < SLOTS as u64 {
            self.store(bucket, key, node);
        } else {
            self.later.push(Reverse((key, node)));
        }
    }

    fn store(&mut self, bucket: u64, key: u64, node: u32) {
        let slot = (bucket % SLOTS as u64) as usize;
        if let Some(entries) = self.slots.get_mut(slot) {
            entries.push((key, node));
            self.held += 1;
            self.used.iter_mut().skip(slot / 64).take(1).for_each(|word| *word |= 1 << (slot % 64));
        }
    }

    /// Takes an entry with a key of the smallest bucket.
    pub fn pop(&mut self) -> Option<(u64, u32)> {
        loop {
            if self.held == 0 {
                let Reverse((key, node)) = self.later.pop()?;
                self.bucket = self.bucket.max(key >> self.shift);
                return Some((key, node));
            }
            let slot = (self.bucket % SLOTS as u64) as usize;
            if let Some(entry) = self.slots.get_mut(slot).and_then(Vec::pop) {
                self.held -= 1;
                return Some(entry);
            }
            self.used.iter_mut().skip(slot / 64).take(1).for_each(|word| *word &= !(1 << (slot % 64)));
            self.advance(slot);
        }
    }

    /// Goes on to the next bucket that holds something, in the ring or beyond it.
    fn advance(&mut self, slot: usize) {
        let mut ahead = 1;
        while ahead < SLOTS {
            let next = (slot + ahead) % SLOTS;
            let word = self.used.get(next / 64).copied().unwrap_or(0) >> (next % 64);
            if word != 0 {
                ahead += word.trailing_zeros() as usize;
                break;
            }
            ahead += 64 - next % 64;
        }
        self.bucket += ahead as u64;
        // What lay beyond the ring comes before the ring's next bucket, or is in reach of it now.
        while let Some(Reverse((key, node))) = self.later.peek().copied() {
            let bucket = key >> self.shift;
            if bucket < self.bucket {
                self.bucket = bucket;
            } else if bucket - self.bucket >= SLOTS as u64 / 2 {
                break;
            }
            self.later.pop();
            self.store(bucket, key, node);
        }
    }

    /// No key below this one will be served any more.
    pub fn floor(&self) -> u64 {
        if self.hard { self.later.peek().map_or(0, |Reverse((key, _))| *key) } else { self.bucket << self.shift }
    }

    /// Makes it a heap from now on, until it begins anew.
    pub fn harden(&mut self) {
        if self.hard {
            return;
        }
        self.hard = true;
        for entries in &mut self.slots {
            self.later.extend(entries.drain(..).map(Reverse));
        }
        self.used = [0; WORDS];
        self.held = 0;
    }

    /// Forgets everything that is in it.
    pub fn clear(&mut self) {
        self.harden();
        self.later.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes and pops at random, as a search does: never below what was served.
    #[test]
    fn what_comes_out_is_what_went_in_bucket_by_bucket() {
        for (round, spread) in [(1_u64, 50_u64), (2, 5_000), (3, 4_000_000), (4, 60_000_000)] {
            let mut chance = round.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut draw = |below: u64| {
                chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (chance >> 33) % below
            };
            let mut queue = Queue::new(10);
            for again in 0..3 {
                queue.begin(0);
                let (mut inside, mut last, mut served) = (vec![0_u64], 0, 0);
                queue.push(0, 0);
                while let Some((key, _)) = queue.pop() {
                    let at = inside.iter().position(|one| *one == key).expect("it was pushed and not yet popped");
                    inside.swap_remove(at);
                    assert!(key >> 10 >= last >> 10, "{key} after {last}");
                    last = last.max(key);
                    served += 1;
                    if served < 2_000 {
                        for _ in 0..draw(3) + u64::from(inside.is_empty()) {
                            let next = key + draw(spread);
                            inside.push(next);
                            queue.push(next, 1);
                        }
                    }
                    if again == 1 && served == 500 {
                        queue.harden();
                    }
                }
                assert!(inside.is_empty());
            }
        }
    }
}
