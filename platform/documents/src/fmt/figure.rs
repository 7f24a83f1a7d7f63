//! One figure: its value, how many decimals it is shown with, and its unit.

use rust_decimal::Decimal;

use super::{MISSING, number, number_or_missing};

/// A value as it is shown. Word, PDF and screens take [`Figure::text`]; Excel takes the value itself
/// with a number format of the same decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The value, not rounded; `None` is missing, never zero.
    pub value: Option<Decimal>,
    /// Decimals shown.
    pub places: u32,
    /// The unit, written after the number without a space; may be empty.
    pub unit: String,
}

impl Figure {
    /// A figure with its unit.
    #[must_use]
    pub fn new(value: Option<Decimal>, places: u32, unit: impl Into<String>) -> Self {
        let unit = unit.into();
        Self { value, places, unit }
    }

    /// The number alone, for a column whose head names the unit: `93.50`, or `—`.
    #[must_use]
    pub fn text(&self) -> String {
        number_or_missing(self.value, self.places)
    }

    /// The number with its unit, for running text: `93.50%`, `1242人`, or `—` without a unit.
    #[must_use]
    pub fn with_unit(&self) -> String {
        self.value.map_or_else(|| MISSING.to_owned(), |value| format!("{}{}", number(value, self.places), self.unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_figure_has_no_unit_and_is_not_zero() {
        assert_eq!(Figure::new(None, 1, "%").with_unit(), "—");
        assert_eq!(Figure::new(None, 1, "%").text(), "—");
        let figure = Figure::new(Some(Decimal::new(935, 1)), 2, "%");
        assert_eq!(figure.text(), "93.50");
        assert_eq!(figure.with_unit(), "93.50%");
    }
}
