//! Notices: one port out of the house. What is to be told is written in the transaction of what happened; a worker
//! delivers it afterwards, to the in-app inbox and to whatever other channels there are, at least once.

pub mod actions;
mod channel;
mod deliver;
mod inbox;
pub mod pages;
mod send;

pub use channel::{Channel, FileChannel, Outgoing};
pub use deliver::{Delivered, INBOX};
pub use inbox::{Item, Mail};
pub use send::{Notice, send};

use std::sync::Arc;
use storage::{Db, Migration};
use vocabulary::Clock;

/// The port. Cheap to clone.
#[derive(Clone)]
pub struct Notices {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) channels: Vec<Arc<dyn Channel>>,
}

impl Notices {
    /// The port with its inbox and no other channel.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, channels: Vec::new() }
    }

    /// The same with one more channel.
    #[must_use]
    pub fn with_channel(mut self, channel: Arc<dyn Channel>) -> Self {
        self.channels.push(channel);
        self
    }
}

impl std::fmt::Debug for Notices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notices").finish_non_exhaustive()
    }
}

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "notices.001_notices", sql: include_str!("../migrations/001_notices.sql") }];
