//! From measures to z-scores: the LMS formula, WHO's straight line beyond three standard deviations for what involves weight.

use sheets::Sex;

use crate::answer::{Answer, Index, WhyNot};
use crate::problem::Measured;
use crate::tables::{ByAge, LAST_DAY, Lms, STANDING_FROM_DAY, by_age, by_length};

/// Height is less than length by this many centimetres.
const LYING_MINUS_STANDING_CM: f64 = 0.7;
/// The last day of the ninth month of life (of 30.4375 days).
const LAST_DAY_BEFORE_STANDING: u32 = 273;

/// Plausible ranges of WHO: outside, an index is flagged.
const PLAUSIBLE_WAZ: (f64, f64) = (-6.0, 5.0);
const PLAUSIBLE_HAZ: (f64, f64) = (-6.0, 6.0);
const PLAUSIBLE_OTHER: (f64, f64) = (-5.0, 5.0);

/// The z-scores of a child. Measures that are no positive numbers count as not measured; `problems` names them.
#[must_use]
pub fn solve(measured: &Measured) -> Answer {
    let standing = measured.age_days >= STANDING_FROM_DAY;
    let positive = |value: Option<f64>| value.filter(|value| value.is_finite() && *value > 0.0);
    let (weight, head) = (positive(measured.weight_kg), positive(measured.head_cm));
    let length = positive(measured.length_cm).map(|length| match (standing, measured.lying) {
        (false, Some(false)) => length + LYING_MINUS_STANDING_CM,
        (true, Some(true)) => length - LYING_MINUS_STANDING_CM,
        _ => length,
    });
    let bmi = weight.zip(length).map(|(weight, length)| weight / (length / 100.0).powi(2));
    let by_weight =
        |value: Option<f64>| if measured.oedema { Err(WhyNot::Oedema) } else { value.ok_or(WhyNot::NotMeasured) };
    let age = |what, value: Result<f64, WhyNot>| index_by_age(what, measured.sex, measured.age_days, value);
    Answer {
        age_days: measured.age_days,
        length_cm: length,
        bmi,
        waz: finish(age(ByAge::Weight, by_weight(weight)), PLAUSIBLE_WAZ),
        haz: finish(age(ByAge::Length, length.ok_or(WhyNot::NotMeasured)), PLAUSIBLE_HAZ),
        whz: finish(weight_for_length(measured, standing, by_weight(weight), length), PLAUSIBLE_OTHER),
        bmiz: finish(age(ByAge::Bmi, by_weight(bmi)), PLAUSIBLE_OTHER),
        hcz: finish(age(ByAge::Head, head.ok_or(WhyNot::NotMeasured)), PLAUSIBLE_OTHER),
        position_doubtful: length.is_some()
            && measured.lying == Some(false)
            && measured.age_days <= LAST_DAY_BEFORE_STANDING,
    }
}

fn index_by_age(what: ByAge, sex: Sex, day: u32, value: Result<f64, WhyNot>) -> Result<f64, WhyNot> {
    let value = value?;
    let lms = by_age(what, sex, day).ok_or(WhyNot::TooOld)?;
    // Length and head circumference are distributed evenly: WHO does not straighten their ends.
    Ok(if matches!(what, ByAge::Weight | ByAge::Bmi) { z_straightened(value, lms) } else { z(value, lms) })
}

fn weight_for_length(
    measured: &Measured,
    standing: bool,
    weight: Result<f64, WhyNot>,
    length: Option<f64>,
) -> Result<f64, WhyNot> {
    let (weight, length) = (weight?, length.ok_or(WhyNot::NotMeasured)?);
    if measured.age_days > LAST_DAY {
        return Err(WhyNot::TooOld);
    }
    let lms = by_length(standing, measured.sex, length).ok_or(WhyNot::OutsideTable)?;
    Ok(z_straightened(weight, lms))
}

fn finish(z: Result<f64, WhyNot>, (low, high): (f64, f64)) -> Index {
    match z {
        Ok(z) if z.is_finite() => Index { z: Some(z), why_not: None, flagged: z < low || z > high },
        Ok(_) => Index { z: None, why_not: Some(WhyNot::NoNumber), flagged: true },
        Err(why) => Index { z: None, why_not: Some(why), flagged: false },
    }
}

/// z = ((y / M)^L − 1) / (L · S); in the limit of L = 0 the logarithm.
fn z(value: f64, Lms { l, m, s }: Lms) -> f64 {
    let ratio = value / m;
    if l == 0.0 { ratio.ln() / s } else { (ratio.powf(l) - 1.0) / (l * s) }
}

/// Beyond ±3 the distance goes on as between 2 and 3 standard deviations, in a straight line.
fn z_straightened(value: f64, lms: Lms) -> f64 {
    let raw = z(value, lms);
    let at = |deviations: f64| measure_at(deviations, lms);
    if raw > 3.0 {
        3.0 + (value - at(3.0)) / (at(3.0) - at(2.0))
    } else if raw < -3.0 {
        -3.0 + (value - at(-3.0)) / (at(-2.0) - at(-3.0))
    } else {
        raw
    }
}

/// The measure at so many standard deviations.
fn measure_at(deviations: f64, Lms { l, m, s }: Lms) -> f64 {
    if l == 0.0 { m * (s * deviations).exp() } else { m * (1.0 + l * s * deviations).powf(1.0 / l) }
}
