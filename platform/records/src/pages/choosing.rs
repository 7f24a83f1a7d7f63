//! Choosing the record that a reference leads to. A name that several bear, or that is only the beginning of one, is not refused with
//! words alone: the form offers whom it may mean, inside the actor's region, and what is chosen is sent as the record's number.

use crate::commands::Records;
use crate::decide::Draft;
use crate::masking::{View, hides};
use crate::query::Query as Wanted;
use crate::reads::{by_ids, list};
use crate::record::Record;
use crate::show::{shown, titled};
use crate::store::named::named;
use crate::value::without_controls;
use identity::Actor;
use std::collections::BTreeMap;
use storage::Result;
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register, Violation};
use web::{Choice, FormState, Input, Posted, WebError};

/// Records offered for one name, at most.
const OFFERED: u32 = 10;
/// How the name of a choice ends, after the field's key.
pub(super) const CHOSEN: &str = ".is";
/// Values that tell two of one name apart, beside their regions.
const TOLD: usize = 3;

/// What is offered for the references of a form, by the key of the field.
#[derive(Debug, Clone, Default)]
pub struct Offered(BTreeMap<String, Found>);

/// The records that a text may mean.
#[derive(Debug, Clone, Default)]
struct Found {
    choices: Vec<Choice>,
    more: bool,
}

/// The name under which the choice for a field is sent.
fn sent_as(key: &str) -> String {
    format!("{key}{CHOSEN}")
}

impl Offered {
    /// The choice that stands under a field, if one is offered.
    pub(super) fn input(&self, field: &Field, form: &FormState) -> Option<Input> {
        let found = self.0.get(&field.key)?;
        let more = if found.more {
            format!("只列出前 {OFFERED} 条，没有的请写全名称或编号。")
        } else {
            String::new()
        };
        let hint = format!("{more}都不是的，改写上面的内容再提交");
        let label = format!("{}：选出是哪一条", field.label);
        Some(Input::radios(sent_as(&field.key), label, found.choices.clone()).hint(hint).filled(form))
    }
}

/// What tells a record from others of its name: title, a few values that are open to whoever reads the register, region.
pub(crate) async fn told_apart(
    records: &Records,
    actor: &Actor,
    register: &Register,
    rows: &[Record],
) -> Result<Vec<(Uuid, String)>> {
    let names = records.names(&actor.place, register, rows).await?;
    let tells = |field: &&&Field| {
        let kind = matches!(field.kind, FieldKind::Choice | FieldKind::Date | FieldKind::Text | FieldKind::Reference);
        kind && field.key != register.title && !hides(field, View::Many)
    };
    let listed = register.list_fields();
    let fields: Vec<&&Field> = listed.iter().filter(tells).collect();
    let line = |row: &Record| {
        let mut parts = vec![titled(register, row, &names)];
        let filled = fields.iter().filter(|field| row.value(&field.key).is_some());
        parts.extend(filled.take(TOLD).map(|field| shown(field, row, &names, View::Many)));
        parts.push(records.region_name(actor, &row.region));
        (row.id, parts.join(" · "))
    };
    Ok(rows.iter().map(line).collect())
}

/// Whom a text may mean: those that bear it as it is, else those found by its beginning.
async fn candidates(records: &Records, actor: &Actor, target: &Register, text: &str) -> Result<(Vec<Record>, bool)> {
    let text = without_controls(text.trim());
    if text.is_empty() {
        return Ok((Vec::new(), false));
    }
    let bearers = named(&records.db, target, &actor.region, &[&text]).await?.remove(&text).unwrap_or_default();
    if let Some(first) = bearers.get(..bearers.len().min(OFFERED as usize)).filter(|first| !first.is_empty()) {
        let mut rows = by_ids(&records.db, target, &actor.region, first).await?;
        rows.sort_by(|one, other| (&one.region_path, one.id).cmp(&(&other.region_path, other.id)));
        return Ok((rows, bearers.len() > OFFERED as usize));
    }
    if target.search.is_empty() {
        return Ok((Vec::new(), false));
    }
    let query = Wanted { search: Some(text), limit: OFFERED, ..Wanted::of(actor) };
    let page = list(&records.db, target, &query).await?;
    Ok((page.rows, page.next.is_some()))
}

