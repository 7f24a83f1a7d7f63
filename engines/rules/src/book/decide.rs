//! Answers a book for a whole table: stretch by stretch, on as many threads as are given, with the same answer for any number.

use super::program::Step;
use super::{Amount, Book, outcome, slowly};
use crate::bits::Bits;
use crate::column::{Mask, Parameters, Table};
use crate::problem::Problem;
use crate::solve::STRETCH;
use crate::solve::data::Data;
use crate::solve::stretch::{Found, Stretch, Truth, Work};
use std::cell::OnceCell;

/// What a rule says of every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Granted, refused, or unknown.
    pub outcomes: Mask,
    /// How much.
    pub amounts: Amounts,
}

/// Amounts as digits with the rule's decimal places: fen, where it keeps two places of yuan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amounts {
    /// The rule says nothing of an amount.
    None,
    /// The same for everyone who is entitled.
    Same(i64),
    /// One a row; that of a row which is not entitled means nothing.
    Each(Vec<i64>),
}

/// What a book says of every row, rule by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisions {
    /// How many rows there are.
    pub rows: usize,
    /// In the order of the book.
    pub rules: Vec<Decided>,
}

impl Decisions {
    /// A rule's outcome for a row, and the digits of the amount where it is granted and says one.
    #[must_use]
    pub fn get(&self, rule: usize, row: usize) -> (Option<bool>, Option<i64>) {
        let Some(rule) = self.rules.get(rule) else { return (None, None) };
        let outcome = rule.outcomes.get(row);
        let amount = match &rule.amounts {
            Amounts::None => None,
            Amounts::Same(amount) => Some(*amount),
            Amounts::Each(amounts) => amounts.get(row).copied(),
        };
        (outcome, amount.filter(|_| outcome == Some(true)))
    }
}

/// A rule's part of a stretch.
pub(super) struct Piece {
    pub truth: Truth,
    pub amounts: Option<Vec<i64>>,
}

/// A rule's part of several stretches that follow on one another.
#[derive(Default)]
struct Part {
    yes: Vec<u64>,
    known: Vec<u64>,
    amounts: Vec<i64>,
}

impl Part {
    fn push(&mut self, piece: Piece) {
        self.yes.extend(piece.truth.yes);
        self.known.extend(piece.truth.known);
        self.amounts.extend(piece.amounts.into_iter().flatten());
    }

    fn append(&mut self, mut other: Self) {
        self.yes.append(&mut other.yes);
        self.known.append(&mut other.known);
        self.amounts.append(&mut other.amounts);
    }
}

impl Book {
    /// Decides every rule for every row, on so many threads (at least one).
    ///
    /// # Errors
    /// Columns and parameters that are not there or of another kind, all at once.
    pub fn decide(&self, table: &Table, parameters: &Parameters, threads: usize) -> Result<Decisions, Vec<Problem>> {
        let rows = table.rows();
        let mut data = Data::new(&self.together.needs(), table, parameters)?;
        data.prepare_program(&self.program, rows);
        let slow = slowly::answers(self, table, parameters, threads)?;
        let stretches: Vec<usize> = (0..rows).step_by(STRETCH).collect();
        let share = stretches.len().div_ceil(threads.max(1)).max(1);
        let parts: Vec<Vec<Part>> = std::thread::scope(|scope| {
            let data = &data;
            let slow = &slow;
            let work = |starts: &[usize]| self.some(data, slow, starts, rows);
            let mut shares = stretches.chunks(share);
            let own = shares.next().unwrap_or_default();
            let others: Vec<_> = shares.map(|starts| scope.spawn(move || work(starts))).collect();
            let own = work(own);
            // A thread that ends without an answer leaves its rows unknown; nothing in it can.
            std::iter::once(own).chain(others.into_iter().map(|other| other.join().unwrap_or_default())).collect()
        });
        Ok(self.whole(parts, rows))
    }

    /// Every rule for some stretches.
    fn some(&self, data: &Data<'_>, slow: &slowly::Answers, starts: &[usize], rows: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = self.rules.iter().map(|_| Part::default()).collect();
        for start in starts {
            let rows = STRETCH.min(rows - start);
            let work = Work(self.program.steps.iter().map(|_| OnceCell::new()).collect());
            let stretch = Stretch { start: *start, rows, work: Some(&work) };
            for (step, cell) in self.program.steps.iter().zip(&work.0) {
                let _ = cell.set(match step {
                    Step::Logic(logic) => Found::Truth(data.logic(logic, stretch)),
                    Step::Number(number) => Found::Numbers(data.number(number, stretch).owned()),
                });
            }
            for (rule, ((ready, places), part)) in self.rules.iter().zip(&self.places).zip(&mut parts).enumerate() {
                let piece = outcome::of_rule((ready, places), (data, &self.program.plans), stretch);
                part.push(slow.applied(rule, ready, piece, stretch));
            }
        }
        parts
    }

    fn whole(&self, parts: Vec<Vec<Part>>, rows: usize) -> Decisions {
        let mut whole: Vec<Part> = self.rules.iter().map(|_| Part::default()).collect();
        for parts in parts {
            whole.iter_mut().zip(parts).for_each(|(whole, part)| whole.append(part));
        }
        let decided = |(part, rule): (Part, &super::Ready)| Decided {
            outcomes: Mask::new(&Bits::of_words(part.yes, rows), Bits::of_words(part.known, rows)),
            amounts: match (&rule.table, &rule.amount) {
                (None, Amount::None) => Amounts::None,
                (None, Amount::Same(amount)) => Amounts::Same(*amount),
                _ => Amounts::Each(part.amounts),
            },
        };
        Decisions { rows, rules: whole.into_iter().zip(&self.rules).map(decided).collect() }
    }
}
