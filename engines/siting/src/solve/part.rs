//! What is left of a coverage problem where some sites are decided: rows that an open site covers are gone, rows with the same list of
//! free sites are one, and free sites whose rows another one has too are closed (some best answer goes without them).

use super::core::{Core, Rows};
use super::pick::Fate;
use super::reduce::{Keep, contained};

/// No row.
const NONE: u32 = u32::MAX;

/// A smaller problem of the same worth.
pub(crate) struct Part {
    /// Its core, whose sites are all free.
    pub core: Core,
    /// Site of the whole for each site of the part.
    pub map: Vec<u32>,
    /// Sites of the whole that are open.
    pub open: Vec<u32>,
    /// Row of the part for each row of the whole; `NONE` when it is covered.
    row: Vec<u32>,
    /// Pairs that were looked at to make it.
    pub visits: usize,
}

impl Part {
    /// What is left of a flat core that limits nothing but the number of sites; `None` when more are open than may be.
    pub fn new(whole: &Core, fate: &[Fate]) -> Option<Self> {
        let open: Vec<u32> = (0..fate.len() as u32).filter(|site| fate[*site as usize] == Fate::In).collect();
        let most = whole.most.checked_sub(open.len())?;
        let mut alive: Vec<bool> = fate.iter().map(|fate| *fate == Fate::Free).collect();
        let mut lists = Lists::of(whole, fate, &alive);
        let mut visits = 2 * whole.pairs();
        for _ in 0..2 {
            let mut work = 20 * lists.sites.len() as u64;
            let given = work;
            let gone = lists.dominated(&alive, &mut work);
            visits += (given - work) as usize + lists.sites.len();
            if gone.is_empty() {
                break;
            }
            gone.iter().for_each(|site| alive[*site as usize] = false);
            lists.keep(&alive);
        }
        let map: Vec<u32> = (0..alive.len() as u32).filter(|site| alive[*site as usize]).collect();
        let mut number = vec![NONE; alive.len()];
        for (new, old) in map.iter().enumerate() {
            number[*old as usize] = new as u32;
        }
        let mut rows = Rows::new();
        for (index, weight) in lists.weight.iter().enumerate() {
            rows.push(lists.list(index).iter().map(|site| (number[*site as usize], 0.0)), *weight);
        }
        let mut core = Core::new(map.len(), rows);
        (core.most, core.step) = (most.min(map.len()), whole.step);
        Some(Self { core, map, open, row: lists.row, visits })
    }

    /// Multipliers of its rows, from those of the whole.
    pub fn gathered(&self, multiplier: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.core.rows()];
        for (row, multiplier) in self.row.iter().zip(multiplier) {
            if let Some(sum) = sums.get_mut(*row as usize) {
                *sum += multiplier;
            }
        }
        for ((row, sum), worst) in sums.iter_mut().enumerate().zip(&self.core.worst) {
            *sum = if self.core.row(row).0.is_empty() { *worst } else { sum.clamp(0.0, *worst) };
        }
        sums
    }

    /// Multipliers of the whole's rows, from those of the part: by weight where rows were put together.
    pub fn spread(&self, whole: &Core, multiplier: &[f64]) -> Vec<f64> {
        let share: Vec<f64> = multiplier
            .iter()
            .zip(&self.core.worst)
            .map(|(one, worst)| if *worst > 0.0 { one / worst } else { 0.0 })
            .collect();
        let of = |row: &u32| share.get(*row as usize).copied().unwrap_or(0.0);
        self.row.iter().zip(&whole.worst).map(|(row, worst)| of(row) * worst).collect()
    }

    /// A set of the whole: what is open, and some sites of the part.
    pub fn set(&self, sites: &[u32]) -> Vec<u32> {
        self.open.iter().copied().chain(sites.iter().map(|site| self.map[*site as usize])).collect()
    }
}

/// A number that lists with other sites hardly share.
fn mixed(list: &[u32]) -> u64 {
    list.iter().fold(list.len() as u64, |hash, site| {
        (hash ^ u64::from(*site)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    })
}

/// Rows as lists of free sites, those with the same list together.
struct Lists {
    start: Vec<usize>,
    sites: Vec<u32>,
    weight: Vec<f64>,
    row: Vec<u32>,
}

impl Lists {
    fn of(whole: &Core, fate: &[Fate], alive: &[bool]) -> Self {
        let mut lists = Self { start: vec![0], sites: Vec::new(), weight: Vec::new(), row: vec![NONE; whole.rows()] };
        for (row, worst) in whole.worst.iter().enumerate() {
            let sites = whole.row(row).0;
            if sites.iter().any(|site| fate[*site as usize] == Fate::In) {
                continue;
            }
            lists.row[row] = lists.weight.len() as u32;
            lists.sites.extend(sites.iter().filter(|site| alive[**site as usize]));
            lists.start.push(lists.sites.len());
            lists.weight.push(*worst);
        }
        lists.merge();
        lists
    }

    fn list(&self, row: usize) -> &[u32] {
        &self.sites[self.start[row]..self.start[row + 1]]
    }

    /// Leaves out what is no longer alive.
    fn keep(&mut self, alive: &[bool]) {
        let before = std::mem::replace(&mut self.start, vec![0]);
        let mut to = 0;
        for span in before.windows(2) {
            for at in span[0]..span[1] {
                let site = self.sites[at];
                if alive[site as usize] {
                    self.sites[to] = site;
                    to += 1;
                }
            }
            self.start.push(to);
        }
        self.sites.truncate(to);
        self.merge();
    }

    /// Puts rows with the same list together.
    fn merge(&mut self) {
        let list = |row: u32| &self.sites[self.start[row as usize]..self.start[row as usize + 1]];
        // By a hash; where two lists share one, rows may stay apart, which does no harm.
        let mut order: Vec<(u64, u32)> = (0..self.weight.len() as u32).map(|row| (mixed(list(row)), row)).collect();
        order.sort_unstable();
        let order: Vec<u32> = order.into_iter().map(|(_, row)| row).collect();
        let mut made =
            Self { start: vec![0], sites: Vec::with_capacity(self.sites.len()), weight: Vec::new(), row: Vec::new() };
        let mut number = vec![NONE; order.len()];
        for (at, row) in order.iter().enumerate() {
            let same = at > 0 && list(order[at - 1]) == list(*row);
            if !same {
                made.sites.extend_from_slice(list(*row));
                made.start.push(made.sites.len());
                made.weight.push(0.0);
            }
            let new = made.weight.len() - 1;
            made.weight[new] += self.weight[*row as usize];
            number[*row as usize] = new as u32;
        }
        made.row = self.row.iter().map(|row| number.get(*row as usize).copied().unwrap_or(NONE)).collect();
        *self = made;
    }

    /// Sites whose rows another one has too.
    fn dominated(&self, alive: &[bool], work: &mut u64) -> Vec<u32> {
        let rows: Vec<Vec<u32>> = (0..self.weight.len()).map(|row| self.list(row).to_vec()).collect();
        let mut columns = vec![Vec::new(); alive.len()];
        for (row, list) in rows.iter().enumerate() {
            list.iter().for_each(|site| columns[*site as usize].push(row as u32));
        }
        contained(&columns, &rows, alive, &vec![false; alive.len()], work, Keep::Large)
    }
}
