//! What is wrong with a pack: file, line, column, what, and what to do. Always all problems at once.

use std::fmt;

use vocabulary::Violation;

/// One thing that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// File within the pack, e.g. `indicators.toml`.
    pub file: String,
    /// Line from 1; 0 when the problem is the file as a whole.
    pub line: usize,
    /// Column from 1, in characters; 0 when the problem is the line or the file as a whole.
    pub column: usize,
    /// Stable code, e.g. `pack.unknown_key`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {} {}；{}", self.place(), self.code, self.message, self.remedy)
    }
}

impl Problem {
    /// `file`, `file:line` or `file:line:column`, as far as known.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.line, self.column) {
            (0, _) => self.file.clone(),
            (line, 0) => format!("{}:{line}", self.file),
            (line, column) => format!("{}:{line}:{column}", self.file),
        }
    }
}

impl From<Problem> for Violation {
    fn from(problem: Problem) -> Self {
        let place = problem.place();
        Self::new(problem.code, place, problem.message, problem.remedy)
    }
}
