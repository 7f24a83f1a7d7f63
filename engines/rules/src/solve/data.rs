//! Brings a rule's columns and parameters together: checked, in the order of the plan's places, with age tables and common
//! text codes made once for all rows.

use crate::book::program::{Program, Step};
use crate::calendar::{self, Ages, Unit};
use crate::column::{Column, Parameters, Scalar, Table};
use crate::plan::{Day, Logic, Needs, Number, Plan, Words};
use crate::problem::Problem;
use crate::vocabulary::Type;
use std::collections::HashMap;

/// The code of a text that no literal of the rule names.
pub(super) const OTHER: u32 = u32::MAX;

/// The columns and parameters of a rule in the order of its places, and what is made once for all rows.
pub(crate) struct Data<'a> {
    columns: Vec<&'a Column>,
    parameters: Vec<Option<&'a Scalar>>,
    /// Age tables by parameter and unit.
    pub ages: Vec<(usize, Unit, Ages)>,
    /// Texts by code, common to all columns of the rule.
    pub texts: Vec<String>,
    pub codes: HashMap<String, u32>,
    /// For each text column, the common code of each code of its own dictionary.
    pub common: Vec<Vec<u32>>,
    every_text: bool,
}

impl<'a> Data<'a> {
    /// Finds everything the rule needs, or says all that is not there.
    pub fn new(needs: &Needs<'_>, table: &'a Table, given: &'a Parameters) -> Result<Self, Vec<Problem>> {
        let (columns, parameters) = checked(needs, table, given)?;
        Ok(Self {
            columns,
            parameters,
            ages: Vec::new(),
            texts: Vec::new(),
            codes: HashMap::new(),
            common: Vec::new(),
            every_text: needs.every_text,
        })
    }

    /// Makes age tables and common text codes for what the plan uses.
    pub fn prepare(&mut self, plan: &Plan, rows: usize) {
        let mut uses = Uses::default();
        uses.plan(plan);
        self.make(uses, rows);
    }

    /// The same for a program.
    pub fn prepare_program(&mut self, program: &Program, rows: usize) {
        let mut uses = Uses::default();
        for step in &program.steps {
            match step {
                Step::Logic(logic) => uses.logic(logic),
                Step::Number(number) => uses.number(number),
            }
        }
        program.plans.iter().for_each(|plan| uses.plan(plan));
        self.make(uses, rows);
    }

    fn make(&mut self, uses: Uses, rows: usize) {
        for (parameter, unit) in uses.ages {
            if let Some(Some(Scalar::Date(on))) = self.parameters.get(parameter) {
                self.ages.push((parameter, unit, Ages::new(calendar::number_of(*on), unit, rows)));
            }
        }
        for literal in uses.texts {
            self.code(&literal);
        }
        let parameters = self.parameters.clone();
        for parameter in parameters {
            if let Some(Scalar::Text(text)) = parameter {
                self.code(text);
            }
        }
        let columns = self.columns.clone();
        for column in columns {
            let common = match column {
                Column::Text { dictionary, .. } if self.every_text => {
                    dictionary.iter().map(|text| self.code(text)).collect()
                }
                Column::Text { dictionary, .. } => {
                    dictionary.iter().map(|text| self.codes.get(text).copied().unwrap_or(OTHER)).collect()
                }
                _ => Vec::new(),
            };
            self.common.push(common);
        }
    }

    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = u32::try_from(self.texts.len()).unwrap_or(OTHER);
        self.texts.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        code
    }

    /// The column of a place.
    pub fn column(&self, place: usize) -> Option<&'a Column> {
        self.columns.get(place).copied()
    }

    /// The parameter of a place, unless it is missing.
    pub fn parameter(&self, place: usize) -> Option<&'a Scalar> {
        self.parameters.get(place).copied().flatten()
    }
}

/// The columns and parameters that are needed, in their order; a parameter that is known to be missing is none.
///
/// # Errors
/// All that is not there or of another kind.
pub(crate) fn checked<'a>(
    needs: &Needs<'_>,
    table: &'a Table,
    given: &'a Parameters,
) -> Result<Checked<'a>, Vec<Problem>> {
    let mut problems = Vec::new();
    let (mut columns, mut parameters) = (Vec::new(), Vec::new());
    for (name, kind) in needs.columns.iter().zip(needs.column_kinds) {
        match checked_column(table, name, *kind) {
            Ok(column) => columns.push(column),
            Err(problem) => problems.push(problem),
        }
    }
    for (name, kind) in needs.parameters.iter().zip(needs.parameter_kinds) {
        match checked_parameter(given, name, *kind) {
            Ok(parameter) => parameters.push(parameter),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok((columns, parameters))
}

/// Columns and parameters by place.
type Checked<'a> = (Vec<&'a Column>, Vec<Option<&'a Scalar>>);

fn checked_column<'a>(table: &'a Table, name: &str, kind: Type) -> Result<&'a Column, Problem> {
    let Some(column) = table.column(name) else {
        let message = format!("数据里没有“{name}”这一列");
        return Err(Problem::data("rules.no_column", message, "请检查登记簿是否提供该字段"));
    };
    if column.kind() != kind {
        let message = format!("“{name}”这一列是{}，规则需要{}", column.kind().label(), kind.label());
        return Err(Problem::data("rules.column_kind", message, "请检查字段类型"));
    }
    if column.len() != table.rows() || column.present().len() != table.rows() {
        let message = format!("“{name}”有 {} 行，表有 {} 行", column.len(), table.rows());
        return Err(Problem::data("rules.column_length", message, "每一列的行数要与表一致"));
    }
    Ok(column)
}

