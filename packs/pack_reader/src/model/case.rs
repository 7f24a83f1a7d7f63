//! `cases/*.toml`: what is being done 办件: the steps of a matter, who may take each, and by when.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use vocabulary::{Field, FieldKind, Register};

use super::{Source, Value};

/// One kind of case: filing, application, complaint.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseKind {
    /// Key, `institution_filing`: in addresses and in the interface.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Heading it stands under.
    #[serde(default)]
    pub group: String,
    /// What it is for and who begins it.
    #[serde(default)]
    pub note: String,
    /// The document that asks for it.
    pub source: Source,
    /// Who may begin one.
    pub start: Vec<CaseWho>,
    /// Key of the field that names a case in lists.
    pub title: String,
    /// Key of the reference field that says which institution it is about: that institution's accounts see the case.
    #[serde(default)]
    pub party: Option<String>,
    /// What of the plan it is about: such a case is begun from that thing's page, has the fields of [`CaseAbout::fields`], and what
    /// it states counts once it is done.
    #[serde(default)]
    pub about: Option<CaseAbout>,
    /// What is filled in: as in a register.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Evidence that is handed in as files.
    #[serde(rename = "paper", default)]
    pub papers: Vec<Paper>,
    /// The states; a case begins in the first.
    #[serde(rename = "state")]
    pub states: Vec<CaseState>,
    /// The moves between them.
    #[serde(rename = "transition")]
    pub transitions: Vec<Transition>,
}

/// What of the plan a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseAbout {
    /// A value of an indicator for a period.
    Indicator,
    /// How far a task is.
    Task,
    /// How far a project is.
    Project,
}

/// A field that cases about something of the plan have: its key, its kind, whether it must be required.
pub type AboutField = (&'static str, FieldKind, bool);

/// What a case is about, and what it is called.
const NAMED: [AboutField; 2] = [("item", FieldKind::Text, true), ("name", FieldKind::Text, true)];
/// A value of an indicator.
const VALUE: [AboutField; 7] = [
    ("month", FieldKind::Month, true),
    ("value", FieldKind::Decimal, true),
    ("numerator", FieldKind::Decimal, false),
    ("denominator", FieldKind::Decimal, false),
    ("evidence", FieldKind::LongText, true),
    ("note", FieldKind::LongText, false),
    ("why", FieldKind::LongText, false),
];
/// How far something is.
const PROGRESS: [AboutField; 5] = [
    ("progress", FieldKind::Choice, true),
    ("percent", FieldKind::Integer, false),
    ("note", FieldKind::LongText, true),
    ("evidence", FieldKind::LongText, false),
    ("finish_by", FieldKind::Date, false),
];
/// What a project has built and paid.
const BUILT: [AboutField; 3] =
    [("beds", FieldKind::Integer, false), ("places", FieldKind::Integer, false), ("paid", FieldKind::Money, false)];

impl CaseAbout {
    /// The key in packs and in the interface.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::Task => "task",
            Self::Project => "project",
        }
    }

    /// The word on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Indicator => "指标",
            Self::Task => "任务",
            Self::Project => "项目",
        }
    }

    /// The fields that a kind about it has, beside what it adds: `item` is the key in the plan, `name` what lists call the case.
    pub fn fields(self) -> impl Iterator<Item = AboutField> {
        let (own, more): (&[AboutField], &[AboutField]) = match self {
            Self::Indicator => (&VALUE, &[]),
            Self::Task => (&PROGRESS, &[]),
            Self::Project => (&PROGRESS, &BUILT),
        };
        NAMED.iter().chain(own).chain(more).copied()
    }

    /// The values that the field `progress` of a kind about tasks or projects chooses from.
    pub const STATES: [&str; 5] = ["not_started", "under_way", "delayed", "done", "dropped"];
}

/// Which units of what a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseUnit {
    /// Those that lead it; any where the plan names none.
    Lead,
    /// Those that lead it, take part in it or are named to report it; who works in a town for the town's own.
    Part,
}

