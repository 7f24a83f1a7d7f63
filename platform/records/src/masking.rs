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
    let (Json::String(text), FieldKind::Phone | FieldKind::IdNumber | FieldKind::CreditCode | FieldKind::Text) =
        (value, field.kind)
    else {
        return DOT.to_string().repeat(3);
    };
    let letters: Vec<char> = text.chars().collect();
    let (front, back) = match field.kind {
        FieldKind::Phone if letters.len() == 11 => (2, 4),
        FieldKind::Phone => (0, 2),
        FieldKind::IdNumber | FieldKind::CreditCode => (3, 2),
        // An address keeps its beginning: road, not door.
        _ => (letters.len().min(4), 0),
    };
    let hidden = letters.len().saturating_sub(front + back).max(1);
    let start: String = letters.iter().take(front).collect();
    let end: String = letters.iter().skip(letters.len().saturating_sub(back)).collect();
    format!("{start}{}{end}", DOT.to_string().repeat(hidden.min(DOTS_MAX)))
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
