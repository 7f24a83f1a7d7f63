//! Exact arithmetic over a stretch of rows: digits with one scale while they fit 64 bits, 96-bit decimals where they do not.
//!
//! Both ways give the same number wherever the first one is used, so which of them was taken never shows in an answer.

use crate::column::{digits_at, fixed};
use crate::expression::{Comparison, Extreme, Operation};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// The most decimal places kept as digits with a scale.
const LARGEST_SCALE: u32 = 18;

/// Numbers of a stretch of rows.
#[derive(Debug, Clone)]
pub(crate) enum Digits<'a> {
    /// The same number in every row; `None` when missing in every row.
    Same(Option<Decimal>),
    /// `value / 10^scale`.
    Fixed { values: Cow<'a, [i64]>, scale: u32 },
    /// Any decimals.
    Wide(Cow<'a, [Decimal]>),
}

/// Numbers and which of them exist.
#[derive(Debug, Clone)]
pub(crate) struct Numbers<'a> {
    pub digits: Digits<'a>,
    /// A set bit for every row that has a number.
    pub present: Cow<'a, [u64]>,
}

/// Two stretches brought to one scale, or to decimals.
enum Aligned<'a> {
    Fixed(Cow<'a, [i64]>, Cow<'a, [i64]>, u32),
    Wide(Cow<'a, [Decimal]>, Cow<'a, [Decimal]>),
}

/// Packs a yes or no for every row into words.
#[inline]
pub(crate) fn pack<T>(rows: &[T], holds: impl Fn(&T) -> bool) -> Vec<u64> {
    let mut words = Vec::with_capacity(rows.len().div_ceil(64));
    let (whole, rest) = rows.as_chunks::<64>();
    for rows in whole {
        // Bytes first and bits after: both halves are steps that the processor does for many rows at once.
        let mut flags = [0_u8; 64];
        for (flag, row) in flags.iter_mut().zip(rows) {
            *flag = u8::from(holds(row));
        }
        let (eights, _) = flags.as_chunks::<8>();
        let byte = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
        words.push(eights.iter().enumerate().fold(0, |word, (place, eight)| word | byte(eight) << (8 * place)));
    }
    if !rest.is_empty() {
        words.push(rest.iter().enumerate().fold(0, |word, (bit, row)| word | u64::from(holds(row)) << bit));
    }
    words
}

/// Multiplied with eight bytes of 0 or 1, brings their bits together in the highest byte, the first in the lowest bit.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Packs a yes or no for every pair of rows into words.
#[inline]
pub(crate) fn pack_pairs<A, B>(left: &[A], right: &[B], holds: impl Fn(&A, &B) -> bool) -> Vec<u64> {
    let word = |(left, right): (&[A], &[B])| {
        let pairs = left.iter().zip(right).enumerate();
        pairs.fold(0, |word, (bit, (a, b))| word | u64::from(holds(a, b)) << bit)
    };
    left.chunks(64).zip(right.chunks(64)).map(word).collect()
}

/// The bits set in both.
pub(crate) fn both(left: &[u64], right: &[u64]) -> Vec<u64> {
    left.iter().zip(right).map(|(a, b)| a & b).collect()
}

impl<'a> Numbers<'a> {
    /// The same number in every row.
    pub fn same(value: Option<Decimal>, rows: usize) -> Self {
        let word = if value.is_some() { u64::MAX } else { 0 };
        Self { digits: Digits::Same(value), present: vec![word; rows.div_ceil(64)].into() }
    }

