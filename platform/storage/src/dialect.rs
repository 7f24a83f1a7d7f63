//! The few places where the two databases speak differently.

use crate::Engine;

/// Words that differ between SQLite and PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect(pub Engine);

impl Dialect {
    /// Fills the type tokens of a migration: `{bool}`, `{real}`, `{bytes}`, `{json}`.
    #[must_use]
    pub fn ddl(self, text: &str) -> String {
        let words: [(&str, &str); 4] = match self.0 {
            Engine::Sqlite => [("{bool}", "BOOLEAN"), ("{real}", "REAL"), ("{bytes}", "BLOB"), ("{json}", "TEXT")],
            Engine::Postgres => {
                [("{bool}", "BOOLEAN"), ("{real}", "DOUBLE PRECISION"), ("{bytes}", "BYTEA"), ("{json}", "JSONB")]
            }
        };
        let filled = words.iter().fold(text.to_owned(), |text, (token, word)| text.replace(token, word));
        match self.0 {
            Engine::Sqlite => filled,
            // Paths, days and keys are compared by their bytes, as on SQLite, whatever the server's language.
            Engine::Postgres => filled.replace(" TEXT", " TEXT COLLATE \"C\""),
        }
    }

    /// A text as a pattern of [`Dialect::like`] that finds it anywhere, its own wildcards taken as they are.
    #[must_use]
    pub fn anywhere(text: &str) -> String {
        let mut pattern = String::with_capacity(text.len() + 2);
        pattern.push('%');
        for letter in text.chars() {
            if matches!(letter, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern.push('%');
        pattern
    }

    /// A case-insensitive LIKE of an expression with a pattern.
    #[must_use]
    pub fn like(self, expression: &str, pattern: &str) -> String {
        match self.0 {
            // SQLite's LIKE already ignores the case of ASCII letters.
            Engine::Sqlite => format!("{expression} LIKE {pattern} ESCAPE '\\'"),
            Engine::Postgres => format!("{expression} ILIKE {pattern} ESCAPE '\\'"),
        }
    }

    /// Joins a text expression over a group, values separated by a line feed.
    #[must_use]
    pub fn join_lines(self, expression: &str) -> String {
        match self.0 {
            Engine::Sqlite => format!("group_concat({expression}, char(10))"),
            Engine::Postgres => format!("string_agg({expression}, chr(10))"),
        }
    }

    /// A text expression read as a number, for ordering and comparing only.
    #[must_use]
    pub fn number(self, expression: &str) -> String {
        match self.0 {
            Engine::Sqlite => format!("CAST({expression} AS REAL)"),
            Engine::Postgres => format!("CAST({expression} AS DOUBLE PRECISION)"),
        }
    }
}
