//! Classes of characters, by GB/T 15834-2011 clause 5.1 (where marks may stand on a line) and the
//! usual practice of Chinese typesetting for brackets and signs.

/// Marks that may not begin a line: stops, closing brackets and quotes, joiners, signs after a number.
const NOT_AT_START: &str = "，。、；：？！．…）》〉】〗〕］｝」』”’·—–～~％%‰℃°′″／/々ー,.;:?!)]}";
/// Marks that may not end a line: opening brackets and quotes, signs before a number.
const NOT_AT_END: &str = "（《〈【〖〔［｛「『“‘([{￥$№＃#／";
/// Full-width marks whose ink is in their left half, so that the right half may stand outside a line.
const BLANK_RIGHT: &str = "，。、；：．）》〉】〗〕］｝」』”’";

/// Whether a line may begin with this character.
#[must_use]
pub fn may_start_line(character: char) -> bool {
    !NOT_AT_START.contains(character)
}

/// Whether a line may end with this character.
#[must_use]
pub fn may_end_line(character: char) -> bool {
    !NOT_AT_END.contains(character)
}

/// Whether the right half of a full-width mark is blank.
pub(super) fn blank_right(character: char) -> bool {
    BLANK_RIGHT.contains(character)
}

/// Whether a character is a cell of Chinese text of its own: a line may break at either side of it,
/// unless the rules above forbid. Everything else (Latin letters, digits, their signs) makes words.
pub(super) fn is_wide(character: char) -> bool {
    let code = character as u32;
    matches!(code,
        0x1100..=0x11FF
        | 0x2010..=0x2027
        | 0x2030..=0x205E
        | 0x2100..=0x2BFF
        | 0x2E80..=0xD7FF
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE4F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for mark in "，。、；：？！）》”%".chars() {
            assert!(!may_start_line(mark), "{mark}");
        }
        for mark in "（《“￥".chars() {
            assert!(!may_end_line(mark), "{mark}");
        }
        for character in "老九〇①—”（".chars() {
            assert!(is_wide(character), "{character}");
        }
        for character in "a9.%-°×".chars() {
            assert!(!is_wide(character), "{character}");
        }
        assert!(blank_right('。') && !blank_right('？'));
    }
}
