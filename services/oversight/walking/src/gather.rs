//! Homes and facilities of a circle, from the rows of their registers.

use crate::reckon::{Home, Site};
use monitoring::regions::Sheet;
use rules::{Compiled, Parameters, Problem, Scalar};
use rust_decimal::prelude::ToPrimitive;
use std::cmp::Ordering;
use std::collections::HashMap;
use vocabulary::{RegionPath, Register};

/// Fields of a register with a point.
const LONGITUDE: &str = "longitude";
const LATITUDE: &str = "latitude";
/// Fields of a facility that the page shows.
const NAME: &str = "name";
const KIND: &str = "type";
const ADDRESS: &str = "address";

/// Keys of the fields that a circle needs of people beside those its rule names.
pub(crate) const OF_PEOPLE: [&str; 2] = [LONGITUDE, LATITUDE];
/// The same of facilities.
pub(crate) const OF_FACILITIES: [&str; 5] = [NAME, KIND, ADDRESS, LONGITUDE, LATITUDE];

/// A sheet with its register, whose labels name the columns.
pub(crate) struct Rows<'a> {
    pub register: &'a Register,
    pub sheet: &'a Sheet,
}

impl Rows<'_> {
    fn get(&self, key: &str, row: usize) -> Option<Scalar> {
        let field = self.register.field(key)?;
        self.sheet.table.column(&field.label)?.get(row)
    }

    fn text(&self, key: &str, row: usize) -> String {
        self.get(key, row).map(|value| value.to_string()).unwrap_or_default()
    }

    fn degrees(&self, key: &str, row: usize) -> Option<f64> {
        match self.get(key, row)? {
            Scalar::Number(number) => number.to_f64(),
            _ => None,
        }
    }

    fn at(&self, row: usize) -> Option<[f64; 2]> {
        Some([self.degrees(LONGITUDE, row)?, self.degrees(LATITUDE, row)?])
    }

    fn path(&self, row: usize) -> Option<&RegionPath> {
        self.sheet.regions.get(*self.sheet.row_region.get(row)? as usize)
    }

    /// The facilities for which a rule holds.
    ///
    /// # Errors
    /// When a column that the rule needs is missing.
    pub fn sites(&self, rule: &Compiled, parameters: &Parameters) -> Result<Vec<Site>, Vec<Problem>> {
        let mask = rule.mask(&self.sheet.table, parameters)?;
        let site = |row: usize| {
            Some(Site {
                id: self.sheet.ids.as_ref()?.get(row)?.clone(),
                name: self.text(NAME, row),
                kind: self.text(KIND, row),
                address: self.text(ADDRESS, row),
                path: self.path(row)?.clone(),
                at: self.at(row),
            })
        };
        let mut sites: Vec<Site> = mask.yes().ones().filter_map(site).collect();
        sites.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(sites)
    }
}

/// People by home, gathered from the parts of a register.
#[derive(Default)]
pub(crate) struct Homes {
    number: HashMap<RegionPath, u32>,
    /// People at a point of a region, which is told by its number.
    people: HashMap<(u32, Option<[u64; 2]>), u64>,
    unknown: u64,
}

impl Homes {
    /// Adds those for whom a rule holds.
    ///
    /// # Errors
    /// When a column that the rule needs is missing.
    pub fn add(&mut self, rows: &Rows<'_>, rule: &Compiled, parameters: &Parameters) -> Result<(), Vec<Problem>> {
        let mask = rule.mask(&rows.sheet.table, parameters)?;
        let of: Vec<u32> = rows.sheet.regions.iter().map(|path| self.number(path)).collect();
        for row in mask.yes().ones() {
            let region = rows.sheet.row_region.get(row).and_then(|at| of.get(*at as usize));
            let Some(region) = region else { continue };
            *self.people.entry((*region, rows.at(row).map(|at| at.map(f64::to_bits)))).or_default() += 1;
        }
        self.unknown += mask.counts().2;
        Ok(())
    }

    fn number(&mut self, path: &RegionPath) -> u32 {
        let next = u32::try_from(self.number.len()).unwrap_or(u32::MAX);
        *self.number.entry(path.clone()).or_insert(next)
    }

    /// The homes, in an order that does not depend on that of the rows; and of how many people it is not known whether
    /// the rule holds.
    pub fn finish(self) -> (Vec<Home>, u64) {
        let path: HashMap<u32, RegionPath> = self.number.into_iter().map(|(path, number)| (number, path)).collect();
        let home = |((region, at), people): ((u32, Option<[u64; 2]>), u64)| {
            Some(Home { at: at.map(|at| at.map(f64::from_bits)), path: path.get(&region)?.clone(), people })
        };
        let mut homes: Vec<Home> = self.people.into_iter().filter_map(home).collect();
        homes.sort_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(Ordering::Equal));
        (homes, self.unknown)
    }
}

fn order(home: &Home) -> (&str, Option<[f64; 2]>) {
    (home.path.as_str(), home.at)
}
