//! Diagnoses as forms name them: codes and ranges of ICD-10, or words.

/// A diagnosis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    text: String,
    /// First and last three-character category, as letter × 100 + number.
    range: Option<(u32, u32)>,
}

impl Diagnosis {
    /// Reads a code (`F01`, `F01.1`), a range (`F00-F03`) or keeps a word.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim().to_ascii_uppercase();
        let range = match text.split_once(['-', '–', '—', '~', '～']) {
            Some((first, last)) => category(first).zip(category(last)).filter(|(first, last)| first <= last),
            None => category(&text).map(|one| (one, one)),
        };
        Self { text, range }
    }

    /// Whether it is a code or range of ICD-10.
    #[must_use]
    pub fn is_code(&self) -> bool {
        self.range.is_some()
    }

    /// As written, in capitals.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether some category is in both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        match (self.range, other.range) {
            (Some((from, to)), Some((first, last))) => from <= last && first <= to,
            _ => self.text == other.text,
        }
    }
}

/// The category at the head of a code: a letter and two digits; what follows must look like a subcategory.
fn category(code: &str) -> Option<u32> {
    let code = code.trim().as_bytes();
    let [letter, tens, ones, rest @ ..] = code else { return None };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let subcategory = rest.len() <= 8 && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b".+*".contains(byte));
    if !letter.is_ascii_uppercase() || !subcategory {
        return None;
    }
    Some(u32::from(letter - b'A') * 100 + digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ranges_and_words() {
        let counts = Diagnosis::read("F00-F03");
        for hit in ["F00", "f03", "F01.1", "F00.001", "F00-F03", " F03–F07 ", "A00-Z99"] {
            assert!(Diagnosis::read(hit).meets(&counts), "{hit}");
        }
        for miss in ["F04", "E10-E14", "I10", "G20~G22"] {
            assert!(Diagnosis::read(miss).is_code() && !Diagnosis::read(miss).meets(&counts), "{miss}");
        }
        for word in ["", "F", "F0", "痴呆", "F03-F00", "UTI_30D", "F00，F01", "-"] {
            assert!(!Diagnosis::read(word).is_code(), "{word}");
            assert!(!Diagnosis::read(word).meets(&counts), "{word}");
        }
    }
}