/// Some people: all that is said must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseWho {
    /// Their kind of work.
    pub role: CaseRole,
    /// Their department is one of these; empty: any.
    #[serde(default)]
    pub departments: Vec<String>,
    /// The level at which they work; absent: any that sees the case.
    pub level: Option<SeatLevel>,
    /// Only the account that began the case.
    #[serde(default)]
    pub starter: bool,
    /// Only accounts other than the one that began the case: four eyes.
    #[serde(default)]
    pub other: bool,
    /// Their department is one of these units of what the case is about.
    pub unit: Option<CaseUnit>,
}

/// Kinds of work that take part in cases. The words are those of accounts; who visits people sees no cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseRole {
    /// A leader of the place.
    Leader,
    /// Works in a bureau.
    Officer,
    /// Works in a street or town.
    Clerk,
    /// Runs an institution; only cases about that institution.
    Institution,
}

impl CaseRole {
    /// The key, as accounts have it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Officer => "officer",
            Self::Clerk => "clerk",
            Self::Institution => "institution",
        }
    }
}

/// Where in the tree of regions somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatLevel {
    /// At the place itself: the root of its regions.
    Place,
    /// At a county or district (the place itself, where the plan is a district's).
    County,
    /// Below it: a street, town, village.
    Town,
}

/// One kind of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Key, by which moves ask for it.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// What it must show.
    #[serde(default)]
    pub note: String,
}

/// How a case ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseEnd {
    /// What was asked for is done.
    Done,
    /// It ends without: refused, withdrawn.
    Dropped,
}

/// One state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseState {
    /// Key.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Working days that may pass in it; absent: no deadline.
    pub days: Option<u16>,
    /// Working days before the deadline at which those who must act are reminded.
    pub remind: Option<u16>,
    /// How the case has ended, when it has.
    pub end: Option<CaseEnd>,
    /// Whether the institution it is about does not see it in this state.
    #[serde(default)]
    pub hidden_from_party: bool,
}

/// What kind of move it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// On.
    #[default]
    Forward,
    /// Back, to be put right; says why.
    Return,
    /// Not granted; says why.
    Refuse,
    /// Taken back by who asked.
    Withdraw,
}

/// One move.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// Key.
    pub key: String,
    /// The word on its button.
    pub label: String,
    /// What kind of move.
    #[serde(default)]
    pub kind: MoveKind,
    /// The states it leads from.
    pub from: Vec<String>,
    /// The state it leads to.
    pub to: String,
    /// Who may make it.
    pub by: Vec<CaseWho>,
    /// Keys of fields that may be filled in with it.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Keys of fields that must be filled in before it, beside the required ones of the forms.
    #[serde(default)]
    pub require: Vec<String>,
    /// Keys of papers that must be there.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Whether it says why; a return and a refusal always do.
    #[serde(default)]
    pub reason: bool,
    /// What the person is told before making it.
    #[serde(default)]
    pub note: String,
    /// Who is told; absent: who may move it next, who began it, and the institution it is about.
    pub notify: Option<Vec<Told>>,
    /// What it writes.
    #[serde(rename = "effect", default)]
    pub effects: Vec<Effect>,
}

impl Transition {
    /// Whether it must say why.
    #[must_use]
    pub fn says_why(&self) -> bool {
        self.reason || matches!(self.kind, MoveKind::Return | MoveKind::Refuse)
    }
}

/// Who is told of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Those who may move the case next.
    Next,
    /// Who began it.
    Starter,
    /// The institution it is about.
    Party,
}

/// A record that a move writes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Key of the register.
    pub register: String,
    /// Key of the case's reference field that names the record to change; absent: a new record.
    pub record: Option<String>,
    /// Fields to set.
    pub set: Vec<EffectSet>,
}

/// One field that an effect sets: from a field of the case, to a fixed value, or to the day of the move.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectSet {
    /// Key of the register's field.
    pub to: String,
    /// Key of the case's field.
    pub from: Option<String>,
    /// A fixed value.
    pub value: Option<Value>,
    /// The day of the move.
    #[serde(default)]
    pub today: bool,
}

impl CaseKind {
    /// The state with a key.
    #[must_use]
    pub fn state(&self, key: &str) -> Option<&CaseState> {
        self.states.iter().find(|state| state.key == key)
    }

