//! What a move writes, checked by type: the register, its fields, and what they are set to.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use vocabulary::{Field, FieldKind, Limit, Register};

use super::Look;
use crate::check::check_reference;
use crate::desk::steps;
use crate::model::{CaseRole, Effect, EffectSet, Transition, Value};
use crate::tree::Step;

pub(super) fn check(look: &mut Look<'_>, (index, place): (usize, usize), transition: &Transition, effect: &Effect) {
    let at = steps!["transition", index, "effect", place];
    let key = |key: &str| with(&at, &[key.into()]);
    let keepers = |role: CaseRole| matches!(role, CaseRole::Officer | CaseRole::Clerk);
    if !transition.by.iter().all(|who| keepers(who.role)) {
        let message = format!("“{}”会改登记簿，只能由部门或镇街经办来办", transition.label);
        look.report(&at, "pack.conflict", message, "把 effect 移到经办的步骤里");
    }
    let registers = look.known.registers();
    let Some(register) = registers.get(effect.register.as_str()).copied() else {
        let mut known: BTreeSet<String> = registers.keys().map(|key| (*key).to_owned()).collect();
        known.extend(look.known.draft.broken_registers.iter().cloned());
        let home = ("登记簿", "registers/");
        check_reference(look.desk, (look.file, &key("register")), home, &effect.register, &known);
        return;
    };
    if let Some(record) = &effect.record {
        let fields = super::field_keys(look.kind);
        check_reference(look.desk, (look.file, &key("record")), ("字段", "[[field]]"), record, &fields);
        let target = look.kind.field(record).map(|field| field.reference.as_deref());
        if target.is_some_and(|target| target != Some(register.key.as_str())) {
            let message = format!("“{record}”没有引用登记簿“{}”", register.label);
            look.report(&key("record"), "pack.conflict", message, "改为引用这个登记簿的字段");
        }
    }
    for (number, set) in effect.set.iter().enumerate() {
        check_set(look, &with(&at, &["set".into(), number.into()]), register, set);
    }
    if effect.record.is_none() {
        complete(look, &at, register, effect);
    }
}

/// A new record needs every required field of its register.
fn complete(look: &mut Look<'_>, at: &[Step], register: &Register, effect: &Effect) {
    for field in register.fields.iter().filter(|field| field.required) {
        if !effect.set.iter().any(|set| set.to == field.key) {
            let message = format!("新登记缺少“{}”必填的“{}”", register.label, field.label);
            look.report(at, "pack.missing_key", message, &format!("在 set 里加上 {{ to = \"{}\", … }}", field.key));
        }
    }
}

fn check_set(look: &mut Look<'_>, at: &[Step], register: &Register, set: &EffectSet) {
    let key = |key: &str| with(at, &[key.into()]);
    let fields = register.fields.iter().map(|field| field.key.clone()).collect();
    check_reference(look.desk, (look.file, &key("to")), ("字段", "登记簿的 [[field]]"), &set.to, &fields);
    let Some(target) = register.field(&set.to) else { return };
    let said = usize::from(set.from.is_some()) + usize::from(set.value.is_some()) + usize::from(set.today);
    if said != 1 {
        let message = format!("“{}”要写 from、value、today 中的一个", set.to);
        look.report(at, "pack.conflict", message, "from 取办件的字段，value 写固定值，today = true 取办理当天");
        return;
    }
    if let Some(from) = &set.from {
        let own = super::field_keys(look.kind);
        check_reference(look.desk, (look.file, &key("from")), ("字段", "[[field]]"), from, &own);
        let fits = look.kind.field(from).is_none_or(|source| fits(source, target));
        if !fits {
            let message = format!("“{from}”和登记簿的“{}”类型不同", target.label);
            look.report(&key("from"), "pack.wrong_type", message, "换成同类型的字段");
        }
    }
    if set.today && target.kind != FieldKind::Date {
        let message = format!("“{}”不是日期，不能取当天", target.label);
        look.report(&key("today"), "pack.wrong_type", message, "改写 value 或 from");
    }
    if let Some(value) = &set.value
        && !holds(target, value)
    {
        let message = format!("“{}”不能是 {value}", target.label);
        look.report(&key("value"), "pack.wrong_type", message, "写它的类型和选项允许的值");
    }
}

/// Whether a field's values may stand in another: the same kind, and where it is a choice, all of its words.
fn fits(source: &Field, target: &Field) -> bool {
    let text = |kind| matches!(kind, FieldKind::Text | FieldKind::LongText);
    if source.kind == FieldKind::Choice && target.kind == FieldKind::Choice {
        return source.choices.iter().all(|one| target.choices.iter().any(|other| other.value == one.value));
    }
    if source.kind == FieldKind::Reference && target.kind == FieldKind::Reference {
        return source.reference == target.reference;
    }
    source.kind == target.kind || (text(source.kind) && target.kind == FieldKind::LongText)
}

fn holds(target: &Field, value: &Value) -> bool {
    let (min, max) = (target.min.and_then(Limit::number), target.max.and_then(Limit::number));
    let range = |number: &Decimal| min.is_none_or(|min| *number >= min) && max.is_none_or(|max| *number <= max);
    match (target.kind, value) {
        (FieldKind::Choice, Value::Text(text)) => target.choices.iter().any(|one| one.value == *text),
        (FieldKind::Text | FieldKind::LongText | FieldKind::Month | FieldKind::Phone, Value::Text(_)) => true,
        (FieldKind::Boolean, Value::Flag(_)) | (FieldKind::Date, Value::Day(_)) => true,
        (FieldKind::Integer, Value::Number(number)) => number.is_integer() && range(number),
        (FieldKind::Decimal | FieldKind::Money, Value::Number(number)) => range(number),
        _ => false,
    }
}

fn with(at: &[Step], more: &[Step]) -> Vec<Step> {
    [at, more].concat()
}
