//! A stretch of rows and what is made of it: outcomes, and values with their presence.

use crate::bits::Bits;
use crate::number::Numbers;
use std::borrow::Cow;
use std::cell::OnceCell;

/// A stretch of rows; `start` is a multiple of 64.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'w> {
    pub start: usize,
    pub rows: usize,
    /// What was found once for all rules of a program.
    pub work: Option<&'w Work>,
}

/// The common steps of a program for one stretch, by their number.
pub(crate) struct Work(pub Vec<OnceCell<Found>>);

/// One of them.
pub(crate) enum Found {
    Truth(Truth),
    Numbers(Numbers<'static>),
}

impl<'w> Stretch<'w> {
    fn words(self) -> usize {
        self.rows.div_ceil(64)
    }

    /// The part of a column's values.
    pub fn of<T>(self, values: &[T]) -> &[T] {
        values.get(self.start..self.start + self.rows).unwrap_or_default()
    }

    /// The part of a column's bits.
    pub fn bits(self, bits: &Bits) -> &[u64] {
        let first = self.start / 64;
        bits.words().get(first..first + self.words()).unwrap_or_default()
    }

    /// The outcome of a common step.
    pub fn shared_truth(self, step: usize) -> Truth {
        match self.work.and_then(|work| work.0.get(step)?.get()) {
            Some(Found::Truth(truth)) => truth.clone(),
            _ => Truth::same(None, self),
        }
    }

    /// The numbers of a common step.
    pub fn shared_numbers(self, step: usize) -> Numbers<'w> {
        match self.work.and_then(|work| work.0.get(step)?.get()) {
            Some(Found::Numbers(numbers)) => numbers.borrowed(),
            _ => Numbers::same(None, self.rows),
        }
    }

    /// All bits set or clear.
    pub fn all(self, set: bool) -> Vec<u64> {
        vec![if set { u64::MAX } else { 0 }; self.words()]
    }
}

/// Outcomes of a stretch: no row is yes that is not known.
#[derive(Clone)]
pub(crate) struct Truth {
    pub yes: Vec<u64>,
    pub known: Vec<u64>,
}

/// Values of a stretch and which of them exist.
pub(crate) struct Values<'a, T: Clone> {
    pub values: Cow<'a, [T]>,
    pub present: Cow<'a, [u64]>,
}

impl<T: Clone> Values<'_, T> {
    /// The same value in every row, or none in any.
    pub fn same(value: Option<T>, absent: T, stretch: Stretch<'_>) -> Self {
        let present = stretch.all(value.is_some()).into();
        Self { values: vec![value.unwrap_or(absent); stretch.rows].into(), present }
    }
}

impl Truth {
    /// The same outcome in every row.
    pub fn same(value: Option<bool>, stretch: Stretch<'_>) -> Self {
        Self { yes: stretch.all(value == Some(true)), known: stretch.all(value.is_some()) }
    }
}
