//! Records by what people call them: id, title, or a natural key of one field.

use crate::store::conditions::within;
use crate::store::source::{Source, Sql};
use crate::value::{Stored, stored_as};
use std::collections::{BTreeSet, HashMap};
use storage::{Db, Result};
use uuid::Uuid;
use vocabulary::{Field, Register, RegionPath};

/// Names asked for in one statement.
const NAMES_PER_STATEMENT: usize = 300;

/// The records in use inside a scope that bear some names. Names that nobody bears are absent.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn named(
    db: &Db,
    register: &Register,
    scope: &RegionPath,
    names: &[&str],
) -> Result<HashMap<String, Vec<Uuid>>> {
    let source = Source::new(register, db.dialect());
    let fields = naming_fields(register);
    let mut found: HashMap<String, BTreeSet<Uuid>> = HashMap::new();
    for part in names.chunks(NAMES_PER_STATEMENT) {
        let sql = question(source, scope, &fields, part);
        for row in db.all(&sql.text, sql.values).await? {
            let id: Uuid = row.at(0)?;
            let mut borne = vec![id.to_string()];
            for index in 0..fields.len() {
                borne.extend(row.at::<Option<String>>(index + 1)?);
            }
            for name in borne.iter().filter(|name| part.contains(&name.as_str())) {
                found.entry(name.clone()).or_default().insert(id);
            }
        }
    }
    Ok(found.into_iter().map(|(name, ids)| (name, ids.into_iter().collect())).collect())
}

/// The fields that name a record: its title and the natural keys of one text field.
fn naming_fields(register: &Register) -> Vec<&Field> {
    let single = register.unique.iter().filter(|group| group.len() == 1).flatten();
    let keys: BTreeSet<&String> = single.chain(Some(&register.title)).collect();
    let fields = keys.into_iter().filter_map(|key| register.field(key));
    fields.filter(|field| stored_as(register, field) == Stored::Text).collect()
}

fn question(source: Source<'_>, scope: &RegionPath, fields: &[&Field], names: &[&str]) -> Sql {
    let mut columns = vec!["id".to_owned()];
    columns.extend(fields.iter().map(|field| source.text(field)));
    let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", columns.join(", "), source.table()));
    source.own(&mut sql);
    within(&mut sql, scope);
    let places: Vec<String> = names.iter().map(|name| sql.bind(*name)).collect();
    let list = places.join(", ");
    let mut tests = vec![format!("id IN ({list})")];
    tests.extend(fields.iter().map(|field| format!("{} IN ({list})", source.comparable(field))));
    sql.push(&format!(" AND state = 'active' AND ({})", tests.join(" OR ")));
    sql
}

/// The texts that name some records, by id, whatever their region: a reference is shown by its name, not opened.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn titles(db: &Db, register: &Register, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let source = Source::new(register, db.dialect());
    let Some(title) = register.field(&register.title).or_else(|| register.fields.first()) else {
        return Ok(HashMap::new());
    };
    let mut found = HashMap::new();
    for part in ids.chunks(NAMES_PER_STATEMENT) {
        let mut sql = Sql::new(format!("SELECT id, {} FROM {} WHERE ", source.text(title), source.table()));
        source.own(&mut sql);
        let places: Vec<String> = part.iter().map(|id| sql.bind(id)).collect();
        sql.push(&format!(" AND id IN ({})", places.join(", ")));
        for row in db.all(&sql.text, sql.values).await? {
            if let Some(text) = row.at::<Option<String>>(1)? {
                found.insert(row.at(0)?, text);
            }
        }
    }
    Ok(found)
}
