//! `circles.toml`: people, facilities, and parameters that are there and are numbers.

use std::collections::BTreeSet;

use super::{Known, check_keys, check_reference, check_source, check_text};
use crate::desk::{Desk, words};
use crate::model::{Parameter, Value};

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.circles;
    check_keys(desk, rows, None, |one| &one.key);
    let parent = known.around.parent.iter().flat_map(|pack| &pack.parameters);
    let parameters: Vec<&Parameter> = known.draft.parameters.values().chain(parent).collect();
    let keys: BTreeSet<String> = parameters.iter().map(|one| one.key.clone()).collect();
    for (index, circle) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "label", &circle.label);
        check_text(desk, at, "who", &circle.who);
        check_source(desk, at, &circle.source, known);
        for (name, key) in [("minutes", &circle.minutes), ("speed", &circle.speed)] {
            let steps = rows.key(*index, name);
            check_reference(
                desk,
                (rows.file, &steps),
                ("参数", "parameters.toml"),
                key,
                &known_or_broken(&keys, known),
            );
            let values = parameters.iter().filter(|one| one.key == *key).flat_map(|one| &one.values);
            if let Some(dated) = values.into_iter().find(|dated| !matches!(dated.value, Value::Number(_))) {
                let message = format!("参数“{key}”的值是{}，这里要用数", dated.value.kind());
                desk.report(rows.file, &steps, words("pack.wrong_type", message, "换一个参数，或把它的值写成数"));
            }
        }
    }
}

/// Keys of parameters, with those of parameters that could not be read: their own problem is reported already.
fn known_or_broken(keys: &BTreeSet<String>, known: &Known<'_>) -> BTreeSet<String> {
    keys.iter().chain(&known.draft.parameters.broken).cloned().collect()
}
