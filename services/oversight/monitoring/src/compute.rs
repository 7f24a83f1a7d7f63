//! Computing indicators from the rows of registers. Pure: columns in, figures out; used by the server and
//! by `zhaoxi indicators` on files alike.

use crate::model::Month;
use crate::regions::{RegionIndex, Sheet};
use crate::totals::{Reckoning, Totals};
use chrono::{Datelike, NaiveDate};
use pack_reader::Layers;
use pack_reader::model::{Indicator, Measure as PackMeasure, Quantity, Value};
use rules::{Compiled, Measure, Parameters, Problem, Scalar, Total};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vocabulary::Register;

/// Decimal places kept in a figure: more than any plan states, few enough to read in a database.
const KEPT_DECIMALS: u32 = 8;

/// One side of a ratio, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Side {
    /// Key of the register.
    pub register: String,
    /// Its name.
    pub label: String,
    /// Which rows.
    pub filter: Option<Compiled>,
    /// What is added up.
    pub measure: Measure,
}

/// An indicator whose expressions are compiled.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Key of the indicator.
    pub key: String,
    /// Above the line.
    pub numerator: Side,
    /// Below the line.
    pub denominator: Option<Side>,
    /// Factor.
    pub scale: Decimal,
}

impl Side {
    /// Whether it counts different values.
    #[must_use]
    pub fn is_different(&self) -> bool {
        self.measure.text().starts_with("distinct")
    }
}

impl Prepared {
    /// Above the line and, if there is one, below it.
    pub fn sides(&self) -> impl Iterator<Item = &Side> {
        std::iter::once(&self.numerator).chain(&self.denominator)
    }
}

/// The computed indicators of a plan, and the columns they need.
#[derive(Debug, Clone, Default)]
pub struct Preparation {
    /// Indicators that can be computed.
    pub indicators: Vec<Prepared>,
    /// Labels of the columns needed, by register.
    pub columns: BTreeMap<String, BTreeSet<String>>,
}

impl Preparation {
    /// Compiles a plan's computed indicators against the registers.
    ///
    /// # Errors
    /// What does not compile; never for a pack that passed its check with the same registers.
    pub fn of(layers: Layers<'_>, registers: &[&Register], on: NaiveDate) -> Result<Self, Vec<(String, Problem)>> {
        let mut preparation = Self::default();
        let mut problems = Vec::new();
        let parameters = parameter_terms(layers, on);
        let Some(pack) = layers.city else { return Ok(preparation) };
        for indicator in &pack.indicators {
            match prepare(indicator, registers, &parameters) {
                Ok(Some(prepared)) => preparation.add(prepared),
                Ok(None) => {}
                Err(found) => problems.extend(found.into_iter().map(|problem| (indicator.key.clone(), problem))),
            }
        }
        if problems.is_empty() { Ok(preparation) } else { Err(problems) }
    }

    fn add(&mut self, prepared: Prepared) {
        for side in prepared.sides() {
            let needed = self.columns.entry(side.register.clone()).or_default();
            needed.extend(side.filter.iter().flat_map(|rule| rule.columns().iter().cloned()));
            needed.extend(side.measure.columns().iter().cloned());
        }
        self.indicators.push(prepared);
    }

    /// Whether some indicator asks for different values of a register: those of two regions cannot be added up.
    #[must_use]
    pub fn asks_for_different(&self, register: &str) -> bool {
        let sides = self.indicators.iter().flat_map(Prepared::sides);
        sides.into_iter().any(|side| side.register == register && side.is_different())
    }

    /// The prepared indicator with a key.
    #[must_use]
    pub fn indicator(&self, key: &str) -> Option<&Prepared> {
        self.indicators.iter().find(|one| one.key == key)
    }
}

fn prepare(
    indicator: &Indicator,
    registers: &[&Register],
    parameters: &[(&str, &Value)],
) -> Result<Option<Prepared>, Vec<Problem>> {
    let PackMeasure::Computed { numerator, denominator, scale, .. } = &indicator.measure else { return Ok(None) };
    let numerator = side(numerator, registers, parameters)?;
    let denominator = denominator.as_ref().map(|quantity| side(quantity, registers, parameters)).transpose()?;
    Ok(Some(Prepared { key: indicator.key.clone(), numerator, denominator, scale: *scale }))
}

fn side(quantity: &Quantity, registers: &[&Register], parameters: &[(&str, &Value)]) -> Result<Side, Vec<Problem>> {
    let register = registers.iter().find(|register| register.key == quantity.register).ok_or_else(|| {
        let message = format!("没有登记簿“{}”", quantity.register);
        vec![Problem { column: 1, code: "monitoring.register", message, remedy: "核对登记簿的 key".to_owned() }]
    })?;
    let vocabulary = pack_reader::vocabulary_of(register, parameters.iter().copied());
    let filter = quantity.filter.as_deref().map(|text| rules::compile_condition(text, &vocabulary)).transpose()?;
    let measure = rules::parse_measure(&quantity.value, &vocabulary)?;
    Ok(Side { register: quantity.register.clone(), label: register.label.clone(), filter, measure })
}

/// The labels of all parameters with a value that tells their kind, for compiling expressions.
#[must_use]
pub fn parameter_terms(layers: Layers<'_>, on: NaiveDate) -> Vec<(&str, &Value)> {
    let value = |key: &str, first| layers.parameter(key, on).or(first).map(|dated| &dated.value);
    let parameters = layers.parameters().into_iter();
    parameters.filter_map(|one| Some((one.label.as_str(), value(&one.key, one.values.first())?))).collect()
}

