//! `zhaoxi score` without its files: text in, text out.

use std::collections::BTreeMap;

use sheets::{Done, Ids, Problems, Row, Sheet, Wrong, csv_row, flag, whole};

use crate::answer::{Outcome, State};
use crate::check::{Claim, INCOMPLETE, MANUAL, broken};
use crate::diagnosis::Diagnosis;
use crate::instrument::Instrument;
use crate::problem::{Form, can_read};
use crate::solve::decide;
use crate::words;

/// Columns of the answer.
const COLUMNS: [&str; 9] =
    ["id", "part_1", "part_2", "part_3", "part_4", "total", "preliminary_level", "level", "grounds"];
/// How many columns the answer has for parts.
const PARTS: usize = 4;

/// Scores every form of a file. `file` is its name for messages.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn run(instrument: &Instrument, file: &str, text: &str) -> Result<Done, Problems> {
    let mut done = Done::default();
    csv_row(&mut done.output, COLUMNS);
    let (mut forms, mut incomplete, mut manual) = (0, 0, 0);
    let (mut silent, mut contradicting) = (0, 0);
    let warning = each_form(instrument, file, text, |id, form| {
        let outcome = decide(instrument, form);
        forms += 1;
        incomplete += u64::from(!outcome.missing.is_empty());
        manual += u64::from(outcome.missing.is_empty() && outcome.level.is_none());
        if outcome.missing.is_empty() {
            silent += u64::from(!words::not_recorded(instrument, form).is_empty());
            let contradicts = |change| words::contradiction(instrument, change, form).is_some();
            contradicting += u64::from(instrument.changes.iter().any(contradicts));
        }
        write(&mut done.output, id, &outcome);
    })?;
    done.warnings.extend(warning);
    for caveat in instrument.to_confirm() {
        done.warnings.push(format!("{}: {}（{}）", instrument.key, caveat.note, caveat.mark.label()));
    }
    if silent > 0 {
        let grounds = "coma or events_30d is empty; taken as none recorded";
        done.warnings.push(format!("{file}: {silent} forms: {grounds}"));
    }
    if contradicting > 0 {
        done.warnings
            .push(format!("{file}: {contradicting} forms: coma is true but the item on consciousness says otherwise"));
    }
    done.counts = vec![("forms", forms), ("incomplete", incomplete), ("manual", manual)];
    Ok(done)
}

