//! Decision tables: rows of tests over some inputs, each row with a value; which rows count is the hit policy's to say.

mod look;

pub use look::{Finding, Findings, look_at};

use crate::column::{Parameters, Table};
use crate::expression::{Expression, Node};
use crate::plan::Compiled;
use crate::problem::Problem;
use crate::vocabulary::{Type, Vocabulary};
use rust_decimal::Decimal;

/// Which of the rows that hold count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// One at most: two that hold together are a mistake of the table.
    Unique,
    /// The first that holds, in the order written.
    First,
    /// The one whose value stands first in the list of priorities.
    Priority,
    /// All of them, added up so.
    Collect(Collect),
}

/// What becomes of the values of all rows that hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collect {
    /// Their sum.
    Sum,
    /// The smallest.
    Least,
    /// The largest.
    Greatest,
    /// How many there are.
    Count,
}

/// A decision table as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableText {
    /// Which rows count.
    pub hit: Hit,
    /// What the cells of a row test, one expression a column.
    pub inputs: Vec<String>,
    /// The rows.
    pub rows: Vec<RowText>,
    /// For [`Hit::Priority`]: the values, first things first.
    pub priority: Vec<Decimal>,
}

/// A row of a decision table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowText {
    /// One test a column, as after `in`: `80`, `>= 80`, `[80..90)`, `"a", "b"`, `not("a")`, or `-` for anything.
    pub when: Vec<String>,
    /// The value: a number or a numeric expression.
    pub then: String,
}

/// Where in a table a problem stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The table as a whole.
    Whole,
    /// An input, by its place.
    Input(usize),
    /// A test, by row and input.
    Test(usize, usize),
    /// A row's value.
    Value(usize),
}

/// A table that was read.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub hit: Hit,
    /// Conditions of the rows, in the order in which they are tried.
    pub rows: Vec<Compiled>,
    /// Their values.
    pub values: Vec<Compiled>,
    /// Where each row stands in the text.
    pub written: Vec<usize>,
}

