//! What is hidden from whom, in one place: list, detail, form, export, print and API all ask here.

use serde_json::Value as Json;
use vocabulary::{Field, FieldKind, Sensitivity};

/// The sign that stands for what is hidden.
const DOT: char = '•';

/// Signs that stand for what is hidden, at most: a long mask says no more than a short one.
const DOTS_MAX: usize = 6;

/// Where a value is about to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Many records at once: lists, exports, print, previews.
    Many,
    /// One record opened by itself.
    One,
}

/// Whether a field is hidden in a view: personal fields where many are shown, secret ones everywhere.
/// A secret is seen only through a reveal with a stated purpose, which is audited.
#[must_use]
pub fn hides(field: &Field, view: View) -> bool {
    match field.sensitive {
        Sensitivity::None => false,
        Sensitivity::Personal => view == View::Many,
        Sensitivity::Secret => true,
    }
}

/// Whether a text is a masked value.
#[must_use]
pub fn is_mask(text: &str) -> bool {
    text.contains(DOT)
}

/// Whether nothing of the field's value is shown where many records are.
#[must_use]
pub(crate) fn masked_whole(field: &Field) -> bool {
    let in_part =
        matches!(field.kind, FieldKind::Phone | FieldKind::IdNumber | FieldKind::CreditCode | FieldKind::Text);
    hides(field, View::Many) && !in_part
}

/// A value with its middle hidden. Enough stays to tell two records apart over the telephone, not to use it.
#[must_use]
pub fn mask(field: &Field, value: &Json) -> String {
    mask_text(field, value.as_str().unwrap_or_default())
}

/// The same of a value that was read as text.
pub(crate) fn mask_text(field: &Field, text: &str) -> String {
    let letters = text.chars().count();
    let (front, back) = match field.kind {
        _ if text.is_empty() => return dots(3),
        FieldKind::Phone if letters == 11 => (2, 4),
        FieldKind::Phone => (0, 2),
        FieldKind::IdNumber | FieldKind::CreditCode => (3, 2),
        // An address keeps its beginning: road, not door.
        FieldKind::Text => (letters.min(4), 0),
        _ => return dots(3),
    };
    let hidden = letters.saturating_sub(front + back).max(1);
    let at = |letter: usize| text.char_indices().nth(letter).map_or(text.len(), |(at, _)| at);
    let (start, end) = (text.get(..at(front)), text.get(at(letters.saturating_sub(back))..));
    [start.unwrap_or_default(), dots(hidden.min(DOTS_MAX)).as_str(), end.unwrap_or_default()].concat()
}

fn dots(count: usize) -> String {
    std::iter::repeat_n(DOT, count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(kind: FieldKind, text: &str) -> String {
        mask(&Field::new("x", "某项", kind), &Json::from(text))
    }

    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(masked(FieldKind::Phone, "13812341234"), "13•••••1234");
        assert_eq!(masked(FieldKind::Phone, "65432100"), "••••••00");
        assert_eq!(masked(FieldKind::IdNumber, "990110194001011234"), "990••••••34");
        assert_eq!(masked(FieldKind::Text, "国定路123弄4号501室"), "国定路1••••••");
        assert_eq!(masked(FieldKind::Text, "王"), "王•");
        assert_eq!(masked(FieldKind::Choice, "重度失能"), "•••");
        assert_eq!(mask(&Field::new("x", "某项", FieldKind::Boolean), &Json::Bool(true)), "•••");
    }

    #[test]
    fn nothing_short_is_shown_whole() {
        for text in ["1", "12", "123456"] {
            for kind in [FieldKind::Phone, FieldKind::IdNumber] {
                assert!(is_mask(&masked(kind, text)));
            }
        }
        assert!(!is_mask("13812341234"));
    }

    #[test]
    fn personal_fields_open_with_the_record_and_secret_ones_do_not() {
        let field = |sensitivity| Field::new("x", "某项", FieldKind::Text).sensitive(sensitivity);
        assert!(!hides(&field(Sensitivity::None), View::Many));
        assert!(hides(&field(Sensitivity::Personal), View::Many) && !hides(&field(Sensitivity::Personal), View::One));
        assert!(hides(&field(Sensitivity::Secret), View::One));
    }
}
