//! The rules of a book that go row by row: their inputs as values, one row after another, on all threads.

use super::decide::Piece;
use super::{Amount, Asked, Book, Ready, SlowRule, outcome};
use crate::bits::Bits;
use crate::column::{Answer, Parameters, Scalar, Table};
use crate::problem::Problem;

use crate::solve::stretch::{Stretch, Truth};
use rust_decimal::Decimal;

/// What was answered for one rule.
#[derive(Default)]
struct Answered {
    /// Whether it holds, and whether that is known.
    condition: Option<(Bits, Bits)>,
    /// Amounts.
    amounts: Option<Vec<Option<Decimal>>>,
}

/// The answers of the rules that go row by row, by the rule's place.
pub(super) struct Answers(Vec<Answered>);

/// Answers every such rule for all rows.
pub(super) fn answers(
    book: &Book,
    table: &Table,
    parameters: &Parameters,
    threads: usize,
) -> Result<Answers, Vec<Problem>> {
    let mut all = Vec::with_capacity(book.rules.len());
    for rule in &book.rules {
        let mut answered = Answered::default();
        if let Some(Asked::Slow(slow)) = &rule.condition {
            let values = values(slow, table, parameters, threads)?;
            let flag = |value: &Option<Scalar>| match value {
                Some(Scalar::Boolean(flag)) => Some(*flag),
                _ => None,
            };
            let yes = values.iter().map(|value| flag(value) == Some(true)).collect();
            answered.condition = Some((yes, values.iter().map(|value| flag(value).is_some()).collect()));
        }
        if let Amount::Each(Asked::Slow(slow)) = &rule.amount {
            let number = |value| match value {
                Some(Scalar::Number(number)) => Some(number),
                _ => None,
            };
            answered.amounts = Some(values(slow, table, parameters, threads)?.into_iter().map(number).collect());
        }
        all.push(answered);
    }
    Ok(Answers(all))
}

fn values(
    rule: &SlowRule,
    table: &Table,
    parameters: &Parameters,
    threads: usize,
) -> Result<Vec<Option<Scalar>>, Vec<Problem>> {
    let inputs: Result<Vec<Answer>, _> = rule.terms.iter().map(|term| term.evaluate(table, parameters)).collect();
    let inputs = inputs?;
    let given: Vec<Option<Scalar>> =
        rule.slow.parameters.iter().map(|name| parameters.get(name).flatten().cloned()).collect();
    let rows: Vec<usize> = (0..table.rows()).collect();
    let share = rows.len().div_ceil(threads.max(1)).max(1);
    let answer = |rows: &[usize]| -> Vec<Option<Scalar>> {
        let mut values = Vec::with_capacity(inputs.len() + given.len());
        let one = |row: &usize| {
            values.clear();
            values.extend(inputs.iter().map(|input| input.get(*row)));
            values.extend(given.iter().cloned());
            rule.evaluator.value(&values)
        };
        rows.iter().map(one).collect()
    };
    Ok(std::thread::scope(|scope| {
        let answer = &answer;
        let others: Vec<_> = rows.chunks(share).map(|rows| (rows.len(), scope.spawn(move || answer(rows)))).collect();
        // An evaluator that breaks down leaves its rows unknown.
        others.into_iter().flat_map(|(rows, other)| other.join().unwrap_or_else(|_| vec![None; rows])).collect()
    }))
}

impl Answers {
    /// A rule's stretch with what was answered row by row.
    pub fn applied(&self, rule: usize, ready: &Ready, piece: Piece, stretch: Stretch<'_>) -> Piece {
        let Some(answered) = self.0.get(rule) else { return piece };
        let mut piece = piece;
        if let Some((yes, known)) = &answered.condition {
            let (held, judged) = (stretch.bits(yes), stretch.bits(known));
            let own = &piece.truth;
            let refuted = own.yes.iter().zip(&own.known).zip(held.iter().zip(judged));
            let refuted = refuted.map(|((yes, known), (held, judged))| (known & !yes) | (judged & !held));
            let yes: Vec<u64> = own.yes.iter().zip(held).map(|(yes, held)| yes & held).collect();
            let known = refuted.zip(&yes).map(|(refuted, yes)| refuted | yes).collect();
            piece.truth = Truth { yes, known };
        }
        if let Some(amounts) = &answered.amounts {
            let own = amounts.get(stretch.start..stretch.start + stretch.rows).unwrap_or_default();
            let digits: Vec<Option<i64>> =
                own.iter().map(|amount| amount.and_then(|amount| ready.rounding.digits(amount))).collect();
            let present: Bits = digits.iter().map(Option::is_some).collect();
            let words = present.words().iter();
            let known = piece.truth.known.iter().zip(&piece.truth.yes).zip(words.clone());
            let known = known.map(|((known, yes), present)| known & (!yes | present)).collect();
            let yes: Vec<u64> = piece.truth.yes.iter().zip(words).map(|(yes, present)| yes & present).collect();
            let mut digits: Vec<i64> = digits.into_iter().map(Option::unwrap_or_default).collect();
            outcome::nothing_but(&yes, &mut digits);
            piece = Piece { truth: Truth { yes, known }, amounts: Some(digits) };
        } else if let (Some(_), Some(amounts)) = (&answered.condition, &mut piece.amounts) {
            outcome::nothing_but(&piece.truth.yes, amounts);
        }
        piece
    }
}
