//! One stretch of rows through one rule: condition, table and amount brought together.

use super::decide::Piece;
use super::{Amount, Ready};
use crate::number::{Numbers, both};
use crate::plan::Plan;
use crate::round::Rounding;
use crate::solve::data::Data;
use crate::solve::stretch::{Stretch, Truth};
use crate::table::{Collect, Hit};
use rust_decimal::Decimal;
use std::ops::Range;

/// Where the plans of a rule stand in the program.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub condition: Option<usize>,
    pub amount: Option<usize>,
    /// Rows of the table; their values stand right behind them.
    pub table: Option<Range<usize>>,
}

/// The outcome of a rule for a stretch.
pub(super) fn of_rule(
    (rule, places): (&Ready, &Places),
    (data, plans): (&Data<'_>, &[Plan]),
    stretch: Stretch<'_>,
) -> Piece {
    let truth = |place: Option<usize>| match place.and_then(|place| plans.get(place)) {
        Some(Plan::Logic(logic)) => data.logic(logic, stretch),
        _ => Truth::same(Some(true), stretch),
    };
    let mut outcome = truth(places.condition);
    let mut amounts = None;
    if let (Some(range), Some(table)) = (&places.table, &rule.table) {
        let rows = || range.clone().map(|place| truth(Some(place)));
        let values = range.clone().map(|place| match plans.get(place + range.len()) {
            Some(Plan::Number(number)) => data.number(number, stretch),
            _ => Numbers::same(None, stretch.rows),
        });
        let (hit, value) = counted(table.hit, rows().collect(), values.collect(), stretch);
        outcome = and(outcome, hit);
        amounts = Some(value);
    }
    if let (Amount::Each(_), Some(Plan::Number(number))) =
        (&rule.amount, places.amount.and_then(|place| plans.get(place)))
    {
        amounts = Some(data.number(number, stretch));
    }
    match amounts {
        None => Piece { truth: outcome, amounts: None },
        Some(numbers) => with_amounts(outcome, &numbers, rule.rounding, stretch.rows),
    }
}

/// The outcome with its amounts: who is entitled to something unknown, of that nothing is known.
fn with_amounts(outcome: Truth, numbers: &Numbers<'_>, rounding: Rounding, rows: usize) -> Piece {
    let (mut digits, present) = rounding.column(numbers, rows);
    let yes = both(&outcome.yes, &present);
    nothing_but(&yes, &mut digits);
    let known = outcome.known.iter().zip(&outcome.yes).zip(&present);
    let known = known.map(|((known, yes), present)| known & (!yes | present)).collect();
    Piece { truth: Truth { yes, known }, amounts: Some(digits) }
}

/// Leaves amounts of rows that are entitled, and 0 of all others.
pub(super) fn nothing_but(yes: &[u64], digits: &mut [i64]) {
    for (word, digits) in yes.iter().zip(digits.chunks_mut(64)) {
        if *word == u64::MAX {
            continue;
        }
        for (bit, digit) in digits.iter_mut().enumerate() {
            *digit *= i64::from(word >> bit & 1 == 1);
        }
    }
}

fn and(left: Truth, right: Truth) -> Truth {
    let refuted = |truth: &Truth, place: usize| {
        let (yes, known) = (truth.yes.get(place), truth.known.get(place));
        known.zip(yes).map_or(0, |(known, yes)| known & !yes)
    };
    let yes = both(&left.yes, &right.yes);
    let known = yes.iter().enumerate().map(|(place, yes)| yes | refuted(&left, place) | refuted(&right, place));
    Truth { known: known.collect(), yes: both(&left.yes, &right.yes) }
}

/// Which rows of a table count, and the value that comes of them.
fn counted(hit: Hit, rows: Vec<Truth>, values: Vec<Numbers<'_>>, stretch: Stretch<'_>) -> (Truth, Numbers<'static>) {
    match hit {
        // Rows stand in the order of their priority already.
        Hit::First | Hit::Priority => first(&rows, &values, stretch),
        Hit::Unique => unique(&rows, &values, stretch),
        Hit::Collect(collect) => collected(collect, &rows, &values, stretch),
    }
}

fn first(rows: &[Truth], values: &[Numbers<'_>], stretch: Stretch<'_>) -> (Truth, Numbers<'static>) {
    // Open are those for whom all rows so far are known not to hold.
    let mut open = stretch.all(true);
    let mut yes = stretch.all(false);
    let mut value = Numbers::same(None, stretch.rows);
    for (row, own) in rows.iter().zip(values) {
        let now = both(&open, &row.yes);
        value = own.choose(&now, &value, stretch.rows);
        for (((open, yes), now), (held, known)) in
            open.iter_mut().zip(&mut yes).zip(&now).zip(row.yes.iter().zip(&row.known))
        {
            *yes |= now;
            *open &= known & !held;
        }
    }
    let known = yes.iter().zip(&open).map(|(yes, open)| yes | open).collect();
    (Truth { yes, known }, value)
}

fn unique(rows: &[Truth], values: &[Numbers<'_>], stretch: Stretch<'_>) -> (Truth, Numbers<'static>) {
    let (mut yes, mut refuted, mut twice) = (stretch.all(false), stretch.all(true), stretch.all(false));
    let mut value = Numbers::same(None, stretch.rows);
    for (row, own) in rows.iter().zip(values) {
        value = own.choose(&row.yes, &value, stretch.rows);
        for ((yes, (refuted, twice)), (held, known)) in
            yes.iter_mut().zip(refuted.iter_mut().zip(&mut twice)).zip(row.yes.iter().zip(&row.known))
        {
            *twice |= *yes & held;
            *yes |= held;
            *refuted &= known & !held;
        }
    }
    let yes: Vec<u64> = yes.iter().zip(&twice).map(|(yes, twice)| yes & !twice).collect();
    let known = yes.iter().zip(&refuted).map(|(yes, refuted)| yes | refuted).collect();
    (Truth { yes, known }, value)
}

fn collected(
    collect: Collect,
    rows: &[Truth],
    values: &[Numbers<'_>],
    stretch: Stretch<'_>,
) -> (Truth, Numbers<'static>) {
    let (mut yes, mut all_known, mut refuted) = (stretch.all(false), stretch.all(true), stretch.all(true));
    let (zero, one) =
        (Numbers::same(Some(Decimal::ZERO), stretch.rows), Numbers::same(Some(Decimal::ONE), stretch.rows));
    let mut value = Numbers::same(Some(Decimal::ZERO), stretch.rows);
    for (row, own) in rows.iter().zip(values) {
        value = match collect {
            Collect::Sum => value.reckon(
                crate::expression::Operation::Add,
                &own.choose(&row.yes, &zero, stretch.rows),
                stretch.rows,
            ),
            Collect::Count => {
                let more = one.choose(&row.yes, &zero, stretch.rows);
                value.reckon(crate::expression::Operation::Add, &more, stretch.rows)
            }
            Collect::Least | Collect::Greatest => {
                let extreme = match collect {
                    Collect::Least => crate::expression::Extreme::Least,
                    _ => crate::expression::Extreme::Greatest,
                };
                let again = both(&row.yes, &yes);
                let found = value.extreme(extreme, own, stretch.rows);
                let found = found.choose(&again, own, stretch.rows);
                found.choose(&row.yes, &value, stretch.rows)
            }
        };
        for ((yes, (all_known, refuted)), (held, known)) in
            yes.iter_mut().zip(all_known.iter_mut().zip(&mut refuted)).zip(row.yes.iter().zip(&row.known))
        {
            *yes |= held;
            *all_known &= known;
            *refuted &= known & !held;
        }
    }
    let yes: Vec<u64> = both(&yes, &all_known);
    let known = yes.iter().zip(&refuted).map(|(yes, refuted)| yes | refuted).collect();
    (Truth { yes, known }, value)
}