    /// The same numbers, with nothing lent.
    pub fn owned(self) -> Numbers<'static> {
        let digits = match self.digits {
            Digits::Same(value) => Digits::Same(value),
            Digits::Fixed { values, scale } => Digits::Fixed { values: Cow::Owned(values.into_owned()), scale },
            Digits::Wide(values) => Digits::Wide(Cow::Owned(values.into_owned())),
        };
        Numbers { digits, present: Cow::Owned(self.present.into_owned()) }
    }

    /// The same numbers, lent.
    pub fn borrowed(&self) -> Numbers<'_> {
        let digits = match &self.digits {
            Digits::Same(value) => Digits::Same(*value),
            Digits::Fixed { values, scale } => Digits::Fixed { values: Cow::Borrowed(values), scale: *scale },
            Digits::Wide(values) => Digits::Wide(Cow::Borrowed(values)),
        };
        Numbers { digits, present: Cow::Borrowed(&self.present) }
    }

    /// Whole numbers.
    pub fn whole(values: Vec<i64>, present: Cow<'a, [u64]>) -> Self {
        Self { digits: Digits::Fixed { values: values.into(), scale: 0 }, present }
    }

    /// Compares row by row; the bits of rows that have no number mean nothing.
    pub fn compare(&self, comparison: Comparison, other: &Self, rows: usize) -> Vec<u64> {
        match (&self.digits, &other.digits) {
            (Digits::Fixed { values, scale }, Digits::Same(Some(bound))) => {
                compare_with_bound(values, *scale, comparison, *bound)
            }
            (Digits::Same(Some(bound)), Digits::Fixed { values, scale }) => {
                compare_with_bound(values, *scale, comparison.mirrored(), *bound)
            }
            (Digits::Fixed { values, scale }, Digits::Fixed { values: others, scale: other }) => {
                let least = *scale.min(other);
                // At most 10^18 × 2^63, which fits 128 bits.
                let (factor, other_factor) = (10_i128.pow(other - least), 10_i128.pow(scale - least));
                pack_pairs(values, others, |a, b| {
                    comparison.holds((i128::from(*a) * factor).cmp(&(i128::from(*b) * other_factor)))
                })
            }
            _ => pack_pairs(&self.decimals(rows), &other.decimals(rows), |a, b| comparison.holds(a.cmp(b))),
        }
    }

    /// One of the four operations row by row; division by zero and what 96 bits cannot hold give no number.
    pub fn reckon(&self, operation: Operation, other: &Self, rows: usize) -> Numbers<'static> {
        let present = both(&self.present, &other.present);
        if let (Digits::Same(a), Digits::Same(b)) = (&self.digits, &other.digits) {
            let value = a.zip(*b).and_then(|(a, b)| decimal(operation, a, b));
            return Numbers::same(value, rows);
        }
        let digits = match operation {
            Operation::Add => self.combined(other, rows, i64::overflowing_add),
            Operation::Subtract => self.combined(other, rows, i64::overflowing_sub),
            Operation::Multiply => self.multiplied(other, rows),
            Operation::Divide => None,
        };
        match digits {
            Some(digits) => Numbers { digits, present: present.into() },
            None => self.reckon_wide(operation, other, present, rows),
        }
    }

    fn combined(
        &self,
        other: &Self,
        rows: usize,
        operation: impl Fn(i64, i64) -> (i64, bool),
    ) -> Option<Digits<'static>> {
        let Aligned::Fixed(left, right, scale) = self.aligned(other, rows) else { return None };
        combine(&left, &right, operation).map(|values| Digits::Fixed { values: values.into(), scale })
    }

    fn multiplied(&self, other: &Self, rows: usize) -> Option<Digits<'static>> {
        let ((left, scale), (right, other_scale)) = (self.fixed(rows)?, other.fixed(rows)?);
        let scale = scale + other_scale;
        let values = combine(&left, &right, i64::overflowing_mul).filter(|_| scale <= LARGEST_SCALE)?;
        Some(Digits::Fixed { values: values.into(), scale })
    }

    fn reckon_wide(&self, operation: Operation, other: &Self, mut present: Vec<u64>, rows: usize) -> Numbers<'static> {
        let (left, right) = (self.decimals(rows), other.decimals(rows));
        let mut values = Vec::with_capacity(rows);
        for (row, (a, b)) in left.iter().zip(right.iter()).enumerate() {
            let value = decimal(operation, *a, *b);
            if let (None, Some(word)) = (value, present.get_mut(row / 64)) {
                *word &= !(1 << (row % 64));
            }
            values.push(value.unwrap_or_default());
        }
        Numbers { digits: Digits::Wide(values.into()), present: present.into() }
    }

    /// The same numbers, each changed by itself.
    pub fn map(&self, digits: impl Fn(i64) -> Option<i64>, decimal: impl Fn(Decimal) -> Decimal) -> Numbers<'a> {
        let present = self.present.clone();
        let digits = match &self.digits {
            Digits::Same(value) => Digits::Same(value.map(&decimal)),
            Digits::Wide(values) => Digits::Wide(values.iter().map(|value| decimal(*value)).collect()),
            Digits::Fixed { values, scale } => {
                let changed: Option<Vec<i64>> = values.iter().map(|value| digits(*value)).collect();
                match changed {
                    Some(values) => Digits::Fixed { values: values.into(), scale: *scale },
                    None => {
                        let wide = values.iter().map(|value| decimal(fixed(*value, *scale)));
                        Digits::Wide(wide.collect())
                    }
                }
            }
        };
        Numbers { digits, present }
    }

    /// The smaller (or larger) of each pair.
    pub fn extreme(&self, extreme: Extreme, other: &Self, rows: usize) -> Numbers<'static> {
        let present = both(&self.present, &other.present).into();
        let least = extreme == Extreme::Least;
        let digits = match self.aligned(other, rows) {
            Aligned::Fixed(left, right, scale) => {
                let pick = |(a, b): (&i64, &i64)| if least { *a.min(b) } else { *a.max(b) };
                Digits::Fixed { values: left.iter().zip(right.iter()).map(pick).collect(), scale }
            }
            Aligned::Wide(left, right) => {
                let pick = |(a, b): (&Decimal, &Decimal)| if least { *a.min(b) } else { *a.max(b) };
                Digits::Wide(left.iter().zip(right.iter()).map(pick).collect())
            }
        };
        Numbers { digits, present }
    }

    /// The first number where the bit is set, the second elsewhere.
    pub fn choose(&self, first: &[u64], other: &Self, rows: usize) -> Numbers<'static> {
        let present = select_bits(first, &self.present, &other.present).into();
        let digits = match self.aligned(other, rows) {
            Aligned::Fixed(left, right, scale) => Digits::Fixed { values: select(first, &left, &right).into(), scale },
            Aligned::Wide(left, right) => Digits::Wide(select(first, &left, &right).into()),
        };
        Numbers { digits, present }
    }

    fn aligned<'b>(&'b self, other: &'b Self, rows: usize) -> Aligned<'b> {
        let scales = self.fixed(rows).zip(other.fixed(rows)).and_then(|((left, scale), (right, other))| {
            let target = scale.max(other);
            Some(Aligned::Fixed(raise(left, target - scale)?, raise(right, target - other)?, target))
        });
        scales.unwrap_or_else(|| Aligned::Wide(self.decimals(rows), other.decimals(rows)))
    }

    /// Digits with one scale, when that is what they are or what one constant can be.
    fn fixed(&self, rows: usize) -> Option<(Cow<'_, [i64]>, u32)> {
        match &self.digits {
            Digits::Fixed { values, scale } => Some((Cow::Borrowed(values), *scale)),
            Digits::Same(value) => {
                let value = value.unwrap_or_default().normalize();
                let scale = Some(value.scale()).filter(|scale| *scale <= LARGEST_SCALE)?;
                Some((vec![digits_at(value, scale)?; rows].into(), scale))
            }
            Digits::Wide(_) => None,
        }
    }

    /// Every number as a decimal; missing ones are zero and mean nothing.
    pub fn decimals(&self, rows: usize) -> Cow<'_, [Decimal]> {
        match &self.digits {
            Digits::Same(value) => vec![value.unwrap_or_default(); rows].into(),
            Digits::Fixed { values, scale } => values.iter().map(|value| fixed(*value, *scale)).collect(),
            Digits::Wide(values) => Cow::Borrowed(values),
        }
    }
}

