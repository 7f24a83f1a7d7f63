//! What differs between two versions of a plan: element by element, what was and what will be. Nothing is left out: each kind
//! of element is taken apart whole, so that a key added to the format must be named here before this compiles.

mod commitments;
mod described;
mod parts;
mod policy;

use vocabulary::Register;

use crate::layers::Layers;
use crate::model::{CaseKind, RegionKind};
use crate::pack::Pack;
use parts::{Parts, differing};

/// What kind of element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Element {
    Manifest,
    Region,
    Department,
    Indicator,
    Task,
    Project,
    Standard,
    Entitlement,
    Parameter,
    Circle,
    Purpose,
    Retention,
    Register,
    Field,
    Case,
    CaseField,
    CaseState,
    CaseMove,
    Source,
    Facts,
    Instrument,
    Schedule,
}

impl Element {
    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Manifest => "方案",
            Self::Region => "区划",
            Self::Department => "部门",
            Self::Indicator => "指标",
            Self::Task => "任务",
            Self::Project => "项目",
            Self::Standard => "标准",
            Self::Entitlement => "待遇",
            Self::Parameter => "参数",
            Self::Circle => "服务圈",
            Self::Purpose => "查看用途",
            Self::Retention => "保存期",
            Self::Register => "登记簿",
            Self::Field => "登记簿字段",
            Self::Case => "办件种类",
            Self::CaseField => "办件字段",
            Self::CaseState => "办件状态",
            Self::CaseMove => "办件步骤",
            Self::Source => "出处文件",
            Self::Facts => "资料表",
            Self::Instrument => "评估表",
            Self::Schedule => "免疫程序",
        }
    }
}

/// What became of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum How {
    Added,
    Removed,
    Changed,
}

impl How {
    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Added => "新增",
            Self::Removed => "取消",
            Self::Changed => "改动",
        }
    }
}

/// One thing said of an element, as it was and as it will be; `None` where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What is said, e.g. `目标`.
    pub label: String,
    /// As it was.
    pub before: Option<String>,
    /// As it will be.
    pub after: Option<String>,
}

/// One element that is added, removed or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its kind.
    pub element: Element,
    /// Its key; a part of a register or of a kind of case after the key of that: `meal_point.price`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub how: How,
    /// What is said of it: what differs, or all that is said of one that comes or goes.
    pub said: Vec<Said>,
}

impl Change {
    /// The key of the register or kind of case that it is part of, and its own.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.key.split_once('.').unwrap_or((self.key.as_str(), ""))
    }

    /// What is said under a label.
    #[must_use]
    pub fn said(&self, label: &str) -> Option<&Said> {
        self.said.iter().find(|said| said.label == label)
    }
}

/// An element as it is compared: its key, its name, and everything said of it.
pub(crate) struct Taken {
    key: String,
    name: String,
    said: Parts,
}

/// Everything that differs between two versions of what holds at a place, in the order of the format. `before` is absent for
/// a place's first plan.
#[must_use]
pub fn changes(before: Option<Layers<'_>>, after: Layers<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    let old = before.map(all).unwrap_or_default();
    for (element, new) in all(after) {
        let was = old.iter().find(|(other, _)| *other == element).map(|(_, taken)| taken.as_slice());
        compare(&mut found, element, was.unwrap_or_default(), &new);
    }
    found
}

fn compare(found: &mut Vec<Change>, element: Element, before: &[Taken], after: &[Taken]) {
    let mut push = |one: &Taken, how, said| {
        found.push(Change { element, key: one.key.clone(), name: one.name.clone(), how, said });
    };
    let nothing = Parts::default();
    for new in after {
        match before.iter().find(|old| old.key == new.key) {
            None => push(new, How::Added, differing(&nothing, &new.said)),
            Some(old) => {
                let said = differing(&old.said, &new.said);
                if !said.is_empty() {
                    push(new, How::Changed, said);
                }
            }
        }
    }
    for old in before.iter().filter(|old| after.iter().all(|new| new.key != old.key)) {
        push(old, How::Removed, differing(&old.said, &nothing));
    }
}