    /// The move with a key.
    #[must_use]
    pub fn transition(&self, key: &str) -> Option<&Transition> {
        self.transitions.iter().find(|transition| transition.key == key)
    }

    /// The moves that lead from a state.
    pub fn from(&self, state: &str) -> impl Iterator<Item = &Transition> {
        self.transitions.iter().filter(move |transition| transition.from.iter().any(|from| from == state))
    }

    /// The paper with a key.
    #[must_use]
    pub fn paper(&self, key: &str) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.key == key)
    }

    /// The field with a key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// What names a case and says which institution it is about: there from its beginning to its end.
    fn lasting(&self, key: &str) -> bool {
        self.title == key || self.party.as_deref() == Some(key)
    }

    /// Whether a case begins in a state.
    #[must_use]
    pub fn begins_in(&self, state: &str) -> bool {
        self.states.first().is_some_and(|first| first.key == state)
    }

    /// The fields of the first form: all but those that only a later move fills in.
    #[must_use]
    pub fn first_fields(&self) -> Vec<&Field> {
        let begins = |one: &Transition| one.from.iter().any(|from| self.begins_in(from));
        let (now, later): (Vec<&Transition>, Vec<&Transition>) = self.transitions.iter().partition(|one| begins(one));
        let named = |moves: &[&Transition], field: &Field| moves.iter().any(|one| one.fields.contains(&field.key));
        self.fields.iter().filter(|field| named(&now, field) || !named(&later, field)).collect()
    }

    /// Keys of the fields without which a case cannot be begun: what names it, the institution it is about, and what is required
    /// and no move from the first state could fill in any more.
    #[must_use]
    pub fn needed_to_start(&self) -> BTreeSet<&str> {
        let first = self.states.first().map_or("", |state| &state.key);
        let again: Vec<&String> = self.from(first).flat_map(|one| &one.fields).collect();
        let needed = |field: &&Field| self.lasting(&field.key) || (field.required && !again.contains(&&field.key));
        self.first_fields().into_iter().filter(needed).map(|field| field.key.as_str()).collect()
    }

    /// Keys of the fields that must be filled in before a move from a state, in the order of the fields: those that the move names in
    /// `require`, the required ones of its own form, and on the way on from the first state the required ones of the first form.
    #[must_use]
    pub fn needed_for(&self, transition: &Transition, from: &str) -> Vec<&str> {
        let begun = transition.kind == MoveKind::Forward && self.begins_in(from);
        let first: Vec<&str> =
            self.first_fields().into_iter().filter(|_| begun).map(|field| field.key.as_str()).collect();
        let needed = |field: &&Field| {
            let key = &field.key;
            let own = transition.fields.contains(key);
            let asked = field.required && (own || first.contains(&key.as_str()));
            transition.require.contains(key) || asked || (own && self.lasting(key))
        };
        self.fields.iter().filter(needed).map(|field| field.key.as_str()).collect()
    }

    /// Whether a field that is filled in can be emptied again by a form of a state: not what names the case, nor, after the first
    /// state, what is required.
    #[must_use]
    pub fn can_be_emptied(&self, key: &str, state: &str) -> bool {
        let required = self.field(key).is_some_and(|field| field.required);
        !self.lasting(key) && (self.begins_in(state) || !required)
    }

    /// Its fields as a register, none of them required: what must be there depends on the move.
    #[must_use]
    pub fn as_register(&self) -> Register {
        let optional = |field: &Field| Field { required: false, ..field.clone() };
        Register {
            key: self.key.clone(),
            label: self.label.clone(),
            group: self.group.clone(),
            note: self.note.clone(),
            source: String::new(),
            fields: self.fields.iter().map(optional).collect(),
            unique: Vec::new(),
            list: Vec::new(),
            search: Vec::new(),
            title: self.title.clone(),
            table: None,
            point: false,
            related: Vec::new(),
            files: Vec::new(),
        }
    }
}

/// Days off, or weekend days that are worked, as `facts/calendar.tsv` gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSpan {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whether they are off or worked.
    pub kind: vocabulary::DayKind,
}
