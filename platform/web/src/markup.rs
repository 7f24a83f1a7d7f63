//! Text that is already HTML or SVG: made by our own code, with every outside text escaped on the way in.

use std::fmt::{self, Display, Write};

/// Finished markup; templates print it as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Marks text as finished markup. Only for text whose outside parts went through [`escape`].
    #[must_use]
    pub const fn trusted(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A value as a data block's content: `<` is written so that no text can end the block early.
    #[must_use]
    pub fn json(value: &serde_json::Value) -> Self {
        Self(value.to_string().replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
    }
}

impl Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// A text made safe for element content and double-quoted attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A text as part of an id: letters, digits and `-`; anything else becomes its code point.
#[must_use]
pub fn id_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || character == '-' {
            out.push(character);
        } else if character == '_' || character == '.' {
            out.push('-');
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "u{:x}", u32::from(character));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_cannot_leave_its_place() {
        assert_eq!(escape("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }

    #[test]
    fn a_data_block_cannot_be_closed_from_inside() {
        let block = Markup::json(&serde_json::json!({ "name": "</script><b>" }));
        assert!(!block.as_str().contains('<'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(block.as_str()).unwrap()["name"], "</script><b>");
    }

    #[test]
    fn ids_are_plain_and_do_not_collide() {
        assert_eq!(id_part("visit_date"), "visit-date");
        assert_eq!(id_part("床位"), "u5e8au4f4d");
        assert_ne!(id_part("床"), id_part("位"));
    }
}
