//! What is wrong with a file: place, what, and what to do. All at once, up to a bound.

use std::fmt;

/// How many problems are kept; more are counted.
pub const MOST_PROBLEMS: usize = 100;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column's name, or `-` for a row or file as a whole.
    pub column: String,
    /// What is wrong.
    pub wrong: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}: {}; {}", self.file, self.line, self.column, self.wrong, self.remedy)
    }
}

/// Everything that is wrong: the first hundred, and how many more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    kept: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Adds one.
    pub fn add(&mut self, file: &str, line: usize, column: &str, wrong: impl Into<String>, remedy: impl Into<String>) {
        if self.kept.len() < MOST_PROBLEMS {
            self.kept.push(Problem {
                file: file.to_owned(),
                line,
                column: column.to_owned(),
                wrong: wrong.into(),
                remedy: remedy.into(),
            });
        } else {
            self.more += 1;
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many there are, kept or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len() + self.more
    }

    /// Those kept.
    #[must_use]
    pub fn kept(&self) -> &[Problem] {
        &self.kept
    }
}

/// One line a problem, and a last one for those not shown.
impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.kept {
            writeln!(formatter, "{problem}")?;
        }
        if self.more > 0 {
            writeln!(formatter, "and {} more", self.more)?;
        }
        Ok(())
    }
}
