//! Records that belong with one because a field of both holds the same value, as descriptions say it (`[[related]]`): a household,
//! the people who bear its number, and who is guardian of one of them. Answered from indexes like what refers to a record.

use crate::commands::{Records, referring};
use crate::query::{Filter, Query, Test};
use crate::record::Record;
use crate::related::index_of;
use crate::store::conditions::conditions;
use crate::store::source::{Source, Sql};
use identity::Actor;
use std::sync::Arc;
use storage::Result;
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register, Relation};

/// The most that are given under one heading.
pub const BESIDE_MAX: usize = 30;

/// Records of one register that belong with a record.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Their register.
    pub register: Arc<Register>,
    /// What they are to the record: `户内成员`.
    pub label: String,
    /// The field that holds the value, and the value; `None` for records that refer to the others.
    pub holds: Option<(String, String)>,
    /// The records inside the reader's region, at most [`BESIDE_MAX`].
    pub rows: Vec<Record>,
    /// Whether there are more.
    pub more: bool,
    /// Fields that are told beside each; empty: those of the register's list.
    pub show: Vec<String>,
}

/// What belongs with a record.
#[derive(Debug, Clone, Default)]
pub struct Belonging {
    /// By heading; headings without records are left out.
    pub found: Vec<Beside>,
    /// Labels of registers that were not looked into, because no index answers.
    pub left: Vec<String>,
}

/// What is asked of one register.
struct Asked<'a> {
    register: &'a Arc<Register>,
    field: &'a Field,
    test: Test,
    /// Values are told apart within a district only.
    district: Option<&'a str>,
    /// The record that asks.
    except: Uuid,
}

/// A record whose belongings are looked for, and whether registers without an index are looked into.
struct Search<'a> {
    actor: &'a Actor,
    record: &'a Record,
    all: bool,
    answer: Belonging,
}