/// The first of each pair where the bit is set, the second elsewhere.
pub(crate) fn select<T: Copy>(first: &[u64], left: &[T], right: &[T]) -> Vec<T> {
    let bit = |row: usize| first.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
    left.iter().zip(right).enumerate().map(|(row, (a, b))| if bit(row) { *a } else { *b }).collect()
}

/// As [`select`], for bits.
pub(crate) fn select_bits(first: &[u64], left: &[u64], right: &[u64]) -> Vec<u64> {
    first.iter().zip(left).zip(right).map(|((bits, a), b)| (bits & a) | (!bits & b)).collect()
}

/// One of the four operations; nothing where 96 bits cannot hold the result.
pub(crate) fn decimal(operation: Operation, a: Decimal, b: Decimal) -> Option<Decimal> {
    match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Divide => a.checked_div(b),
    }
}

/// An operation on all pairs, unless one of them overflows.
fn combine(left: &[i64], right: &[i64], operation: impl Fn(i64, i64) -> (i64, bool)) -> Option<Vec<i64>> {
    let mut overflow = false;
    let values = left.iter().zip(right).map(|(a, b)| {
        let (value, over) = operation(*a, *b);
        overflow |= over;
        value
    });
    let values = values.collect();
    (!overflow).then_some(values)
}