fn each<T>(all: impl IntoIterator<Item = T>, take: impl Fn(T) -> Taken) -> Vec<Taken> {
    all.into_iter().map(take).collect()
}

/// Everything that holds: the plan's own elements, and those that it shares with the base beneath it.
fn all(layers: Layers<'_>) -> Vec<(Element, Vec<Taken>)> {
    let own = layers.city.unwrap_or(layers.national);
    let registers = layers.registers();
    let cases = layers.cases();
    vec![
        (Element::Manifest, vec![commitments::manifest(&own.manifest)]),
        (Element::Region, each(&own.regions, commitments::region)),
        (Element::Department, each(&own.departments, commitments::department)),
        (Element::Indicator, each(&own.indicators, commitments::indicator)),
        (Element::Task, each(&own.tasks, commitments::task)),
        (Element::Project, each(&own.projects, commitments::project)),
        (Element::Standard, each(layers.standards(), policy::standard)),
        (Element::Entitlement, each(layers.entitlements(), policy::entitlement)),
        (Element::Parameter, each(layers.parameters(), policy::parameter)),
        (Element::Circle, each(layers.circles(), policy::circle)),
        (Element::Purpose, each(layers.purposes(), policy::purpose)),
        (Element::Retention, each(layers.retention(), policy::retention)),
        (Element::Register, each(registers.iter().copied(), described::register)),
        (Element::Field, registers.iter().flat_map(|one| fields(&one.key, one)).collect()),
        (Element::Case, each(cases.iter().copied(), described::case)),
        (Element::CaseField, cases.iter().flat_map(|one| fields(&one.key, &one.as_register())).collect()),
        (Element::CaseState, cases.iter().flat_map(|one| states(one)).collect()),
        (Element::CaseMove, cases.iter().flat_map(|one| moves(one)).collect()),
        (Element::Source, layers.packs().flat_map(|pack| each(&pack.sources, policy::document)).collect()),
        (Element::Facts, layers.packs().flat_map(facts).collect()),
        (Element::Instrument, layers.packs().flat_map(instruments).collect()),
        (Element::Schedule, layers.packs().flat_map(schedules).collect()),
    ]
}

fn fields(key: &str, register: &Register) -> Vec<Taken> {
    each(&register.fields, |field| described::field(key, &register.label, field))
}

fn states(case: &CaseKind) -> Vec<Taken> {
    each(&case.states, |state| described::state(case, state))
}

fn moves(case: &CaseKind) -> Vec<Taken> {
    each(&case.transitions, |transition| described::transition(case, transition))
}

/// A table of facts: how many rows, and a digest of them, since rows have no keys.
fn facts(pack: &Pack) -> Vec<Taken> {
    each(&pack.facts, |facts| {
        let mut said = Parts::default();
        said.list("列", &facts.columns);
        said.put("行数", facts.rows.len());
        let rows = facts.rows.iter().map(|row| row.cells.join("\t"));
        said.put("内容摘要", parts::digest(&rows.collect::<Vec<_>>().join("\n")));
        Taken { key: format!("{}/{}", pack.manifest.key, facts.name), name: facts.name.clone(), said }
    })
}

fn instruments(pack: &Pack) -> Vec<Taken> {
    each(&pack.instruments, |one| whole(&one.key, &one.title, &format!("{one:?}")))
}

fn schedules(pack: &Pack) -> Vec<Taken> {
    each(&pack.schedules, |one| whole(&one.key, &one.title, &format!("{one:?}")))
}

/// An element whose inside is an engine's affair: only whether it is the same.
fn whole(key: &str, title: &str, content: &str) -> Taken {
    let mut said = Parts::default();
    said.put("名称", title);
    said.put("内容摘要", parts::digest(content));
    Taken { key: key.to_owned(), name: title.to_owned(), said }
}

/// The word of a kind of region, for reading.
fn kind_word(kind: RegionKind) -> &'static str {
    kind.label()
}