fn checked_parameter<'a>(given: &'a Parameters, name: &str, kind: Type) -> Result<Option<&'a Scalar>, Problem> {
    match given.get(name) {
        None => {
            let message = format!("没有给出参数“{name}”");
            Err(Problem::data("rules.no_parameter", message, "请给出该参数，或注明它没有值"))
        }
        Some(Some(value)) if value.kind() != kind => {
            let message = format!("参数“{name}”是{}，规则需要{}", value.kind().label(), kind.label());
            Err(Problem::data("rules.parameter_kind", message, "请检查参数类型"))
        }
        Some(value) => Ok(value),
    }
}

/// What of a plan needs something made beforehand.
#[derive(Default)]
struct Uses {
    ages: Vec<(usize, Unit)>,
    texts: Vec<String>,
}

impl Uses {
    fn plan(&mut self, plan: &Plan) {
        match plan {
            Plan::Logic(logic) => self.logic(logic),
            Plan::Number(number) | Plan::Length(number) => self.number(number),
            Plan::Day(day) => self.day(day),
            Plan::Words(words) => self.words(words),
            Plan::Months(_) | Plan::Null => {}
        }
    }

    fn logic(&mut self, logic: &Logic) {
        match logic {
            Logic::Known(_) | Logic::Column(_) | Logic::Parameter(_) | Logic::Shared(_) => {}
            Logic::All(parts) | Logic::Any(parts) => parts.iter().for_each(|part| self.logic(part)),
            Logic::Not(inner) => self.logic(inner),
            Logic::Numbers(_, left, right) => {
                // An age beside a constant is compared as a day and needs no table.
                for side in [left, right] {
                    if !(matches!(**side, Number::Since { .. }) && (left.is_constant() || right.is_constant())) {
                        self.number(side);
                    }
                }
            }
            Logic::Days(_, left, right) => {
                self.day(left);
                self.day(right);
            }
            Logic::Texts { left, right, .. } => {
                self.words(left);
                self.words(right);
            }
            Logic::Logics { left, right, .. } => {
                self.logic(left);
                self.logic(right);
            }
            Logic::Missing(inner) => self.plan(inner),
            Logic::Choose(condition, yes, no) => {
                [condition, yes, no].into_iter().for_each(|part| self.logic(part));
            }
        }
    }

    fn number(&mut self, number: &Number) {
        match number {
            Number::Known(_) | Number::Column(_) | Number::Parameter(_) | Number::Shared(_) => {}
            Number::Since { parameter, unit, .. } => {
                if !self.ages.contains(&(*parameter, *unit)) {
                    self.ages.push((*parameter, *unit));
                }
            }
            Number::Arithmetic(_, left, right) => {
                self.number(left);
                self.number(right);
            }
            Number::Negate(inner) | Number::Abs(inner) => self.number(inner),
            Number::Extreme(_, items) => items.iter().for_each(|item| self.number(item)),
            Number::Part(_, day) => self.day(day),
            Number::Between(to, from) => {
                self.day(to);
                self.day(from);
            }
            Number::Choose(condition, yes, no) => {
                self.logic(condition);
                self.number(yes);
                self.number(no);
            }
        }
    }

    fn day(&mut self, day: &Day) {
        match day {
            Day::Known(_) | Day::Column(_) | Day::Parameter(_) => {}
            Day::AddMonths(inner, _) => self.day(inner),
            Day::AddDays(inner, count) => {
                self.day(inner);
                self.number(count);
            }
            Day::Choose(condition, yes, no) => {
                self.logic(condition);
                self.day(yes);
                self.day(no);
            }
        }
    }

    fn words(&mut self, words: &Words) {
        match words {
            Words::Known(Some(text)) => self.texts.push(text.clone()),
            Words::Known(None) | Words::Column(_) | Words::Parameter(_) => {}
            Words::Choose(condition, yes, no) => {
                self.logic(condition);
                self.words(yes);
                self.words(no);
            }
        }
    }
}
