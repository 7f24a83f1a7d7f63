//! Totals of every side of every indicator in the regions where rows lie, from which the figures of all regions are added
//! up. Rows of one region can be read again alone, so that one changed row does not cost a whole register; and a register
//! can be read in parts, so that its size does not count.

use crate::compute::{Computed, Preparation, Side, figure};
use crate::regions::{RegionIndex, Sheet};
use chrono::NaiveDate;
use rules::{Groups, Parameters, Problem, Total};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};
use vocabulary::RegionPath;

/// No region: rows there count nowhere.
const NOWHERE: u32 = u32::MAX;

/// What is known of the rows of a place on a day.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// The regions met; the others speak of them by number.
    paths: Vec<RegionPath>,
    numbers: HashMap<RegionPath, u32>,
    /// Rows of each register by region.
    rows: HashMap<String, HashMap<u32, usize>>,
    /// What each side comes to, by indicator and side (above the line first).
    sides: HashMap<(usize, usize), Known>,
}

/// What one side comes to.
#[derive(Debug, Clone)]
enum Known {
    /// Counts and sums by region; regions that add nothing are left out.
    Added(HashMap<u32, Total>),
    /// Different values by region that gets figures: one value may stand in two regions, so they are not added up.
    Different(Vec<Total>),
}

impl Totals {
    /// Rows that were read and still count, in all registers.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.values().flat_map(HashMap::values).sum()
    }

    fn number(&mut self, path: &RegionPath) -> u32 {
        if let Some(number) = self.numbers.get(path) {
            return *number;
        }
        let number = u32::try_from(self.paths.len()).unwrap_or(NOWHERE);
        self.paths.push(path.clone());
        self.numbers.insert(path.clone(), number);
        number
    }
}

/// What totals and figures are worked out with: the indicators, the regions, the values on the day.
pub struct Reckoning<'a> {
    preparation: &'a Preparation,
    regions: &'a RegionIndex,
    parameters: &'a Parameters,
    /// Codes of the regions that get figures.
    targets: Vec<&'a str>,
    number: HashMap<&'a str, usize>,
}

impl<'a> Reckoning<'a> {
    /// For a day.
    #[must_use]
    pub fn new(
        preparation: &'a Preparation,
        regions: &'a RegionIndex,
        parameters: &'a Parameters,
        on: NaiveDate,
    ) -> Self {
        let targets: Vec<&str> = regions.with_figures(on).map(|region| region.code.as_str()).collect();
        let number = targets.iter().enumerate().map(|(at, code)| (*code, at)).collect();
        Self { preparation, regions, parameters, targets, number }
    }

    /// Forgets the rows of a register: all of them, or only those of some regions.
    pub fn forget(&self, totals: &mut Totals, register: &str, only: Option<&[RegionPath]>) {
        let gone: Option<HashSet<u32>> = only.map(|only| only.iter().map(|path| totals.number(path)).collect());
        let stays = |region: &u32| gone.as_ref().is_some_and(|gone| !gone.contains(region));
        if let Some(rows) = totals.rows.get_mut(register) {
            rows.retain(|region, _| stays(region));
        }
        for (at, which) in self.sides_of(register).map(|(at, which, _)| (at, which)) {
            if let Some(Known::Added(known)) = totals.sides.get_mut(&(at, which)) {
                known.retain(|region, _| stays(region));
            }
        }
    }

    fn sides_of(&self, register: &str) -> impl Iterator<Item = (usize, usize, &'a Side)> {
        let indicators = self.preparation.indicators.iter().enumerate();
        let all = indicators.flat_map(|(at, one)| one.sides().enumerate().map(move |(which, side)| (at, which, side)));
        let register = register.to_owned();
        all.filter(move |(_, _, side)| side.register == register)
    }

    /// Takes in rows of a register beside those taken in before. Registers that are asked for different values must come
    /// whole, in one sheet ([`Preparation::asks_for_different`]).
    ///
    /// # Errors
    /// When a column that a rule needs is missing from the sheet.
    pub fn learn(&self, totals: &mut Totals, register: &str, sheet: &Sheet) -> Result<(), Vec<Problem>> {
        let numbers: Vec<u32> = sheet.regions.iter().map(|path| totals.number(path)).collect();
        let rows = totals.rows.entry(register.to_owned()).or_default();
        for row in &sheet.row_region {
            if let Some(number) = numbers.get(*row as usize) {
                *rows.entry(*number).or_default() += 1;
            }
        }
        for (at, which, side) in self.sides_of(register) {
            if side.is_different() {
                totals.sides.insert((at, which), Known::Different(self.different(side, sheet)?));
                continue;
            }
            let known = totals.sides.entry((at, which)).or_insert_with(|| Known::Added(HashMap::new()));
            let Known::Added(known) = known else { continue };
            for (number, total) in numbers.iter().zip(self.single(side, sheet)?) {
                if total.rows + total.unknown > 0 {
                    add(known.entry(*number).or_default(), &total);
                }
            }
        }
        Ok(())
    }