/// Checks anyone's answer against the forms: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with either file as a file.
pub fn check(
    instrument: &Instrument,
    (file, text): (&str, &str),
    (answer_file, answer_text): (&str, &str),
) -> Result<Vec<String>, Problems> {
    let mut forms = BTreeMap::new();
    each_form(instrument, file, text, |id, form| {
        forms.insert(id.to_owned(), form.clone());
    })?;
    let mut problems = Problems::default();
    let mut found = Vec::new();
    let Some(mut sheet) = Sheet::open(answer_file, answer_text, &COLUMNS, &[], &mut problems) else {
        return Err(problems);
    };
    let mut ids = Ids::default();
    while let Some(row) = sheet.next(&mut problems) {
        let claim = claim(instrument, &row, &mut problems);
        let Some(id) = ids.take(&row, 0, &mut problems) else { continue };
        match forms.remove(id) {
            None => found.push(format!("{answer_file}:{}: id: `{id}` is not in {file}", row.line())),
            Some(form) => {
                let lines = broken(instrument, &form, &claim);
                found.extend(lines.iter().map(|what| format!("{answer_file}:{}: {id}: {what}", row.line())));
            }
        }
    }
    found.extend(forms.keys().map(|id| format!("{answer_file}: `{id}` has no row")));
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Reads every form; the sentence on unknown columns comes back.
fn each_form(
    instrument: &Instrument,
    file: &str,
    text: &str,
    mut take: impl FnMut(&str, &Form),
) -> Result<Option<String>, Problems> {
    let mut problems = Problems::default();
    let items: Vec<&str> = instrument.items().map(|item| item.key.as_str()).collect();
    let needed: Vec<&str> = std::iter::once("id").chain(items.iter().copied()).collect();
    let optional: &[&str] = if instrument.changes.is_empty() { &[] } else { &["coma", "diagnosis", "events_30d"] };
    let Some(mut sheet) = Sheet::open(file, text, &needed, optional, &mut problems) else { return Err(problems) };
    let mut ids = Ids::default();
    let mut form = Form::empty(instrument);
    while let Some(row) = sheet.next(&mut problems) {
        read_form(instrument, &row, items.len(), &mut form, &mut problems);
        if let Some(id) = ids.take(&row, 0, &mut problems)
            && problems.is_empty()
        {
            take(id, &form);
        }
    }
    ids.some(file, &mut problems);
    if problems.is_empty() { Ok(sheet.warning().map(str::to_owned)) } else { Err(problems) }
}

fn read_form(instrument: &Instrument, row: &Row<'_, '_>, items: usize, form: &mut Form, problems: &mut Problems) {
    for ((column, item), answer) in (1..).zip(instrument.items()).zip(&mut form.answers) {
        *answer = row.get(column, |text| score(&item.scores, text), problems);
    }
    form.coma = row.get(items + 1, flag, problems);
    form.diagnoses.clear();
    let words = row.text(items + 2).into_iter().flat_map(|text| text.split([';', '；'])).map(str::trim);
    for word in words.filter(|word| !word.is_empty()) {
        let diagnosis = Diagnosis::read(word);
        if !can_read(instrument, &diagnosis) {
            let wrong = Wrong::new(
                format!("`{word}` is neither an ICD-10 code or range nor a word that the form lists"),
                "write codes such as F00-F03, split by `;`",
            );
            row.report("diagnosis", wrong.what, wrong.remedy, problems);
        }
        form.diagnoses.push(diagnosis);
    }
    form.events_30d = row.get(items + 3, whole, problems);
}

fn score(scores: &[u16], text: &str) -> Result<u16, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let score = text.parse().ok().filter(|score| digits && scores.contains(score));
    score.ok_or_else(|| {
        let list: Vec<String> = scores.iter().map(u16::to_string).collect();
        let shown: String = text.chars().take(20).filter(|letter| !letter.is_control()).collect();
        Wrong::new(
            format!("`{shown}` is not a score of this item"),
            format!("write one of {}; leave the cell empty when it is not answered", list.join(", ")),
        )
    })
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn write(text: &mut String, id: &str, outcome: &Outcome) {
    let claim = Claim::from(outcome);
    // The grounds of a level in the order of the standard; where there is no level, the one word that says why.
    let grounds: Vec<&str> = match outcome.state {
        State::Decided => outcome.grounds.iter().map(|ground| ground.code()).collect(),
        State::Incomplete => vec![INCOMPLETE],
        State::Manual => vec![MANUAL],
    };
    let mut cells = vec![id.to_owned()];
    cells.extend((0..PARTS).map(|part| number(claim.parts.get(part).copied().flatten())));
    cells.extend([number(claim.total), number(claim.preliminary), number(claim.level), grounds.join(";")]);
    csv_row(text, cells.iter().map(String::as_str));
}

fn claim(instrument: &Instrument, row: &Row<'_, '_>, problems: &mut Problems) -> Claim {
    let mut cell = |column: usize| -> Option<u16> {
        row.get(
            column,
            |text| {
                whole(text)
                    .and_then(|value| u16::try_from(value).map_err(|_| Wrong::new("is too large", "write the score")))
            },
            problems,
        )
    };
    let parts: Vec<Option<u16>> = (0..PARTS).map(|part| cell(part + 1)).collect();
    // An answer with a score for a part that the instrument does not have says something that does not hold.
    let kept = parts.iter().rposition(Option::is_some).map_or(0, |last| last + 1).max(instrument.parts.len());
    let total = cell(PARTS + 1);
    let mut level = |column: usize| cell(column).map(|level| u8::try_from(level).unwrap_or(u8::MAX));
    let (preliminary, decided) = (level(PARTS + 2), level(PARTS + 3));
    let grounds = row.text(PARTS + 4).into_iter().flat_map(|text| text.split(';')).map(|one| one.trim().to_owned());
    Claim {
        parts: parts.into_iter().take(kept).collect(),
        total,
        preliminary,
        level: decided,
        grounds: grounds.filter(|ground| !ground.is_empty()).collect(),
    }
}
