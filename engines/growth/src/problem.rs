//! What is asked: one child as measured on one day.

use sheets::Sex;
use vocabulary::Violation;

/// A child as measured. What was not measured is `None`, never zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Sex.
    pub sex: Sex,
    /// Completed days of life.
    pub age_days: u32,
    /// Weight in kilograms.
    pub weight_kg: Option<f64>,
    /// Length or height in centimetres, as measured.
    pub length_cm: Option<f64>,
    /// Whether it was measured lying; `None` is taken as the rule for the age has it.
    pub lying: Option<bool>,
    /// Head circumference in centimetres.
    pub head_cm: Option<f64>,
    /// Oedema of both feet: weight then says nothing about nutrition.
    pub oedema: bool,
}

impl Measured {
    /// A child of whom nothing was measured.
    #[must_use]
    pub fn nothing(sex: Sex, age_days: u32) -> Self {
        Self { sex, age_days, weight_kg: None, length_cm: None, lying: None, head_cm: None, oedema: false }
    }
}

/// Measures that cannot be: zero, negative or no number.
#[must_use]
pub fn problems(measured: &Measured) -> Vec<Violation> {
    let measures = [
        ("weight_kg", "体重", measured.weight_kg),
        ("length_cm", "身长（高）", measured.length_cm),
        ("head_cm", "头围", measured.head_cm),
    ];
    let wrong =
        measures.into_iter().filter(|(_, _, value)| value.is_some_and(|value| !value.is_finite() || value <= 0.0));
    wrong
        .map(|(place, label, _)| {
            Violation::new("growth.measure", place, format!("{label}应大于 0"), "重新量；没有量就留空")
        })
        .collect()
}
