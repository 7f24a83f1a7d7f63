//! The rows behind a figure: which records its numerator or denominator was counted from, as they were known
//! when it was computed. Counted again from those very rows, the figure comes out the same.

use crate::compute::{self, Side};
use crate::model::Figure;
use crate::regions::{REGION_KEY, Sheet};
use crate::service::Monitoring;
use identity::Refusal;
use plans::Adopted;
use records::ColumnsQuery;
use rules::{Groups, Parameters, Problem};
use rust_decimal::Decimal;
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::{RegionPath, Register};

/// Above or below the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideName {
    /// Above.
    Numerator,
    /// Below.
    Denominator,
}

impl SideName {
    /// The word in addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Numerator => "分子",
            Self::Denominator => "分母",
        }
    }

    /// Reads a word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Numerator, Self::Denominator].into_iter().find(|side| side.key() == key)
    }

    /// The figure's own number on this side.
    #[must_use]
    pub const fn of(self, figure: &Figure) -> Option<Decimal> {
        match self {
            Self::Numerator => figure.numerator,
            Self::Denominator => figure.denominator,
        }
    }
}

/// How rows become a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Each row counts one.
    Count,
    /// Each row adds its value.
    Sum,
    /// Each different value counts one.
    Distinct,
}

impl Way {
    /// The way of a measure as packs write it.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.starts_with("sum") {
            Self::Sum
        } else if text.starts_with("distinct") {
            Self::Distinct
        } else {
            Self::Count
        }
    }
}

/// One row behind a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct RowBehind {
    /// Id of the record; `None` where the rows are the plan's regions.
    pub id: Option<Uuid>,
    /// Path of its region.
    pub region: RegionPath,
    /// What it adds; `None` for a row without the value that is added up.
    pub adds: Option<Decimal>,
}

/// The rows of one side of a figure.
#[derive(Debug, Clone)]
pub struct Behind {
    /// Their register; `None` for the plan's regions.
    pub register: Option<Arc<Register>>,
    /// How they become the number.
    pub way: Way,
    /// The rows, in a fixed order.
    pub rows: Vec<RowBehind>,
    /// The number they come to.
    pub total: Option<Decimal>,
}

fn told(problems: Vec<Problem>) -> Refusal {
    let messages: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
    Refusal::Conflict(format!("明细不能计算：{}", messages.join("；")))
}

impl Monitoring {
    /// The rows of one side of a computed figure.
    ///
    /// # Errors
    /// When the figure was not computed from rows, has no such side, or the database refuses.
    pub async fn behind(&self, adopted: &Adopted, figure: &Figure, name: SideName) -> Result<Behind, Refusal> {
        let preparation = self.preparation(adopted)?;
        let none = || Refusal::NotFound(format!("这个指标{}的明细", name.label()));
        let prepared = preparation.indicator(&figure.indicator).filter(|_| figure.computed).ok_or_else(none)?;
        let side = match name {
            SideName::Numerator => Some(&prepared.numerator),
            SideName::Denominator => prepared.denominator.as_ref(),
        };
        let side = side.ok_or_else(none)?;
        let parameters = compute::parameters_on(adopted.layers(), figure.as_of);
        let regions = self.regions(adopted);
        if side.register == REGION_KEY {
            let sheet = regions.sheet(figure.as_of);
            return gather(side, &sheet, &parameters, &figure.region, None).map_err(told);
        }
        let register = self.registry.get(adopted.place(), &side.register).ok_or_else(none)?;
        let scope = regions.path(&figure.region).ok_or_else(none)?;
        let mut fields: Vec<&str> = side.measure.columns().iter().map(String::as_str).collect();
        fields.extend(side.filter.iter().flat_map(|filter| filter.columns()).map(String::as_str));
        let mut query = ColumnsQuery::now(&scope, &fields);
        query.with_ids = true;
        // What was known then, not what is known now: else the rows would not come to the figure.
        query.known_at = Some(figure.known_at);
        let sheet = self.sheet(adopted, &register, &query).await?;
        gather(side, &sheet, &parameters, &figure.region, Some(register)).map_err(told)
    }
}

/// The rows of a side inside a region, each with what it adds, and what they come to.
fn gather(
    side: &Side,
    sheet: &Sheet,
    parameters: &Parameters,
    region: &str,
    register: Option<Arc<Register>>,
) -> Result<Behind, Vec<Problem>> {
    let way = Way::of(side.measure.text());
    let chosen = compute::rows_behind(side, sheet, parameters, region)?;
    let adds = adds(side, sheet, parameters, &chosen, way)?;
    let mut inside = vec![u32::MAX; sheet.table.rows()];
    for row in &chosen {
        if let Some(slot) = inside.get_mut(*row) {
            *slot = 0;
        }
    }
    let groups = Groups { of: &inside, count: 1 };
    let total = side.measure.totals(&sheet.table, parameters, side.filter.as_ref(), groups)?.pop();
    let rows = chosen.iter().zip(adds).map(|(row, adds)| {
        let region = sheet.row_region.get(*row).and_then(|at| sheet.regions.get(*at as usize)).cloned();
        RowBehind {
            id: sheet.ids.as_ref().and_then(|ids| ids.get(*row)).and_then(|id| id.parse().ok()),
            region: region.unwrap_or_else(|| RegionPath::stored("/")),
            adds,
        }
    });
    Ok(Behind { register, way, rows: rows.collect(), total: total.and_then(|total| total.value) })
}

/// What each chosen row adds: its own value for a sum, one for a count.
fn adds(
    side: &Side,
    sheet: &Sheet,
    parameters: &Parameters,
    chosen: &[usize],
    way: Way,
) -> Result<Vec<Option<Decimal>>, Vec<Problem>> {
    if way != Way::Sum {
        return Ok(vec![Some(Decimal::ONE); chosen.len()]);
    }
    let mut own = vec![u32::MAX; sheet.table.rows()];
    for (at, row) in chosen.iter().enumerate() {
        if let (Some(slot), Ok(at)) = (own.get_mut(*row), u32::try_from(at)) {
            *slot = at;
        }
    }
    let groups = Groups { of: &own, count: chosen.len() };
    let totals = side.measure.totals(&sheet.table, parameters, side.filter.as_ref(), groups)?;
    Ok(totals.into_iter().map(|total| total.value.filter(|_| total.missing == 0)).collect())
}