    /// The figures of all indicators in every region that gets figures.
    #[must_use]
    pub fn figures(&self, totals: &Totals) -> Vec<Computed> {
        let targets: Vec<Vec<usize>> = totals
            .paths
            .iter()
            .map(|path| path.codes().filter_map(|code| self.number.get(code).copied()).collect())
            .collect();
        let mut found = Vec::with_capacity(self.preparation.indicators.len() * self.targets.len());
        for (at, prepared) in self.preparation.indicators.iter().enumerate() {
            let mut sides =
                prepared.sides().enumerate().map(|(which, side)| self.side(totals, (at, which), side, &targets));
            let (numerators, denominators) = (sides.next().flatten(), sides.next());
            found.extend(self.targets.iter().enumerate().map(|(target, region)| {
                let numerator = numerators.as_ref().and_then(|all| all.get(target).copied());
                let denominator =
                    denominators.as_ref().map(|all| all.as_ref().and_then(|all| all.get(target).copied()));
                figure(prepared, region, numerator, denominator)
            }));
        }
        found
    }

    /// The totals of one side for every target; `None` where the whole register is empty: missing is not zero.
    fn side(&self, totals: &Totals, at: (usize, usize), side: &Side, targets: &[Vec<usize>]) -> Option<Vec<Total>> {
        totals.rows.get(&side.register).filter(|rows| rows.values().any(|rows| *rows > 0))?;
        match totals.sides.get(&at)? {
            Known::Different(different) => Some(different.clone()),
            Known::Added(single) => Some(added(single, targets, self.targets.len())),
        }
    }

    /// Counts and sums in the regions of a sheet.
    fn single(&self, side: &Side, sheet: &Sheet) -> Result<Vec<Total>, Vec<Problem>> {
        let groups = Groups { of: &sheet.row_region, count: sheet.regions.len() };
        side.measure.totals(&sheet.table, self.parameters, side.filter.as_ref(), groups)
    }

    /// Different values: counted anew at every depth, since one value may stand in two regions.
    fn different(&self, side: &Side, sheet: &Sheet) -> Result<Vec<Total>, Vec<Problem>> {
        let depths = self.targets.iter().map(|code| self.regions.depth(code) + 1).max().unwrap_or(0);
        let mut totals = vec![Total { value: Some(Decimal::ZERO), ..Total::default() }; self.targets.len()];
        for depth in 0..depths {
            let of_region: Vec<u32> = sheet
                .regions
                .iter()
                .map(|path| {
                    let known = path.codes().filter(|code| self.regions.get(code).is_some());
                    let at = known.skip(depth).find_map(|code| {
                        Some(self.number.get(code)).filter(|_| self.regions.depth(code) == depth).flatten()
                    });
                    at.and_then(|at| u32::try_from(*at).ok()).unwrap_or(NOWHERE)
                })
                .collect();
            let of: Vec<u32> = sheet
                .row_region
                .iter()
                .map(|region| of_region.get(*region as usize).copied().unwrap_or(NOWHERE))
                .collect();
            let groups = Groups { of: &of, count: self.targets.len() };
            let level = side.measure.totals(&sheet.table, self.parameters, side.filter.as_ref(), groups)?;
            for (at, total) in level.into_iter().enumerate() {
                if of_region.contains(&u32::try_from(at).unwrap_or(NOWHERE))
                    && let Some(slot) = totals.get_mut(at)
                {
                    *slot = total;
                }
            }
        }
        Ok(totals)
    }
}

/// Adds one total to another. Rows without a value add none; a sum that does not fit stays none.
fn add(sum: &mut Total, one: &Total) {
    let does_not_fit = |total: &Total| total.value.is_none() && total.missing < total.rows;
    sum.value = match (sum.value, one.value) {
        _ if does_not_fit(sum) || does_not_fit(one) => None,
        (Some(sum), Some(value)) => sum.checked_add(value),
        (sum, None) => sum,
        (None, value) => value,
    };
    sum.rows += one.rows;
    sum.unknown += one.unknown;
    sum.missing += one.missing;
}

/// Counts and sums added up along the tree.
fn added(single: &HashMap<u32, Total>, targets: &[Vec<usize>], count: usize) -> Vec<Total> {
    let mut totals = vec![Total { value: Some(Decimal::ZERO), ..Total::default() }; count];
    for (region, one) in single {
        for at in targets.get(*region as usize).into_iter().flatten() {
            if let Some(total) = totals.get_mut(*at) {
                add(total, one);
            }
        }
    }
    for total in &mut totals {
        if total.rows > 0 && total.missing == total.rows {
            total.value = None;
        }
    }
    totals
}
