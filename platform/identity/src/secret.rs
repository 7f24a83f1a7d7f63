//! Text that must not reach a log.

use std::fmt;

/// A secret: a token, a one-time password. `{:?}` shows stars.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, to hand it to the one it is for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether a given text is this secret; takes as long wherever they differ.
    #[must_use]
    pub fn matches(&self, given: &str) -> bool {
        let different = self.0.bytes().zip(given.bytes()).fold(0, |sum, (own, other)| sum | (own ^ other));
        self.0.len() == given.len() && different == 0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_text_matches() {
        let secret = Secret::new("abc".to_owned());
        assert!(secret.matches("abc"));
        for wrong in ["", "ab", "abd", "abcd", "ABC"] {
            assert!(!secret.matches(wrong), "{wrong}");
        }
        assert_eq!(format!("{secret:?}"), "***");
    }
}
