//! Rounding, always stated: which way, and to how many decimal places.

use crate::number::{Digits, Numbers};
use rust_decimal::{Decimal, RoundingStrategy};

/// Which way a number between two others goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the nearer one; in the middle away from zero (四舍五入).
    HalfUp,
    /// To the nearer one; in the middle to the even one.
    HalfEven,
    /// Towards zero (舍去).
    Down,
    /// Away from zero (进位).
    Up,
}

/// How an amount is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    /// Decimal places kept, at most 9: 2 for fen of yuan.
    pub places: u32,
    /// Which way.
    pub way: Way,
}

/// Most places.
pub(crate) const MOST_PLACES: u32 = 9;

impl Rounding {
    /// The digits of a number at the places kept; `None` when they do not fit.
    #[must_use]
    pub fn digits(self, value: Decimal) -> Option<i64> {
        let strategy = match self.way {
            Way::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Way::HalfEven => RoundingStrategy::MidpointNearestEven,
            Way::Down => RoundingStrategy::ToZero,
            Way::Up => RoundingStrategy::AwayFromZero,
        };
        crate::column::digits_at(value.round_dp_with_strategy(self.places, strategy), self.places)
    }

    /// The digits of every row, and which rows have any.
    pub(crate) fn column(self, numbers: &Numbers<'_>, rows: usize) -> (Vec<i64>, Vec<u64>) {
        let mut present = numbers.present.to_vec();
        if let Digits::Fixed { values, scale } = &numbers.digits
            && *scale <= self.places
        {
            let factor = 10_i64.pow(self.places - scale);
            let raised: Option<Vec<i64>> = values.iter().map(|value| value.checked_mul(factor)).collect();
            if let Some(raised) = raised {
                return (raised, present);
            }
        }
        let mut digits = Vec::with_capacity(rows);
        for (row, value) in numbers.decimals(rows).iter().enumerate() {
            let found = self.digits(*value);
            if let (None, Some(word)) = (found, present.get_mut(row / 64)) {
                *word &= !(1 << (row % 64));
            }
            digits.push(found.unwrap_or(0));
        }
        (digits, present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way() {
        let ways = [Way::HalfUp, Way::HalfEven, Way::Down, Way::Up];
        for (value, expected) in [
            ("0.125", [13, 12, 12, 13]),
            ("-0.125", [-13, -12, -12, -13]),
            ("0.135", [14, 14, 13, 14]),
            ("0.1200", [12, 12, 12, 12]),
            ("0.1201", [12, 12, 12, 13]),
        ] {
            let found = ways.map(|way| Rounding { places: 2, way }.digits(value.parse().unwrap()).unwrap());
            assert_eq!(found, expected, "{value}");
        }
        let rounding = Rounding { places: 2, way: Way::HalfUp };
        assert_eq!(rounding.digits("99999999999999999999".parse().unwrap()), None);
        assert_eq!(rounding.digits(Decimal::MAX), None);
    }
}
