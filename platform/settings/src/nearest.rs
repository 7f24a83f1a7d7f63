//! The known word nearest to a mistyped one.

/// The candidate that differs least, if few enough letters differ for it to be meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete or replace (Levenshtein), kept to one row of the table.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, left) in from.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for ((pair, right), before) in row.windows(2).zip(&to).zip(0..) {
            let (diagonal, above) = match pair {
                [diagonal, above] => (*diagonal, *above),
                _ => continue,
            };
            let left_of: usize = next.get(before).copied().unwrap_or(usize::MAX - 1);
            next.push((diagonal + usize::from(left != *right)).min(above + 1).min(left_of + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        for (from, to, expected) in [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0), ("端口", "端", 1)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        let words = ["server.port", "server.listen", "log.level"];
        assert_eq!(nearest("server.prot", words), Some("server.port"));
        assert_eq!(nearest("colour.of.the.sky", words), None);
    }
}
