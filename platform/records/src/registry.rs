//! The registers that exist: those built in, and those a place's pack declares.

use crate::consent::Purpose;
use crate::erase::{Elsewhere, Retention};
use identity::Actor;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register, Violation};
use web::Link;

/// Columns every record has; no field may take such a key.
pub const COMMON_COLUMNS: [&str; 14] = [
    "district",
    "id",
    "place",
    "register",
    "region",
    "region_path",
    "version",
    "valid_from",
    "known_from",
    "origin",
    "state",
    "updated_by",
    "body",
    "sealed",
];

/// The label under which rules and import files speak of a record's region.
pub const REGION_LABEL: &str = "所在区划";

/// Something listed among the registers that is kept elsewhere, such as regions: it has pages of its own.
#[derive(Clone)]
pub struct Kept {
    /// Heading it stands under.
    pub group: &'static str,
    /// Name.
    pub label: &'static str,
    /// Its list.
    pub href: &'static str,
    /// What it holds, and where that comes from.
    pub note: &'static str,
    /// How many of them somebody sees.
    pub count: Arc<dyn Fn(&Actor) -> usize + Send + Sync>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("href", &self.href).finish_non_exhaustive()
    }
}

/// All registers, by place and key. Cheap to clone; clones share what is declared later.
#[derive(Debug, Clone)]
pub struct Registry(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    built_in: Vec<Arc<Register>>,
    declared: RwLock<BTreeMap<String, Vec<Arc<Register>>>>,
    retention: RwLock<BTreeMap<String, Vec<Retention>>>,
    purposes: RwLock<BTreeMap<String, Vec<Purpose>>>,
    kept: RwLock<Vec<Kept>>,
    links: RwLock<Vec<(String, String, String)>>,
    others: RwLock<Vec<Arc<dyn Elsewhere>>>,
}

