//! What a pack says, checked against itself and what lies around it. Each module checks one kind of file and reports all it finds.

mod calendar;
mod cases;
mod circles;
mod commitments;
mod entitlements;
mod expressions;
mod facts;
mod indicators;
mod instruments;
mod manifest;
mod policy;
mod purposes;
mod regions;
mod registers;
mod retention;

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::Register;

use crate::Around;
use crate::desk::{Desk, words};
use crate::draft::{Draft, Rows};
use crate::model::{Region, Source};
use crate::nearest::hint;
use crate::tree::Step;

pub(crate) use calendar::spans as calendar_spans;
pub use expressions::vocabulary_of;

/// Everything that may be named in this pack.
pub(crate) struct Known<'a> {
    pub draft: &'a Draft,
    pub around: Around<'a>,
    pub regions: BTreeSet<String>,
    pub departments: BTreeSet<String>,
    pub indicators: BTreeSet<String>,
    pub projects: BTreeSet<String>,
    pub commitments: BTreeSet<String>,
    pub sources: BTreeSet<String>,
}

impl<'a> Known<'a> {
    fn new(draft: &'a Draft, around: Around<'a>, regions: &[Region]) -> Self {
        let indicators = keys(&draft.indicators, |one| &one.key);
        let projects = keys(&draft.projects, |one| &one.key);
        let mut commitments = keys(&draft.tasks, |one| &one.key);
        commitments.extend(indicators.iter().cloned());
        commitments.extend(projects.iter().cloned());
        let mut sources = keys(&draft.sources, |one| &one.key);
        sources.extend(around.parent.iter().flat_map(|pack| &pack.sources).map(|one| one.key.clone()));
        Self {
            draft,
            around,
            regions: regions.iter().map(|region| region.code.clone()).collect(),
            departments: keys(&draft.departments, |one| &one.key),
            indicators,
            projects,
            commitments,
            sources,
        }
    }

    /// The registers that rows may come from: built in, of the parent, of this pack; a later one overrides, but never one that is
    /// built in: the clash is told once, and every rule is still read with the words that hold.
    pub fn registers(&self) -> BTreeMap<&'a str, &'a Register> {
        let parent = self.around.parent.iter().flat_map(|pack| &pack.registers);
        let own = self.draft.registers.iter().map(|(_, register)| register);
        let all = parent.chain(own).chain(self.around.builtin);
        all.map(|register| (register.key.as_str(), register)).collect()
    }
}

fn keys<T>(rows: &Rows<T>, key: impl Fn(&T) -> &str) -> BTreeSet<String> {
    rows.values().map(|one| key(one).to_owned()).chain(rows.broken.iter().cloned()).collect()
}

/// Checks everything; the regions come back with their paths, parents first.
pub(crate) fn check(desk: &mut Desk, draft: &Draft, around: Around<'_>) -> Vec<Region> {
    let regions = regions::check(desk, draft, around);
    let known = Known::new(draft, around, &regions);
    manifest::check(desk, &known);
    registers::check(desk, &known);
    policy::check(desk, &known);
    indicators::check(desk, &known);
    commitments::check(desk, &known);
    facts::check(desk, &known);
    calendar::check(desk, &known);
    cases::check(desk, &known);
    circles::check(desk, &known);
    retention::check(desk, &known);
    purposes::check(desk, &known);
    instruments::check(desk, &known);
    expressions::check(desk, &known);
    regions
}

/// Reports elements that share a key, and keys that do not begin as this pack's keys must.
fn check_keys<T>(desk: &mut Desk, rows: &Rows<T>, prefix: Option<&str>, key: impl Fn(&T) -> &str) {
    let mut seen = BTreeSet::new();
    for (index, item) in &rows.items {
        let key = key(item);
        let steps = rows.key(*index, "key");
        if !seen.insert(key) {
            let message = format!("键“{key}”写了两次");
            desk.report(rows.file, &steps, words("pack.duplicate_key", message, "给其中一条另起一个键"));
        }
        if !is_key(key) {
            let remedy = "只用小写字母、数字和 . _ -，以字母开头";
            desk.report(rows.file, &steps, words("pack.bad_key", format!("“{key}”不能作键"), remedy));
        } else if let Some(prefix) = prefix
            && key.strip_prefix(prefix).is_none_or(|rest| rest.len() < 2 || !rest.starts_with('.'))
        {
            let message = format!("键“{key}”不以本包的前缀“{prefix}.”开头");
            desk.report(rows.file, &steps, words("pack.bad_key", message, format!("改为 {prefix}.…")));
        }
    }
}

/// Lower-case letters, digits, dot, underscore, hyphen; a letter first.
fn is_key(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    key.as_bytes().first().is_some_and(u8::is_ascii_lowercase) && key.bytes().all(fits)
}

/// Reports a reference to something that is not there. `what` is its word, `home` the place where it would be.
fn check_reference(
    desk: &mut Desk,
    (file, steps): (&str, &[Step]),
    (what, home): (&str, &str),
    key: &str,
    known: &BTreeSet<String>,
) {
    if !known.contains(key) {
        let message = format!("没有键为“{key}”的{what}{}", hint(key, known.iter().map(String::as_str)));
        desk.report(file, steps, words("pack.dangling", message, format!("改正，或在 {home} 里加上它")));
    }
}

/// The same for each key of a list that stands under `list` of an element.
fn check_references(
    desk: &mut Desk,
    (file, element): (&str, &[Step]),
    list: &str,
    (what, home): (&str, &str),
    keys: &[String],
    known: &BTreeSet<String>,
) {
    let mut seen = BTreeSet::new();
    for (index, key) in keys.iter().enumerate() {
        let mut steps = element.to_vec();
        steps.extend([Step::from(list), Step::from(index)]);
        check_reference(desk, (file, &steps), (what, home), key, known);
        if !seen.insert(key) {
            let message = format!("“{list}”里“{key}”写了两次");
            desk.report(file, &steps, words("pack.duplicate_key", message, "删去一个"));
        }
    }
}

/// Reports a source that names neither a known document nor a clause.
fn check_source(desk: &mut Desk, (file, element): (&str, &[Step]), source: &Source, known: &Known<'_>) {
    let mut steps = element.to_vec();
    steps.push("source".into());
    let clause = source.clause.as_deref().unwrap_or_default();
    match &source.doc {
        Some(doc) => {
            steps.push("doc".into());
            check_reference(desk, (file, &steps), ("出处文件", "sources.toml"), doc, &known.sources);
        }
        None if clause.trim().is_empty() => {
            let remedy = "写计划的条款，如 \"二(三)主要指标表 9\"，或 { doc = \"sources.toml 中的键\" }";
            desk.report(file, &steps, words("pack.no_source", "出处是空的", remedy));
        }
        None => {}
    }
}

/// Reports a text that must not be empty.
fn check_text(desk: &mut Desk, (file, element): (&str, &[Step]), key: &str, text: &str) {
    if text.trim().is_empty() {
        let mut steps = element.to_vec();
        steps.push(key.into());
        desk.report(
            file,
            &steps,
            words("pack.empty", format!("“{key}”是空的"), "写上内容；计划没有给出的就不写这个键"),
        );
    }
}
