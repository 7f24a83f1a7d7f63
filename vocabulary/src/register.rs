//! The description of a register: the only place that says what a register is. Lists, forms, imports,
//! exports, the API, the rules' vocabulary and the indicators' columns all follow from it.
//!
//! Heavy registers (people, facilities) are described in Rust beside a table of their own; a city's own
//! are described in a pack and need no Rust.

use crate::limit::Limit;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// A whole number.
    Integer,
    /// An exact decimal number.
    Decimal,
    /// Money in fen; typed and shown in yuan.
    Money,
    /// A day, `2025-09-30`.
    Date,
    /// A month, `2025-09`.
    Month,
    /// Yes or no.
    Boolean,
    /// One of the field's choices.
    Choice,
    /// The id of a record of another register.
    Reference,
    /// A citizen's ID number (GB 11643-1999, check digit verified).
    IdNumber,
    /// A unified social credit code (GB 32100-2015, check digit verified).
    CreditCode,
    /// A telephone number.
    Phone,
}

impl FieldKind {
    /// The key in packs and API documents.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Money => "money",
            Self::Date => "date",
            Self::Month => "month",
            Self::Boolean => "boolean",
            Self::Choice => "choice",
            Self::Reference => "reference",
            Self::IdNumber => "id_number",
            Self::CreditCode => "credit_code",
            Self::Phone => "phone",
        }
    }
}

/// Who may see a field unmasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Anyone who may read the register.
    #[default]
    None,
    /// Personal: masked in lists and exports (phone, address).
    Personal,
    /// Secret: masked everywhere until revealed for a stated purpose (ID number, health).
    Secret,
}

/// One allowed value of a choice field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stored value; in a declared register usually the label itself.
    pub value: String,
    /// Word on the screen; the value when absent.
    #[serde(default)]
    pub label: String,
}

impl Choice {
    /// The word on the screen.
    #[must_use]
    pub fn word(&self) -> &str {
        if self.label.is_empty() { &self.value } else { &self.label }
    }
}

/// One field of a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// English key: column name, JSON key.
    pub key: String,
    /// Chinese label: on screens, in templates, and as the term in rules.
    pub label: String,
    /// What kind of value.
    pub kind: FieldKind,
    /// Unit, shown after the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether it must be filled in.
    #[serde(default)]
    pub required: bool,
    /// Who sees it unmasked.
    #[serde(default)]
    pub sensitive: Sensitivity,
    /// Help under the label and in the import template.
    #[serde(default)]
    pub note: String,
    /// Allowed values of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Key of the register a reference points into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Smallest allowed number, earliest allowed day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Limit>,
    /// Largest allowed number, latest allowed day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Limit>,
    /// Decimal places of a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    /// Heading under which it stands on forms and pages, with the fields before and after it that have the same; "" for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// Whether the table of a heavy register has an index for it: long lists are then quickly filtered by it (choices,
    /// yes and no, references) or ordered by it and searched from its beginning (the other kinds).
    #[serde(default, skip)]
    pub indexed: bool,
}