impl Registry {
    /// A registry of built-in registers.
    ///
    /// # Errors
    /// Every mistake in the descriptions, see [`check_register`].
    pub fn new(built_in: Vec<Register>) -> Result<Self, Vec<Violation>> {
        let problems = check_all(&built_in, &[]);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self(Arc::new(Inner {
            built_in: built_in.into_iter().map(Arc::new).collect(),
            declared: RwLock::default(),
            retention: RwLock::default(),
            purposes: RwLock::default(),
            kept: RwLock::default(),
            links: RwLock::default(),
            others: RwLock::default(),
        })))
    }

    /// Sets the registers that a place's pack declares, in the place of those it declared before.
    ///
    /// # Errors
    /// Every mistake in the descriptions; nothing is changed then.
    pub fn declare(&self, place: &str, registers: Vec<Register>) -> Result<(), Vec<Violation>> {
        let problems = check_all(&registers, &self.0.built_in);
        if !problems.is_empty() {
            return Err(problems);
        }
        let registers = registers.into_iter().map(Arc::new).collect();
        let mut declared = self.0.declared.write().unwrap_or_else(PoisonError::into_inner);
        declared.insert(place.to_owned(), registers);
        Ok(())
    }

    /// Sets how long a place keeps its records, in the place of what it said before.
    pub fn retain(&self, place: &str, rules: Vec<Retention>) {
        let mut retention = self.0.retention.write().unwrap_or_else(PoisonError::into_inner);
        retention.insert(place.to_owned(), rules);
    }

    /// How long a place keeps its records.
    #[must_use]
    pub fn retention(&self, place: &str) -> Vec<Retention> {
        let retention = self.0.retention.read().unwrap_or_else(PoisonError::into_inner);
        retention.get(place).cloned().unwrap_or_default()
    }

    /// Sets for what hidden values may be looked at in a place; none means that any purpose may be typed.
    pub fn name_purposes(&self, place: &str, purposes: Vec<Purpose>) {
        let mut named = self.0.purposes.write().unwrap_or_else(PoisonError::into_inner);
        named.insert(place.to_owned(), purposes);
    }

    /// For what hidden values may be looked at in a place.
    #[must_use]
    pub fn purposes(&self, place: &str) -> Vec<Purpose> {
        let named = self.0.purposes.read().unwrap_or_else(PoisonError::into_inner);
        named.get(place).cloned().unwrap_or_default()
    }

    /// Lists something among the registers that is kept elsewhere.
    pub fn keep(&self, kept: Vec<Kept>) {
        *self.0.kept.write().unwrap_or_else(PoisonError::into_inner) = kept;
    }

    /// What is listed among the registers and kept elsewhere.
    #[must_use]
    pub fn kept(&self) -> Vec<Kept> {
        self.0.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names a page of another room about each record of a register: its address holds `{id}`.
    pub fn link(&self, register: &str, label: &str, address: &str) {
        let mut links = self.0.links.write().unwrap_or_else(PoisonError::into_inner);
        links.push((register.to_owned(), label.to_owned(), address.to_owned()));
    }

    /// Pages of other rooms about a record.
    #[must_use]
    pub fn links(&self, register: &str, id: Uuid) -> Vec<Link> {
        let links = self.0.links.read().unwrap_or_else(PoisonError::into_inner);
        let own = links.iter().filter(|(of, ..)| of == register);
        own.map(|(_, label, address)| Link::new(address.replace("{id}", &id.to_string()), label.as_str())).collect()
    }

    /// Names a room that holds something about records of its own: it is asked when a copy is given and when a record is erased.
    pub fn ask_also(&self, room: Arc<dyn Elsewhere>) {
        self.0.others.write().unwrap_or_else(PoisonError::into_inner).push(room);
    }

    /// The rooms that hold something about records.
    #[must_use]
    pub(crate) fn others(&self) -> Vec<Arc<dyn Elsewhere>> {
        self.0.others.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A register of a place.
    #[must_use]
    pub fn get(&self, place: &str, key: &str) -> Option<Arc<Register>> {
        self.all(place).into_iter().find(|register| register.key == key)
    }

    /// Every register of a place: the built-in ones first, then its own, in the order of their pack.
    #[must_use]
    pub fn all(&self, place: &str) -> Vec<Arc<Register>> {
        let declared = self.0.declared.read().unwrap_or_else(PoisonError::into_inner);
        let own = declared.get(place).into_iter().flatten();
        self.0.built_in.iter().chain(own).cloned().collect()
    }

    /// The built-in registers.
    #[must_use]
    pub fn built_in(&self) -> &[Arc<Register>] {
        &self.0.built_in
    }
}

fn check_all(registers: &[Register], others: &[Arc<Register>]) -> Vec<Violation> {
    let mut problems = Vec::new();
    for (index, register) in registers.iter().enumerate() {
        problems.extend(check_register(register));
        let twice = registers.iter().take(index).any(|other| other.key == register.key)
            || others.iter().any(|other| other.key == register.key);
        if twice {
            problems.push(fault(&register.key, "登记簿的 key 已被占用", "请换一个 key"));
        }
    }
    problems
}

fn fault(place: &str, message: impl Into<String>, remedy: &str) -> Violation {
    Violation::new("register.description", place, message, remedy)
}

/// Whether a text may stand in SQL as a name: small letters, digits and underscores, a letter first.
fn is_key(text: &str) -> bool {
    text.len() <= 48
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What is wrong with a description. Keys become column names, so nothing unchecked may pass here.
#[must_use]
pub fn check_register(register: &Register) -> Vec<Violation> {
    let mut problems = Vec::new();
    let place = register.key.as_str();
    if !is_key(place) || register.table.is_some_and(|table| !is_key(table)) {
        problems.push(fault(place, "登记簿的 key 只能用小写字母、数字和下划线，以字母开头", "请改写 key"));
    }
    if register.fields.is_empty() {
        problems.push(fault(place, "登记簿没有字段", "请至少写一个字段"));
    }
    for (index, field) in register.fields.iter().enumerate() {
        let at = format!("{place}.{}", field.key);
        let earlier: Vec<&Field> = register.fields.iter().take(index).collect();
        check_field(field, &at, &earlier, &mut problems);
    }
    let named = register.unique.iter().flatten().chain(&register.list).chain(&register.search);
    for key in named.chain(Some(&register.title).filter(|title| !title.is_empty())) {
        if register.field(key).is_none() {
            problems.push(fault(
                place,
                format!("unique、list、search 或 title 提到没有的字段 {key}"),
                "请改为已有字段的 key",
            ));
        }
    }
    for relation in register.related.iter().filter(|relation| register.field(&relation.by).is_none()) {
        let message = format!("related 提到没有的字段 {}", relation.by);
        problems.push(fault(place, message, "请改为已有字段的 key"));
    }
    for (index, kind) in register.files.iter().enumerate() {
        let twice = register.files.iter().take(index).any(|other| other.key == kind.key);
        if twice || !is_key(&kind.key) || kind.label.trim().is_empty() {
            problems.push(fault(
                place,
                "文件种类的 key 重复、不合规定，或缺少中文名",
                "请用小写字母、数字和下划线另起一个 key",
            ));
        }
    }
    if register.point && (register.field("longitude").is_none() || register.field("latitude").is_none()) {
        problems.push(fault(place, "有坐标的登记簿缺少 longitude 或 latitude 字段", "请补上这两个字段"));
    }
    problems
}

fn check_field(field: &Field, at: &str, earlier: &[&Field], problems: &mut Vec<Violation>) {
    if !is_key(&field.key) || COMMON_COLUMNS.contains(&field.key.as_str()) {
        problems.push(fault(at, "字段的 key 不合规定，或与公共列同名", "请用小写字母、数字和下划线另起一个 key"));
    }
    if field.label.trim().is_empty() || field.label == REGION_LABEL {
        problems.push(fault(at, "字段缺少中文名，或与“所在区划”同名", "请写一个中文名"));
    }
    if earlier.iter().any(|other| other.key == field.key || other.label == field.label) {
        problems.push(fault(at, "字段的 key 或中文名重复", "请改名"));
    }
    if field.kind == FieldKind::Choice && field.choices.is_empty() {
        problems.push(fault(at, "选项字段没有选项", "请写 choices"));
    }
    if field.kind == FieldKind::Reference && field.reference.is_none() {
        problems.push(fault(at, "引用字段没有说明指向哪个登记簿", "请写 reference"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register(key: &str, fields: Vec<Field>) -> Register {
        let json = serde_json::json!({ "key": key, "label": "试", "field": [] });
        let mut register: Register = serde_json::from_value(json).unwrap();
        register.fields = fields;
        register
    }

    #[test]
    fn keys_that_could_break_out_of_sql_are_refused() {
        for key in ["", "a b", "a\"b", "名称", "1a", "body", "a;drop"] {
            let wrong = register("visit", vec![Field::new(key, "名称", FieldKind::Text)]);
            assert!(!check_register(&wrong).is_empty(), "{key}");
        }
        assert!(!check_register(&register("Visit", vec![Field::new("a", "甲", FieldKind::Text)])).is_empty());
    }

    #[test]
    fn a_place_sees_its_own_registers_and_the_built_in_ones() {
        let name = || vec![Field::new("name", "名称", FieldKind::Text)];
        let registry = Registry::new(vec![register("person", name())]).unwrap();
        registry.declare("310110000000", vec![register("visit", name())]).unwrap();
        assert_eq!(registry.all("310110000000").len(), 2);
        assert!(registry.get("321000000000", "visit").is_none());
        assert!(registry.declare("321000000000", vec![register("person", name())]).is_err());
    }
}
