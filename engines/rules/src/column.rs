//! The data a rule is given: columns of one kind each, with missing as a value, and scalars.

use crate::bits::Bits;
use crate::calendar;
use crate::vocabulary::Type;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// The values of one term for all rows. A row whose `present` bit is clear has no value, whatever stands in `values`.
#[derive(Debug, Clone)]
pub enum Column {
    /// Exact numbers `value / 10^scale`: integers with scale 0, money with fen and scale 2.
    Number {
        /// The digits of every row.
        values: Vec<i64>,
        /// Decimal places, at most 18.
        scale: u32,
        /// Which rows have a value.
        present: Bits,
    },
    /// Exact numbers that do not share one scale, such as quotients.
    Wide {
        /// The number of every row.
        values: Vec<Decimal>,
        /// Which rows have a value.
        present: Bits,
    },
    /// Days.
    Date {
        /// Days since 1970-01-01.
        values: Vec<i32>,
        /// Which rows have a value.
        present: Bits,
    },
    /// Text, each different one once.
    Text {
        /// Place of every row's text in the dictionary.
        codes: Vec<u32>,
        /// The different texts.
        dictionary: Vec<String>,
        /// Which rows have a value.
        present: Bits,
    },
    /// Yes or no.
    Boolean {
        /// Which rows are yes.
        values: Bits,
        /// Which rows have a value.
        present: Bits,
    },
}

/// A date that is written in code, for tables made by hand; `None` when there is no such day.
pub fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

impl Column {
    /// A column of whole numbers.
    pub fn integers(rows: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::scaled(rows, 0)
    }

    /// A column of numbers given as digits with one scale: `scale` 2 and 12345 is 123.45.
    pub fn scaled(rows: impl IntoIterator<Item = Option<i64>>, scale: u32) -> Self {
        let (values, present) = split(rows);
        Self::Number { values, scale, present }
    }

    /// A column of decimals, packed with one scale where they fit.
    pub fn decimals(rows: impl IntoIterator<Item = Option<Decimal>>) -> Self {
        let (values, present) = split(rows);
        pack(values, present)
    }

    /// A column of days.
    pub fn dates(rows: impl IntoIterator<Item = Option<NaiveDate>>) -> Self {
        let rows = rows.into_iter().map(|row| row.map(calendar::number_of));
        let (values, present) = split(rows);
        Self::Date { values, present }
    }

    /// A column of text.
    pub fn texts<S: AsRef<str>>(rows: impl IntoIterator<Item = Option<S>>) -> Self {
        let mut known: HashMap<String, u32> = HashMap::new();
        let mut dictionary = Vec::new();
        let rows = rows.into_iter().map(|row| {
            row.map(|text| {
                let text = text.as_ref();
                known.get(text).copied().unwrap_or_else(|| {
                    let code = u32::try_from(dictionary.len()).unwrap_or(u32::MAX);
                    dictionary.push(text.to_owned());
                    known.insert(text.to_owned(), code);
                    code
                })
            })
        });
        let (codes, present) = split(rows);
        Self::Text { codes, dictionary, present }
    }

    /// A column of yes and no.
    pub fn booleans(rows: impl IntoIterator<Item = Option<bool>>) -> Self {
        let (mut values, mut present) = (Bits::default(), Bits::default());
        for row in rows {
            values.push(row == Some(true));
            present.push(row.is_some());
        }
        Self::Boolean { values, present }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Number { values, .. } => values.len(),
            Self::Wide { values, .. } => values.len(),
            Self::Date { values, .. } => values.len(),
            Self::Text { codes, .. } => codes.len(),
            Self::Boolean { values, .. } => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The kind of its values.
    pub fn kind(&self) -> Type {
        match self {
            Self::Number { .. } | Self::Wide { .. } => Type::Number,
            Self::Date { .. } => Type::Date,
            Self::Text { .. } => Type::Text,
            Self::Boolean { .. } => Type::Boolean,
        }
    }

    /// Which rows have a value.
    pub fn present(&self) -> &Bits {
        match self {
            Self::Number { present, .. }
            | Self::Wide { present, .. }
            | Self::Date { present, .. }
            | Self::Text { present, .. }
            | Self::Boolean { present, .. } => present,
        }
    }

    /// The value of one row; `None` when it is missing or the row does not exist.
    pub fn get(&self, row: usize) -> Option<Scalar> {
        if !self.present().get(row) {
            return None;
        }
        match self {
            Self::Number { values, scale, .. } => values.get(row).map(|value| Scalar::Number(fixed(*value, *scale))),
            Self::Wide { values, .. } => values.get(row).copied().map(Scalar::Number),
            Self::Date { values, .. } => values.get(row).and_then(|value| calendar::date_of(*value)).map(Scalar::Date),
            Self::Text { codes, dictionary, .. } => {
                let code = codes.get(row)?;
                dictionary.get(*code as usize).cloned().map(Scalar::Text)
            }
            Self::Boolean { values, .. } => Some(Scalar::Boolean(values.get(row))),
        }
    }

    /// A column of a kind in which no row has a value.
    #[must_use]
    pub fn missing(kind: Type, rows: usize) -> Self {
        let present = Bits::filled(rows, false);
        match kind {
            Type::Date => Self::Date { values: vec![0; rows], present },
            Type::Text => Self::Text { codes: vec![0; rows], dictionary: Vec::new(), present },
            Type::Boolean => Self::Boolean { values: present.clone(), present },
            _ => Self::Number { values: vec![0; rows], scale: 0, present },
        }
    }
}

/// The number that digits and a scale stand for.
pub(crate) fn fixed(digits: i64, scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(i128::from(digits), scale).unwrap_or_default()
}

/// Packs decimals into digits with one scale, or leaves them as they are where that loses anything.
fn pack(values: Vec<Decimal>, present: Bits) -> Column {
    let scale = values.iter().map(|value| value.normalize().scale()).max().unwrap_or(0);
    let digits: Option<Vec<i64>> = values.iter().map(|value| digits_at(*value, scale)).collect();
    match digits {
        Some(values) if scale <= 18 => Column::Number { values, scale, present },
        _ => Column::Wide { values, present },
    }
}

/// The digits of a number at a scale that is not smaller than its own; `None` when they do not fit.
pub(crate) fn digits_at(value: Decimal, scale: u32) -> Option<i64> {
    let value = value.normalize();
    let factor = 10_i128.checked_pow(scale.checked_sub(value.scale())?)?;
    i64::try_from(value.mantissa().checked_mul(factor)?).ok()
}

fn split<T: Default>(rows: impl IntoIterator<Item = Option<T>>) -> (Vec<T>, Bits) {
    let rows = rows.into_iter();
    let mut values = Vec::with_capacity(rows.size_hint().0);
    let mut present = Bits::default();
    for row in rows {
        present.push(row.is_some());
        values.push(row.unwrap_or_default());
    }
    (values, present)
}

/// One value of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Boolean(bool),
}