impl Field {
    /// A field with nothing but its key, label and kind.
    #[must_use]
    pub fn new(key: &str, label: &str, kind: FieldKind) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            unit: None,
            required: false,
            sensitive: Sensitivity::None,
            note: String::new(),
            choices: Vec::new(),
            reference: None,
            min: None,
            max: None,
            scale: None,
            section: String::new(),
            indexed: false,
        }
    }

    /// The same field under a heading.
    #[must_use]
    pub fn under(mut self, section: &str) -> Self {
        section.clone_into(&mut self.section);
        self
    }

    /// The same field with an index, for a heavy register.
    #[must_use]
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// The same field, required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same field with a unit.
    #[must_use]
    pub fn unit(mut self, unit: &str) -> Self {
        self.unit = Some(unit.to_owned());
        self
    }

    /// The same field with help text.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        note.clone_into(&mut self.note);
        self
    }

    /// The same field with a sensitivity.
    #[must_use]
    pub fn sensitive(mut self, sensitive: Sensitivity) -> Self {
        self.sensitive = sensitive;
        self
    }

    /// The same field with its allowed values, each its own word.
    #[must_use]
    pub fn choices(mut self, values: &[&str]) -> Self {
        self.choices = values.iter().map(|value| Choice { value: (*value).to_owned(), label: String::new() }).collect();
        self
    }

    /// The same field pointing into another register.
    #[must_use]
    pub fn reference(mut self, register: &str) -> Self {
        self.reference = Some(register.to_owned());
        self
    }

    /// The same field, never below zero.
    #[must_use]
    pub fn at_least_zero(mut self) -> Self {
        self.min = Some(Limit::Number(Decimal::ZERO));
        self
    }

    /// The same field, never after today: of something that has happened.
    #[must_use]
    pub fn not_after_today(mut self) -> Self {
        self.max = Some(Limit::YearsAgo(0));
        self
    }
}

/// One kind of file that records may have beside their fields: the paper itself, a photograph, a form that was filled in by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileKind {
    /// English key.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// What it must show.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl FileKind {
    /// A kind of file with nothing but its key and name.
    #[must_use]
    pub fn new(key: &str, label: &str) -> Self {
        Self { key: key.to_owned(), label: label.to_owned(), note: String::new() }
    }
}

/// A register: what is known about one kind of thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// English key, `home_retrofit`: in URLs, files and packs.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Heading it stands under in menus.
    #[serde(default)]
    pub group: String,
    /// What it holds and what it does not.
    #[serde(default)]
    pub note: String,
    /// Clause or standard that asks for it.
    #[serde(default)]
    pub source: String,
    /// The fields, in the order of forms and templates.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Natural keys: groups of field keys that no two living records of one district share.
    #[serde(default)]
    pub unique: Vec<Vec<String>>,
    /// Field keys shown in lists.
    #[serde(default)]
    pub list: Vec<String>,
    /// Field keys searched by the search box.
    #[serde(default)]
    pub search: Vec<String>,
    /// Field key whose text names a record.
    #[serde(default)]
    pub title: String,
    /// The table of a heavy register; absent for a declared one, which lives in the shared table.
    #[serde(default, skip)]
    pub table: Option<&'static str>,
    /// Whether the register has a point: fields `longitude` and `latitude`, WGS84 degrees.
    #[serde(default)]
    pub point: bool,
    /// The kinds of file that its records may have; none where they have none.
    #[serde(rename = "file", default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileKind>,
    /// Records of other registers that belong with one of this, because both hold the same value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Relation>,
}

/// Records of two registers belong together where a field of each holds the same value, within a district: a household and the
/// people who bear its number. Pages show each beside the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Key of the other register.
    pub register: String,
    /// The own field.
    pub by: String,
    /// The other register's field that holds the same value.
    pub to: String,
    /// Heading over the others, on a record's own page: `户内成员`.
    pub label: String,
    /// Heading over the own records, on the page of one of the others; the register's name when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub back: String,
    /// Heading over those that share the value with one of the others, on its page; empty: they are not shown there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mates: String,
    /// Fields of the others that are told beside each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<String>,
    /// Keys of registers whose references to the others are shown too, on a record's own page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
}

impl Register {
    /// The kind of file with a key.
    #[must_use]
    pub fn file_kind(&self, key: &str) -> Option<&FileKind> {
        self.files.iter().find(|kind| kind.key == key)
    }

    /// The field with a key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field with a Chinese label.
    #[must_use]
    pub fn field_by_label(&self, label: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.label == label)
    }

    /// The fields of the list, or the first six when none are named.
    #[must_use]
    pub fn list_fields(&self) -> Vec<&Field> {
        if self.list.is_empty() {
            return self.fields.iter().take(6).collect();
        }
        self.list.iter().filter_map(|key| self.field(key)).collect()
    }
}
