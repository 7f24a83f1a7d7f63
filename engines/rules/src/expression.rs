//! A rule as it was read: a tree whose every node knows its place in the text and can be written out again.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::fmt;

/// A node of a rule and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    /// Character of the text where it begins, from 1.
    pub column: usize,
    /// What it is.
    pub node: Node,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Number(Decimal),
    Text(String),
    Boolean(bool),
    Null,
    Date(NaiveDate),
    /// A length of time in days.
    Days(i64),
    /// A length of time in months.
    Months(i64),
    /// A term or parameter.
    Name(String),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// `value in (…)`: one of the tests holds.
    In(Box<Expression>, Vec<Test>),
    Arithmetic(Operation, Box<Expression>, Box<Expression>),
    Negate(Box<Expression>),
    Abs(Box<Expression>),
    /// The smallest (or largest) of several.
    Extreme(Extreme, Vec<Expression>),
    /// A part of a date, or the days of a length of time.
    Part(Part, Box<Expression>),
    If(Box<Expression>, Box<Expression>, Box<Expression>),
}

/// One test of an `in`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// A comparison with a value; a bare value is compared with `=`.
    Compare(Comparison, Expression),
    /// A range; the flags say whether its ends belong to it.
    Range { low: Expression, low_in: bool, high: Expression, high_in: bool },
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether it holds between values in that order.
    #[inline]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }

    /// The comparison with its sides exchanged.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            same => same,
        }
    }
}

/// The four operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Operation {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

/// Which end of several values is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Extreme {
    Least,
    Greatest,
}

/// A part of a date (or, for `Days`, of a length of time).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    Year,
    Month,
    Day,
    Weekday,
    Days,
}

impl Part {
    /// The part of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "year" => Self::Year,
            "month" => Self::Month,
            "day" => Self::Day,
            "weekday" => Self::Weekday,
            "days" => Self::Days,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Weekday => "weekday",
            Self::Days => "days",
        }
    }
}

impl Expression {
    /// How tightly it binds, as the grammar orders it: higher binds tighter.
    fn strength(&self) -> u8 {
        match &self.node {
            Node::If(..) => 0,
            Node::Or(_) => 1,
            Node::And(_) => 2,
            Node::Compare(..) => 3,
            Node::In(..) => 4,
            Node::Arithmetic(Operation::Add | Operation::Subtract, ..) => 5,
            Node::Arithmetic(..) => 6,
            Node::Negate(_) => 7,
            Node::Number(value) if value.is_sign_negative() => 7,
            _ => 8,
        }
    }

    /// Writes it, in brackets where it binds less tightly than what stands around it.
    fn write_within(&self, f: &mut fmt::Formatter<'_>, strength: u8) -> fmt::Result {
        if self.strength() < strength { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Number(value) => write!(f, "{value}"),
            Node::Text(value) => write!(f, "\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
            Node::Boolean(value) => write!(f, "{value}"),
            Node::Null => f.write_str("null"),
            Node::Date(value) => write!(f, "date(\"{value}\")"),
            Node::Days(days) => write!(f, "duration(\"{}P{}D\")", minus(*days), days.unsigned_abs()),
            Node::Months(months) => {
                write!(f, "duration(\"{}P{}M\")", minus(*months), months.unsigned_abs())
            }
            Node::Name(name) => f.write_str(name),
            Node::And(parts) => write_joined(f, parts, " and ", 3),
            Node::Or(parts) => write_joined(f, parts, " or ", 2),
            Node::Not(inner) => write!(f, "not({inner})"),
            Node::Compare(comparison, left, right) => {
                left.write_within(f, 4)?;
                write!(f, " {} ", comparison.sign())?;
                right.write_within(f, 4)
            }
            Node::In(value, tests) => {
                value.write_within(f, 5)?;
                f.write_str(" in ")?;
                write_tests(f, tests)
            }
            Node::Arithmetic(operation, left, right) => {
                let strength = self.strength();
                left.write_within(f, strength)?;
                write!(f, " {} ", operation.sign())?;
                right.write_within(f, strength + 1)
            }
            Node::Negate(inner) => {
                f.write_str("-")?;
                inner.write_within(f, 8)
            }
            Node::Abs(inner) => write!(f, "abs({inner})"),
            Node::Extreme(extreme, items) => {
                f.write_str(if *extreme == Extreme::Least { "min(" } else { "max(" })?;
                write_joined(f, items, ", ", 0)?;
                f.write_str(")")
            }
            Node::Part(part, inner) => {
                inner.write_within(f, 8)?;
                write!(f, ".{}", part.name())
            }
            Node::If(condition, yes, no) => write!(f, "if {condition} then {yes} else {no}"),
        }
    }
}

fn write_tests(f: &mut fmt::Formatter<'_>, tests: &[Test]) -> fmt::Result {
    if let [Test::Range { .. }] = tests {
        return write_test(f, tests.first());
    }
    f.write_str("(")?;
    for (index, test) in tests.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        write_test(f, Some(test))?;
    }
    f.write_str(")")
}

fn write_test(f: &mut fmt::Formatter<'_>, test: Option<&Test>) -> fmt::Result {
    match test {
        None => Ok(()),
        Some(Test::Compare(Comparison::Equal, value)) => write!(f, "{value}"),
        Some(Test::Compare(comparison, value)) => {
            // The grammar binds this sign to what follows as tightly as a minus.
            write!(f, "{} ", comparison.sign())?;
            value.write_within(f, 8)
        }
        Some(Test::Range { low, low_in, high, high_in }) => {
            let (open, close) = (if *low_in { '[' } else { '(' }, if *high_in { ']' } else { ')' });
            write!(f, "{open}{low}..{high}{close}")
        }
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, parts: &[Expression], between: &str, strength: u8) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { between })?;
        part.write_within(f, strength)?;
    }
    Ok(())
}

fn minus(value: i64) -> &'static str {
    if value < 0 { "-" } else { "" }
}
