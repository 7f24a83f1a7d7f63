//! Entries of requests that come at the same time, written in one transaction: looks at records are many, and each would
//! otherwise wait for the disk alone.

use crate::audit::{Entry, audit};
use chrono::{DateTime, Utc};
use std::sync::{Arc, Mutex, PoisonError};
use storage::{Db, Outage, Result};
use tokio::sync::oneshot;

/// Entries that wait for room on the disk, at most.
const LATE_MAX: usize = 10_000;

/// An entry and its moment.
struct Line {
    now: DateTime<Utc>,
    entry: Entry,
}

/// An entry that waits, and who is told that it stands.
struct Waiting {
    line: Line,
    told: oneshot::Sender<()>,
}

#[derive(Default)]
struct Inner {
    waiting: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
    late: Mutex<Vec<Line>>,
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
        self.waiting().push(Waiting { line: Line { now, entry: entry.clone() }, told });
        let turn = self.0.turn.lock().await;
        if stands.try_recv().is_ok() {
            return Ok(());
        }
        // Who wrote before may have failed, or gone away in the middle: then this entry is no longer among those that wait.
        let mut all = std::mem::take(&mut *self.waiting());
        let (own, told) = oneshot::channel();
        drop(stands);
        all.retain(|one| !one.told.is_closed());
        all.push(Waiting { line: Line { now, entry }, told: own });
        let written = write(db, all.iter().map(|one| &one.line).collect()).await;
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

    /// As [`Together::audit`], for what must go on where nothing can be written: while the disk is full the entry waits in memory,
    /// with at most some thousands of others, and is written with the next one that can be.
    ///
    /// # Errors
    /// When the database refuses for another reason, or too many wait.
    pub async fn audit_or_wait(&self, db: &Db, now: DateTime<Utc>, entry: Entry) -> Result<()> {
        match self.audit(db, now, entry.clone()).await {
            Ok(()) => {
                self.write_late(db).await;
                Ok(())
            }
            Err(error) if error.outage() == Some(Outage::Unwritable) && self.keep(Line { now, entry }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn keep(&self, line: Line) -> bool {
        let mut late = self.0.late.lock().unwrap_or_else(PoisonError::into_inner);
        let room = late.len() < LATE_MAX;
        if room {
            late.push(line);
        }
        room
    }

    /// What waited for room, now that there is some; what fails waits on.
    async fn write_late(&self, db: &Db) {
        let late = std::mem::take(&mut *self.0.late.lock().unwrap_or_else(PoisonError::into_inner));
        if !late.is_empty() && write(db, late.iter().collect()).await.is_err() {
            self.0.late.lock().unwrap_or_else(PoisonError::into_inner).extend(late);
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transaction a district: one that held two chains could wait for another that holds them the other way round.
async fn write(db: &Db, mut all: Vec<&Line>) -> Result<()> {
    all.sort_by(|one, other| one.entry.district.cmp(&other.entry.district));
    for district in all.chunk_by(|one, next| one.entry.district == next.entry.district) {
        let mut tx = db.begin().await?;
        for one in district {
            audit(&mut tx, one.now, &one.entry).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}