/// The days and values that expressions may name, on a day.
#[must_use]
pub fn parameters_on(layers: Layers<'_>, on: NaiveDate) -> Parameters {
    let first = |month| NaiveDate::from_ymd_opt(on.year(), month, 1).unwrap_or(on);
    let mut parameters = Parameters::new()
        .with("基准日", Scalar::Date(on))
        .with("月初", Scalar::Date(first(on.month())))
        .with("年初", Scalar::Date(first(1)));
    let start = layers.city.and_then(|pack| pack.manifest.period).map(|period| period.from);
    parameters = match start {
        Some(day) => parameters.with("期初", Scalar::Date(day)),
        None => parameters.without("期初"),
    };
    for parameter in layers.parameters() {
        parameters = match layers.parameter(&parameter.key, on) {
            Some(dated) => parameters.with(&parameter.label, scalar(&dated.value)),
            None => parameters.without(&parameter.label),
        };
    }
    parameters
}

fn scalar(value: &Value) -> Scalar {
    match value {
        Value::Number(number) => Scalar::Number(*number),
        Value::Text(text) => Scalar::Text(text.clone()),
        Value::Flag(flag) => Scalar::Boolean(*flag),
        Value::Day(day) => Scalar::Date(*day),
    }
}

/// A computed figure of one region.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// Key of the indicator.
    pub indicator: String,
    /// Region code.
    pub region: String,
    /// Above the line.
    pub numerator: Option<Decimal>,
    /// Below the line, when there is one.
    pub denominator: Option<Decimal>,
    /// The figure; `None` when it cannot be computed (`note` says why).
    pub value: Option<Decimal>,
    /// Why there is none, or how many rows could not be judged.
    pub note: Option<String>,
}

/// Computes all prepared indicators for every region that gets figures, as of a day.
///
/// # Errors
/// When a column that a rule needs is missing from its sheet.
pub fn figures(
    preparation: &Preparation,
    sheets: &HashMap<String, Sheet>,
    regions: &RegionIndex,
    parameters: &Parameters,
    on: NaiveDate,
) -> Result<Vec<Computed>, Vec<Problem>> {
    let reckoning = Reckoning::new(preparation, regions, parameters, on);
    let mut totals = Totals::default();
    for (register, sheet) in sheets {
        reckoning.learn(&mut totals, register, sheet)?;
    }
    Ok(reckoning.figures(&totals))
}

pub(crate) fn figure(
    prepared: &Prepared,
    region: &str,
    numerator: Option<Total>,
    denominator: Option<Option<Total>>,
) -> Computed {
    let mut computed = Computed {
        indicator: prepared.key.clone(),
        region: region.to_owned(),
        numerator: numerator.and_then(|total| total.value),
        denominator: denominator.flatten().and_then(|total| total.value),
        value: None,
        note: None,
    };
    let no_rows = |side: &Side| Some(format!("登记簿“{}”里还没有数据", side.label));
    let Some(top) = numerator else {
        computed.note = no_rows(&prepared.numerator);
        return computed;
    };
    let quotient = match (&prepared.denominator, denominator) {
        (Some(side), Some(None)) => {
            computed.note = no_rows(side);
            return computed;
        }
        (_, Some(Some(bottom))) => match (top.value, bottom.value) {
            (_, Some(bottom)) if bottom.is_zero() => {
                computed.note = Some("分母为 0：没有对象可以统计".to_owned());
                return computed;
            }
            (Some(top), Some(bottom)) => top.checked_div(bottom),
            _ => None,
        },
        _ => top.value,
    };
    computed.value = quotient
        .and_then(|value| value.checked_mul(prepared.scale))
        .map(|value| value.round_dp(KEPT_DECIMALS).normalize());
    computed.note = unjudged(top, denominator.flatten());
    computed
}

/// Rows that lack what the rule asks: said beside the figure, never counted as no.
fn unjudged(top: Total, bottom: Option<Total>) -> Option<String> {
    let bottom = bottom.unwrap_or_default();
    let rows = top.unknown.max(bottom.unknown) + top.missing + bottom.missing;
    (rows > 0).then(|| format!("有 {rows} 条记录缺少所需信息，未计入"))
}

/// The rows of one side inside a region, for the page behind a figure.
///
/// # Errors
/// When a column that the rule needs is missing from the sheet.
pub fn rows_behind(
    side: &Side,
    sheet: &Sheet,
    parameters: &Parameters,
    region: &str,
) -> Result<Vec<usize>, Vec<Problem>> {
    let inside: Vec<bool> = sheet.regions.iter().map(|path| path.codes().any(|code| code == region)).collect();
    let here = |row: &usize| {
        sheet.row_region.get(*row).and_then(|region| inside.get(*region as usize)).copied().unwrap_or(false)
    };
    Ok(match &side.filter {
        Some(filter) => filter.mask(&sheet.table, parameters)?.yes().ones().filter(here).collect(),
        None => (0..sheet.table.rows()).filter(here).collect(),
    })
}

/// The months of a series that ends with a month, oldest first.
#[must_use]
pub fn months_until(last: Month, count: u32) -> Vec<Month> {
    (0..count).rev().map(|back| last.back(back)).collect()
}
