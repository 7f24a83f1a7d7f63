//! What a decision needs from the database: regions, references, records with the same natural key.

use super::Records;
use crate::decide::{Draft, Placed, Referred};
use crate::query::Query;
use crate::record::{Located, Record};
use crate::store::keys::by_keys;
use crate::store::named::named;
use crate::store::write::key_text;
use crate::value::Body;
use chrono::NaiveDate;
use identity::Actor;
use std::collections::{BTreeSet, HashMap};
use storage::Result;
use uuid::Uuid;
use vocabulary::{FieldKind, RegionPath, Register, Violation};

/// What a region text leads to: a code, a name, or names from above separated by `/` or blanks.
pub(crate) fn place_of(records: &Records, scope: &RegionPath, text: &str, on: NaiveDate) -> Placed {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let code = format!("{text:0<12}");
        return records.regions.by_code(&code, on).map_or(Placed::Nowhere, Placed::One);
    }
    let mut scopes = vec![scope.clone()];
    let mut found: Vec<Located> = Vec::new();
    for name in text.split(['/', '／', ' ', '　', '-', '>']).map(str::trim).filter(|name| !name.is_empty()) {
        found = scopes.iter().flat_map(|scope| records.regions.by_name(scope, name, on)).collect();
        scopes = found.iter().map(|place| place.path.clone()).collect();
    }
    match found.as_slice() {
        [] => Placed::Nowhere,
        [one] => Placed::One(one.clone()),
        several => Placed::Several(several.iter().map(|place| full_name(records, scope, place, on)).collect()),
    }
}

/// A region's name with those above it, below a scope: `五角场街道/国定路社区`.
pub(crate) fn full_name(records: &Records, scope: &RegionPath, place: &Located, on: NaiveDate) -> String {
    let above = scope.codes().count();
    let names = place.path.codes().skip(above).filter_map(|code| Some(records.regions.by_code(code, on)?.name));
    let name = names.collect::<Vec<_>>().join("/");
    if name.is_empty() { place.name.clone() } else { name }
}

/// What the reference texts of some drafts lead to, inside the actor's region. Texts that lead nowhere are absent.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn references_of(
    records: &Records,
    actor: &Actor,
    register: &Register,
    drafts: &[&Draft],
) -> Result<HashMap<(String, String), Referred>> {
    let mut answers = HashMap::new();
    for field in register.fields.iter().filter(|field| field.kind == FieldKind::Reference) {
        let Some(target) = field.reference.as_deref().and_then(|key| records.registry.get(&actor.place, key)) else {
            continue;
        };
        let texts = drafts.iter().filter_map(|draft| draft.text(&field.key));
        // No name holds a control character; one database would refuse to be asked.
        let texts: BTreeSet<&str> = texts.filter(|text| !text.contains(char::is_control)).collect();
        let texts: Vec<&str> = texts.into_iter().collect();
        for (text, ids) in named(&records.db, &target, &actor.region, &texts).await? {
            let answer = match ids.as_slice() {
                [one] => Referred::One(*one),
                several => Referred::Several(several.len()),
            };
            answers.insert((target.key.clone(), text), answer);
        }
    }
    Ok(answers)
}

/// Which natural keys of a decided record are taken by others of its district.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn taken(
    records: &Records,
    actor: &Actor,
    register: &Register,
    district: &str,
    body: &Body,
    own: Option<Uuid>,
) -> Result<Vec<Violation>> {
    let mut problems = Vec::new();
    for group in &register.unique {
        let Some(key) = key_text(group, body) else { continue };
        let holders = by_keys(&records.db, register, district, group, &[(key, body)]).await?;
        if let Some(holder) = holders.into_values().find(|holder| Some(holder.id) != own) {
            problems.push(taken_by(register, group, &holder, actor));
        }
    }
    Ok(problems)
}

/// The violation of a natural key that another record holds. Records elsewhere are not described.
pub(crate) fn taken_by(register: &Register, group: &[String], holder: &Record, actor: &Actor) -> Violation {
    let labels: Vec<&str> =
        group.iter().filter_map(|key| register.field(key)).map(|field| field.label.as_str()).collect();
    let place = group.first().cloned().unwrap_or_default();
    let message = format!("{}已经登记过", labels.join("、"));
    let remedy = if actor.sees(&holder.region_path) {
        format!("请打开已有的“{}”修改，不要重复登记", holder.title(register))
    } else {
        "它登记在本区县的另一个辖区，请与那里的经办核对".to_owned()
    };
    Violation::new("record.unique", place, message, remedy)
}

impl Query {
    /// Everything in use that an actor may see.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self::within(&actor.region)
    }
}