impl Records {
    /// What belongs with a record by equal values. Fields without an index are looked into only when `all` is asked for.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn beside(&self, actor: &Actor, register: &Register, record: &Record, all: bool) -> Result<Belonging> {
        let mut search = Search { actor, record, all, answer: Belonging::default() };
        for own in self.registry.all(&actor.place) {
            for relation in &own.related {
                let Some(other) = self.registry.get(&actor.place, &relation.register) else { continue };
                if own.key == register.key {
                    self.others(&mut search, &own, &other, relation).await?;
                } else if other.key == register.key {
                    self.owners(&mut search, &own, &other, relation).await?;
                }
            }
        }
        search.answer.left.dedup();
        Ok(search.answer)
    }

    /// On the page of the record that is described as having others: those, and what refers to them.
    async fn others(
        &self,
        search: &mut Search<'_>,
        own: &Arc<Register>,
        other: &Arc<Register>,
        relation: &Relation,
    ) -> Result<()> {
        let Some(value) = value_of(search.record, own.field(&relation.by)) else { return Ok(()) };
        let told = Told { label: relation.label.clone(), show: relation.show.clone() };
        let before = search.answer.found.len();
        self.holding(search, (other, &relation.to), &value, told).await?;
        let Some(members) = search.answer.found.get(before) else { return Ok(()) };
        let members: Vec<String> = members.rows.iter().map(|row| row.id.to_string()).collect();
        for key in &relation.with {
            let Some(register) = self.registry.get(&search.actor.place, key) else { continue };
            let mut rows: Vec<Record> = Vec::new();
            for field in referring(&register, &other.key) {
                let test = Test::OneOf(members.clone());
                let asked = Asked { register: &register, field, test, district: None, except: search.record.id };
                match self.asked(search, &asked).await? {
                    Some(found) => rows.extend(found),
                    None => search.answer.left.push(register.label.clone()),
                }
            }
            rows.sort_by_key(|row| row.id);
            rows.dedup_by_key(|row| row.id);
            search.put(&register, None, rows, Told { label: register.label.clone(), show: Vec::new() });
        }
        Ok(())
    }

    /// On the page of one of the others: what it belongs to, and who else does.
    async fn owners(
        &self,
        search: &mut Search<'_>,
        own: &Arc<Register>,
        other: &Arc<Register>,
        relation: &Relation,
    ) -> Result<()> {
        let Some(value) = value_of(search.record, other.field(&relation.to)) else { return Ok(()) };
        let label = if relation.back.is_empty() { own.label.clone() } else { relation.back.clone() };
        self.holding(search, (own, &relation.by), &value, Told { label, show: Vec::new() }).await?;
        if !relation.mates.is_empty() {
            let told = Told { label: relation.mates.clone(), show: relation.show.clone() };
            self.holding(search, (other, &relation.to), &value, told).await?;
        }
        Ok(())
    }

    /// Finds the records of a register that hold a value.
    async fn holding(
        &self,
        search: &mut Search<'_>,
        (register, key): (&Arc<Register>, &str),
        value: &str,
        told: Told,
    ) -> Result<()> {
        let Some(field) = register.field(key) else { return Ok(()) };
        let asked = Asked {
            register,
            field,
            test: Test::Equals(value.to_owned()),
            district: Some(&search.record.district),
            except: search.record.id,
        };
        match self.asked(search, &asked).await? {
            Some(rows) => search.put(register, Some((key.to_owned(), value.to_owned())), rows, told),
            None => search.answer.left.push(register.label.clone()),
        }
        Ok(())
    }

    /// The rows that answer, one more than are shown; `None` where no index answers and nobody asked for all.
    async fn asked(&self, search: &Search<'_>, asked: &Asked<'_>) -> Result<Option<Vec<Record>>> {
        let source = Source::of(asked.register, &self.db);
        let index = index_of(source, asked.field);
        if index.is_none() && !search.all {
            return Ok(None);
        }
        let filter = Filter::new(&asked.field.key, asked.test.clone());
        let query = Query { filters: vec![filter], ..Query::of(search.actor) };
        let mut sql = Sql::new("");
        conditions(source, &query, &mut sql);
        if source.declared() {
            // What the partial index asks for in so many words.
            sql.push(&format!(" AND {} IS NOT NULL", source.comparable(asked.field)));
        }
        if let Some(district) = asked.district {
            let district = sql.bind(district);
            sql.push(&format!(" AND district = {district}"));
        }
        let except = sql.bind(asked.except);
        sql.push(&format!(" AND id <> {except}"));
        let text = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY id LIMIT {}",
            source.columns(),
            source.from(index.as_deref()),
            sql.text,
            BESIDE_MAX + 1
        );
        let rows = self.db.all(&text, sql.values).await?;
        rows.iter().map(|row| source.record(row)).collect::<Result<Vec<_>>>().map(Some)
    }
}

/// How a heading reads.
struct Told {
    label: String,
    show: Vec<String>,
}

impl Search<'_> {
    fn put(&mut self, register: &Arc<Register>, holds: Option<(String, String)>, mut rows: Vec<Record>, told: Told) {
        if rows.is_empty() {
            return;
        }
        let more = rows.len() > BESIDE_MAX;
        rows.truncate(BESIDE_MAX);
        order(register, &told.show, &mut rows);
        let register = Arc::clone(register);
        self.answer.found.push(Beside { register, label: told.label, holds, rows, more, show: told.show });
    }
}

fn value_of(record: &Record, field: Option<&Field>) -> Option<String> {
    let text = record.value(&field?.key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// By the first field that is told, where it is a choice: its choices stand in their own order, the head of a household first.
fn order(register: &Register, show: &[String], rows: &mut [Record]) {
    let first = show.first().and_then(|key| register.field(key)).filter(|field| field.kind == FieldKind::Choice);
    let Some(field) = first else { return };
    let place = |row: &Record| {
        let value = row.value(&field.key).and_then(|value| value.as_str());
        field.choices.iter().position(|choice| Some(choice.value.as_str()) == value).unwrap_or(usize::MAX)
    };
    rows.sort_by_key(place);
}
