//! Records by what people call them: id, title, or a natural key of one field.

use crate::store::conditions::{any_district, begins_key, beside_id, is_number, within};
use crate::store::sealed::{SEALED, is_sealed, open};
use crate::store::source::{Source, Sql, among};
use crate::value::{Stored, stored_as};
use std::collections::{BTreeSet, HashMap};
use storage::{Db, Result};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, RegionPath, Register};

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
    let source = Source::of(register, db);
    let mut found: HashMap<String, BTreeSet<Uuid>> = HashMap::new();
    for (naming, names) in ways(register, names) {
        for part in names.chunks(NAMES_PER_STATEMENT) {
            let sql = question(source, scope, naming, part);
            let blinds = blinds(source, naming, part);
            for row in db.all(&sql.text, sql.values).await? {
                let id: Uuid = row.at(0)?;
                let name = match naming {
                    Naming::Id => Some(id.to_string()),
                    Naming::Field(field) if is_sealed(field) => {
                        row.at::<Option<String>>(1)?.and_then(|blind| blinds.get(&blind).map(|name| (*name).to_owned()))
                    }
                    Naming::Field(_) => row.at::<Option<String>>(1)?,
                };
                if let Some(name) = name {
                    found.entry(name).or_default().insert(id);
                }
            }
        }
    }
    Ok(found.into_iter().map(|(name, ids)| (name, ids.into_iter().collect())).collect())
}

/// By what a record is named.
#[derive(Debug, Clone, Copy)]
enum Naming<'a> {
    Id,
    Field(&'a Field),
}

/// Which names are looked for where: ids by id, whole numbers by the numbers alone, other words by title and key.
/// Each way is a question of its own, so that each can use its index.
fn ways<'a, 'n>(register: &'a Register, names: &[&'n str]) -> Vec<(Naming<'a>, Vec<&'n str>)> {
    let single = register.unique.iter().filter(|group| group.len() == 1).flatten();
    let keys: BTreeSet<&String> = single.chain(Some(&register.title)).collect();
    let fields = keys.into_iter().filter_map(|key| register.field(key));
    let fields: Vec<&Field> = fields.filter(|field| stored_as(register, field) == Stored::Text).collect();
    let numbered = |field: &Field| matches!(field.kind, FieldKind::IdNumber | FieldKind::CreditCode);
    let has_number = fields.iter().any(|field| numbered(field));
    let (ids, words): (Vec<&str>, Vec<&str>) = names.iter().copied().partition(|name| Uuid::parse_str(name).is_ok());
    let (numbers, words): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|name| has_number && is_number(name));
    let mut ways = vec![(Naming::Id, ids)];
    ways.extend(fields.into_iter().map(|field| {
        let names = if numbered(field) { numbers.clone() } else { words.clone() };
        (Naming::Field(field), names)
    }));
    ways
}

/// The names behind their blind indexes, where a sealed field is asked.
fn blinds<'n>(source: Source<'_>, naming: Naming<'_>, names: &[&'n str]) -> HashMap<String, &'n str> {
    match naming {
        Naming::Field(field) if is_sealed(field) => {
            names.iter().map(|name| (source.blind(field, name), *name)).collect()
        }
        _ => HashMap::new(),
    }
}

fn question(source: Source<'_>, scope: &RegionPath, naming: Naming<'_>, names: &[&str]) -> Sql {
    let name = match naming {
        Naming::Id => "id".to_owned(),
        Naming::Field(field) => source.comparable(field),
    };
    let mut sql = Sql::new(format!("SELECT id, {name} FROM {} WHERE state = 'active' AND ", source.table()));
    let asked = |name: &&str| match naming {
        Naming::Field(field) if is_sealed(field) => source.blind(field, name),
        _ => (*name).to_owned(),
    };
    let places: Vec<String> = names.iter().map(|name| sql.bind(asked(name))).collect();
    sql.push(&among(source.dialect, &name, &places));
    match naming {
        Naming::Field(field) if begins_key(source, field) => {
            sql.push(&any_district(source));
            beside_id(source, Some(scope), &mut sql);
        }
        Naming::Id => beside_id(source, Some(scope), &mut sql),
        Naming::Field(_) => {
            sql.push(" AND ");
            source.own(&mut sql);
            within(&mut sql, scope);
        }
    }
    sql
}

/// The texts that name some records, by id, whatever their region: a reference is shown by its name, not opened.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn titles(db: &Db, register: &Register, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let source = Source::of(register, db);
    let Some(title) = register.field(&register.title).or_else(|| register.fields.first()) else {
        return Ok(HashMap::new());
    };
    let mut found = HashMap::new();
    for part in ids.chunks(NAMES_PER_STATEMENT) {
        let sealed = if is_sealed(title) { format!(", {} AS {SEALED}", source.sealed()) } else { String::new() };
        let mut sql = Sql::new(format!("SELECT id, {}{sealed} FROM {} WHERE ", source.text(title), source.table()));
        let places: Vec<String> = part.iter().map(|id| sql.bind(id)).collect();
        sql.push(&among(source.dialect, "id", &places));
        beside_id(source, None, &mut sql);
        for row in db.all(&sql.text, sql.values).await? {
            let Some(mut text) = row.at::<Option<String>>(1)? else { continue };
            if is_sealed(title)
                && let Some(sealed) = row.at::<Option<String>>(2)?
            {
                let opened = open(source.keys, &register.key, &row.at::<String>(0)?, &sealed)?;
                text = opened.get(&title.key).unwrap_or_default().to_owned();
            }
            found.insert(row.at(0)?, text);
        }
    }
    Ok(found)
}