/// Reads a table.
///
/// # Errors
/// Everything that is wrong with it, with its place.
pub(crate) fn read(text: &TableText, vocabulary: &Vocabulary) -> Result<Ready, Vec<(Place, Problem)>> {
    let mut problems = check_shape(text);
    for (place, input) in text.inputs.iter().enumerate() {
        let found = crate::compile(input, vocabulary).err().unwrap_or_default();
        problems.extend(found.into_iter().map(|problem| (Place::Input(place), problem)));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (mut rows, mut values) = (Vec::new(), Vec::new());
    for (place, row) in text.rows.iter().enumerate() {
        match condition(text, place, row, vocabulary) {
            Ok(condition) => rows.push(condition),
            Err(found) => problems.extend(found),
        }
        match crate::compile_number(&row.then, vocabulary) {
            Ok(value) => values.push(value),
            Err(found) => problems.extend(found.into_iter().map(|problem| (Place::Value(place), problem))),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut written: Vec<usize> = (0..rows.len()).collect();
    if text.hit == Hit::Priority {
        written.sort_by_key(|row| values.get(*row).and_then(|value| rank(text, value)));
    }
    let pick = |list: &[Compiled]| written.iter().filter_map(|row| list.get(*row).cloned()).collect();
    Ok(Ready { hit: text.hit, rows: pick(&rows), values: pick(&values), written })
}

/// The place of a row's value in the list of priorities.
fn rank(text: &TableText, value: &Compiled) -> Option<usize> {
    let number = constant(value)?;
    text.priority.iter().position(|one| *one == number)
}

/// The number of an expression without terms or parameters.
fn constant(value: &Compiled) -> Option<Decimal> {
    if !value.columns().is_empty() || !value.parameters().is_empty() {
        return None;
    }
    match crate::check::value_of_row(value, &Table::new(1), &Parameters::new(), 0)? {
        crate::Scalar::Number(number) => Some(number),
        _ => None,
    }
}

fn check_shape(text: &TableText) -> Vec<(Place, Problem)> {
    let mut problems = Vec::new();
    let mut whole = |code, message: &str, remedy: &str| {
        problems.push((Place::Whole, Problem::at(1, code, message, remedy)));
    };
    if text.inputs.is_empty() || text.rows.is_empty() {
        whole("rules.table_empty", "决策表没有输入或没有行", "写上 inputs 和 rows");
    }
    if text.rows.len() > MOST_ROWS || text.inputs.len() > MOST_INPUTS {
        let message = format!("决策表超过 {MOST_ROWS} 行或 {MOST_INPUTS} 个输入");
        whole("rules.table_size", &message, "请拆成几张表");
    }
    if (text.hit == Hit::Priority) == text.priority.is_empty() {
        let message = "priority 列表只用于 priority 策略，而且必须写";
        whole("rules.table_priority", message, "按先后列出各行的取值，或改用别的策略");
    }
    for (place, row) in text.rows.iter().enumerate() {
        if row.when.len() != text.inputs.len() {
            let message = format!("这一行有 {} 格，输入有 {} 个", row.when.len(), text.inputs.len());
            problems
                .push((Place::Value(place), Problem::at(1, "rules.table_cells", message, "每个输入一格，任意写 -")));
        }
        let number = row.then.trim().parse::<Decimal>().ok();
        if text.hit == Hit::Priority && number.is_none_or(|number| !text.priority.contains(&number)) {
            let message = format!("取值 {} 不在 priority 列表里", row.then);
            problems.push((Place::Value(place), Problem::at(1, "rules.table_priority", message, "把它加进列表")));
        }
    }
    problems
}

const MOST_ROWS: usize = 1_000;
const MOST_INPUTS: usize = 20;

/// The condition of a row: all its tests.
fn condition(
    text: &TableText,
    place: usize,
    row: &RowText,
    vocabulary: &Vocabulary,
) -> Result<Compiled, Vec<(Place, Problem)>> {
    let (mut tests, mut problems, mut words) = (Vec::new(), Vec::new(), Vec::new());
    for (column, (input, cell)) in text.inputs.iter().zip(&row.when).enumerate() {
        let cell = cell.trim();
        if cell == "-" || cell.is_empty() {
            continue;
        }
        let (written, before) = test_text(input, cell);
        match crate::compile_condition(&written, vocabulary) {
            Ok(test) => {
                tests.push(test.expression);
                words.push(written);
            }
            Err(found) => problems.extend(found.into_iter().map(|mut problem| {
                problem.column = problem.column.saturating_sub(before).max(1);
                (Place::Test(place, column), problem)
            })),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let all = all_of(tests);
    crate::typing::compile(&words.join(" and "), all, vocabulary, Some(Type::Boolean))
        .map_err(|found| found.into_iter().map(|problem| (Place::Value(place), problem)).collect())
}

/// A test as a condition, and how many characters stand before the cell's own.
fn test_text(input: &str, cell: &str) -> (String, usize) {
    let inner = cell.strip_prefix("not(").and_then(|rest| rest.strip_suffix(')'));
    let (before, cell, after) = match inner {
        Some(inner) => (format!("not(({input}) in ("), inner, "))"),
        None => (format!("({input}) in ("), cell, ")"),
    };
    let letters = before.chars().count();
    (format!("{before}{cell}{after}"), letters)
}

/// All of several conditions, as one expression.
pub(crate) fn all_of(mut parts: Vec<Expression>) -> Expression {
    match parts.len() {
        0 => Expression { column: 1, node: Node::Boolean(true) },
        1 => parts.remove(0),
        _ => Expression { column: 1, node: Node::And(parts) },
    }
}

/// One of several conditions, as one expression.
pub(crate) fn any_of(mut parts: Vec<Expression>) -> Expression {
    match parts.len() {
        0 => Expression { column: 1, node: Node::Boolean(false) },
        1 => parts.remove(0),
        _ => Expression { column: 1, node: Node::Or(parts) },
    }
}
