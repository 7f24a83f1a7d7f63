//! Making coverage problems smaller without losing an optimum: rows with the same list become one, candidates that reach no more than
//! another are left out, and where everyone must be served, rows that are served whenever another one is.

use std::collections::HashMap;

/// A coverage problem as lists.
pub(crate) struct Cover {
    /// For each row the candidates that serve it, by number.
    pub rows: Vec<Vec<u32>>,
    /// Weight of each row.
    pub weights: Vec<f64>,
    /// Candidates that are still there.
    pub alive: Vec<bool>,
    /// Comparisons that may still be made.
    work: u64,
}

/// Most comparisons for one problem.
const MOST_WORK: u64 = 1_500_000_000;

impl Cover {
    /// Rows with the same list are put together.
    pub fn new(candidates: usize, rows: impl Iterator<Item = (Vec<u32>, f64)>) -> Self {
        let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut weights: Vec<f64> = Vec::new();
        for (mut list, weight) in rows {
            list.sort_unstable();
            let at = *known.entry(list).or_insert(weights.len());
            match weights.get_mut(at) {
                Some(sum) => *sum += weight,
                None => weights.push(weight),
            }
        }
        let mut rows = vec![Vec::new(); weights.len()];
        for (list, at) in known {
            rows[at] = list;
        }
        Self { rows, weights, alive: vec![true; candidates], work: MOST_WORK }
    }

    fn columns(&self) -> Vec<Vec<u32>> {
        let mut columns = vec![Vec::new(); self.alive.len()];
        for (row, list) in self.rows.iter().enumerate() {
            for site in list {
                columns[*site as usize].push(row as u32);
            }
        }
        columns
    }

    /// Leaves out candidates whose rows another one has too. Those in `kept` stay. Whether any went.
    pub fn drop_candidates(&mut self, kept: &[bool]) -> bool {
        let columns = self.columns();
        let gone = contained(&columns, &self.rows, &self.alive, kept, &mut self.work, Keep::Large);
        for site in &gone {
            self.alive[*site as usize] = false;
        }
        if !gone.is_empty() {
            for row in &mut self.rows {
                row.retain(|site| self.alive[*site as usize]);
            }
        }
        !gone.is_empty()
    }

    /// Leaves out rows that are served whenever another row is. Whether any went.
    pub fn drop_rows(&mut self) -> bool {
        let columns = self.columns();
        let all = vec![true; self.rows.len()];
        let none = vec![false; self.rows.len()];
        let gone = contained(&self.rows, &columns, &all, &none, &mut self.work, Keep::Small);
        let mut out = none;
        gone.iter().for_each(|row| out[*row as usize] = true);
        let mut at = 0;
        self.rows.retain(|_| {
            at += 1;
            !out[at - 1]
        });
        at = 0;
        self.weights.retain(|_| {
            at += 1;
            !out[at - 1]
        });
        !gone.is_empty()
    }
}

/// Which of two lists, one within the other, stays.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Keep {
    Large,
    Small,
}

/// Lists that are within another one (`Large`) or hold another one (`Small`); of equal ones the first stays. `across` is the same
/// relation seen from the members.
pub(super) fn contained(
    lists: &[Vec<u32>],
    across: &[Vec<u32>],
    alive: &[bool],
    kept: &[bool],
    work: &mut u64,
    keep: Keep,
) -> Vec<u32> {
    let mut gone = vec![false; lists.len()];
    for (one, list) in lists.iter().enumerate().filter(|(one, _)| alive[*one]) {
        if keep == Keep::Large && list.is_empty() {
            gone[one] = !kept[one];
            continue;
        }
        let Some(rare) = list.iter().min_by_key(|member| across[**member as usize].len()) else { continue };
        for other in &across[*rare as usize] {
            let other = *other as usize;
            if other == one || !alive[other] || gone[other] || gone[one] || lists[other].len() < list.len() {
                continue;
            }
            let loser = if keep == Keep::Large { one } else { other };
            let same = lists[other].len() == list.len();
            let first = if keep == Keep::Large { other < one || kept[other] } else { one < other };
            if kept[loser] || (same && !first) || *work == 0 {
                continue;
            }
            if within(list, &lists[other], work) {
                gone[loser] = true;
            }
        }
    }
    (0..lists.len() as u32).filter(|one| gone[*one as usize]).collect()
}

/// Whether every member of a sorted list is in another one.
fn within(list: &[u32], other: &[u32], work: &mut u64) -> bool {
    let mut rest = other.iter();
    list.iter().all(|member| {
        rest.by_ref()
            .inspect(|_| *work = work.saturating_sub(1))
            .find(|candidate| *candidate >= member)
            .is_some_and(|found| found == member)
    })
}
