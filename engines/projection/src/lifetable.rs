//! Life tables from death rates: complete (single years) and abridged (0, 1–4, then fives), closed at the open age.
//!
//! Infants: years lived in the first year by those who die in it, as Coale and Demeny's West pattern has it, from the probability of
//! dying, which it determines in turn; ages 1–4 likewise. Fives from 15 on: Greville's formula with the growth of the rates taken
//! over the neighbours (as in the United Nations' MORTPAK); everything else dies in the middle. The open age: years lived are the
//! survivors over their death rate, so the table ends where the rates say it ends.

use crate::question::{Band, Bands, FEMALE};
use crate::split::{Curve, Ends, at};

/// A life table by single year of age.
#[derive(Debug, Clone, PartialEq)]
pub struct Lives {
    /// Years lived at each age by one who is born; the last age is open.
    pub lived: Vec<f64>,
    /// Of those who die between two Januaries having been `x` at the first: the share that dies before the next birthday.
    pub share: Vec<f64>,
}

/// An abridged table, in fives.
#[derive(Debug, Clone, PartialEq)]
pub struct Fives {
    /// Years lived in 0–4, 5–9 and so on by one who is born; the last is open.
    pub lived: Vec<f64>,
}

/// Years lived by infants who die, and the probability of dying in the first year.
fn infants(rate: f64, sex: usize) -> (f64, f64) {
    let (base, slope, most) = if sex == FEMALE { (0.05, 3.0, 0.35) } else { (0.0425, 2.875, 0.33) };
    // q = m / (1 + (1 - a) m) with a = base + slope q below q = 0.1: the smaller root of a quadratic.
    let (a, b, c) = (slope * rate, -(1.0 + rate * (1.0 - base)), rate);
    let root = b * b - 4.0 * a * c;
    if rate > 0.0 && root >= 0.0 {
        let q = 2.0 * c / (-b + root.sqrt());
        if q < 0.1 {
            return (base + slope * q, q);
        }
    }
    let lived = if rate > 0.0 { most } else { base };
    (lived, (rate / (1.0 + (1.0 - lived) * rate)).min(1.0))
}

/// Years lived in ages 1–4 by those who die in them.
fn toddlers(infant_q: f64, sex: usize) -> f64 {
    match (infant_q < 0.1, sex == FEMALE) {
        (true, true) => 1.524 - 1.625 * infant_q,
        (true, false) => 1.653 - 3.013 * infant_q,
        (false, true) => 1.361,
        (false, false) => 1.352,
    }
}

/// One age of a table.
struct Step {
    /// Alive at its beginning.
    alive: f64,
    /// Dead in it.
    dead: f64,
    /// Mean years lived in it by those.
    mean: f64,
    /// Years lived in it by all.
    lived: f64,
}

/// A table over ages of any width.
fn steps(bands: &[Band], factor: f64, sex: usize) -> Vec<Step> {
    let rate = |place: usize| bands.get(place).map_or(0.0, |band| band.value * factor);
    let (infant_mean, infant_q) = infants(rate(0), sex);
    let mut alive = 1.0;
    let mut all = Vec::with_capacity(bands.len());
    for (place, band) in bands.iter().enumerate() {
        let (m, width) = (rate(place), f64::from(band.width));
        if band.width == 0 {
            let lived = if m > 0.0 { alive / m } else { 0.0 };
            all.push(Step { alive, dead: alive, mean: 0.0, lived });
            break;
        }
        let before = place.checked_sub(1).map_or(0.0, &rate);
        let mean = match (band.age, band.width) {
            (0, 1) => infant_mean,
            (1, 4) => toddlers(infant_q, sex),
            (15.., 5) if before > 0.0 && rate(place + 1) > 0.0 => {
                let growth = (rate(place + 1) / before).ln() / 10.0;
                (2.5 - 25.0 / 12.0 * (m - growth)).clamp(0.0, 5.0)
            }
            _ => width / 2.0,
        };
        let q = width * m / (1.0 + (width - mean) * m);
        let (dead, lived) = if q < 1.0 {
            (alive * q, alive * (width - (width - mean) * q))
        } else {
            // More die than a straight line can take: all of them, at the pace of the rate.
            (alive, alive / m)
        };
        all.push(Step { alive, dead, mean, lived });
        alive -= dead;
    }
    all
}

/// The share that dies before the birthday, of those who die between two ages with these tables.
fn share(now: &Step, next: Option<&Step>) -> f64 {
    let Some(next) = next else { return 0.5 };
    let before = now.mean * now.dead;
    let after = next.alive - next.lived;
    if before + after > 0.0 && after >= 0.0 { before / (before + after) } else { 0.5 }
}

/// Whether every age is one year wide.
pub(crate) fn single(bands: &[Band]) -> bool {
    bands.iter().all(|band| band.width <= 1)
}

/// The table by single year, cut at `open`: what is lived beyond is lived there. `factor` multiplies every rate.
pub fn lives(bands: &Bands, factor: f64, sex: usize, open: usize) -> Lives {
    let steps = steps(bands, factor, sex);
    let whole = if single(bands) { complete(&steps) } else { refined(bands, &steps) };
    let mut lived = whole.lived;
    let beyond: f64 = lived.iter().skip(open).sum();
    lived.truncate(open);
    lived.push(beyond);
    let mut share = whole.share;
    share.resize(open + 1, 0.5);
    if let Some(last) = share.last_mut() {
        *last = 1.0;
    }
    Lives { lived, share }
}

