//! The rules language of the house: a documented subset of FEEL, checked against a vocabulary when it is read,
//! compiled once, evaluated over columns, and explained for a single row by the same code.
//!
//! ```
//! use rules::{Column, Parameters, Scalar, Table, Term, Type, Vocabulary, day};
//!
//! let vocabulary = Vocabulary::new(vec![
//!     Term::new("出生日期", Type::Date),
//!     Term::new("失能等级", Type::Number),
//! ])
//! .with_parameter("基准日", Type::Date)
//! .with_ages();
//!
//! let rule = rules::compile_condition("年龄 >= 80 and 失能等级 in [3..5]", &vocabulary).unwrap();
//! assert_eq!(rule.columns(), ["出生日期", "失能等级"]);
//!
//! let table = Table::new(2)
//!     .with("出生日期", Column::dates([day(1940, 5, 1), day(1960, 5, 1)]))
//!     .with("失能等级", Column::integers([Some(4), Some(4)]));
//! let on = Parameters::new().with("基准日", Scalar::Date(day(2025, 6, 30).unwrap()));
//! let mask = rule.mask(&table, &on).unwrap();
//! assert_eq!((mask.get(0), mask.get(1)), (Some(true), Some(false)));
//! ```
//!
//! What the language means, and where it departs from FEEL, is in the README beside this file.

mod bits;
mod book;
mod calendar;
mod change;
pub mod check;
mod column;
mod explain;
mod expression;
pub mod files;
mod measure;
mod number;
mod outline;
mod parse;
mod plan;
mod problem;
mod round;
mod row;
mod scan;
mod slow;
mod solve;
mod table;
mod typing;
mod vocabulary;
mod walk;

pub use bits::Bits;
pub use book::{
    AmountText, Amounts, Book, Cases, Change, Decided, Decisions, Evaluate, Fault, Part, Reasons, RuleText,
};
pub use calendar::{Unit, completed};
pub use column::{Answer, Column, Mask, Parameters, Scalar, Table, day};
pub use explain::{Explanation, Kind};
pub use measure::{Groups, Measure, Total};
pub use plan::Compiled;
pub use problem::Problem;
pub use round::{Rounding, Way};
pub use slow::{RowByRow, Slow};
pub use table::{Collect, Finding, Findings, Hit, Place, RowText, TableText, look_at};
pub use vocabulary::{Derivation, Parameter, Term, Type, Vocabulary};

/// Reads, checks and compiles one expression of any result type.
///
/// # Errors
/// Every problem found, each with its column in the text (in characters, from 1) and what to do.
pub fn compile(text: &str, vocabulary: &Vocabulary) -> Result<Compiled, Vec<Problem>> {
    let expression = parse::read(text, vocabulary)?;
    typing::compile(text, expression, vocabulary, None)
}

/// Like [`compile`], and the expression must be a condition (yes, no or unknown for each row).
///
/// # Errors
/// As [`compile`], and when the result is not a boolean.
pub fn compile_condition(text: &str, vocabulary: &Vocabulary) -> Result<Compiled, Vec<Problem>> {
    let expression = parse::read(text, vocabulary)?;
    typing::compile(text, expression, vocabulary, Some(Type::Boolean))
}

/// Like [`compile`], and the expression must be a number.
///
/// # Errors
/// As [`compile`], and when the result is not a number.
pub fn compile_number(text: &str, vocabulary: &Vocabulary) -> Result<Compiled, Vec<Problem>> {
    let expression = parse::read(text, vocabulary)?;
    typing::compile(text, expression, vocabulary, Some(Type::Number))
}

/// Reads what an indicator adds up: `count`, `sum(EXPRESSION)` or `distinct(TERM)`.
///
/// # Errors
/// As [`compile`], and when the text is none of the three forms.
pub fn parse_measure(text: &str, vocabulary: &Vocabulary) -> Result<Measure, Vec<Problem>> {
    measure::read(text, vocabulary)
}

/// Whether the columnar evaluator knows an expression, or it must go row by row and why.
///
/// # Errors
/// As [`compile`], when it is neither.
pub fn read_either(text: &str, vocabulary: &Vocabulary, kind: Type) -> Result<Option<Slow>, Vec<Problem>> {
    let compiled = match kind {
        Type::Boolean => compile_condition(text, vocabulary),
        _ => compile_number(text, vocabulary),
    };
    match compiled {
        Ok(_) => Ok(None),
        Err(why) => slow::read(text, vocabulary, kind, why).map(Some),
    }
}

/// Everything that is wrong with a decision table, with its place; gaps and overlaps are found by [`look_at`].
#[must_use]
pub fn check_table(text: &TableText, vocabulary: &Vocabulary) -> Vec<(Place, Problem)> {
    table::read(text, vocabulary).err().unwrap_or_default()
}
