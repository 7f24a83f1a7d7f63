//! Verifies anyone's z-scores the other way round: a z-score is turned back into the measure it would belong to, a hundredth below
//! and above, and the child's measure must lie between. Shares only WHO's tables with `solve`.

use crate::problem::Measured;
use crate::tables::{ByAge, Lms, by_age, by_length};

/// How far a z-score may be off.
pub const TOLERANCE: f64 = 0.01;

/// What an answer claims of a child: z-scores in the order waz, haz, whz, bmiz, hcz, and its flags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claim {
    /// Completed days of life.
    pub age_days: Option<u32>,
    /// z-scores.
    pub z: [Option<f64>; 5],
    /// Flags.
    pub flags: Vec<String>,
}

/// Names of the indices in files.
pub const NAMES: [&str; 5] = ["waz", "haz", "whz", "bmiz", "hcz"];
/// WHO's plausible ranges, in the order of the names.
const PLAUSIBLE: [(f64, f64); 5] = [(-6.0, 5.0), (-6.0, 6.0), (-5.0, 5.0), (-5.0, 5.0), (-5.0, 5.0)];

/// Everything in a claim that does not follow from the measures.
#[must_use]
pub fn broken(measured: &Measured, claim: &Claim) -> Vec<String> {
    let mut found = Vec::new();
    if claim.age_days != Some(measured.age_days) {
        found.push(format!("age_days: {} days have passed since birth", measured.age_days));
    }
    let questions = questions(measured);
    for (((name, question), z), (low, high)) in NAMES.iter().zip(questions).zip(claim.z).zip(PLAUSIBLE) {
        match (question, z) {
            (None, None) => {}
            (None, Some(_)) => found.push(format!("{name}: there is nothing to compute it from")),
            (Some(question), None) if question.finite() => found.push(format!("{name}: it is missing")),
            (Some(_), None) => {}
            (Some(question), Some(z)) => {
                if let Some(what) = question.broken(z) {
                    found.push(format!("{name}: {what}"));
                }
            }
        }
        let flagged = claim.flags.iter().any(|flag| flag == name);
        // A rounded z-score on the border may be flagged or not.
        let inside = z.is_none_or(|z| z > low + TOLERANCE && z < high - TOLERANCE);
        let outside = z.is_some_and(|z| z < low - TOLERANCE || z > high + TOLERANCE);
        let no_number = question.is_some_and(|question| !question.finite());
        if flagged && inside && !no_number {
            found.push(format!("{name}: flagged within the plausible range"));
        } else if !flagged && outside {
            found.push(format!("{name}: outside the plausible range and not flagged"));
        }
    }
    found
}

/// A measure, its distribution, and whether its ends are straight.
#[derive(Debug, Clone, Copy)]
struct Question {
    measure: f64,
    lms: Lms,
    straight: bool,
}

fn questions(measured: &Measured) -> [Option<Question>; 5] {
    let young = measured.age_days < 731;
    let mut length = measured.length_cm;
    if let (Some(cm), Some(lying)) = (length, measured.lying)
        && lying != young
    {
        length = Some(if young { cm + 0.7 } else { cm - 0.7 });
    }
    let weight = measured.weight_kg.filter(|_| !measured.oedema);
    let bmi = weight.and_then(|kg| length.map(|cm| 10_000.0 * kg / (cm * cm)));
    let age = |what, measure: Option<f64>, straight| {
        let lms = by_age(what, measured.sex, measured.age_days)?;
        measure.map(|measure| Question { measure, lms, straight })
    };
    let for_length = || {
        let lms = by_length(!young, measured.sex, length?).filter(|_| measured.age_days <= 1826)?;
        weight.map(|measure| Question { measure, lms, straight: true })
    };
    [
        age(ByAge::Weight, weight, true),
        age(ByAge::Length, length, false),
        for_length(),
        age(ByAge::Bmi, bmi, true),
        age(ByAge::Head, measured.head_cm, false),
    ]
}

impl Question {
    /// The measure that a z-score belongs to; `None` where there is none (below the foot of the distribution).
    fn measure_of(&self, z: f64) -> Option<f64> {
        let Lms { l, m, s } = self.lms;
        let curve = |z: f64| {
            let base = 1.0 + l * s * z;
            if l.abs() < 1e-12 { Some(m * f64::exp(s * z)) } else { (base > 0.0).then(|| m * (base.ln() / l).exp()) }
        };
        if !self.straight || z.abs() <= 3.0 {
            // Where L is 1 the line goes on below zero.
            return if self.straight || l != 1.0 { curve(z) } else { Some(m * (1.0 + s * z)) };
        }
        let side = z.signum();
        let (two, three) = (curve(2.0 * side)?, curve(3.0 * side)?);
        Some(three + (z.abs() - 3.0) * (three - two))
    }

    fn finite(&self) -> bool {
        self.measure.is_finite() && self.measure.abs() < 1e200 && self.measure > 0.0
    }

    fn broken(&self, z: f64) -> Option<String> {
        // Far outside, nine digits say less than a hundredth.
        let slack = TOLERANCE + 1e-8 * z.abs();
        let (low, high) = (self.measure_of(z - slack), self.measure_of(z + slack));
        let fits = low.is_none_or(|low| low <= self.measure) && high.is_some_and(|high| self.measure <= high);
        (!fits).then(|| format!("{z} is not the z-score of {}", sheets::float(self.measure)))
    }
}
