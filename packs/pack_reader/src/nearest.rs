//! The nearest known word to a mistyped one.

/// The candidate with the smallest edit distance, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + length.max(candidate.chars().count()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `，最接近的是“…”` or nothing, to end a message with.
pub(crate) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |candidate| format!("，最接近的是“{candidate}”"))
}

/// Words of other formats for kinds of values, and those of this one: they mean the same and are not spelled alike.
const SAME: [(&[&str], &[&str]); 6] = [
    (&["number", "numeric", "int", "float", "double", "real"], &["integer", "decimal", "money"]),
    (&["string", "str", "varchar"], &["text", "long_text"]),
    (&["bool", "flag", "checkbox"], &["boolean"]),
    (&["datetime", "timestamp", "day", "time"], &["date", "month"]),
    (&["enum", "select", "option", "radio"], &["choice"]),
    (&["link", "ref", "lookup", "foreign"], &["reference"]),
];

/// The same for a word of a closed list: known words that mean the same come before one that is spelled alike.
pub(crate) fn meant(word: &str, known: &[&'static str]) -> String {
    let same = SAME.iter().find(|(others, ours)| others.contains(&word) && ours.iter().all(|one| known.contains(one)));
    match same {
        Some((_, ours)) => format!("，意思相近的是“{}”", ours.join("”“")),
        None => hint(word, known.iter().copied()),
    }
}

/// Levenshtein distance in characters, by one row of the table.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, from) in left.chars().enumerate() {
        let mut diagonal = above;
        let mut before = above + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&right) {
            let changed = diagonal + usize::from(from != *to);
            diagonal = *cell;
            before = changed.min(before + 1).min(*cell + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_single_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("民政局", "市民政局"), 1);
    }

    #[test]
    fn a_word_that_means_the_same_comes_before_one_spelled_alike() {
        const KINDS: [&str; 7] = ["text", "long_text", "integer", "decimal", "money", "id_number", "boolean"];
        assert_eq!(meant("number", &KINDS), "，意思相近的是“integer”“decimal”“money”");
        assert_eq!(meant("bool", &KINDS), "，意思相近的是“boolean”");
        assert_eq!(meant("decimals", &KINDS), "，最接近的是“decimal”");
        assert_eq!(meant("number", &["officer", "clerk"]), "");
    }

    #[test]
    fn a_far_word_is_not_suggested() {
        assert_eq!(nearest("participants", ["participate", "lead"]), Some("participate"));
        assert_eq!(nearest("zzzz", ["participate", "lead"]), None);
    }
}
