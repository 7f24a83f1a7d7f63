//! What stands beside a record on its page: what belongs with it by equal values, and what refers to it.

use super::detail::{DetailPage, ShownRelated};
use super::{id_of, list_href, record_href};
use crate::beside::{BESIDE_MAX, Beside};
use crate::commands::Records;
use crate::masking::View;
use crate::query::Count;
use crate::reads::get;
use crate::record::Record;
use crate::related::Related;
use crate::show::{Names, shown, titled};
use identity::Actor;
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::clock::china_local;
use vocabulary::{Field, FieldKind, Register};
use web::{Link, Query, WebError};

/// Fields told of a record whose description names none.
const TOLD: usize = 3;

impl DetailPage {
    /// Looks up what stands beside the record; all of it, or only what an index answers.
    pub(super) async fn relate(
        &mut self,
        records: &Records,
        actor: &Actor,
        (key, record): (&str, Option<&Record>),
        all: bool,
    ) -> Result<(), WebError> {
        let id = id_of(&self.id)?;
        let register = records.register(actor, key)?;
        let read = match record {
            Some(_) => None,
            None => get(&records.db, &register, &actor.region, id).await.map_err(WebError::fault)?,
        };
        let Some(record) = record.or(read.as_ref()) else { return Ok(()) };
        let belonging = records.beside(actor, &register, record, all).await.map_err(WebError::fault)?;
        let found = records.referring_to(actor, key, id, all).await.map_err(WebError::fault)?;
        let mut left = belonging.left;
        left.extend(found.left);
        left.dedup();
        self.related_left = left.join("、");
        self.related.clear();
        let mut seen: BTreeSet<Uuid> = BTreeSet::new();
        for one in &belonging.found {
            seen.extend(one.rows.iter().map(|row| row.id));
            self.related.push(belongs(records, actor, one).await?);
        }
        for one in found.found.iter().filter(|one| !all_shown(one, &seen)) {
            self.related.push(refers(records, actor, one, id).await?);
        }
        Ok(())
    }
}

/// Whether every record that refers stands on the page already.
fn all_shown(one: &Related, seen: &BTreeSet<Uuid>) -> bool {
    let rows = u64::try_from(one.newest.len()).unwrap_or(0);
    one.count == Count::Exactly(rows) && one.newest.iter().all(|row| seen.contains(&row.id))
}

async fn belongs(records: &Records, actor: &Actor, one: &Beside) -> Result<ShownRelated, WebError> {
    let register = &one.register;
    let names = records.names(&actor.place, register, &one.rows).await.map_err(WebError::fault)?;
    let fields = match one.show.as_slice() {
        [] => listed(register, ""),
        keys => keys.iter().filter_map(|key| register.field(key)).collect(),
    };
    let newest = one.rows.iter().map(|row| {
        let mut said = told(&fields, row, &names);
        said.push(records.region_name(actor, &row.region));
        (Link::new(record_href(&register.key, row.id), titled(register, row, &names)), said.join("，"))
    });
    let count = if one.more { format!("{BESIDE_MAX} 条以上") } else { format!("{} 条", one.rows.len()) };
    let href = match &one.holds {
        Some((field, value)) => Query::parse(&list_href(register), "").with(&format!("f.{field}"), value).href(),
        None => String::new(),
    };
    Ok(ShownRelated { list: Link::new(href, format!("{}：{count}", one.label)), newest: newest.collect() })
}

async fn refers(records: &Records, actor: &Actor, one: &Related, to: Uuid) -> Result<ShownRelated, WebError> {
    let names = records.names(&actor.place, &one.register, &one.newest).await.map_err(WebError::fault)?;
    let fields = listed(&one.register, &one.field.key);
    let newest = one.newest.iter().map(|row| {
        let link = Link::new(record_href(&one.register.key, row.id), titled(&one.register, row, &names));
        let mut said = told(&fields, row, &names);
        said.push(format!("{} 登记", china_local(row.known_from).format("%Y-%m-%d")));
        said.push(records.region_name(actor, &row.region));
        (link, said.join("，"))
    });
    let href = format!("{}?f.{}={to}", list_href(&one.register), one.field.key);
    let label = format!("{}（{}）：{} 条", one.register.label, one.field.label, one.count.words());
    Ok(ShownRelated { list: Link::new(href, label), newest: newest.collect() })
}

/// The first fields of a register's list but the one that names a record and the one that led here.
fn listed<'a>(register: &'a Register, but: &str) -> Vec<&'a Field> {
    let fields = register.list_fields().into_iter();
    fields.filter(|field| field.key != register.title && field.key != but).take(TOLD).collect()
}

/// What is filled in, masked as in a list: a choice by its word alone, anything else after its label.
fn told(fields: &[&Field], row: &Record, names: &Names) -> Vec<String> {
    let filled = fields.iter().filter(|field| row.value(&field.key).is_some());
    let said = filled.map(|field| {
        let text = shown(field, row, names, View::Many);
        if field.kind == FieldKind::Choice { text } else { format!("{}：{text}", field.label) }
    });
    said.collect()
}
