//! What an indicator adds up over the rows of a condition: how many, the sum of an expression, or how many different values.

use crate::column::{Answer, Column, Parameters, Scalar, Table};
use crate::plan::Compiled;
use crate::problem::Problem;
use crate::vocabulary::{Derivation, Vocabulary};
use crate::{compile, compile_number};
use rust_decimal::Decimal;

/// How rows are counted.
#[derive(Debug, Clone)]
pub struct Measure {
    text: String,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Count,
    Sum(Compiled),
    Distinct(Compiled),
}

/// For every row the group it belongs to (a region, say); rows whose group is not below `count` belong to none.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    /// Group of each row.
    pub of: &'a [u32],
    /// How many groups there are.
    pub count: usize,
}

/// What was measured for one group. Missing is never zero: rows that could not be judged or have no value are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// The count, sum or number of different values; `None` when there are rows but none has a value, or it does not fit.
    pub value: Option<Decimal>,
    /// Rows for which the condition holds.
    pub rows: u64,
    /// Rows for which the condition is unknown.
    pub unknown: u64,
    /// Rows for which the condition holds, but the value to add up is missing.
    pub missing: u64,
}

/// Reads `count`, `sum(EXPRESSION)` or `distinct(TERM)`.
pub(crate) fn read(text: &str, vocabulary: &Vocabulary) -> Result<Measure, Vec<Problem>> {
    let trimmed = text.trim();
    let way = if trimmed == "count" {
        Way::Count
    } else if let Some((inner, shift)) = inside(text, "sum") {
        Way::Sum(compile_number(inner, vocabulary).map_err(|problems| shifted(problems, shift))?)
    } else if let Some((inner, shift)) = inside(text, "distinct") {
        let term = compile(inner, vocabulary).map_err(|problems| shifted(problems, shift))?;
        if vocabulary.term(inner.trim()).is_none() {
            let problem = Problem::at(shift + 1, "rules.distinct", "distinct 里只能写一个字段", "例如 distinct(户号)");
            return Err(vec![problem]);
        }
        Way::Distinct(term)
    } else {
        let message = format!("“{trimmed}”不是取值方式");
        return Err(vec![Problem::at(1, "rules.measure", message, "请写 count、sum(表达式) 或 distinct(字段)")]);
    };
    Ok(Measure { text: trimmed.to_owned(), way })
}

/// What stands between the brackets of a function that is the whole text, and how many characters stand before it.
fn inside<'a>(text: &'a str, function: &str) -> Option<(&'a str, usize)> {
    let rest = text.trim().strip_prefix(function)?.trim_start();
    let inner = rest.strip_prefix('(')?.strip_suffix(')')?;
    let before = text.split_once('(').map_or(0, |(before, _)| before.chars().count() + 1);
    Some((inner, before))
}

fn shifted(problems: Vec<Problem>, shift: usize) -> Vec<Problem> {
    problems.into_iter().map(|problem| Problem { column: problem.column + shift, ..problem }).collect()
}

impl Measure {
    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Columns that the table must have.
    pub fn columns(&self) -> &[String] {
        self.rule().map_or(&[], Compiled::columns)
    }

    /// Parameters that must be given.
    pub fn parameters(&self) -> &[String] {
        self.rule().map_or(&[], Compiled::parameters)
    }

    fn rule(&self) -> Option<&Compiled> {
        match &self.way {
            Way::Count => None,
            Way::Sum(rule) | Way::Distinct(rule) => Some(rule),
        }
    }

    /// Measures all rows for which the condition holds; without a condition, all rows.
    ///
    /// # Errors
    /// As [`Compiled::evaluate`].
    pub fn total(
        &self,
        table: &Table,
        parameters: &Parameters,
        condition: Option<&Compiled>,
    ) -> Result<Total, Vec<Problem>> {
        let one = vec![0; table.rows()];
        let totals = self.totals(table, parameters, condition, Groups { of: &one, count: 1 })?;
        Ok(totals.first().copied().unwrap_or_default())
    }

    /// Measures every group by itself. Counts and sums of groups may be added up; numbers of different values may not:
    /// ask again with the larger groups.
    ///
    /// # Errors
    /// As [`Compiled::evaluate`], and when there is not one group a row.
    pub fn totals(
        &self,
        table: &Table,
        parameters: &Parameters,
        condition: Option<&Compiled>,
        groups: Groups<'_>,
    ) -> Result<Vec<Total>, Vec<Problem>> {
        if groups.of.len() != table.rows() {
            let message = format!("分组有 {} 行，表有 {} 行", groups.of.len(), table.rows());
            return Err(vec![Problem::data("rules.groups", message, "每一行要有一个分组")]);
        }
        let chosen = Chosen::new(table, parameters, condition, groups)?;
        match &self.way {
            Way::Count => Ok(chosen.counted()),
            Way::Sum(rule) => match rule.evaluate(table, parameters)? {
                Answer::Column(column) => Ok(chosen.summed(&column)),
                Answer::Mask(_) => Ok(chosen.totals),
            },
            Way::Distinct(rule) => {
                let plain = rule.vocabulary.terms.first().filter(|term| term.derivation == Derivation::Column);
                match plain.and_then(|term| table.column(&term.name)) {
                    // A column of the table needs no evaluation, only the look at it that finds problems.
                    Some(column) => {
                        crate::solve::check(rule, table, parameters)?;
                        Ok(chosen.different(column))
                    }
                    None => match rule.evaluate(table, parameters)? {
                        Answer::Column(column) => Ok(chosen.different(&column)),
                        Answer::Mask(mask) => {
                            Ok(chosen.different(&Column::booleans((0..mask.len()).map(|row| mask.get(row)))))
                        }
                    },
                }
            }
        }
    }
}

