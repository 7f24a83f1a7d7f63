//! Chance that is the same every time: SplitMix64 (Steele, Lea, Flood 2014), seeded by words, so that each
//! part of a city has a stream of its own and no order of work changes the outcome.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of a seed and some words.
    pub fn of(seed: u64, words: &[&str]) -> Self {
        let mut state = mix(seed.wrapping_add(STEP));
        for word in words {
            for byte in word.bytes() {
                state = mix(state ^ u64::from(byte)).wrapping_add(STEP);
            }
            // The end of a word counts: "ab","c" is not "a","bc".
            state = mix(state ^ 0x1_00);
        }
        Self(state)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number from 0 to 1, 1 excluded.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether something of a probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of some things.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        things.get(self.below(things.len()))
    }

    /// One of some words; empty when there are none.
    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or_default()
    }

    /// One of some weighted things.
    pub fn weighted<'a, T>(&mut self, things: &'a [(T, f64)]) -> Option<&'a T> {
        let total: f64 = things.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * total;
        for (thing, weight) in things {
            left -= weight;
            if left < 0.0 {
                return Some(thing);
            }
        }
        things.last().map(|(thing, _)| thing)
    }

    /// Puts things in a random order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_make_streams_of_their_own() {
        let first = |words: &[&str]| Rng::of(7, words).next();
        assert_eq!(first(&["ab", "c"]), first(&["ab", "c"]));
        assert_ne!(first(&["ab", "c"]), first(&["a", "bc"]));
        assert_ne!(first(&["ab"]), Rng::of(8, &["ab"]).next());
    }

    #[test]
    fn numbers_are_even_and_within_bounds() {
        let mut rng = Rng::of(1, &["even"]);
        let mut counts = [0_usize; 10];
        for _ in 0..10_000 {
            counts[rng.below(10)] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert!((0..1000).all(|_| (3..=5).contains(&rng.between(3, 5))));
        assert_eq!(rng.below(0), 0);
    }
}
