//! What is said of an element, as labels and texts; words are those of the files.

use std::fmt::{Debug, Display};

use sha2::{Digest, Sha256};

use super::Said;
use crate::model::{Dated, Source};

/// Digits of a digest that are shown.
const DIGEST_SHOWN: usize = 12;

/// Labels and texts in the order of the file. A label that comes twice is one text of several lines.
#[derive(Debug, Default)]
pub(super) struct Parts(Vec<(String, String)>);

impl Parts {
    /// Says something; an empty text says nothing.
    pub fn put(&mut self, label: &str, value: impl Display) {
        let value = value.to_string();
        if value.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| known == label) {
            Some((_, text)) => {
                text.push_str("；");
                text.push_str(&value);
            }
            None => self.0.push((label.to_owned(), value)),
        }
    }

    /// Says something that may be absent.
    pub fn maybe(&mut self, label: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.put(label, value);
        }
    }

    /// Says “yes” where it holds.
    pub fn flag(&mut self, label: &str, value: bool) {
        if value {
            self.put(label, "是");
        }
    }

    /// Says a list.
    pub fn list<T: Display>(&mut self, label: &str, values: &[T]) {
        self.put(label, values.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"));
    }

    /// Says where it comes from.
    pub fn source(&mut self, source: &Source) {
        self.put("出处", place(source));
    }

    /// Says dated values, each under the day from which it holds.
    pub fn dated(&mut self, label: &str, values: &[Dated]) {
        for Dated { from, to, known, value, source } in values {
            let from = from.map_or_else(|| "一直".to_owned(), |day| format!("{day} 起"));
            let to = to.map(|day| format!("，到 {day}")).unwrap_or_default();
            let known = known.map(|day| format!("，{day} 公布")).unwrap_or_default();
            self.put(&format!("{label}（{from}）"), format!("{value}{to}{known}，出处 {}", place(source)));
        }
    }
}

/// What two differ in, in the order of the later one, what is gone at the end.
pub(super) fn differing(before: &Parts, after: &Parts) -> Vec<Said> {
    let text =
        |parts: &Parts, label: &str| parts.0.iter().find(|(known, _)| known == label).map(|(_, text)| text.clone());
    let gone = before.0.iter().filter(|(label, _)| text(after, label).is_none());
    let labels = after.0.iter().chain(gone).map(|(label, _)| label);
    labels
        .map(|label| Said { label: label.clone(), before: text(before, label), after: text(after, label) })
        .filter(|said| said.before != said.after)
        .collect()
}

/// A clause, after its document where that is another one.
pub(super) fn place(source: &Source) -> String {
    let Source { doc, clause } = source;
    [doc.as_deref(), clause.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The word that files use for a value of a closed list: `AtLeast` is written `at_least`.
pub(super) fn word(value: impl Debug) -> String {
    let mut word = String::new();
    for letter in format!("{value:?}").chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

/// The words of several.
pub(super) fn words<T: Debug>(values: &[T]) -> Vec<String> {
    values.iter().map(word).collect()
}

/// A short digest of a text, to say that it differs where it cannot be shown.
pub(super) fn digest(text: &str) -> String {
    let mut all = hex::encode(Sha256::digest(text.as_bytes()));
    all.truncate(DIGEST_SHOWN);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_said_once_and_what_is_gone_stands_last() {
        let (mut old, mut new) = (Parts::default(), Parts::default());
        old.put("单位", "张");
        old.put("备注", "旧");
        old.put("名称", "床位");
        new.put("名称", "床位");
        new.put("单位", "个");
        new.put("单位", "处");
        let said = differing(&old, &new);
        assert_eq!(said.len(), 2);
        assert_eq!((said[0].before.as_deref(), said[0].after.as_deref()), (Some("张"), Some("个；处")));
        assert_eq!((said[1].label.as_str(), said[1].after.as_deref()), ("备注", None));
    }

    #[test]
    fn words_are_those_of_the_files() {
        assert_eq!(word(crate::model::Op::AtLeast), "at_least");
        assert_eq!(word(crate::model::Nature::FlowYear), "flow_year");
    }
}