fn references<'a>(fields: &'a [Field]) -> impl Iterator<Item = (&'a Field, &'a str)> {
    let target = |field: &'a Field| Some((field, field.reference.as_deref()?));
    fields.iter().filter(|field| field.kind == FieldKind::Reference).filter_map(target)
}

/// Puts what was chosen into the draft, in the place of the name that was typed. A choice counts only while the name still
/// leads to it: whoever rewrote the name meant somebody else.
///
/// # Errors
/// When the database refuses.
pub async fn choose(
    records: &Records,
    actor: &Actor,
    fields: &[Field],
    posted: &Posted,
    draft: &mut Draft,
) -> std::result::Result<(), WebError> {
    for (field, target) in references(fields) {
        let Ok(chosen) = posted.text(&sent_as(&field.key)).parse::<Uuid>() else { continue };
        let Some(target) = records.registry.get(&actor.place, target) else { continue };
        let text = posted.text(&field.key);
        let (rows, _) = candidates(records, actor, &target, text).await.map_err(WebError::fault)?;
        if rows.iter().any(|row| row.id == chosen) {
            draft.values.insert(field.key.clone(), Some(chosen.to_string()));
        }
    }
    Ok(())
}

/// What a form offers again after it was refused: for each reference that led nowhere or to several, and where something was
/// chosen already. Gives the form with what is wrong, in words that speak of the choice.
///
/// # Errors
/// When the database refuses.
pub async fn offer(
    records: &Records,
    actor: &Actor,
    fields: &[Field],
    form: FormState,
    mut errors: Vec<Violation>,
) -> std::result::Result<(FormState, Offered), WebError> {
    let mut offered = Offered::default();
    for (field, target) in references(fields) {
        let wrong = errors.iter_mut().find(|one| one.place == field.key && one.code == "record.reference");
        if wrong.is_none() && form.value(&sent_as(&field.key)).is_empty() {
            continue;
        }
        let Some(target) = records.registry.get(&actor.place, target) else { continue };
        let text = form.value(&field.key);
        let (rows, more) = candidates(records, actor, &target, text).await.map_err(WebError::fault)?;
        if rows.is_empty() {
            continue;
        }
        if let Some(wrong) = wrong {
            "请在这一项下面选出是哪一条；都不是的，改写后再提交".clone_into(&mut wrong.remedy);
        }
        let choices = told_apart(records, actor, &target, &rows).await.map_err(WebError::fault)?;
        let choices = choices.into_iter().map(|(id, told)| Choice::new(id.to_string(), told)).collect();
        offered.0.insert(field.key.clone(), Found { choices, more });
    }
    Ok((form.with_errors(errors), offered))
}

/// Marks, in a form filled from a record, what its references lead to wherever the name alone does not say it, so that the
/// form can offer the others of that name.
///
/// # Errors
/// When the database refuses.
pub(super) async fn mark_present(
    records: &Records,
    actor: &Actor,
    register: &Register,
    record: &Record,
    form: &mut FormState,
) -> std::result::Result<(), WebError> {
    for (field, target) in references(&register.fields) {
        let Some(present) = record.value(&field.key).and_then(|value| value.as_str()?.parse::<Uuid>().ok()) else {
            continue;
        };
        let Some(target) = records.registry.get(&actor.place, target) else { continue };
        let text = form.value(&field.key).to_owned();
        let (rows, _) = candidates(records, actor, &target, &text).await.map_err(WebError::fault)?;
        if rows.len() > 1 && rows.iter().any(|row| row.id == present) {
            form.set(&sent_as(&field.key), present.to_string());
        }
    }
    Ok(())
}
