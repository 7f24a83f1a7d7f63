//! Whole things shared out by weights, so that no rounding is lost.

/// Splits numbers by the same weights again and again; what rounding withholds in one split is made up for in
/// the next, so that each part's sum is never more than one away from its due.
#[derive(Debug, Clone)]
pub(crate) struct Splitter {
    shares: Vec<f64>,
    carry: Vec<f64>,
}

impl Splitter {
    /// A splitter of some weights. Weights that are all zero count as equal.
    #[expect(clippy::cast_precision_loss, reason = "numbers of regions are small")]
    pub fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let equal = 1.0 / weights.len().max(1) as f64;
        let share = |weight: &f64| if total > 0.0 { weight / total } else { equal };
        Self { shares: weights.iter().map(share).collect(), carry: vec![0.0; weights.len()] }
    }

    /// Splits a number; the parts add up to it exactly.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "populations fit"
    )]
    pub fn split(&mut self, total: usize) -> Vec<usize> {
        for (carry, share) in self.carry.iter_mut().zip(&self.shares) {
            *carry += share * total as f64;
        }
        let mut parts: Vec<usize> = self.carry.iter().map(|due| due.floor().max(0.0) as usize).collect();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        let rest = |index: &usize, parts: &[usize]| {
            self.carry.get(*index).copied().unwrap_or(0.0) - parts.get(*index).copied().unwrap_or(0) as f64
        };
        order.sort_by(|a, b| rest(b, &parts).total_cmp(&rest(a, &parts)).then(a.cmp(b)));
        let given: usize = parts.iter().sum();
        for index in order.iter().cycle().take(total.saturating_sub(given)) {
            if let Some(part) = parts.get_mut(*index) {
                *part += 1;
            }
        }
        // Carries can floor to more than there is: take back from those that had least due.
        let mut over = parts.iter().sum::<usize>().saturating_sub(total);
        for index in order.iter().rev() {
            if let Some(part) = parts.get_mut(*index).filter(|part| over > 0 && **part > 0) {
                *part -= 1;
                over -= 1;
            }
        }
        for (carry, part) in self.carry.iter_mut().zip(&parts) {
            *carry -= *part as f64;
        }
        parts
    }
}

/// Splits one number by weights: the largest remainders get what is left over.
pub(crate) fn apportion(total: usize, weights: &[f64]) -> Vec<usize> {
    Splitter::new(weights).split(total)
}

/// How many of each batch are chosen, so that over all batches the share is right.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Quota(f64);

impl Quota {
    /// How many of `count` things, at a share from 0 to 1.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "populations fit"
    )]
    pub fn take(&mut self, count: usize, share: f64) -> usize {
        let due = count as f64 * share.clamp(0.0, 1.0) + self.0;
        let taken = (due.round().max(0.0) as usize).min(count);
        self.0 = (due - taken as f64).clamp(-1.0, 1.0);
        taken
    }
}

/// A real amount as a whole number, never below zero.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "amounts of a city fit")]
pub(crate) fn whole(amount: f64) -> usize {
    amount.round().max(0.0) as usize
}

/// A whole number as a real amount.
#[expect(clippy::cast_precision_loss, reason = "amounts of a city fit")]
pub(crate) fn real(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_stay_near_their_due() {
        let weights = [5.0, 3.0, 1.5, 0.5];
        let mut splitter = Splitter::new(&weights);
        let mut sums = [0_usize; 4];
        let mut all = 0;
        for total in [1, 0, 7, 2, 2, 100, 3, 1, 1, 1] {
            let parts = splitter.split(total);
            assert_eq!(parts.iter().sum::<usize>(), total);
            all += total;
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
            for (sum, weight) in sums.iter().zip(weights) {
                assert!((real(*sum) - real(all) * weight / 10.0).abs() <= 1.5, "{sums:?} of {all}");
            }
        }
        assert_eq!(apportion(4, &[0.0, 0.0]), [2, 2]);
        assert!(apportion(4, &[]).is_empty());
    }

    #[test]
    fn a_quota_is_right_over_many_small_batches() {
        let mut quota = Quota::default();
        let taken: usize = (0..100).map(|_| quota.take(3, 0.18)).sum();
        assert_eq!(taken, 54);
        assert_eq!(Quota::default().take(10, 1.7), 10);
    }
}
