//! A row of bits, one a table row: which rows are true, or which have a value.

/// A fixed number of bits, packed 64 to a word; the bits past the end are always zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// `len` bits that are all set or all clear.
    pub fn filled(len: usize, set: bool) -> Self {
        let word = if set { u64::MAX } else { 0 };
        let mut bits = Self { words: vec![word; len.div_ceil(64)], len };
        bits.trim();
        bits
    }

    /// Bits made of whole words, of which the first `len` bits count.
    pub(crate) fn of_words(words: Vec<u64>, len: usize) -> Self {
        let mut bits = Self { words, len };
        bits.words.resize(len.div_ceil(64), 0);
        bits.trim();
        bits
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit of a row; clear past the end.
    pub fn get(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// How many bits are set.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The rows whose bit is set, in order.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    /// Appends a bit.
    pub fn push(&mut self, set: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let (true, Some(word)) = (set, self.words.last_mut()) {
            *word |= 1 << (self.len % 64);
        }
        self.len += 1;
    }

    /// The words, the first row in the lowest bit of the first.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Combines two rows of bits of the same length word by word.
    pub(crate) fn zip(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let words = self.words.iter().zip(&other.words).map(|(a, b)| combine(*a, *b)).collect();
        Self::of_words(words, self.len)
    }

    fn trim(&mut self) {
        if !self.len.is_multiple_of(64)
            && let Some(word) = self.words.last_mut()
        {
            *word &= (1 << (self.len % 64)) - 1;
        }
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(rows: I) -> Self {
        let mut bits = Self::default();
        for set in rows {
            bits.push(set);
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_past_the_end_never_count() {
        for len in [0, 1, 63, 64, 65, 200] {
            let bits = Bits::filled(len, true);
            assert_eq!((bits.len(), bits.count()), (len, len as u64));
            assert!(!bits.get(len));
            let rows: Vec<usize> = bits.ones().collect();
            assert_eq!(rows, (0..len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn pushed_bits_come_back() {
        let rows: Vec<bool> = (0..130).map(|row| row % 3 == 0).collect();
        let bits: Bits = rows.iter().copied().collect();
        assert!((0..130).all(|row| bits.get(row) == rows[row]));
        assert_eq!(bits.zip(&bits, |a, b| a & !b).count(), 0);
    }
}
