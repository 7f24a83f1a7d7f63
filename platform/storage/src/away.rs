//! A database server that was just found to be away is not waited for again by everybody: a page asks several questions,
//! and each would wait as long as the first.

use crate::{Result, StorageError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long it counts as away after somebody waited in vain.
const REMEMBERED: Duration = Duration::from_secs(2);

/// When somebody last waited in vain; shared by all who ask.
#[derive(Debug, Clone, Default)]
pub(crate) struct Away(Arc<Mutex<Option<Instant>>>);

impl Away {
    /// Before waiting: refused at once while it counts as away.
    pub fn ask(&self) -> Result<()> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| last.elapsed() < REMEMBERED) {
            return Err(sqlx::Error::PoolTimedOut.into());
        }
        Ok(())
    }

    /// After waiting.
    pub fn note<T>(&self, result: Result<T>) -> Result<T> {
        if matches!(result, Err(StorageError::Database(sqlx::Error::PoolTimedOut))) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_after_one_who_waited_in_vain_is_refused_at_once() {
        let away = Away::default();
        assert!(away.ask().is_ok());
        assert!(away.note::<()>(Err(StorageError::NotFound)).is_err() && away.ask().is_ok());
        assert!(away.note::<()>(Err(sqlx::Error::PoolTimedOut.into())).is_err());
        assert!(away.clone().ask().is_err(), "also for those who share it");
        assert!(away.note(Ok(1)).is_ok());
    }
}
