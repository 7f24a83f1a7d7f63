//! `zhaoxi growth` without its files: text in, text out.

use std::collections::BTreeMap;

use sheets::{Done, Ids, Problems, Row, Sheet, Wrong, csv_row, day, flag, float, number, sex, whole};

use crate::check::{Claim, NAMES, broken};
use crate::problem::Measured;
use crate::solve::solve;

const NEEDED: [&str; 8] =
    ["id", "sex", "birth_date", "measured_on", "weight_kg", "length_cm", "measured_lying", "head_cm"];
const OPTIONAL: [&str; 1] = ["oedema"];
const ANSWER: [&str; 8] = ["id", "age_days", "waz", "haz", "whz", "bmiz", "hcz", "flags"];

/// Computes the z-scores of every child of a file. `file` is its name for messages.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn run(file: &str, text: &str) -> Result<Done, Problems> {
    let mut done = Done::default();
    csv_row(&mut done.output, ANSWER);
    let (mut children, mut flagged, mut too_old, mut scores) = (0, 0, 0, 0);
    let warning = each_child(file, text, |id, measured| {
        let answer = solve(measured);
        let flags = answer.flags();
        children += 1;
        flagged += u64::from(answer.indices().iter().any(|(_, index)| index.flagged));
        too_old += u64::from(measured.age_days > crate::tables::LAST_DAY);
        let mut cells = vec![id.to_owned(), answer.age_days.to_string()];
        for (_, index) in answer.indices() {
            scores += u64::from(index.z.is_some());
            cells.push(index.z.map(float).unwrap_or_default());
        }
        cells.push(flags.join(";"));
        csv_row(&mut done.output, cells.iter().map(String::as_str));
    })?;
    done.warnings.extend(warning);
    if too_old > 0 {
        done.warnings.push(format!("{file}: {too_old} children are 60 months or older; WHO's standard ends there"));
    }
    done.counts = vec![("children", children), ("scores", scores), ("flagged", flagged), ("too_old", too_old)];
    Ok(done)
}

/// Checks anyone's answer against the measures: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with either file as a file.
pub fn check((file, text): (&str, &str), (answer_file, answer_text): (&str, &str)) -> Result<Vec<String>, Problems> {
    let mut children = BTreeMap::new();
    each_child(file, text, |id, measured| {
        children.insert(id.to_owned(), *measured);
    })?;
    let mut problems = Problems::default();
    let mut found = Vec::new();
    let Some(mut sheet) = Sheet::open(answer_file, answer_text, &ANSWER, &[], &mut problems) else {
        return Err(problems);
    };
    let mut ids = Ids::default();
    while let Some(row) = sheet.next(&mut problems) {
        let mut claim = Claim { age_days: row.get(1, whole, &mut problems), ..Claim::default() };
        for (column, z) in (2..2 + NAMES.len()).zip(&mut claim.z) {
            *z = row.get(column, number, &mut problems);
        }
        let flags = row.text(7).into_iter().flat_map(|text| text.split(';'));
        claim.flags = flags.map(|flag| flag.trim().to_owned()).collect();
        let Some(id) = ids.take(&row, 0, &mut problems) else { continue };
        match children.remove(id) {
            None => found.push(format!("{answer_file}:{}: id: `{id}` is not in {file}", row.line())),
            Some(measured) => {
                let lines = broken(&measured, &claim);
                found.extend(lines.iter().map(|what| format!("{answer_file}:{}: {id}: {what}", row.line())));
            }
        }
    }
    found.extend(children.keys().map(|id| format!("{answer_file}: `{id}` has no row")));
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Reads every child; the sentence on unknown columns comes back.
fn each_child(file: &str, text: &str, mut take: impl FnMut(&str, &Measured)) -> Result<Option<String>, Problems> {
    let mut problems = Problems::default();
    let Some(mut sheet) = Sheet::open(file, text, &NEEDED, &OPTIONAL, &mut problems) else { return Err(problems) };
    let mut ids = Ids::default();
    while let Some(row) = sheet.next(&mut problems) {
        let measured = read_child(&row, &mut problems);
        if let Some(id) = ids.take(&row, 0, &mut problems)
            && let Some(measured) = measured
        {
            take(id, &measured);
        }
    }
    ids.some(file, &mut problems);
    if problems.is_empty() { Ok(sheet.warning().map(str::to_owned)) } else { Err(problems) }
}

fn read_child(row: &Row<'_, '_>, problems: &mut Problems) -> Option<Measured> {
    let sex = row.must(1, sex, problems);
    let birth = row.must(2, day, problems);
    let on = row.must(3, day, problems);
    let weight_kg = row.get(4, measure, problems);
    let length_cm = row.get(5, measure, problems);
    let lying = row.get(6, flag, problems);
    let head_cm = row.get(7, measure, problems);
    let oedema = row.get(8, flag, problems).unwrap_or(false);
    let days = (on? - birth?).num_days();
    let Ok(age_days) = u32::try_from(days) else {
        row.report(row.name(3), "it is before the day of birth", "check both days", problems);
        return None;
    };
    Some(Measured { sex: sex?, age_days, weight_kg, length_cm, lying, head_cm, oedema })
}

fn measure(text: &str) -> Result<f64, Wrong> {
    let value = number(text)?;
    if value > 0.0 {
        return Ok(value);
    }
    Err(Wrong::new(format!("`{value}` is not above 0"), "leave the cell empty when it was not measured"))
}
