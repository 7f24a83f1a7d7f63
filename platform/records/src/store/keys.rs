//! Records by natural key.

use crate::record::Record;
use crate::store::source::{Source, Sql};
use crate::store::write::key_text;
use crate::value::{Body, stored_as, to_column};
use std::collections::HashMap;
use storage::{Db, Result};
use vocabulary::Register;

/// Keys asked for in one statement.
const KEYS_PER_STATEMENT: usize = 400;

/// The records in use of a district that hold some natural keys (given as text and as the body they came from),
/// by key text, wherever in the district they lie. For deciding, never for showing.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn by_keys(
    db: &Db,
    register: &Register,
    district: &str,
    group: &[String],
    keys: &[(String, &Body)],
) -> Result<HashMap<String, Record>> {
    let source = Source::new(register, db.dialect());
    let mut found = HashMap::new();
    for part in keys.chunks(KEYS_PER_STATEMENT) {
        let sql = if source.declared() {
            declared(source, district, group, part)
        } else {
            heavy(source, district, group, part)
        };
        for row in db.all(&sql.text, sql.values).await? {
            let record = source.record(&row)?;
            if let Some(key) = key_text(group, &record.body) {
                found.insert(key, record);
            }
        }
    }
    Ok(found)
}

fn declared(source: Source<'_>, district: &str, group: &[String], keys: &[(String, &Body)]) -> Sql {
    let mut sql = Sql::new(format!("SELECT {} FROM record WHERE ", source.columns()));
    let (place, register) = (sql.bind(district), sql.bind(source.register.key.as_str()));
    let group = sql.bind(group.join("+"));
    let places: Vec<String> = keys.iter().map(|(key, _)| sql.bind(key.as_str())).collect();
    sql.push(&format!(
        "district = {place} AND state = 'active' AND id IN (SELECT id FROM record_key WHERE district = {place} \
         AND register = {register} AND key_group = {group} AND key_text IN ({}))",
        places.join(", ")
    ));
    sql
}

fn heavy(source: Source<'_>, district: &str, group: &[String], keys: &[(String, &Body)]) -> Sql {
    let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", source.columns(), source.table()));
    let place = sql.bind(district);
    let fields: Vec<_> = group.iter().filter_map(|key| source.register.field(key)).collect();
    let columns: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.key)).collect();
    let mut rows = Vec::with_capacity(keys.len());
    for (_, body) in keys {
        let values: Vec<String> = fields
            .iter()
            .map(|field| sql.bind(to_column(stored_as(source.register, field), body.get(&field.key))))
            .collect();
        rows.push(format!("({})", values.join(", ")));
    }
    sql.push(&format!(
        "district = {place} AND state = 'active' AND ({}) IN ({}{})",
        columns.join(", "),
        // A list of rows is spelled VALUES; a list of single values is not.
        if columns.len() > 1 { "VALUES " } else { "" },
        rows.join(", ")
    ));
    sql
}
