//! For a refusal: what would have to be different. Looks for the fewest changed values with which the rule grants, and tries each
//! proposal on the rule itself before it is given.

use crate::calendar::{self, Unit};
use crate::column::{Answer, Column, Parameters, Scalar, Table};
use crate::expression::{Expression, Node};
use crate::plan::Compiled;
use crate::vocabulary::{Derivation, Term, Type, Vocabulary};
use crate::{explain, solve, typing};
use chrono::Days;
use rust_decimal::Decimal;

/// Proposals kept at each step; the fewest changes first.
const MOST_PROPOSALS: usize = 6;
/// Values of one term tried for one test.
const MOST_VALUES: usize = 80;

/// One value that would have to be different.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The term.
    pub term: String,
    /// Its value for the row; `None` when it is missing.
    pub from: Option<Scalar>,
    /// The nearest value found that would do; `None` for no value at all.
    pub to: Option<Scalar>,
    /// The test that it changes.
    pub test: String,
    /// Whether that test must hold, or must not.
    pub holds: bool,
}

/// The fewest changes found with which a refusal becomes a grant; `granted` tells for a changed row. Empty when none is found.
pub(crate) fn to_grant(
    expression: &Expression,
    vocabulary: &Vocabulary,
    one: &Table,
    parameters: &Parameters,
    granted: &dyn Fn(&Table) -> bool,
) -> Vec<Change> {
    let seeker = Seeker { vocabulary, one, parameters };
    let proposals = seeker.towards(expression, true);
    let works = |changes: &Vec<Change>| seeker.changed(changes).is_some_and(|table| granted(&table));
    proposals.into_iter().find(works).unwrap_or_default()
}

struct Seeker<'a> {
    vocabulary: &'a Vocabulary,
    one: &'a Table,
    parameters: &'a Parameters,
}

type Proposals = Vec<Vec<Change>>;

impl Seeker<'_> {
    /// Sets of changes after which a condition is as wanted, the smallest first; none when it cannot be told.
    fn towards(&self, expression: &Expression, wanted: bool) -> Proposals {
        if self.truth(expression) == Some(wanted) {
            return vec![Vec::new()];
        }
        let mut proposals = match (&expression.node, wanted) {
            (Node::And(parts), true) | (Node::Or(parts), false) => self.all(parts, wanted),
            (Node::And(parts), false) | (Node::Or(parts), true) => {
                parts.iter().flat_map(|part| self.towards(part, wanted)).collect()
            }
            (Node::Not(inner), _) => self.towards(inner, !wanted),
            (Node::If(condition, yes, no), _) => {
                let branch = |holds: bool, part: &Expression| self.both(condition, holds, part, wanted);
                branch(true, yes).into_iter().chain(branch(false, no)).collect()
            }
            _ => self.test(expression, wanted),
        };
        proposals.sort_by_key(Vec::len);
        proposals.truncate(MOST_PROPOSALS);
        proposals
    }

    fn both(&self, condition: &Expression, holds: bool, part: &Expression, wanted: bool) -> Proposals {
        joined(&self.towards(condition, holds), &self.towards(part, wanted))
    }

    fn all(&self, parts: &[Expression], wanted: bool) -> Proposals {
        let mut found: Proposals = vec![Vec::new()];
        for part in parts {
            found = joined(&found, &self.towards(part, wanted));
            found.sort_by_key(Vec::len);
            found.truncate(MOST_PROPOSALS);
        }
        found
    }

    /// One changed value after which a single test is as wanted, one proposal for each term in it.
    fn test(&self, test: &Expression, wanted: bool) -> Proposals {
        let Some(compiled) = self.compiled(test) else { return Vec::new() };
        let mut names = Vec::new();
        explain::names_in(test, &mut names);
        names.dedup();
        let terms = names.into_iter().filter_map(|name| self.vocabulary.term(name));
        let proposal = |term: &Term| {
            let from = self.value(term);
            let value = self.candidates(test, term, from.as_ref()).into_iter().find(|value| {
                let table = self.with(self.one.clone(), term, value.as_ref());
                table.is_some_and(|table| self.holds(&compiled, &table) == Some(wanted))
            })?;
            Some(vec![Change { term: term.name.clone(), from, to: value, test: test.to_string(), holds: wanted }])
        };
        terms.filter_map(proposal).collect()
    }

    /// Values that the test may tell apart, the nearest to the present one first.
    fn candidates(&self, test: &Expression, term: &Term, from: Option<&Scalar>) -> Vec<Option<Scalar>> {
        let mut constants = Vec::new();
        self.constants(test, term, &mut constants);
        let asks_presence = constants.contains(&None);
        let borders = constants.into_iter().flatten();
        let mut values: Vec<Scalar> = match term.kind {
            Type::Boolean => vec![Scalar::Boolean(true), Scalar::Boolean(false)],
            Type::Text => match &term.choices {
                Some(choices) => choices.iter().cloned().map(Scalar::Text).collect(),
                None => borders.filter(|value| matches!(value, Scalar::Text(_))).collect(),
            },
            Type::Date => borders.flat_map(days_around).collect(),
            _ => borders.flat_map(numbers_around).collect(),
        };
        if values.is_empty() && asks_presence {
            values.extend(match term.kind {
                Type::Date => self.parameters.get("基准日").flatten().cloned(),
                Type::Number => Some(Scalar::Number(Decimal::ZERO)),
                _ => None,
            });
        }
        values.sort_by_key(|value| distance(value, from));
        values.truncate(MOST_VALUES);
        let mut values: Vec<Option<Scalar>> = values.into_iter().map(Some).collect();
        if asks_presence {
            values.insert(0, None);
        }
        values
    }

    /// The values of the parts of a test that do not speak of a term; `None` for the literal `null`.
    fn constants(&self, expression: &Expression, term: &Term, found: &mut Vec<Option<Scalar>>) {
        let mut names = Vec::new();
        explain::names_in(expression, &mut names);
        if expression.node == Node::Null {
            found.push(None);
        } else if names.contains(&term.name.as_str()) {
            for part in explain::parts_of(expression) {
                self.constants(part, term, found);
            }
        } else if let Some(compiled) = self.compiled(expression) {
            found.extend(self.answer(&compiled, self.one).map(Some));
        }
    }

    fn compiled(&self, expression: &Expression) -> Option<Compiled> {
        typing::compile("", expression.clone(), self.vocabulary, None).ok()
    }

    fn answer(&self, compiled: &Compiled, table: &Table) -> Option<Scalar> {
        match solve::evaluate(compiled, table, self.parameters).ok()? {
            Answer::Mask(mask) => mask.get(0).map(Scalar::Boolean),
            Answer::Column(column) => column.get(0),
        }
    }

    fn holds(&self, compiled: &Compiled, table: &Table) -> Option<bool> {
        match self.answer(compiled, table)? {
            Scalar::Boolean(value) => Some(value),
            _ => None,
        }
    }

    fn truth(&self, expression: &Expression) -> Option<bool> {
        self.holds(&self.compiled(expression)?, self.one)
    }

    fn value(&self, term: &Term) -> Option<Scalar> {
        let name = Expression { column: 1, node: Node::Name(term.name.clone()) };
        self.answer(&self.compiled(&name)?, self.one)
    }

    /// The row with one term changed; a derived one by what it is derived from.
    fn with(&self, table: Table, term: &Term, value: Option<&Scalar>) -> Option<Table> {
        let (since, on, unit) = match &term.derivation {
            Derivation::Column => return Some(table.with(&term.name, column_of(term.kind, value))),
            Derivation::CompletedYears { since, on } => (since, on, Unit::Years),
            Derivation::CompletedMonths { since, on } => (since, on, Unit::Months),
        };
        let born = match value {
            None => None,
            Some(Scalar::Number(units)) => {
                let units = i64::try_from(*units).ok().filter(|units| *units >= 0)?;
                let Some(Some(Scalar::Date(on))) = self.parameters.get(on) else { return None };
                calendar::latest_with(units, calendar::number_of(*on), unit)
                    .and_then(calendar::date_of)
                    .map(Scalar::Date)
            }
            Some(_) => return None,
        };
        Some(table.with(since, column_of(Type::Date, born.as_ref())))
    }

    fn changed(&self, changes: &[Change]) -> Option<Table> {
        changes.iter().try_fold(self.one.clone(), |table, change| {
            self.with(table, self.vocabulary.term(&change.term)?, change.to.as_ref())
        })
    }
}

