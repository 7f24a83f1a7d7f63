//! What is wrong with the text of a rule, or with the data it is given.

/// One problem, said so that the author of a rule can put it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, `rules.` and a word: what kind of problem it is.
    pub code: &'static str,
    /// Place in the text, in characters, counted from 1; 0 when it is about data and not about the text.
    pub column: usize,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What to do about it, in Chinese.
    pub remedy: String,
}

impl Problem {
    /// A problem at a place in the text.
    pub(crate) fn at(column: usize, code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { code, column, message: message.into(), remedy: remedy.into() }
    }

    /// A problem of the data or parameters given at evaluation.
    pub(crate) fn data(code: &'static str, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::at(0, code, message, remedy)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.column > 0 {
            write!(f, "第 {} 字：", self.column)?;
        }
        write!(f, "{}；{}", self.message, self.remedy)
    }
}
