//! Which records refer to one, by register: how many, and the newest. Answered from indexes; what has none is left to be asked for.

use crate::commands::{Records, referring};
use crate::query::{Count, Filter, Query, Test};
use crate::record::Record;
use crate::store::conditions::{by_index, conditions};
use crate::store::source::{Source, Sql};
use identity::Actor;
use std::sync::Arc;
use storage::Result;
use uuid::Uuid;
use vocabulary::{Field, Register};

/// Records that refer are counted up to this; more is "more than".
const COUNTED: u64 = 1_000;
/// The newest that are given.
const NEWEST: u32 = 3;
/// Fields of declared registers that have an index in the shared table, by key.
const SHARED: [&str; 7] = ["person", "facility", "head", "ward", "guardian", "child", "household_no"];

/// The records of one register that refer to another record by one field.
#[derive(Debug, Clone)]
pub struct Related {
    /// The register.
    pub register: Arc<Register>,
    /// The field that refers.
    pub field: Field,
    /// How many, inside the reader's region.
    pub count: Count,
    /// The newest of them.
    pub newest: Vec<Record>,
}

/// What refers to a record, as far as the reader sees it.
#[derive(Debug, Clone, Default)]
pub struct Referring {
    /// Registers with records that refer.
    pub found: Vec<Related>,
    /// Labels of registers that were not looked into, because no index answers.
    pub left: Vec<String>,
}

impl Referring {
    /// How many records refer, as words: `3`, `超过 1000`.
    #[must_use]
    pub fn words(&self) -> String {
        let known = |count: &Count| match count {
            Count::Exactly(rows) | Count::MoreThan(rows) => *rows,
        };
        let sum: u64 = self.found.iter().map(|one| known(&one.count)).sum();
        let more = !self.left.is_empty() || self.found.iter().any(|one| matches!(one.count, Count::MoreThan(_)));
        if more { format!("至少 {sum}") } else { sum.to_string() }
    }
}

/// The index that answers who refers by a field.
pub(crate) fn index_of(source: Source<'_>, field: &Field) -> Option<String> {
    if source.declared() {
        return SHARED.contains(&field.key.as_str()).then(|| format!("record_{}", field.key));
    }
    by_index(source, field)
}

impl Records {
    /// Which records refer to one. Fields without an index are looked into only when `all` is asked for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn referring_to(&self, actor: &Actor, target: &str, id: Uuid, all: bool) -> Result<Referring> {
        let mut answer = Referring::default();
        for register in self.registry.all(&actor.place) {
            for field in referring(&register, target) {
                let index = index_of(Source::of(&register, &self.db), field);
                if index.is_none() && !all {
                    answer.left.push(register.label.clone());
                    continue;
                }
                let filter = Filter::new(&field.key, Test::Equals(id.to_string()));
                let query = Query { filters: vec![filter], ..Query::of(actor) };
                let (rows, newest) = self.newest(&register, field, &query, index.as_deref()).await?;
                if rows > 0 {
                    let count = if rows > COUNTED { Count::MoreThan(COUNTED) } else { Count::Exactly(rows) };
                    answer.found.push(Related { register: Arc::clone(&register), field: field.clone(), count, newest });
                }
            }
        }
        answer.left.dedup();
        Ok(answer)
    }

    async fn newest(
        &self,
        register: &Register,
        field: &Field,
        query: &Query,
        index: Option<&str>,
    ) -> Result<(u64, Vec<Record>)> {
        let source = Source::of(register, &self.db);
        let asked = |columns: &str, tail: &str| {
            let mut sql = Sql::new("");
            conditions(source, query, &mut sql);
            // What the partial index asks for in so many words.
            let there = if source.declared() {
                format!(" AND {} IS NOT NULL", source.comparable(field))
            } else {
                String::new()
            };
            sql.text = format!("SELECT {columns} FROM {} WHERE {}{there} {tail}", source.from(index), sql.text);
            sql
        };
        let mut count = asked("1 AS one", &format!("LIMIT {}", COUNTED + 1));
        count.text = format!("SELECT COUNT(*) AS rows_found FROM ({}) AS capped", count.text);
        let rows: i64 = self.db.one(&count.text, count.values).await?.get("rows_found")?;
        let rows = u64::try_from(rows).unwrap_or(0);
        if rows == 0 {
            return Ok((0, Vec::new()));
        }
        let newest = asked(&source.columns(), &format!("ORDER BY known_from DESC, id DESC LIMIT {NEWEST}"));
        let found = self.db.all(&newest.text, newest.values).await?;
        Ok((rows, found.iter().map(|row| source.record(row)).collect::<Result<Vec<_>>>()?))
    }
}
