//! Evaluates a plan over the columns of a table, a stretch of rows at a time, so that what one step makes the next step still
//! finds in the nearest cache. Truth is two rows of bits (yes, known), so that `and`, `or` and `not` of 64 rows are one step.

pub(crate) mod data;
pub(crate) mod rows;
pub(crate) mod stretch;

use crate::bits::Bits;
use crate::column::{Answer, Column, Mask, Parameters, Table, digits_at, fixed};
use crate::number::{Digits, Numbers};
use crate::plan::{Compiled, Plan};
use crate::problem::Problem;
use data::Data;
use rust_decimal::Decimal;
use stretch::Stretch;

/// Rows of one stretch: a multiple of 64 whose buffers fit the nearest caches.
pub(crate) const STRETCH: usize = 4_096;

/// Evaluates a rule for all rows of a table.
pub(crate) fn evaluate(rule: &Compiled, table: &Table, parameters: &Parameters) -> Result<Answer, Vec<Problem>> {
    let mut data = Data::new(&rule.needs(), table, parameters)?;
    let rows = table.rows();
    let stretches = (0..rows).step_by(STRETCH).map(|start| (start, STRETCH.min(rows - start)));
    let stretches: Vec<_> = stretches.map(|(start, rows)| Stretch { start, rows, work: None }).collect();
    data.prepare(&rule.plan, rows);
    let data = &data;
    Ok(match &rule.plan {
        Plan::Logic(logic) => {
            let (mut yes, mut known) = (Vec::new(), Vec::new());
            for stretch in stretches {
                let truth = data.logic(logic, stretch);
                yes.extend(truth.yes);
                known.extend(truth.known);
            }
            Answer::Mask(Mask::new(&Bits::of_words(yes, rows), Bits::of_words(known, rows)))
        }
        Plan::Number(number) | Plan::Length(number) => {
            let mut output = NumberOutput::new();
            for stretch in stretches {
                output.push(&data.number(number, stretch), stretch.rows);
            }
            Answer::Column(output.finish(rows))
        }
        Plan::Day(day) => {
            let (mut values, mut present) = (Vec::with_capacity(rows), Vec::new());
            for stretch in stretches {
                let days = data.day(day, stretch);
                values.extend_from_slice(&days.values);
                present.extend_from_slice(&days.present);
            }
            Answer::Column(Column::Date { values, present: Bits::of_words(present, rows) })
        }
        Plan::Words(words) => {
            let (mut codes, mut present) = (Vec::with_capacity(rows), Vec::new());
            for stretch in stretches {
                let texts = data.words(words, stretch);
                codes.extend_from_slice(&texts.values);
                present.extend_from_slice(&texts.present);
            }
            let dictionary = data.texts.clone();
            Answer::Column(Column::Text { codes, dictionary, present: Bits::of_words(present, rows) })
        }
        Plan::Months(_) | Plan::Null => Answer::Column(Column::integers((0..rows).map(|_| None))),
    })
}

/// Says whether the table and parameters have all that a rule needs.
pub(crate) fn check(rule: &Compiled, table: &Table, parameters: &Parameters) -> Result<(), Vec<Problem>> {
    Data::new(&rule.needs(), table, parameters).map(|_| ())
}

/// Numbers of all rows, put together stretch by stretch: digits with one scale as long as every stretch is that.
struct NumberOutput {
    values: Vec<i64>,
    wide: Vec<Decimal>,
    scale: Option<u32>,
    is_wide: bool,
    present: Vec<u64>,
}

impl NumberOutput {
    fn new() -> Self {
        Self { values: Vec::new(), wide: Vec::new(), scale: None, is_wide: false, present: Vec::new() }
    }

    fn push(&mut self, numbers: &Numbers<'_>, rows: usize) {
        self.present.extend_from_slice(&numbers.present);
        let digits = if self.is_wide { None } else { self.digits(numbers, rows) };
        match digits {
            Some(values) => self.values.extend(values),
            None => {
                self.widen();
                self.wide.extend_from_slice(&numbers.decimals(rows));
            }
        }
    }

    /// The digits of a stretch at the scale of those before it.
    fn digits(&mut self, numbers: &Numbers<'_>, rows: usize) -> Option<Vec<i64>> {
        let (values, scale) = match &numbers.digits {
            Digits::Fixed { values, scale } => (values.to_vec(), *scale),
            Digits::Same(value) => {
                let value = value.unwrap_or_default().normalize();
                let scale = self.scale.unwrap_or_else(|| value.scale());
                (vec![digits_at(value, scale)?; rows], scale)
            }
            Digits::Wide(_) => return None,
        };
        (*self.scale.get_or_insert(scale) == scale).then_some(values)
    }

    fn widen(&mut self) {
        let scale = self.scale.unwrap_or(0);
        self.wide.extend(self.values.drain(..).map(|value| fixed(value, scale)));
        self.is_wide = true;
    }

    fn finish(self, rows: usize) -> Column {
        let present = Bits::of_words(self.present, rows);
        if self.is_wide {
            Column::Wide { values: self.wide, present }
        } else {
            Column::Number { values: self.values, scale: self.scale.unwrap_or(0), present }
        }
    }
}
