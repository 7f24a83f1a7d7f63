//! From which index a page of a long list is read.
//!
//! PostgreSQL knows from its statistics how rare a value is; SQLite does not, and neither knows that fifty rows of a
//! common kind are found at once by going along the order that is asked for. So the few kinds of question that people
//! ask of a register of a million are told apart here: few rows are found by what makes them few, and sorted; many
//! are met by going along the index of their order.

use crate::ddl::is_chosen;
use crate::query::{Cursor, Filter, Query, Sort, Test};
use crate::store::conditions::{Sought, Stretch, by_index, conditions, operand, sought};
use crate::store::sealed::is_sealed;
use crate::store::source::{Source, Sql};
use storage::{Db, Result};
use vocabulary::Field;

/// Up to so many rows are sorted when asked; more are read in the order of an index.
const FEW: u64 = 5_000;

/// How a page is read.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The order, also where none was asked for.
    pub sort: Sort,
    /// The index, where one is to be named.
    pub index: Option<String>,
    /// Whether the order is that of the index: then rows with a value and those without are read apart.
    pub walks: bool,
    /// Whether all conditions are answered from an index without opening the table.
    pub covered: bool,
}

/// What a query narrows down by index.
struct Narrowed<'a> {
    /// The field that a search asks from its beginning, when it is the only one.
    begins: Option<&'a Field>,
    /// A filter of an indexed choice.
    chosen: Option<(&'a Filter, &'a Field)>,
    /// Whether the search names few rows by itself.
    named: bool,
    /// Whether there is nothing else.
    alone: bool,
}

fn narrowed<'a>(source: Source<'a>, query: &'a Query) -> Narrowed<'a> {
    let text = query.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let sought = text.map(|text| sought(source, text));
    let begins = match &sought {
        Some(Sought::Beginning(fields, _)) if fields.len() == 1 => {
            fields.first().copied().filter(|field| !is_sealed(field))
        }
        _ => None,
    };
    let named = match &sought {
        Some(Sought::Number) => true,
        Some(Sought::Beginning(fields, _)) => fields.len() != 1 || fields.iter().any(|field| is_sealed(field)),
        _ => false,
    };
    let chosen = query.filters.iter().find_map(|filter| {
        let single = match &filter.test {
            Test::Equals(text) => Some(text),
            Test::OneOf(values) if values.len() == 1 => values.first(),
            _ => None,
        }?;
        let field = source.register.field(&filter.field).filter(|field| field.indexed && is_chosen(field))?;
        // What is no value of the field is never compared with it: no index would serve, and SQLite refuses to be told one.
        operand(source, field, single).map(|_| (filter, field))
    });
    let conditions = query.filters.len() + usize::from(sought.is_some());
    let indexed = usize::from(begins.is_some() || named) + usize::from(chosen.is_some());
    Narrowed { begins, chosen, named, alone: conditions == 0 || (conditions == 1 && indexed == 1) }
}

/// Decides how a page of a query is read.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn plan(db: &Db, source: Source<'_>, query: &Query) -> Result<Plan> {
    let plain = || Plan { sort: query.sort.clone(), index: None, walks: false, covered: true };
    if source.declared() || query.removed {
        return Ok(plain());
    }
    let narrowed = narrowed(source, query);
    let sort = match (&query.sort, narrowed.begins) {
        (Sort::Region, Some(field)) => Sort::Up(field.key.clone()),
        (sort, _) => sort.clone(),
    };
    let ordered = match &sort {
        Sort::Region => None,
        Sort::Up(key) | Sort::Down(key) => {
            source.register.field(key).filter(|field| field.indexed && !is_chosen(field))
        }
    };
    let covered = narrowed.alone;
    let narrow = narrowed.begins.or(narrowed.chosen.map(|(_, field)| field));
    let by_narrow = narrow.and_then(|field| by_index(source, field));
    let Some(field) = ordered else {
        return Ok(Plan { sort, index: by_narrow, walks: false, covered });
    };
    let along = narrowed.begins.is_some_and(|begins| begins.key == field.key);
    if !along && (narrowed.named || is_few(db, source, query, &narrowed, by_narrow.as_deref()).await?) {
        return Ok(Plan { sort, index: by_narrow, walks: false, covered });
    }
    Ok(Plan { sort, index: by_index(source, field), walks: true, covered })
}

/// Whether region and indexed conditions leave few rows.
async fn is_few(
    db: &Db,
    source: Source<'_>,
    query: &Query,
    narrowed: &Narrowed<'_>,
    index: Option<&str>,
) -> Result<bool> {
    if index.is_none() && query.scope.codes().count() <= 1 {
        return Ok(false);
    }
    let reduced = Query {
        filters: narrowed.chosen.iter().map(|(filter, _)| (*filter).clone()).collect(),
        search: query.search.clone().filter(|_| narrowed.begins.is_some()),
        ..Query::within(&query.scope)
    };
    Ok(count_up_to(db, source, &reduced, index, FEW).await? <= FEW)
}

/// How many rows a query finds; one more than `most` stands for more.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn count_up_to(
    db: &Db,
    source: Source<'_>,
    query: &Query,
    index: Option<&str>,
    most: u64,
) -> Result<u64> {
    let mut sql = Sql::new("");
    conditions(source, query, &mut sql);
    let text = format!(
        "SELECT COUNT(*) AS rows_found FROM (SELECT 1 AS one FROM {} WHERE {} LIMIT {}) AS capped",
        source.from(index),
        sql.text,
        most.saturating_add(1)
    );
    let found: i64 = db.one(&text, sql.values).await?.get("rows_found")?;
    Ok(u64::try_from(found).unwrap_or(0))
}

/// The stretches of an order that a page may lie in, in the direction of reading, each with the cursor that begins it.
pub(crate) fn stretches(query: &Query, walks: bool) -> Vec<(Stretch, Option<&Cursor>)> {
    let back = query.backwards();
    let cursor = if back { query.before.as_ref() } else { query.after.as_ref() };
    if !walks {
        return vec![(Stretch::All, cursor)];
    }
    let has_value = cursor.is_none_or(|cursor| cursor.value.is_some());
    match (back, has_value) {
        (false, true) => vec![(Stretch::Known, cursor), (Stretch::Missing, None)],
        (false, false) => vec![(Stretch::Missing, cursor)],
        (true, true) => vec![(Stretch::Known, cursor)],
        (true, false) => vec![(Stretch::Missing, cursor), (Stretch::Known, None)],
    }
}