fn raise(values: Cow<'_, [i64]>, places: u32) -> Option<Cow<'_, [i64]>> {
    if places == 0 {
        return Some(values);
    }
    let factor = 10_i64.checked_pow(places)?;
    let raised: Option<Vec<i64>> = values.iter().map(|value| value.checked_mul(factor)).collect();
    raised.map(Cow::Owned)
}

/// Compares digits with one number by turning it into the smallest and largest digits for which the comparison holds.
fn compare_with_bound(values: &[i64], scale: u32, comparison: Comparison, bound: Decimal) -> Vec<u64> {
    let (floor, exact) = floor_at(bound, scale);
    let lowest = i128::from(i64::MIN) - 1;
    let highest = i128::from(i64::MAX) + 1;
    let (from, to) = match comparison {
        Comparison::Less if exact => (lowest, floor - 1),
        Comparison::Less | Comparison::AtMost => (lowest, floor),
        Comparison::AtLeast if exact => (floor, highest),
        Comparison::AtLeast | Comparison::Greater => (floor + 1, highest),
        Comparison::Equal | Comparison::Unequal if exact => (floor, floor),
        // No digits of this scale are equal to it.
        Comparison::Equal | Comparison::Unequal => (highest, lowest),
    };
    let outside = comparison == Comparison::Unequal;
    let (Some(from), Some(to)) = (narrow(from, false), narrow(to, true)) else {
        return vec![if outside { u64::MAX } else { 0 }; values.len().div_ceil(64)];
    };
    if outside {
        pack(values, |value| *value < from || *value > to)
    } else {
        pack(values, |value| *value >= from && *value <= to)
    }
}

/// The bound as 64-bit digits, or the nearest end of them; `None` when no digits lie on its side.
fn narrow(bound: i128, upper: bool) -> Option<i64> {
    match i64::try_from(bound) {
        Ok(bound) => Some(bound),
        Err(_) if upper && bound > 0 => Some(i64::MAX),
        Err(_) if !upper && bound < 0 => Some(i64::MIN),
        Err(_) => None,
    }
}

/// The largest digits of a scale that are not above a number, and whether they are equal to it.
fn floor_at(value: Decimal, scale: u32) -> (i128, bool) {
    let value = value.normalize();
    match scale.checked_sub(value.scale()) {
        // At most 2^96 × 10^18, which fits 128 bits only if it does: beyond, any end past 64 bits says the same.
        Some(places) => {
            let raised = value.mantissa().checked_mul(10_i128.pow(places));
            let far = if value.is_sign_negative() { i128::MIN / 2 } else { i128::MAX / 2 };
            (raised.unwrap_or(far), true)
        }
        None => {
            let divisor = 10_i128.pow(value.scale() - scale);
            (value.mantissa().div_euclid(divisor), value.mantissa().rem_euclid(divisor) == 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64], scale: u32) -> Numbers<'static> {
        let digits = Digits::Fixed { values: values.to_vec().into(), scale };
        Numbers { digits, present: vec![u64::MAX; values.len().div_ceil(64)].into() }
    }

    #[test]
    fn a_bound_of_any_size_compares_as_decimals_do() {
        let values = [i64::MIN, -101, -100, -99, 0, 1, 99, 100, 101, i64::MAX];
        let bounds = [
            "0",
            "1",
            "1.00",
            "1.001",
            "-1",
            "-1.005",
            "0.995",
            "79228162514264337593543950335",
            "-79228162514264337593543950335",
        ];
        let comparisons = [
            Comparison::Equal,
            Comparison::Unequal,
            Comparison::Less,
            Comparison::AtMost,
            Comparison::Greater,
            Comparison::AtLeast,
        ];
        for scale in [0, 2, 18] {
            for bound in bounds {
                let bound: Decimal = bound.parse().unwrap();
                for comparison in comparisons {
                    let bits = of(&values, scale).compare(comparison, &Numbers::same(Some(bound), 10), 10);
                    for (row, value) in values.iter().enumerate() {
                        let wanted = comparison.holds(fixed(*value, scale).cmp(&bound));
                        assert_eq!(bits[0] >> row & 1 == 1, wanted, "{value} e-{scale} {comparison:?} {bound}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_64_bits_goes_on_as_decimals() {
        let sum = of(&[i64::MAX, 1], 0).reckon(Operation::Add, &of(&[1, 1], 0), 2);
        assert_eq!(sum.decimals(2)[0].to_string(), "9223372036854775808");
        let product = of(&[i64::MAX, 3], 2).reckon(Operation::Multiply, &of(&[100, 2], 0), 2);
        assert_eq!(product.decimals(2)[0].to_string(), "9223372036854775807.00");
    }

    #[test]
    fn division_by_zero_gives_no_number() {
        let quotient = of(&[1, 1], 0).reckon(Operation::Divide, &of(&[0, 4], 0), 2);
        assert_eq!(quotient.present[0] & 3, 0b10);
        assert_eq!(quotient.decimals(2)[1].to_string(), "0.25");
    }
}
