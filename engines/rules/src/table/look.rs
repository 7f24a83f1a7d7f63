//! Looks for gaps and overlaps of a decision table: every combination of values that its tests can tell apart is tried, each by
//! one example, with the evaluator that answers in earnest.

use super::{Hit, Ready, TableText, read};
use crate::column::{Column, Parameters, Scalar, Table};
use crate::expression::{Expression, Node, Test};
use crate::vocabulary::{Derivation, Term, Type, Vocabulary};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Combinations tried at most; a table that tells more apart is not looked at.
const MOST_COMBINATIONS: usize = 200_000;

/// What was found in one combination of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// No row holds.
    Gap,
    /// Two rows hold, by their place in the text.
    Overlap(usize, usize),
}

/// What was found, each thing once, with an example of values for the inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Findings {
    /// Everything was tried.
    Complete(Vec<(Finding, String)>),
    /// The table cannot be looked at, and why.
    NotLooked(String),
}

/// Looks at a table that reads without problems. Parameters have the values given; a date stands for no person's birth.
#[must_use]
pub fn look_at(text: &TableText, vocabulary: &Vocabulary, parameters: &Parameters) -> Findings {
    let plain = plain(vocabulary);
    let Ok(ready) = read(text, &plain) else { return Findings::NotLooked("决策表有错".to_owned()) };
    let mut inputs = Vec::new();
    for input in &text.inputs {
        match plain.term(input.trim()) {
            Some(term) => inputs.push(term),
            None => return Findings::NotLooked(format!("输入“{input}”不是单个字段，无法穷举")),
        }
    }
    let mut samples = Vec::new();
    for term in &inputs {
        match samples_of(term, &ready, &plain, parameters) {
            Some(found) => samples.push(found),
            None => return Findings::NotLooked(format!("“{}”的检验用到了别的字段，无法穷举", term.name)),
        }
    }
    let combinations = samples.iter().try_fold(1_usize, |total, one| total.checked_mul(one.len()));
    match combinations.filter(|total| *total <= MOST_COMBINATIONS) {
        None => Findings::NotLooked(format!("要试的组合超过 {MOST_COMBINATIONS} 种")),
        Some(total) => try_all(text, &ready, (&inputs, &samples), parameters, total),
    }
}

/// The vocabulary with every derived term as a column of its own.
fn plain(vocabulary: &Vocabulary) -> Vocabulary {
    let terms = vocabulary.terms.iter().map(|term| Term { derivation: Derivation::Column, ..term.clone() });
    Vocabulary { terms: terms.collect(), parameters: vocabulary.parameters.clone() }
}

fn try_all(
    text: &TableText,
    ready: &Ready,
    (inputs, samples): (&[&Term], &[Vec<Scalar>]),
    parameters: &Parameters,
    total: usize,
) -> Findings {
    let mut table = Table::new(total);
    let mut repeat = total;
    for (term, values) in inputs.iter().zip(samples) {
        repeat /= values.len().max(1);
        let row = |row: usize| values.get((row / repeat.max(1)) % values.len().max(1)).cloned();
        table.insert(term.name.clone(), column(term.kind, (0..total).map(row)));
    }
    let masks: Result<Vec<_>, _> = ready.rows.iter().map(|row| row.mask(&table, parameters)).collect();
    let Ok(masks) = masks else { return Findings::NotLooked("缺少参数的值".to_owned()) };
    let mut found: Vec<(Finding, String)> = Vec::new();
    for row in 0..total {
        let mut holding =
            masks.iter().zip(&ready.written).filter(|(mask, _)| mask.get(row) == Some(true)).map(|(_, place)| *place);
        let finding = match (holding.next(), holding.next()) {
            (None, _) => Finding::Gap,
            (Some(one), Some(other)) if text.hit == Hit::Unique => Finding::Overlap(one.min(other), one.max(other)),
            _ => continue,
        };
        if !found.iter().any(|(known, _)| *known == finding) {
            let shown = |term: &&Term| {
                let value = table.column(&term.name).and_then(|column| column.get(row));
                format!("{} = {}", term.name, value.map_or("缺失".to_owned(), |value| value.to_string()))
            };
            found.push((finding, inputs.iter().map(shown).collect::<Vec<_>>().join("，")));
        }
    }
    Findings::Complete(found)
}

