//! The checker's own life tables, by the textbook: survivors first, years lived from them.

/// Years lived in the first year by those who die in it: found by trying until it no longer changes.
pub(super) fn first_year(rate: f64, female: bool) -> (f64, f64) {
    let mut dying: f64 = rate.min(1.0);
    let mut lived = 0.0;
    for _ in 0..200 {
        lived = match (female, dying < 0.1) {
            (true, true) => 0.05 + 3.0 * dying,
            (false, true) => 0.0425 + 2.875 * dying,
            (true, false) => 0.35,
            (false, false) => 0.33,
        };
        dying = (rate / (1.0 + (1.0 - lived) * rate)).min(1.0);
    }
    (lived, dying)
}

/// Survival from one age to the next out of death rates by single year.
pub(super) fn survival(rates: &[f64], female: bool, open: usize) -> Vec<f64> {
    let last = rates.len().saturating_sub(1);
    let mut alive = 1.0;
    let mut years: Vec<f64> = Vec::with_capacity(rates.len());
    for (age, rate) in rates.iter().copied().enumerate() {
        if age == last {
            years.push(alive / rate);
            break;
        }
        let (lived, dying) = match age {
            0 => first_year(rate, female),
            _ => (0.5, (rate / (1.0 + rate / 2.0)).min(1.0)),
        };
        let dead = alive * dying;
        years.push(if dying < 1.0 { alive - (1.0 - lived) * dead } else { alive / rate });
        alive -= dead;
    }
    let tail: f64 = years.get(open..).unwrap_or_default().iter().sum();
    years.truncate(open);
    years.push(tail);
    let mut reached = vec![years.first().copied().unwrap_or(0.0)];
    for pair in years.windows(2) {
        let (before, now) = (pair.first().copied().unwrap_or(0.0), pair.last().copied().unwrap_or(0.0));
        reached.push(if before > 0.0 { now / before } else { 0.0 });
    }
    if let (Some(end), Some(before)) = (reached.last_mut(), years.get(open.saturating_sub(1))) {
        *end = if before + tail > 0.0 { tail / (before + tail) } else { 0.0 };
    }
    reached.iter().map(|ratio| ratio.clamp(0.0, 1.0)).collect()
}