/// Every set of the first with every set of the second; sets that want two values of one term fall away.
fn joined(first: &Proposals, second: &Proposals) -> Proposals {
    let join = |one: &Vec<Change>, other: &Vec<Change>| {
        let mut joined = one.clone();
        for change in other {
            match joined.iter().find(|known| known.term == change.term) {
                Some(known) if known.to == change.to => {}
                Some(_) => return None,
                None => joined.push(change.clone()),
            }
        }
        Some(joined)
    };
    first.iter().flat_map(|one| second.iter().filter_map(move |other| join(one, other))).collect()
}

fn column_of(kind: Type, value: Option<&Scalar>) -> Column {
    match value {
        Some(Scalar::Number(number)) => Column::decimals([Some(*number)]),
        Some(Scalar::Text(text)) => Column::texts([Some(text)]),
        Some(Scalar::Date(day)) => Column::dates([Some(*day)]),
        Some(Scalar::Boolean(flag)) => Column::booleans([Some(*flag)]),
        None => Column::missing(kind, 1),
    }
}

fn numbers_around(value: Scalar) -> Vec<Scalar> {
    let Scalar::Number(number) = value else { return Vec::new() };
    let step = Decimal::new(1, number.normalize().scale());
    let around = [Some(number), number.checked_add(step), number.checked_sub(step)];
    around.into_iter().flatten().map(Scalar::Number).collect()
}

fn days_around(value: Scalar) -> Vec<Scalar> {
    let Scalar::Date(day) = value else { return Vec::new() };
    let around = [Some(day), day.checked_add_days(Days::new(1)), day.checked_sub_days(Days::new(1))];
    around.into_iter().flatten().map(Scalar::Date).collect()
}

/// How far a value lies from the present one; values of a choice keep their order.
fn distance(value: &Scalar, from: Option<&Scalar>) -> Decimal {
    match (value, from) {
        (Scalar::Number(value), Some(Scalar::Number(from))) => {
            value.checked_sub(*from).map_or(Decimal::MAX, |apart| apart.abs())
        }
        (Scalar::Date(value), Some(Scalar::Date(from))) => {
            Decimal::from(value.signed_duration_since(*from).num_days().abs())
        }
        _ => Decimal::ZERO,
    }
}