fn complete(steps: &[Step]) -> Lives {
    let closed = steps.len().saturating_sub(1);
    let share = steps.iter().enumerate().map(|(age, now)| share(now, steps.get(age + 1).filter(|_| age + 1 < closed)));
    Lives { lived: steps.iter().map(|step| step.lived).collect(), share: share.collect() }
}

/// Single years out of broad ages: a monotone curve through the cumulated hazard, so survivors at every border stay what they were.
fn refined(bands: &Bands, steps: &[Step]) -> Lives {
    let hazard = |alive: f64| -alive.max(1e-300).ln();
    let known = bands.iter().zip(steps).skip(1);
    let (ages, heights): (Vec<f64>, Vec<f64>) =
        known.map(|(band, step)| (f64::from(band.age), hazard(step.alive))).unzip();
    let open = bands.last().map_or(0, |band| band.age as usize);
    let curve = Curve::rising(ages, heights, Ends::Free);
    let mut alive = vec![1.0];
    alive.extend((1..=open).map(|age| (-curve.height(age as f64)).exp()));
    let mut single: Vec<Step> = (0..open)
        .map(|age| {
            let (now, next) = (at(&alive, age), at(&alive, age + 1));
            Step { alive: now, dead: now - next, mean: 0.5, lived: f64::midpoint(now, next) }
        })
        .collect();
    if let (Some(infants), Some(given)) = (single.first_mut(), steps.first()) {
        *infants = Step { alive: 1.0, dead: given.dead, mean: given.mean, lived: given.lived };
    }
    let last = steps.last().map_or(0.0, |step| step.lived);
    single.push(Step { alive: at(&alive, open), dead: at(&alive, open), mean: 0.0, lived: last });
    complete(&single)
}

/// The table in fives, cut at `open` (a multiple of five). The bands begin 0, 1–4, 5–9.
pub fn fives(bands: &Bands, factor: f64, sex: usize, open: usize) -> Fives {
    let groups = open / 5;
    let mut lived = vec![0.0; groups + 1];
    for (band, step) in bands.iter().zip(steps(bands, factor, sex)) {
        let group = (band.age as usize / 5).min(groups);
        if let Some(lived) = lived.get_mut(group) {
            *lived += step.lived;
        }
    }
    Fives { lived }
}

/// Who of those alive on 1 January is alive a step later, by the age reached; `width` years a step. The first is of those born in
/// the step; the last of all who were in the last two ages.
pub fn ratios(lived: &[f64], width: f64) -> Vec<f64> {
    let over = |above: f64, below: f64| if below > 0.0 { (above / below).clamp(0.0, 1.0) } else { 0.0 };
    let open = lived.len().saturating_sub(1);
    (0..lived.len())
        .map(|age| match age {
            0 => over(at(lived, 0), width),
            _ if age == open => over(at(lived, open), at(lived, open - 1) + at(lived, open)),
            _ => over(at(lived, age), at(lived, age - 1)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn single_years(rates: &[f64]) -> Bands {
        let last = rates.len() - 1;
        let band = |(age, value): (usize, &f64)| Band { age: age as u32, width: u32::from(age < last), value: *value };
        rates.iter().enumerate().map(band).collect()
    }

    #[test]
    fn the_table_is_closed_by_the_rate_of_the_open_age() {
        let table = lives(&single_years(&[0.02, 0.001, 0.001, 0.25]), 1.0, 0, 3);
        let q0 = 0.02 / (1.0 + (1.0 - (0.0425 + 2.875 * 0.019_650_968)) * 0.02);
        let alive = (1.0 - q0) * (1.0 - 0.001 / 1.0005_f64).powi(2);
        assert!((table.lived[3] - alive / 0.25).abs() < 1e-6);
        // A constant rate: life expectancy is its inverse but for the first year.
        let flat = lives(&single_years(&[0.05; 101]), 1.0, 1, 100);
        assert!((flat.lived.iter().sum::<f64>() - 20.0).abs() < 0.05);
    }

    #[test]
    fn cutting_the_table_earlier_loses_no_years() {
        let bands = single_years(&(0..=110).map(|age| 0.0005 * (f64::from(age) / 11.0).exp()).collect::<Vec<_>>());
        let (long, short) = (lives(&bands, 1.0, 0, 110), lives(&bands, 1.0, 0, 85));
        assert!((long.lived.iter().sum::<f64>() - short.lived.iter().sum::<f64>()).abs() < 1e-9);
    }

    #[test]
    fn the_infants_own_equation_holds() {
        for sex in [0, 1] {
            for rate in [1e-6, 0.003, 0.05, 0.2, 1.9, 20.0] {
                let (mean, q) = infants(rate, sex);
                assert!((q - (rate / (1.0 + (1.0 - mean) * rate)).min(1.0)).abs() < 1e-12, "{rate}");
                assert!(mean > 0.0 && mean < 0.36 && q <= 1.0);
            }
        }
    }
}
