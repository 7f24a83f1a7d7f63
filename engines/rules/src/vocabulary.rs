//! What a rule may speak of: the terms of one subject, and the parameters given with each evaluation.

/// What kind of value a term, a parameter or an expression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// An exact decimal number.
    Number,
    /// Text; a choice is text with a fixed list of values.
    Text,
    /// A calendar day.
    Date,
    /// Yes or no.
    Boolean,
    /// A length of time in days: the difference of two dates, or `duration("P30D")`.
    Days,
    /// A length of time in whole months: `duration("P1Y")`. Only added to or taken from a date.
    Months,
    /// The literal `null` alone.
    Null,
}

impl Type {
    /// The Chinese word used in messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number => "数值",
            Self::Text => "文字",
            Self::Date => "日期",
            Self::Boolean => "是否",
            Self::Days => "天数时长",
            Self::Months => "月数时长",
            Self::Null => "空值",
        }
    }
}

/// Where the values of a term come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Derivation {
    /// A column of that name in the table.
    Column,
    /// Completed years from a date term to a date parameter.
    CompletedYears {
        /// Date term counted from.
        since: String,
        /// Date parameter counted to.
        on: String,
    },
    /// Completed months from a date term to a date parameter.
    CompletedMonths {
        /// Date term counted from.
        since: String,
        /// Date parameter counted to.
        on: String,
    },
}

/// One thing that can be asked of every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The name as written in rules.
    pub name: String,
    /// Kind of value.
    pub kind: Type,
    /// For a choice: every value it may have, as it stands in rules and in the column's dictionary.
    pub choices: Option<Vec<String>>,
    /// Where the values come from.
    pub derivation: Derivation,
    /// For people: which register or list declares it. Not used by the engine.
    pub source: String,
}

impl Term {
    /// A term that is a column of the table.
    pub fn new(name: impl Into<String>, kind: Type) -> Self {
        Self { name: name.into(), kind, choices: None, derivation: Derivation::Column, source: String::new() }
    }

    /// A text term with a fixed list of values.
    pub fn choice<S: Into<String>>(name: impl Into<String>, choices: impl IntoIterator<Item = S>) -> Self {
        let choices = choices.into_iter().map(Into::into).collect();
        Self { choices: Some(choices), ..Self::new(name, Type::Text) }
    }

    /// Says where the term is declared.
    #[must_use]
    pub fn from_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }
}

/// A scalar that is given with each evaluation, such as the as-of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name as written in rules.
    pub name: String,
    /// Kind of value.
    pub kind: Type,
}

/// The names of the day a rule is asked for, and of what every person register has, as rules write them.
pub(crate) const AS_OF: &str = "基准日";
const BIRTH_DATE: &str = "出生日期";
const AGE_YEARS: &str = "年龄";
const AGE_MONTHS: &str = "月龄";

/// All terms of one subject and all parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Terms, in the order of their register.
    pub terms: Vec<Term>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
}

impl Vocabulary {
    /// A vocabulary of terms, without parameters.
    pub fn new(terms: Vec<Term>) -> Self {
        Self { terms, parameters: Vec::new() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, kind: Type) -> Self {
        self.parameters.push(Parameter { name: name.into(), kind });
        self
    }

    /// Adds 年龄 (completed years) and 月龄 (completed months) on 基准日 where there is a date term 出生日期 and no such
    /// term yet; adds the parameter 基准日 when it is not there.
    #[must_use]
    pub fn with_ages(mut self) -> Self {
        if self.parameter(AS_OF).is_none() {
            self = self.with_parameter(AS_OF, Type::Date);
        }
        if self.term(BIRTH_DATE).is_some_and(|term| term.kind == Type::Date) {
            let (since, on) = (BIRTH_DATE.to_owned(), AS_OF.to_owned());
            let years = Derivation::CompletedYears { since: since.clone(), on: on.clone() };
            self.derive(AGE_YEARS, years);
            self.derive(AGE_MONTHS, Derivation::CompletedMonths { since, on });
        }
        self
    }

    fn derive(&mut self, name: &str, derivation: Derivation) {
        if self.term(name).is_none() {
            self.terms.push(Term { derivation, ..Term::new(name, Type::Number) });
        }
    }

    /// The term of that name.
    pub fn term(&self, name: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.name == name)
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Every name a rule may use: terms, then parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let terms = self.terms.iter().map(|term| term.name.as_str());
        terms.chain(self.parameters.iter().map(|parameter| parameter.name.as_str()))
    }

    /// The name most like an unknown one, when one is like enough to be meant.
    pub fn nearest(&self, unknown: &str) -> Option<&str> {
        nearest(unknown, self.names())
    }
}

/// The candidate with the fewest edits, if at most half of the characters differ.
pub(crate) fn nearest<'a>(unknown: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = unknown.chars().collect();
    candidates
        .map(|candidate| {
            let letters: Vec<char> = candidate.chars().collect();
            let longest = wanted.len().max(letters.len());
            (edits(&wanted, &letters), longest, candidate)
        })
        .filter(|(distance, longest, _)| distance * 2 <= *longest)
        .min_by_key(|(distance, longest, _)| (*distance, *longest))
        .map(|(_, _, candidate)| candidate)
}

/// Levenshtein distance: insertions, deletions and replacements between two words.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        let mut left = i + 1;
        next.push(left);
        for ((other, above), corner) in to.iter().zip(row.iter().skip(1)).zip(row.iter()) {
            left = (left + 1).min(above + 1).min(corner + usize::from(letter != other));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not_offered() {
        let vocabulary = Vocabulary::new(vec![
            Term::new("出生日期", Type::Date),
            Term::new("核定床位", Type::Number),
            Term::new("规划床位", Type::Number),
        ])
        .with_ages();
        assert_eq!(vocabulary.nearest("年纪"), Some("年龄"));
        assert_eq!(vocabulary.nearest("核定床位数"), Some("核定床位"));
        assert_eq!(vocabulary.nearest("完全无关的名字"), None);
    }

    #[test]
    fn ages_are_offered_only_where_there_is_a_birth_date() {
        let facility = Vocabulary::new(vec![Term::new("核定床位", Type::Number)]).with_ages();
        assert!(facility.term("年龄").is_none());
        assert!(facility.parameter("基准日").is_some());
    }
}
