//! `cases/*.toml`: states, moves, who may make them, and what they write, each checked against the others, the
//! registers and the departments, so that a case that was accepted can be carried to its end by somebody.

mod about;
mod effects;
mod filled;
mod graph;

use std::collections::BTreeSet;

use super::registers::check_fields;
use super::{Known, check_reference, check_references, check_source, check_text, is_key};
use crate::desk::{Desk, steps, words};
use crate::model::{CaseKind, CaseRole, CaseWho, Transition};
use crate::tree::Step;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let mut seen = BTreeSet::new();
    for (file, kind) in &known.draft.cases {
        if !seen.insert(kind.key.as_str()) {
            let message = format!("办件“{}”写了两次", kind.key);
            desk.report(file, &steps!["key"], words("pack.duplicate_key", message, "给其中一个另起一个键"));
        }
        Look { desk, file, kind, known }.check();
    }
    inherited(desk, known);
}

/// A city that inherits a national case must have somebody for each of its moves.
fn inherited(desk: &mut Desk, known: &Known<'_>) {
    let own: BTreeSet<&str> = known.draft.cases.iter().map(|(_, kind)| kind.key.as_str()).collect();
    let parent = known.around.parent.iter().flat_map(|pack| &pack.cases);
    for kind in parent.filter(|kind| !own.contains(kind.key.as_str())) {
        let stuck =
            kind.transitions.iter().filter(|move_| !move_.by.iter().any(|who| someone(who, &known.departments)));
        let stuck: Vec<_> = stuck.collect();
        if stuck.is_empty() {
            continue;
        }
        let moves: Vec<&str> = stuck.iter().map(|transition| transition.label.as_str()).collect();
        let wanted = stuck.iter().flat_map(|transition| &transition.by).flat_map(|who| &who.departments);
        let wanted: BTreeSet<&str> = wanted.map(String::as_str).collect();
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let (moves, wanted) = (moves.join("、"), wanted.join("、"));
        let message = format!("全国办件“{}”的“{moves}”没有人能办：本地没有键为 {wanted} 的部门", kind.label);
        let remedy =
            format!("在 departments.toml 里加上键为 {wanted} 之一的部门，或在 cases/{}.toml 里改写这个办件", kind.key);
        desk.report_file("departments.toml", words("pack.case_nobody", message, remedy));
    }
}

fn someone(who: &CaseWho, departments: &BTreeSet<String>) -> bool {
    who.departments.is_empty() || who.departments.iter().any(|key| departments.contains(key))
}

/// One description with everything it may speak of.
struct Look<'l> {
    desk: &'l mut Desk,
    file: &'l str,
    kind: &'l CaseKind,
    known: &'l Known<'l>,
}

