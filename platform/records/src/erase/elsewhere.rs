//! What other rooms hold about records. They are asked when somebody is given a copy and when records are erased; this room knows none
//! of them.

use crate::commands::Records;
use futures::future::BoxFuture;
use identity::{Actor, Refusal};
use std::collections::BTreeSet;
use storage::{Result, Tx};
use uuid::Uuid;

/// A table of what another room holds: texts, nothing masked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeldTable {
    /// What it is a table of.
    pub label: String,
    /// Heads.
    pub columns: Vec<String>,
    /// Lines.
    pub rows: Vec<Vec<String>>,
}

/// A file that another room holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// Identity, by which the room gives its content.
    pub id: Uuid,
    /// Where it stands among the files of a copy.
    pub path: String,
    /// Size.
    pub bytes: i64,
}

/// Everything that another room holds about some records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeldElsewhere {
    /// What can be read.
    pub tables: Vec<HeldTable>,
    /// Files.
    pub files: Vec<HeldFile>,
}

/// Something about a record that is not finished yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unfinished {
    /// The record.
    pub record: Uuid,
    /// How people call what is not finished: nothing of what it says.
    pub what: String,
}

/// A room that holds something about records.
pub trait Elsewhere: Send + Sync + std::fmt::Debug {
    /// What it holds about records that an actor was found to see, as far as it lies in their region.
    fn held<'a>(
        &'a self,
        records: &'a Records,
        actor: &'a Actor,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, std::result::Result<HeldElsewhere, Refusal>>;

    /// The content of a file that it said it holds; `None` when it is gone meanwhile.
    fn content<'a>(&'a self, records: &'a Records, id: Uuid) -> BoxFuture<'a, Result<Option<Vec<u8>>>>;

    /// What is not finished about records of a place: until then they are not erased.
    fn unfinished<'a>(
        &'a self,
        records: &'a Records,
        place: &'a str,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, Result<Vec<Unfinished>>>;

    /// Wipes what it holds about records that were erased, and says so: that something happened stays, what it was goes.
    fn wipe<'a>(&'a self, records: &'a Records, tx: &'a mut Tx, erased: &'a Erased<'a>) -> BoxFuture<'a, Result<()>>;

    /// Its tables in which something was wiped.
    fn tables(&self) -> &'static [&'static str];
}

/// Records that were erased.
#[derive(Debug)]
pub struct Erased<'a> {
    /// The proposal.
    pub erasure: Uuid,
    /// The place.
    pub place: &'a str,
    /// The records.
    pub ids: BTreeSet<Uuid>,
    /// Login of who confirmed.
    pub actor: &'a str,
}