fn column(kind: Type, rows: impl Iterator<Item = Option<Scalar>>) -> Column {
    match kind {
        Type::Text => Column::texts(rows.map(|row| match row {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        })),
        Type::Date => Column::dates(rows.map(|row| match row {
            Some(Scalar::Date(day)) => Some(day),
            _ => None,
        })),
        Type::Boolean => Column::booleans(rows.map(|row| match row {
            Some(Scalar::Boolean(flag)) => Some(flag),
            _ => None,
        })),
        _ => Column::decimals(rows.map(|row| match row {
            Some(Scalar::Number(number)) => Some(number),
            _ => None,
        })),
    }
}

/// Values of a term of which the tests can tell no two others apart; `None` when its tests speak of other terms.
fn samples_of(term: &Term, ready: &Ready, vocabulary: &Vocabulary, parameters: &Parameters) -> Option<Vec<Scalar>> {
    let mut borders = Vec::new();
    for row in &ready.rows {
        borders_in(&row.expression, &term.name, &mut borders)?;
    }
    let mut values = Vec::new();
    for border in borders {
        match &border.node {
            Node::Null => {}
            Node::Number(number) => values.push(Scalar::Number(*number)),
            Node::Text(text) => values.push(Scalar::Text(text.clone())),
            Node::Date(day) => values.push(Scalar::Date(*day)),
            Node::Boolean(_) => {}
            _ => {
                let border = crate::typing::compile("", border.clone(), vocabulary, None).ok()?;
                if !border.columns().is_empty() {
                    return None;
                }
                values.push(crate::check::value_of_row(&border, &Table::new(1), parameters, 0)?);
            }
        }
    }
    Some(match term.kind {
        Type::Boolean => vec![Scalar::Boolean(true), Scalar::Boolean(false)],
        Type::Text => texts(term, values),
        Type::Date => days(values),
        _ => numbers(values),
    })
}

fn texts(term: &Term, values: Vec<Scalar>) -> Vec<Scalar> {
    match &term.choices {
        Some(choices) => choices.iter().cloned().map(Scalar::Text).collect(),
        None => values.into_iter().chain([Scalar::Text("其他".to_owned())]).collect(),
    }
}

/// Each border, the whole numbers beside it, and something in between where there is room.
fn numbers(values: Vec<Scalar>) -> Vec<Scalar> {
    let number = |value: Scalar| match value {
        Scalar::Number(number) => Some(number),
        _ => None,
    };
    let borders: BTreeSet<Decimal> = values.into_iter().filter_map(number).map(|one| one.normalize()).collect();
    let mut found = BTreeSet::from([Decimal::ZERO]);
    let whole = borders.iter().all(Decimal::is_integer);
    for border in &borders {
        let step = if whole { Decimal::ONE } else { Decimal::new(1, border.scale() + 1) };
        found.extend([*border, *border + step]);
        if *border - step >= Decimal::ZERO || *border < Decimal::ZERO {
            found.insert(*border - step);
        }
    }
    found.into_iter().map(Scalar::Number).collect()
}

fn days(values: Vec<Scalar>) -> Vec<Scalar> {
    let day = |value: Scalar| match value {
        Scalar::Date(day) => Some(day),
        _ => None,
    };
    let mut found = BTreeSet::new();
    for border in values.into_iter().filter_map(day) {
        found.insert(border);
        found.extend(border.pred_opt());
        found.extend(border.succ_opt());
    }
    if found.is_empty() {
        found.extend(crate::day(2000, 1, 1));
    }
    found.into_iter().map(Scalar::Date).collect()
}

/// What a term is compared with, in every test of it; `None` when a test is of another kind.
fn borders_in<'e>(expression: &'e Expression, term: &str, borders: &mut Vec<&'e Expression>) -> Option<()> {
    match &expression.node {
        Node::And(parts) | Node::Or(parts) => parts.iter().try_for_each(|part| borders_in(part, term, borders)),
        Node::Not(inner) => borders_in(inner, term, borders),
        Node::In(value, tests) if value.node == Node::Name(term.to_owned()) => {
            for test in tests {
                match test {
                    Test::Compare(_, other) => borders.push(other),
                    Test::Range { low, high, .. } => borders.extend([low, high]),
                }
            }
            Some(())
        }
        Node::In(value, tests) => {
            // The test of another input; it must not speak of this one.
            let mut names = Vec::new();
            crate::outline::names_in(value, &mut names);
            for test in tests {
                match test {
                    Test::Compare(_, other) => crate::outline::names_in(other, &mut names),
                    Test::Range { low, high, .. } => {
                        crate::outline::names_in(low, &mut names);
                        crate::outline::names_in(high, &mut names);
                    }
                }
            }
            (!names.contains(&term)).then_some(())
        }
        Node::Boolean(_) => Some(()),
        _ => None,
    }
}