impl Look<'_> {
    fn report(&mut self, steps: &[Step], code: &'static str, message: String, remedy: &str) {
        self.desk.report(self.file, steps, words(code, message, remedy));
    }

    fn check(&mut self) {
        let kind = self.kind;
        if !is_key(&kind.key) || kind.key.contains(['.', '-']) {
            let message = format!("“{}”不能作办件的键", kind.key);
            self.report(&steps!["key"], "pack.bad_key", message, "只用小写字母、数字和下划线，以字母开头");
        }
        check_text(self.desk, (self.file, &[]), "label", &kind.label);
        check_source(self.desk, (self.file, &[]), &kind.source, self.known);
        check_fields(self.desk, self.file, &kind.as_register(), self.known);
        self.names();
        self.papers();
        if kind.start.is_empty() {
            self.report(
                &steps!["start"],
                "pack.case_nobody",
                "没有人能发起这个办件".to_owned(),
                "加上 start = [{ role = \"…\" }]",
            );
        }
        for (index, who) in kind.start.iter().enumerate() {
            self.who(&steps!["start", index], who);
            if who.role == CaseRole::Leader {
                let message = "领导不发起办件，只能办其中的步骤".to_owned();
                self.report(&steps!["start", index], "pack.conflict", message, "改为 officer、clerk 或 institution");
            }
        }
        for (index, transition) in kind.transitions.iter().enumerate() {
            self.transition(index, transition);
        }
        about::check(self);
        graph::check(self);
        filled::check(self);
    }

    fn names(&mut self) {
        let kind = self.kind;
        let fields = field_keys(kind);
        check_reference(self.desk, (self.file, &steps!["title"]), ("字段", "[[field]]"), &kind.title, &fields);
        if kind.field(&kind.title).is_some_and(|field| field.sensitive != vocabulary::Sensitivity::None) {
            let message = format!("“{}”是敏感字段，不能作办件的名称", kind.title);
            self.report(&steps!["title"], "pack.conflict", message, "名称会出现在列表和通知里，换一个不敏感的字段");
        }
        let Some(party) = &kind.party else { return };
        check_reference(self.desk, (self.file, &steps!["party"]), ("字段", "[[field]]"), party, &fields);
        if kind.field(party).is_some_and(|field| field.reference.as_deref() != Some("facility")) {
            let message = format!("“{party}”没有引用机构登记簿");
            self.report(&steps!["party"], "pack.conflict", message, "改为 reference = \"facility\" 的字段");
        }
    }

    fn papers(&mut self) {
        let mut seen = BTreeSet::new();
        for (index, paper) in self.kind.papers.iter().enumerate() {
            check_text(self.desk, (self.file, &steps!["paper", index]), "label", &paper.label);
            if !seen.insert(paper.key.as_str()) || !is_key(&paper.key) {
                let message = format!("材料的键“{}”重复或不合规定", paper.key);
                self.report(&steps!["paper", index, "key"], "pack.duplicate_key", message, "换一个键");
            }
        }
    }

    fn who(&mut self, at: &[Step], who: &CaseWho) {
        // The national base has no departments of its own, whatever is read beneath it (a later base follows an earlier one): a
        // city's are looked at when it is read.
        if !self.known.departments.is_empty() {
            let departments = &self.known.departments;
            let home = ("部门", "departments.toml");
            check_references(self.desk, (self.file, at), "departments", home, &who.departments, departments);
        }
        if who.role == CaseRole::Institution && self.kind.party.is_none() {
            let message = "机构要参与办理，办件须写明关于哪家机构".to_owned();
            self.report(at, "pack.conflict", message, "加上 party = \"引用机构登记簿的字段\"");
        }
        about::who(self, at, who);
    }

    fn transition(&mut self, index: usize, transition: &Transition) {
        let at = |key: &str| steps!["transition", index, key];
        let twice = self.kind.transitions.iter().take(index).any(|other| other.key == transition.key);
        if twice || !is_key(&transition.key) {
            let message = format!("步骤的键“{}”重复或不合规定", transition.key);
            self.report(&at("key"), "pack.duplicate_key", message, "换一个键");
        }
        check_text(self.desk, (self.file, &steps!["transition", index]), "label", &transition.label);
        let states: BTreeSet<String> = self.kind.states.iter().map(|state| state.key.clone()).collect();
        let home = ("状态", "[[state]]");
        let element = steps!["transition", index];
        check_references(self.desk, (self.file, &element), "from", home, &transition.from, &states);
        check_reference(self.desk, (self.file, &at("to")), home, &transition.to, &states);
        let fields = field_keys(self.kind);
        for (list, keys) in [("fields", &transition.fields), ("require", &transition.require)] {
            check_references(self.desk, (self.file, &element), list, ("字段", "[[field]]"), keys, &fields);
        }
        let papers = self.kind.papers.iter().map(|paper| paper.key.clone()).collect();
        check_references(
            self.desk,
            (self.file, &element),
            "papers",
            ("材料", "[[paper]]"),
            &transition.papers,
            &papers,
        );
        if transition.by.is_empty() {
            let message = format!("没有人能“{}”", transition.label);
            self.report(&at("by"), "pack.case_nobody", message, "加上 by = [{ role = \"…\" }]");
        }
        for (place, who) in transition.by.iter().enumerate() {
            self.who(&steps!["transition", index, "by", place], who);
        }
        for (place, effect) in transition.effects.iter().enumerate() {
            effects::check(self, (index, place), transition, effect);
        }
    }
}

fn field_keys(kind: &CaseKind) -> BTreeSet<String> {
    kind.fields.iter().map(|field| field.key.clone()).collect()
}
