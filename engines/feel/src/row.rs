//! Rules that lie outside the columnar subset, prepared once and answered for one row at a time.

use crate::{guard, json, missing};
use chrono::{Datelike, NaiveDate};
use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{Evaluator, FeelScope, Name};
use dsntk_feel_number::FeelNumber;
use dsntk_feel_temporal::FeelDate;
use rules::{RowByRow, Scalar, Slow};
use rust_decimal::Decimal;
use std::sync::Arc;

/// A rule that the library evaluates.
pub struct RowRule {
    names: Vec<Name>,
    evaluator: Evaluator,
}

impl std::fmt::Debug for RowRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RowRule").field("names", &self.names).finish_non_exhaustive()
    }
}

impl RowRule {
    /// Prepares the text of a rule over names, whose values are given with each row in this order.
    ///
    /// # Errors
    /// Why the library cannot read it.
    pub fn new<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Result<Self, String> {
        if let Some(reason) = guard::too_much(text) {
            return Err(reason);
        }
        let names: Vec<Name> = names.into_iter().map(json::name).collect();
        let mut context = FeelContext::new();
        names.iter().for_each(|name| context.set_null(name.clone()));
        let scope: FeelScope = context.into();
        let prepared = guard::caught(|| {
            let node = dsntk_feel_parser::parse_expression(&scope, text, false).map_err(|error| error.to_string())?;
            Ok(dsntk_feel_evaluator::prepare(&missing::unknown(guard::bounded(node))))
        });
        let evaluator = prepared.unwrap_or_else(|()| Err("the library cannot read the rule".to_owned()))?;
        Ok(Self { names, evaluator })
    }

    /// Prepares a rule that `rules` sent here.
    ///
    /// # Errors
    /// As [`RowRule::new`].
    pub fn of(slow: &Slow) -> Result<Arc<dyn RowByRow>, String> {
        let names = slow.terms.iter().chain(&slow.parameters).map(String::as_str);
        Ok(Arc::new(Self::new(&slow.text, names)?))
    }
}

impl RowByRow for RowRule {
    fn value(&self, row: &[Option<Scalar>]) -> Option<Scalar> {
        let mut context = FeelContext::new();
        for (name, value) in self.names.iter().zip(row) {
            context.set_entry(name, value.as_ref().map_or(Value::Null(None), to_feel));
        }
        let scope: FeelScope = context.into();
        guard::caught(|| of_feel((self.evaluator)(&scope))).ok().flatten()
    }
}

fn to_feel(value: &Scalar) -> Value {
    match value {
        Scalar::Number(number) => match i64::try_from(number.mantissa()) {
            Ok(digits) => Value::Number(FeelNumber::new(digits, i32::try_from(number.scale()).unwrap_or(0))),
            Err(_) => number.to_string().parse().map_or(Value::Null(None), Value::Number),
        },
        Scalar::Text(text) => Value::String(text.clone()),
        Scalar::Date(day) => {
            let (month, number) = (day.month(), day.day());
            FeelDate::new(day.year(), month, number).map_or(Value::Null(None), Value::Date)
        }
        Scalar::Boolean(flag) => Value::Boolean(*flag),
    }
}

fn of_feel(value: Value) -> Option<Scalar> {
    match value {
        Value::Boolean(flag) => Some(Scalar::Boolean(flag)),
        Value::Number(number) => decimal(&number.to_string()).map(Scalar::Number),
        Value::String(text) => Some(Scalar::Text(text)),
        Value::Date(day) => NaiveDate::try_from(day).ok().map(Scalar::Date),
        // Lengths of time are numbers of days in the rules language.
        Value::DaysAndTimeDuration(length) => {
            Some(Scalar::Number(Decimal::from(length.as_seconds()) / Decimal::from(86_400)))
        }
        Value::Transparent(inner) => of_feel(*inner),
        // `x in (…)` that nothing decides, and whatever else is no value of a rule.
        _ => None,
    }
}

/// A number of the library as one of ours: 34 digits rounded to the 28 that fit.
fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}
