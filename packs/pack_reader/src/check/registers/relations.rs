//! `[[related]]`: fields of two registers that hold the same value.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::{Field, FieldKind, Register, Relation, Sensitivity};

use crate::check::{Known, check_reference, check_text};
use crate::desk::{Desk, steps, words};

const FIELDS: (&str, &str) = ("字段", "[[field]]");
const REGISTERS: (&str, &str) = ("登记簿", "registers/");

pub(super) fn check(desk: &mut Desk, file: &str, register: &Register, known: &Known<'_>) {
    let registers = known.registers();
    let mut named: BTreeSet<String> = registers.keys().map(|key| (*key).to_owned()).collect();
    named.extend(known.draft.broken_registers.iter().cloned());
    for (index, relation) in register.related.iter().enumerate() {
        let element = steps!["related", index];
        check_text(desk, (file, &element), "label", &relation.label);
        let at = |key: &str| steps!["related", index, key];
        check_reference(desk, (file, &at("by")), FIELDS, &relation.by, &fields_of(register));
        check_reference(desk, (file, &at("register")), REGISTERS, &relation.register, &named);
        if let Some(other) = registers.get(relation.register.as_str()) {
            check_reference(desk, (file, &at("to")), FIELDS, &relation.to, &fields_of(other));
            for (number, key) in relation.show.iter().enumerate() {
                let place = steps!["related", index, "show", number];
                check_reference(desk, (file, &place), FIELDS, key, &fields_of(other));
            }
            check_values(desk, (file, index), (register, other), relation);
        }
        check_with(desk, (file, index), relation, (&registers, &named));
    }
}

fn fields_of(register: &Register) -> BTreeSet<String> {
    register.fields.iter().map(|field| field.key.clone()).collect()
}

/// Both fields hold open texts: what is sealed cannot be compared, and numbers and days are alike by chance.
fn check_values(
    desk: &mut Desk,
    (file, index): (&str, usize),
    (register, other): (&Register, &Register),
    relation: &Relation,
) {
    let open = |field: &Field| field.kind == FieldKind::Text && field.sensitive == Sensitivity::None;
    for (key, field) in [("by", register.field(&relation.by)), ("to", other.field(&relation.to))] {
        if let Some(field) = field.filter(|field| !open(field)) {
            let message = format!("“{}”不能用来对应：只有不敏感的 text 字段可以", field.label);
            let remedy = "改用一个不敏感的 text 字段，如户号；指向一条登记的用 kind = \"reference\"";
            desk.report(file, &steps!["related", index, key], words("pack.conflict", message, remedy));
        }
    }
}

/// Registers told with the others must refer to them.
fn check_with(
    desk: &mut Desk,
    (file, index): (&str, usize),
    relation: &Relation,
    (registers, named): (&BTreeMap<&str, &Register>, &BTreeSet<String>),
) {
    for (number, key) in relation.with.iter().enumerate() {
        let place = steps!["related", index, "with", number];
        check_reference(desk, (file, &place), REGISTERS, key, named);
        let refers = |register: &&Register| {
            register.fields.iter().any(|field| field.reference.as_deref() == Some(relation.register.as_str()))
        };
        if let Some(found) = registers.get(key.as_str()).copied()
            && !refers(&found)
        {
            let message = format!("“{}”没有引用“{}”的字段", found.label, relation.register);
            desk.report(file, &place, words("pack.conflict", message, "删去它，或给它加一个 reference 字段"));
        }
    }
}
