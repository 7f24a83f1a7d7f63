//! `purposes.toml`: words, a source, and for each purpose that rests on consent a register in which it can be given.

use vocabulary::{FieldKind, Register, consent};

use super::{Known, check_keys, check_source, check_text};
use crate::desk::{Desk, words};
use crate::model::PurposeBasis;

/// The fields that are read, and of what kind they are.
const FIELDS: [(&str, FieldKind); 5] = [
    (consent::PERSON, FieldKind::Reference),
    (consent::PURPOSE, FieldKind::Choice),
    (consent::GIVEN_ON, FieldKind::Date),
    (consent::UNTIL, FieldKind::Date),
    (consent::WITHDRAWN_ON, FieldKind::Date),
];

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.purposes;
    check_keys(desk, rows, None, |one| &one.key);
    let registers = known.registers();
    let register = registers.get(consent::REGISTER).copied();
    let broken = known.draft.broken_registers.iter().any(|key| key == consent::REGISTER);
    for (index, one) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "label", &one.label);
        check_source(desk, at, &one.source, known);
        if one.basis != PurposeBasis::Consent || broken {
            continue;
        }
        if let Some((message, remedy)) = unasked(register, &one.label) {
            desk.report(rows.file, &rows.key(*index, "basis"), words("pack.purpose", message, remedy));
        }
    }
}

/// Why consent to a purpose could not be looked up.
fn unasked(register: Option<&Register>, label: &str) -> Option<(String, String)> {
    let Some(register) = register else {
        let message = format!("没有登记同意的登记簿“{}”，查不到本人是否同意", consent::REGISTER);
        return Some((message, format!("在 registers/ 里加上 {}.toml，或改 basis", consent::REGISTER)));
    };
    for (key, kind) in FIELDS {
        if register.field(key).is_none_or(|field| field.kind != kind) {
            let message = format!("“{}”没有 {} 字段“{key}”，查不到本人是否同意", register.label, kind.key());
            return Some((message, "按 packs/FORMAT.md 的 purposes.toml 一节补上这个字段".to_owned()));
        }
    }
    let choices = register.field(consent::PURPOSE).map(|field| field.choices.as_slice()).unwrap_or_default();
    if choices.iter().any(|choice| choice.value == label) {
        return None;
    }
    let message = format!("“{}”的用途里没有“{label}”，谁也无法就它作出同意", register.label);
    Some((message, format!("在字段 {} 的 choices 里加上同样的字，或改正 label", consent::PURPOSE)))
}
