//! The door of this room: one value, made at start, shared by all requests.

use crate::memory::{Memory, Strangers};
use crate::password::Hasher;
use crate::{Chance, Refusal};
use settings::{Password, Session};
use std::sync::Arc;
use storage::Db;
use vocabulary::Clock;

/// Accounts, logins and sessions of one database.
pub struct Identity {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    /// The time of day that telephones go by; another than the above in a demonstration alone.
    pub(crate) code_clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) session: Session,
    pub(crate) password: Password,
    pub(crate) hasher: Hasher,
    pub(crate) memory: Memory,
    pub(crate) strangers: Strangers,
    /// Whose turn it is to write “last seen”.
    pub(crate) seen_writer: Arc<tokio::sync::Mutex<()>>,
}

impl Identity {
    /// Takes one hash to make (milliseconds, at the cost that is set).
    ///
    /// # Errors
    /// When the cost of hashes is impossible or there is no randomness.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        session: Session,
        password: Password,
    ) -> Result<Self, Refusal> {
        let hasher = Hasher::new(&password, &*chance)?;
        Ok(Self {
            db,
            code_clock: Arc::clone(&clock),
            clock,
            chance,
            session,
            password,
            hasher,
            memory: Memory::default(),
            strangers: Strangers::default(),
            seen_writer: Arc::default(),
        })
    }
}

impl Identity {
    /// The same with another clock for codes: telephones know nothing of a demonstration's day.
    #[must_use]
    pub fn codes_by(mut self, clock: Arc<dyn Clock>) -> Self {
        self.code_clock = clock;
        self
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("session", &self.session).finish_non_exhaustive()
    }
}
