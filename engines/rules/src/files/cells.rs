//! Cells as columns: typed as their terms are, exact, one value after another.

use crate::calendar;
use crate::column::Column;
use crate::vocabulary::Type;
use rust_decimal::Decimal;
use sheets::Wrong;
use std::collections::HashMap;

/// A column that is being read.
pub(super) enum Growing {
    Numbers(Numbers),
    Days(Vec<i32>, crate::Bits),
    Flags(crate::Bits, crate::Bits),
    Texts(Texts),
}

/// Digits with one scale as long as they have one, decimals from the first that does not fit.
#[derive(Default)]
pub(super) struct Numbers {
    digits: Vec<i64>,
    scale: u32,
    wide: Option<Vec<Option<Decimal>>>,
    present: crate::Bits,
}

pub(super) struct Texts {
    codes: Vec<u32>,
    dictionary: Vec<String>,
    known: HashMap<String, u32>,
    choices: Option<Vec<String>>,
    present: crate::Bits,
}

impl Growing {
    /// An empty column of a kind.
    pub fn new(kind: Type, choices: Option<Vec<String>>) -> Self {
        let bits = crate::Bits::default;
        match kind {
            Type::Date => Self::Days(Vec::new(), bits()),
            Type::Boolean => Self::Flags(bits(), bits()),
            Type::Text => {
                let (codes, dictionary, known) = (Vec::new(), Vec::new(), HashMap::new());
                Self::Texts(Texts { codes, dictionary, known, choices, present: bits() })
            }
            _ => Self::Numbers(Numbers::default()),
        }
    }

    /// Adds a cell; one that is wrong is told and counts as missing.
    pub fn push(&mut self, text: Option<&str>, mut wrong: impl FnMut(Wrong)) {
        match self {
            Self::Days(days, present) => {
                let day = text.and_then(|text| day_number(text).map_err(&mut wrong).ok());
                days.push(day.unwrap_or(0));
                present.push(day.is_some());
            }
            Self::Flags(values, present) => {
                let flag = text.and_then(|text| sheets::flag(text).map_err(&mut wrong).ok());
                values.push(flag == Some(true));
                present.push(flag.is_some());
            }
            Self::Texts(texts) => {
                let code = text.and_then(|text| texts.code(text).map_err(&mut wrong).ok());
                texts.codes.push(code.unwrap_or(0));
                texts.present.push(code.is_some());
            }
            Self::Numbers(numbers) => {
                let value = text.and_then(|text| decimal(text).map_err(&mut wrong).ok());
                numbers.push(value);
            }
        }
    }

    /// The column.
    pub fn finish(self) -> Column {
        match self {
            Self::Days(values, present) => Column::Date { values, present },
            Self::Flags(values, present) => Column::Boolean { values, present },
            Self::Texts(texts) => {
                Column::Text { codes: texts.codes, dictionary: texts.dictionary, present: texts.present }
            }
            Self::Numbers(Numbers { wide: Some(wide), .. }) => Column::decimals(wide),
            Self::Numbers(numbers) => {
                Column::Number { values: numbers.digits, scale: numbers.scale, present: numbers.present }
            }
        }
    }
}

impl Numbers {
    fn push(&mut self, value: Option<Decimal>) {
        if self.wide.is_none() {
            match self.fitting(value) {
                Some(digits) => {
                    self.digits.push(digits);
                    self.present.push(value.is_some());
                    return;
                }
                None => {
                    let rows = self.digits.iter().enumerate();
                    let scale = self.scale;
                    let rows =
                        rows.map(|(row, digits)| self.present.get(row).then(|| crate::column::fixed(*digits, scale)));
                    self.wide = Some(rows.collect());
                }
            }
        }
        self.wide.iter_mut().for_each(|wide| wide.push(value));
    }

    /// The digits of a value; the scale grows while nothing but zeros stands before it.
    fn fitting(&mut self, value: Option<Decimal>) -> Option<i64> {
        let Some(value) = value else { return Some(0) };
        let scale = value.normalize().scale();
        if scale > self.scale && scale <= 6 {
            let factor = 10_i64.pow(scale - self.scale);
            let raised: Option<Vec<i64>> = self.digits.iter().map(|digits| digits.checked_mul(factor)).collect();
            self.digits = raised?;
            self.scale = scale;
        }
        crate::column::digits_at(value, self.scale)
    }
}

impl Texts {
    fn code(&mut self, text: &str) -> Result<u32, Wrong> {
        if let Some(code) = self.known.get(text) {
            return Ok(*code);
        }
        // The files write sexes in English; registers keep the Chinese words.
        let word = match text {
            "male" => "男",
            "female" => "女",
            other => other,
        };
        let stored = match &self.choices {
            None => text,
            Some(choices) => match choices.iter().find(|choice| *choice == text || *choice == word) {
                Some(choice) => choice,
                None => {
                    let remedy = format!("write one of {}", choices.join(", "));
                    let shown: String = text.chars().take(40).collect();
                    return Err(Wrong::new(format!("`{shown}` is not one of the choices"), remedy));
                }
            },
        };
        let place = self.dictionary.iter().position(|known| self.choices.is_some() && known == stored);
        let code = place.unwrap_or_else(|| {
            self.dictionary.push(stored.to_owned());
            self.dictionary.len() - 1
        });
        let code = u32::try_from(code).unwrap_or(u32::MAX);
        self.known.insert(text.to_owned(), code);
        Ok(code)
    }
}

/// A day as its number, by its digits where it is written as files should.
fn day_number(text: &str) -> Result<i32, Wrong> {
    if let [a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() {
        let digits = [a, b, c, d, e, f, g, h].map(|byte| u32::from(byte.wrapping_sub(b'0')));
        if let [a, b, c, d, e, f, g, h] = digits
            && digits.iter().all(|digit| *digit < 10)
        {
            let (year, month, day) = (i64::from(a * 1000 + b * 100 + c * 10 + d), e * 10 + f, g * 10 + h);
            if year > 0 && (1..=12).contains(&month) && day >= 1 && day <= calendar::days_in_month(year, month) {
                return Ok(calendar::days(year, month, day));
            }
        }
    }
    sheets::day(text).map(calendar::number_of)
}

/// An exact decimal with `.`.
fn decimal(text: &str) -> Result<Decimal, Wrong> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let shape =
        plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && plain.bytes().any(|byte| byte != b'.');
    let value = Some(text).filter(|_| shape && text.len() <= 30).and_then(|text| text.parse::<Decimal>().ok());
    value.ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        let remedy = "write digits with `.`, at most 28 of them; leave the cell empty when it is missing";
        Wrong::new(format!("`{shown}` is not a number"), remedy)
    })
}
