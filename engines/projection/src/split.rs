//! Splits what is given in broad ages into single years: a curve through the running totals that never turns back.
//!
//! Cubic Hermite through the running totals at the borders of the ages. Slopes are those of the natural cubic spline, held within
//! the bounds that keep every piece monotone (Hyman 1983, after Fritsch and Carlson 1980), so that no single year is negative and
//! every broad age keeps its total.

/// What the curve does at its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// No bend.
    Free,
    /// Level: nothing there.
    Level,
}

/// A number of a row, 0 beyond its end.
#[inline]
pub(crate) fn at(row: &[f64], place: usize) -> f64 {
    row.get(place).copied().unwrap_or(0.0)
}

/// A curve through points with rising `x`.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    x: Vec<f64>,
    y: Vec<f64>,
    slope: Vec<f64>,
}

impl Curve {
    /// Through points whose `y` never falls; at least two of them.
    pub fn rising(x: Vec<f64>, y: Vec<f64>, ends: Ends) -> Self {
        let slope = slopes(&x, &y, ends);
        Self { x, y, slope }
    }

    /// The height at a place between the first and the last point.
    pub fn height(&self, place: f64) -> f64 {
        let after = self.x.partition_point(|x| *x <= place).clamp(1, self.x.len().saturating_sub(1).max(1));
        let from = after - 1;
        let width = at(&self.x, after) - at(&self.x, from);
        if width <= 0.0 {
            return at(&self.y, from);
        }
        let t = (place - at(&self.x, from)) / width;
        let back = 1.0 - t;
        at(&self.y, from) * (1.0 + 2.0 * t) * back * back
            + at(&self.slope, from) * width * t * back * back
            + at(&self.y, after) * t * t * (3.0 - 2.0 * t)
            + at(&self.slope, after) * width * t * t * (t - 1.0)
    }
}

/// Slopes at the points.
fn slopes(x: &[f64], y: &[f64], ends: Ends) -> Vec<f64> {
    let count = x.len();
    if count < 2 {
        return vec![0.0; count];
    }
    let step: Vec<f64> = x.windows(2).map(|pair| at(pair, 1) - at(pair, 0)).collect();
    let rise: Vec<f64> = y.windows(2).zip(&step).map(|(pair, step)| (at(pair, 1) - at(pair, 0)) / step).collect();
    let last = count - 1;
    // One line of the spline's equations a point: before, itself, after, right-hand side.
    let line = |place: usize| {
        if place == 0 || place == last {
            let edge = if place == 0 { 0 } else { last - 1 };
            let (before, after) = if place == 0 { (0.0, 1.0) } else { (1.0, 0.0) };
            return match ends {
                Ends::Free => (before, 2.0, after, 3.0 * at(&rise, edge)),
                Ends::Level => (0.0, 1.0, 0.0, 0.0),
            };
        }
        let (left, right) = (1.0 / at(&step, place - 1), 1.0 / at(&step, place));
        let side = 3.0 * (at(&rise, place - 1) * left + at(&rise, place) * right);
        (left, 2.0 * (left + right), right, side)
    };
    let (mut over, mut side) = (vec![0.0; count], vec![0.0; count]);
    for place in 0..count {
        let (before, own, after, right) = line(place);
        let (above, known) = match place.checked_sub(1) {
            Some(previous) => (at(&over, previous), at(&side, previous)),
            None => (0.0, 0.0),
        };
        let pivot = own - before * above;
        if let (Some(over), Some(side)) = (over.get_mut(place), side.get_mut(place)) {
            *over = after / pivot;
            *side = (right - before * known) / pivot;
        }
    }
    let mut slope = side;
    for place in (0..last).rev() {
        let next = at(&slope, place + 1);
        if let Some(slope) = slope.get_mut(place) {
            *slope -= at(&over, place) * next;
        }
    }
    for (place, slope) in slope.iter_mut().enumerate() {
        let (left, right) = (at(&rise, place.saturating_sub(1)), at(&rise, place.min(last - 1)));
        *slope = slope.min(3.0 * left.min(right)).max(0.0);
    }
    slope
}

/// Splits amounts of adjoining ages, not negative, into single years. `borders` has one more entry than `amounts`.
pub(crate) fn amounts(borders: &[f64], amounts: &[f64], ends: Ends) -> Vec<f64> {
    let (Some(first), Some(last)) = (borders.first().copied(), borders.last().copied()) else { return Vec::new() };
    let mut total = 0.0;
    let mut running = vec![0.0];
    running.extend(amounts.iter().map(|amount| {
        total += amount;
        total
    }));
    let curve = Curve::rising(borders.to_vec(), running, ends);
    let years = (last - first).max(0.0) as usize;
    let mut split: Vec<f64> = (0..years)
        .map(|year| {
            let age = first + year as f64;
            (curve.height(age + 1.0) - curve.height(age)).max(0.0)
        })
        .collect();
    // Rounding must not move anyone: every broad age gets back exactly what it had, single years what was given.
    for (pair, amount) in borders.windows(2).zip(amounts) {
        let (from, to) = ((at(pair, 0) - first) as usize, (at(pair, 1) - first) as usize);
        let Some(part) = split.get_mut(from..to) else { continue };
        let sum: f64 = part.iter().sum();
        let count = part.len().max(1) as f64;
        part.iter_mut().for_each(|year| *year = if sum > 0.0 { *year * (amount / sum) } else { amount / count });
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broad_ages_keep_their_totals_and_nothing_is_negative() {
        let borders: Vec<f64> = [0.0, 1.0, 5.0, 10.0, 15.0, 20.0].to_vec();
        for given in [[3.0, 40.0, 0.0, 70.0, 1.0], [0.0; 5], [1.0, 4.0, 5.0, 5.0, 5.0]] {
            let split = amounts(&borders, &given, Ends::Free);
            assert_eq!(split.len(), 20);
            assert!(split.iter().all(|year| *year >= 0.0), "{split:?}");
            for (pair, given) in borders.windows(2).zip(given) {
                let sum: f64 = split[pair[0] as usize..pair[1] as usize].iter().sum();
                assert!((sum - given).abs() < 1e-9, "{sum} for {given}");
            }
        }
    }

    #[test]
    fn a_straight_line_stays_straight() {
        let split = amounts(&[0.0, 5.0, 10.0, 15.0], &[10.0, 35.0, 60.0], Ends::Free);
        // Numbers that rise by one a year: the middle is met exactly, the natural ends nearly.
        assert!((split[7] - 7.0).abs() < 0.2 && split.windows(2).all(|pair| pair[0] <= pair[1]), "{split:?}");
        let level = amounts(&[15.0, 20.0, 25.0], &[1.0, 1.0], Ends::Level);
        assert!(level[0] < level[4] && level[9] < level[5]);
    }
}
