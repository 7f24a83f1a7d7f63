//! What is surely filled in when: that what a move asks for can have been filled in before, that what is required is there at a good
//! end, and that what a register requires is there when a move writes it.

use std::collections::{BTreeMap, BTreeSet};

use super::Look;
use crate::desk::steps;
use crate::model::{CaseEnd, CaseKind, Transition};

type Keys<'k> = BTreeSet<&'k str>;

pub(super) fn check(look: &mut Look<'_>) {
    named_from_the_start(look);
    askable(look);
    let sure = surely(look.kind);
    required_at_the_end(look, &sure);
    written(look, &sure);
}

/// What names a case, and the institution it is about, stand in the first form.
fn named_from_the_start(look: &mut Look<'_>) {
    let kind = look.kind;
    let first: Keys<'_> = kind.first_fields().iter().map(|field| field.key.as_str()).collect();
    for (place, key) in [("title", Some(&kind.title)), ("party", kind.party.as_ref())] {
        let Some(field) = key.and_then(|key| kind.field(key)).filter(|field| !first.contains(field.key.as_str()))
        else {
            continue;
        };
        let message = format!("“{}”只在后面的步骤里填，发起时办件还没有它", field.label);
        let remedy = "从后面步骤的 fields 里去掉它，或也写进第一步的 fields";
        look.report(&steps![place], "pack.case_field", message, remedy);
    }
}

/// What a move requires has a form before it or its own to be filled in.
fn askable(look: &mut Look<'_>) {
    let kind = look.kind;
    let maybe = maybe(kind);
    for (index, transition) in kind.transitions.iter().enumerate() {
        for (place, key) in transition.require.iter().enumerate() {
            let Some(field) = kind.field(key) else { continue };
            let lacks = |from: &&String| maybe.get(from.as_str()).is_some_and(|keys| !keys.contains(key.as_str()));
            if transition.from.iter().any(|from| lacks(&from)) {
                let message = format!("“{}”要“{}”，但到这一步为止没有表单能填它", transition.label, field.label);
                let remedy = format!("在这一步或前面步骤的 fields 里加上 \"{key}\"");
                look.report(&steps!["transition", index, "require", place], "pack.case_field", message, &remedy);
            }
        }
    }
}

/// No case comes to a good end without what is required.
fn required_at_the_end(look: &mut Look<'_>, sure: &BTreeMap<&str, Keys<'_>>) {
    let kind = look.kind;
    for (index, field) in kind.fields.iter().enumerate().filter(|(_, field)| field.required) {
        let lacks = |key: &str| sure.get(key).is_some_and(|keys| !keys.contains(field.key.as_str()));
        let good = |end: Option<CaseEnd>| end == Some(CaseEnd::Done);
        if let Some(end) = kind.states.iter().find(|state| good(state.end) && lacks(&state.key)) {
            let message = format!("“{}”必填，却可以不填它就办到“{}”：有的路上没有步骤问它", field.label, end.label);
            let remedy = "写进每条路都要走的一步的 fields；只有一部分办件才要的，去掉 required，写进那一步的 require";
            look.report(&steps!["field", index, "required"], "pack.case_field", message, remedy);
        }
    }
}

/// What a register requires, and the record that is changed, are there when a move writes them.
fn written(look: &mut Look<'_>, sure: &BTreeMap<&str, Keys<'_>>) {
    let kind = look.kind;
    let registers = look.known.registers();
    for (index, transition) in kind.transitions.iter().enumerate() {
        for (place, effect) in transition.effects.iter().enumerate() {
            let Some(register) = registers.get(effect.register.as_str()).copied() else { continue };
            let required = |to: &str| register.field(to).is_some_and(|field| field.required);
            let sets = effect.set.iter().filter(|set| required(&set.to)).filter_map(|set| set.from.as_ref());
            for key in sets.chain(&effect.record) {
                let Some(field) = kind.field(key) else { continue };
                let lacks =
                    |from: &&String| sure.contains_key(from.as_str()) && !there(kind, sure, transition, from, key);
                if transition.from.iter().any(|from| lacks(&from)) {
                    let message = format!(
                        "“{}”要写入登记簿“{}”的必填项，但办到“{}”时可能还没有填",
                        field.label, register.label, transition.label
                    );
                    let remedy = format!("在字段上写 required = true，或在这一步或前面步骤的 require 里加上 \"{key}\"");
                    let at = steps!["transition", index, "effect", place];
                    look.report(&at, "pack.case_field", message, &remedy);
                }
            }
        }
    }
}

/// Whether a field is surely filled in when a move from a state is made.
fn there(kind: &CaseKind, sure: &BTreeMap<&str, Keys<'_>>, transition: &Transition, from: &str, key: &str) -> bool {
    after(kind, sure, transition, from).contains(key)
}

/// What is surely filled in after a move from a state: what was before and no form of the state has emptied, and what it asks for.
fn after<'k>(kind: &'k CaseKind, sure: &BTreeMap<&str, Keys<'k>>, transition: &'k Transition, from: &str) -> Keys<'k> {
    let open = open(kind, from);
    let stays = |key: &&&str| !open.contains(**key) || !kind.can_be_emptied(key, from);
    let mut keys: Keys<'k> = sure.get(from).into_iter().flatten().filter(stays).copied().collect();
    keys.extend(kind.needed_for(transition, from));
    keys
}

/// What the forms of a state may fill in, or empty.
fn open<'k>(kind: &'k CaseKind, state: &str) -> Keys<'k> {
    kind.from(state).flat_map(|one| &one.fields).map(String::as_str).collect()
}

/// For each state that a case can come to, what is surely filled in there, whatever way it came.
fn surely(kind: &CaseKind) -> BTreeMap<&str, Keys<'_>> {
    let mut sure: BTreeMap<&str, Keys<'_>> = BTreeMap::new();
    let Some(first) = kind.states.first() else { return sure };
    sure.insert(&first.key, kind.needed_to_start());
    loop {
        let before = sure.clone();
        for transition in &kind.transitions {
            for from in transition.from.iter().filter(|from| before.contains_key(from.as_str())) {
                let keys = after(kind, &before, transition, from);
                sure.entry(&transition.to).and_modify(|known| known.retain(|key| keys.contains(key))).or_insert(keys);
            }
        }
        if sure == before {
            return sure;
        }
    }
}

/// For each state that a case can come to with what its moves ask for, what a form may have filled in by the time it leaves it.
fn maybe(kind: &CaseKind) -> BTreeMap<&str, Keys<'_>> {
    let mut maybe: BTreeMap<&str, Keys<'_>> = BTreeMap::new();
    let Some(first) = kind.states.first() else { return maybe };
    maybe.insert(
        &first.key,
        kind.first_fields().iter().map(|field| field.key.as_str()).chain(open(kind, &first.key)).collect(),
    );
    loop {
        let before = maybe.clone();
        for transition in &kind.transitions {
            for from in &transition.from {
                let able = |keys: &&Keys<'_>| kind.needed_for(transition, from).iter().all(|key| keys.contains(key));
                let Some(keys) = before.get(from.as_str()).filter(able) else { continue };
                maybe.entry(&transition.to).or_default().extend(keys.iter().copied().chain(open(kind, &transition.to)));
            }
        }
        if maybe == before {
            return maybe;
        }
    }
}
