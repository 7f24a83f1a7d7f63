//! Totals of projects: sums of what is given, with how many give nothing. Types and the whole reconcile by construction
//! and by test.

use super::ProjectLine;
use documents::fmt;
use rust_decimal::Decimal;

/// A sum of the given values, and how many were not given. Nothing given is not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// The sum; `None` when nothing was given.
    pub sum: Option<Decimal>,
    /// How many gave a value.
    pub given: usize,
    /// How many gave none.
    pub missing: usize,
}

impl Amount {
    fn add(&mut self, value: Option<Decimal>) {
        match value {
            Some(value) => {
                self.sum = Some(self.sum.unwrap_or_default() + value);
                self.given += 1;
            }
            None => self.missing += 1,
        }
    }

    /// The sum as everywhere: `29,340.5`, or a dash.
    #[must_use]
    pub fn text(&self) -> String {
        amount(self.sum)
    }

    /// `3 项未给出`, or nothing.
    #[must_use]
    pub fn missing_text(&self) -> String {
        if self.missing == 0 { String::new() } else { format!("{} 项未给出", self.missing) }
    }
}

/// A number with commas and as many decimals as it has; a dash when missing.
#[must_use]
pub fn amount(value: Option<Decimal>) -> String {
    value.map_or_else(|| fmt::MISSING.to_owned(), |value| fmt::grouped(value, value.normalize().scale()))
}

/// Totals of a list of projects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many projects.
    pub count: usize,
    /// How many are late.
    pub late: usize,
    /// Beds planned.
    pub beds: Amount,
    /// Places planned.
    pub places: Amount,
    /// Floor area in m².
    pub floor_area: Amount,
    /// Investment in 万元.
    pub investment: Amount,
    /// Of which central budget, in 万元.
    pub central_budget: Amount,
    /// Paid so far, in 万元.
    pub paid: Amount,
    /// Beds finished.
    pub beds_done: Amount,
    /// Places finished.
    pub places_done: Amount,
}

impl Totals {
    fn add(&mut self, line: &ProjectLine) {
        let project = line.project();
        let latest = line.latest.as_ref();
        self.count += 1;
        self.late += usize::from(!line.late().is_empty());
        self.beds.add(project.beds.map(Decimal::from));
        self.places.add(project.places.map(Decimal::from));
        self.floor_area.add(project.floor_area_m2);
        self.investment.add(project.investment_wan);
        self.central_budget.add(project.central_budget_wan);
        self.paid.add(line.paid_wan());
        self.beds_done.add(latest.and_then(|latest| latest.beds).map(Decimal::from));
        self.places_done.add(latest.and_then(|latest| latest.places).map(Decimal::from));
    }
}

/// Totals of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeTotals {
    /// The type as the plan words it.
    pub sort: String,
    /// Its totals.
    pub totals: Totals,
}

/// Totals of each type, in the order in which the plan first names them, and of all.
#[must_use]
pub fn totals(lines: &[ProjectLine]) -> (Vec<TypeTotals>, Totals) {
    let mut types: Vec<TypeTotals> = Vec::new();
    let mut all = Totals::default();
    for line in lines {
        all.add(line);
        let sort = &line.project().sort;
        let at = types.iter().position(|one| one.sort == *sort).unwrap_or_else(|| {
            types.push(TypeTotals { sort: sort.clone(), totals: Totals::default() });
            types.len() - 1
        });
        if let Some(one) = types.get_mut(at) {
            one.totals.add(line);
        }
    }
    (types, all)
}
