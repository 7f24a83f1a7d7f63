//! Entries of requests that come at the same time, written in one transaction: looks at records are many, and each would
//! otherwise wait for the disk alone.

use crate::audit::{Entry, audit};
use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, PoisonError};
use storage::{Db, Result};
use tokio::sync::oneshot;

/// An entry that waits, and who is told that it stands.
struct Waiting {
    now: DateTime<Utc>,
    entry: Entry,
    told: oneshot::Sender<()>,
}

#[derive(Default)]
struct Inner {
    waiting: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

/// A desk at which entries are handed in; whoever comes to it first writes all that wait. Cheap to clone.
#[derive(Clone, Default)]
pub struct Together(Arc<Inner>);

impl std::fmt::Debug for Together {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Together").finish_non_exhaustive()
    }
}

impl Together {
    /// Writes an entry, with others that came meanwhile; it stands when this returns.
    ///
    /// # Errors
    /// When the database refuses; the entry does not stand then.
    pub async fn audit(&self, db: &Db, now: DateTime<Utc>, entry: Entry) -> Result<()> {
        let (told, mut stands) = oneshot::channel();
        self.waiting().push(Waiting { now, entry: entry.clone(), told });
        let turn = self.0.turn.lock().await;
        if stands.try_recv().is_ok() {
            return Ok(());
        }
        // Who wrote before may have failed, or gone away in the middle: then this entry is no longer among those that wait.
        let mut all = std::mem::take(&mut *self.waiting());
        let (own, told) = oneshot::channel();
        drop(stands);
        all.retain(|one| !one.told.is_closed());
        all.push(Waiting { now, entry, told: own });
        all.sort_by(|one, other| one.entry.district.cmp(&other.entry.district));
        let written = write(db, &all).await;
        drop(turn);
        if written.is_ok() {
            for one in all {
                // Nobody listens where the request was given up meanwhile; its look was written all the same.
                let _gone = one.told.send(());
            }
        }
        drop(told);
        written
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transaction a district: one that held two chains could wait for another that holds them the other way round.
async fn write(db: &Db, all: &[Waiting]) -> Result<()> {
    for district in all.chunk_by(|one, next| one.entry.district == next.entry.district) {
        let mut tx = db.begin().await?;
        for one in district {
            audit(&mut tx, one.now, &one.entry).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