impl Scalar {
    /// The kind of the value.
    pub fn kind(&self) -> Type {
        match self {
            Self::Number(_) => Type::Number,
            Self::Text(_) => Type::Text,
            Self::Date(_) => Type::Date,
            Self::Boolean(_) => Type::Boolean,
        }
    }
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{}", value.normalize()),
            Self::Text(value) => f.write_str(value),
            Self::Date(value) => write!(f, "{value}"),
            Self::Boolean(true) => f.write_str("是"),
            Self::Boolean(false) => f.write_str("否"),
        }
    }
}

/// The scalars of one evaluation. A parameter set to `None` is missing and behaves like a missing value.
#[derive(Debug, Clone, Default)]
pub struct Parameters(BTreeMap<String, Option<Scalar>>);

impl Parameters {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: Scalar) -> Self {
        self.0.insert(name.into(), Some(value));
        self
    }

    /// Says that a parameter is known to have no value.
    #[must_use]
    pub fn without(mut self, name: impl Into<String>) -> Self {
        self.0.insert(name.into(), None);
        self
    }

    /// The value of a parameter: outer `None` when it was not given, inner when it is missing.
    pub fn get(&self, name: &str) -> Option<Option<&Scalar>> {
        self.0.get(name).map(Option::as_ref)
    }
}

/// Columns of the same number of rows, by term name.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: usize,
    columns: BTreeMap<String, Column>,
}

impl Table {
    /// A table of so many rows without columns.
    pub fn new(rows: usize) -> Self {
        Self { rows, columns: BTreeMap::new() }
    }

    /// Adds a column (replacing one of that name). Its length is checked when a rule is evaluated.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, column: Column) -> Self {
        self.insert(name, column);
        self
    }

    /// Adds a column (replacing one of that name). Its length is checked when a rule is evaluated.
    pub fn insert(&mut self, name: impl Into<String>, column: Column) {
        self.columns.insert(name.into(), column);
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }
}

/// A condition's outcome for every row: yes, no or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    yes: Bits,
    known: Bits,
}

impl Mask {
    /// A mask from its two rows of bits; a row that is not known is not yes.
    pub fn new(yes: &Bits, known: Bits) -> Self {
        Self { yes: yes.zip(&known, |yes, known| yes & known), known }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The outcome of a row; `None` when something it needs is missing.
    pub fn get(&self, row: usize) -> Option<bool> {
        self.known.get(row).then(|| self.yes.get(row))
    }

    /// The rows for which the condition holds.
    pub fn yes(&self) -> &Bits {
        &self.yes
    }

    /// How many rows it holds for, does not hold for, and is unknown for.
    pub fn counts(&self) -> (u64, u64, u64) {
        let (yes, known) = (self.yes.count(), self.known.count());
        (yes, known - yes, self.len() as u64 - known)
    }

    /// The rows for which the outcome is unknown.
    pub fn unknown(&self) -> Bits {
        let all = Bits::filled(self.len(), true);
        all.zip(&self.known, |all, known| all & !known)
    }
}

/// What an expression evaluates to.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A condition's outcome.
    Mask(Mask),
    /// Values (numbers, dates, text, lengths of time in days).
    Column(Column),
}

impl Answer {
    /// The value of one row; `None` when it is missing.
    pub fn get(&self, row: usize) -> Option<Scalar> {
        match self {
            Self::Mask(mask) => mask.get(row).map(Scalar::Boolean),
            Self::Column(column) => column.get(row),
        }
    }
}