/// The rows for which the condition holds, each with its group, and what is known of every group so far.
struct Chosen {
    rows: Vec<(usize, usize)>,
    totals: Vec<Total>,
}

impl Chosen {
    fn new(
        table: &Table,
        parameters: &Parameters,
        condition: Option<&Compiled>,
        groups: Groups<'_>,
    ) -> Result<Self, Vec<Problem>> {
        let mut totals = vec![Total::default(); groups.count];
        let group_of = |row: &usize| groups.of.get(*row).map(|group| *group as usize);
        let grouped = |row: usize| group_of(&row).filter(|group| *group < groups.count).map(|group| (row, group));
        let rows: Vec<(usize, usize)> = match condition {
            None => (0..table.rows()).filter_map(grouped).collect(),
            Some(condition) => {
                let mask = condition.mask(table, parameters)?;
                for (_, group) in mask.unknown().ones().filter_map(grouped) {
                    if let Some(total) = totals.get_mut(group) {
                        total.unknown += 1;
                    }
                }
                mask.yes().ones().filter_map(grouped).collect()
            }
        };
        for (_, group) in &rows {
            if let Some(total) = totals.get_mut(*group) {
                total.rows += 1;
            }
        }
        Ok(Self { rows, totals })
    }

    fn counted(mut self) -> Vec<Total> {
        for total in &mut self.totals {
            total.value = Some(Decimal::from(total.rows));
        }
        self.totals
    }

    fn summed(self, column: &Column) -> Vec<Total> {
        match column {
            Column::Number { values, scale, present } => {
                let mut sums = vec![0_i128; self.totals.len()];
                self.finish(|row, group| {
                    let value = values.get(row).filter(|_| present.get(row));
                    if let (Some(sum), Some(value)) = (sums.get_mut(group), value) {
                        *sum += i128::from(*value);
                    }
                    value.is_some()
                })
                .into_iter()
                .zip(sums)
                .map(|(total, sum)| total.with(Decimal::try_from_i128_with_scale(sum, *scale).ok()))
                .collect()
            }
            column => {
                let mut sums = vec![Some(Decimal::ZERO); self.totals.len()];
                self.finish(|row, group| match (column.get(row), sums.get_mut(group)) {
                    (Some(Scalar::Number(value)), Some(sum)) => {
                        *sum = sum.and_then(|sum| sum.checked_add(value));
                        true
                    }
                    _ => false,
                })
                .into_iter()
                .zip(sums)
                .map(|(total, sum)| total.with(sum))
                .collect()
            }
        }
    }

    fn different(self, column: &Column) -> Vec<Total> {
        let mut seen: Vec<(usize, i128)> = Vec::with_capacity(self.rows.len());
        let mut numbers = vec![0_u64; self.totals.len()];
        let totals = self.finish(|row, group| {
            let key = key(column, row);
            seen.extend(key.map(|key| (group, key)));
            key.is_some()
        });
        seen.sort_unstable();
        seen.dedup();
        for (group, _) in seen {
            if let Some(number) = numbers.get_mut(group) {
                *number += 1;
            }
        }
        totals.into_iter().zip(numbers).map(|(total, number)| total.with(Some(number.into()))).collect()
    }

    /// Goes over the rows and counts those that `add` finds no value for.
    fn finish(mut self, mut add: impl FnMut(usize, usize) -> bool) -> Vec<Total> {
        for (row, group) in self.rows {
            let has_value = add(row, group);
            if let (false, Some(total)) = (has_value, self.totals.get_mut(group)) {
                total.missing += 1;
            }
        }
        self.totals
    }
}

impl Total {
    /// The total with its value, unless no row has one.
    fn with(self, value: Option<Decimal>) -> Self {
        let nothing_known = self.rows > 0 && self.missing == self.rows;
        Self { value: value.filter(|_| !nothing_known), ..self }
    }
}

/// A number that is equal for two rows exactly when their values are.
fn key(column: &Column, row: usize) -> Option<i128> {
    if !column.present().get(row) {
        return None;
    }
    match column {
        Column::Number { values, .. } => values.get(row).map(|value| i128::from(*value)),
        Column::Date { values, .. } => values.get(row).map(|value| i128::from(*value)),
        Column::Text { codes, .. } => codes.get(row).map(|code| i128::from(*code)),
        Column::Boolean { values, .. } => Some(i128::from(values.get(row))),
        Column::Wide { values, .. } => values.get(row).map(|value| {
            let value = value.normalize();
            value.mantissa() << 8 | i128::from(value.scale())
        }),
    }
}
