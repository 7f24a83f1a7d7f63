//! What is asked: the answers of one form, and what is wrong with them.

use vocabulary::Violation;

use crate::diagnosis::Diagnosis;
use crate::instrument::Instrument;

/// The answers of one form. What is not answered is `None`, never zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Scores in the order of the instrument's items.
    pub answers: Vec<Option<u16>>,
    /// Whether the person is in a coma.
    pub coma: Option<bool>,
    /// Diagnoses. Empty: none is recorded.
    pub diagnoses: Vec<Diagnosis>,
    /// Care-risk events within the last 30 days, over all kinds.
    pub events_30d: Option<u32>,
}

impl Form {
    /// A form with nothing answered.
    #[must_use]
    pub fn empty(instrument: &Instrument) -> Self {
        Self { answers: vec![None; instrument.items().count()], ..Self::default() }
    }

    /// Answers an item.
    ///
    /// # Errors
    /// When there is no such item, or it has no such score.
    pub fn set(&mut self, instrument: &Instrument, key: &str, score: u16) -> Result<(), Violation> {
        let Some((index, item)) = instrument.items().enumerate().find(|(_, item)| item.key == key) else {
            let message = format!("{} 没有项目 {key}", instrument.standard);
            return Err(Violation::new("scoring.unknown_item", key, message, "用本表的项目编号"));
        };
        if !item.scores.contains(&score) {
            return Err(wrong_score(key, &item.label, &item.scores, score));
        }
        if self.answers.len() <= index {
            self.answers.resize(index + 1, None);
        }
        if let Some(answer) = self.answers.get_mut(index) {
            *answer = Some(score);
        }
        Ok(())
    }

    /// The score of an item, if answered.
    #[must_use]
    pub fn score(&self, instrument: &Instrument, key: &str) -> Option<u16> {
        let index = instrument.items().position(|item| item.key == key)?;
        self.answers.get(index).copied().flatten()
    }
}

fn wrong_score(key: &str, label: &str, scores: &[u16], score: u16) -> Violation {
    let scores: Vec<String> = scores.iter().map(u16::to_string).collect();
    let message = format!("{label} 没有 {score} 分");
    Violation::new("scoring.score", key, message, format!("可给的分：{}；没有评就留空", scores.join("、")))
}

/// Everything that is wrong with a form: scores that an item does not have, answers to no item, diagnoses that nobody can read.
#[must_use]
pub fn problems(instrument: &Instrument, form: &Form) -> Vec<Violation> {
    let mut found = Vec::new();
    for (item, answer) in instrument.items().zip(&form.answers) {
        if let Some(score) = answer.filter(|score| !item.scores.contains(score)) {
            found.push(wrong_score(&item.key, &item.label, &item.scores, score));
        }
    }
    let items = instrument.items().count();
    if form.answers.len() > items {
        let message = format!("有 {} 个答案，{} 只有 {items} 项", form.answers.len(), instrument.standard);
        found.push(Violation::new("scoring.unknown_item", "answers", message, "用本表的项目编号"));
    }
    for diagnosis in form.diagnoses.iter().filter(|diagnosis| !can_read(instrument, diagnosis)) {
        found.push(unreadable(instrument, diagnosis));
    }
    found
}

/// A diagnosis is a code, or a word that the form lists.
pub(crate) fn can_read(instrument: &Instrument, diagnosis: &Diagnosis) -> bool {
    let listed = |text: &str| instrument.diagnoses.iter().any(|one| one.code.eq_ignore_ascii_case(text));
    diagnosis.is_code() || listed(diagnosis.text())
}

fn unreadable(instrument: &Instrument, diagnosis: &Diagnosis) -> Violation {
    let words: Vec<&str> = instrument
        .diagnoses
        .iter()
        .map(|one| one.code.as_str())
        .filter(|code| !Diagnosis::read(code).is_code())
        .collect();
    let message = format!("诊断“{}”读不懂", diagnosis.text());
    let remedy =
        format!("写 ICD-10 编码或范围，如 F00-F03{}{}", if words.is_empty() { "" } else { "；或 " }, words.join("、"));
    Violation::new("scoring.diagnosis", "diagnosis", message, remedy)
}
