//! Commands on registers, each in the same order: may they, load, decide, store with a fact, audit; one transaction.

mod inside;
mod load;
mod looked;
mod merge;
mod one;
mod restore;
mod reveal;
mod transfer;

pub use inside::{Filled, Intent};
pub use merge::{Merging, Parted};
pub use one::Created;
pub use reveal::Revealed;
pub use transfer::Transfer;

pub(crate) use load::{full_name, place_of, references_of, taken, taken_by};
pub(crate) use merge::referring;
pub(crate) use one::{Change, changed, changed_fields, short};

use crate::decide::Draft;
use crate::record::{Record, Regions};
use crate::registry::Registry;
use crate::store::touched::touch;
use chrono::NaiveDate;
use facts::{Entry, Fact};
use identity::{Action, Actor, Refusal};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;
use storage::{Db, Result as Stored, StorageError, Tx};
use vocabulary::{Clock, Origin, RegionPath, Register};

/// The registers of a database, ready for use. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    /// The database.
    pub db: Db,
    /// The descriptions.
    pub registry: Registry,
    /// The region tree.
    pub regions: Arc<dyn Regions>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Origin of what people type and import: reported, or synthetic in a demo.
    pub origin: Origin,
    /// Where looks at records are written down.
    pub looks: facts::Together,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("registry", &self.registry).finish_non_exhaustive()
    }
}

/// Why a command did not happen. Nothing was changed.
#[derive(Debug)]
pub enum Failure {
    /// Somebody else changed the record after the version that was edited.
    Stale(Box<Stale>),
    /// Any other reason.
    Refused(Refusal),
}

/// Two editors met on one record: what is there now, and what the second one typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Stale {
    /// The record as it is now.
    pub present: Record,
    /// What was typed for an older version.
    pub typed: Draft,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::Refused(Refusal::Storage(error))
    }
}

impl Records {
    /// A register of the actor's place.
    ///
    /// # Errors
    /// When there is none with this key.
    pub fn register(&self, actor: &Actor, key: &str) -> Result<Arc<Register>, Refusal> {
        self.registry.get(&actor.place, key).ok_or_else(|| Refusal::NotFound("这个登记簿".to_owned()))
    }

    /// Today.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }
}

/// One change, told twice: as a fact for others and as an audit entry.
pub(crate) struct Note<'a> {
    /// District of the record.
    pub district: &'a str,
    /// What happened.
    pub kind: &'static str,
    /// `register:id`.
    pub subject: String,
    /// The day from which it holds.
    pub valid_on: NaiveDate,
    /// Which action it was.
    pub action: &'a Action,
    /// Names of fields, counts, digests; never contents.
    pub body: Json,
    /// Key of the register.
    pub register: &'a str,
    /// The regions whose records were written, before and after.
    pub regions: BTreeSet<RegionPath>,
}

/// Writes the fact and the audit entry of a change in its transaction, and counts it in its regions.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn tell(tx: &mut Tx, records: &Records, actor: &Actor, note: Note<'_>) -> Stored<()> {
    let now = records.clock.now();
    let fact = Fact {
        district: note.district.to_owned(),
        kind: note.kind,
        subject: note.subject.clone(),
        valid_on: note.valid_on,
        actor: actor.login.clone(),
        body: note.body.clone(),
        because: Vec::new(),
    };
    facts::record(tx, now, &fact).await?;
    let entry = Entry {
        district: note.district.to_owned(),
        actor: actor.login.clone(),
        action: note.action.key.to_owned(),
        subject: note.subject,
        detail: note.body,
    };
    facts::audit(tx, now, &entry).await?;
    // After the audit entry, whose chain lets one writer of a district in at a time.
    touch(tx, &actor.place, note.register, &note.regions).await
}
