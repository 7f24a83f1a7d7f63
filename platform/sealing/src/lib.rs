//! What must not be readable where it lies: sensitive values in the database, and backups.
//!
//! Values are sealed with AES-256-GCM under keys that live in a file of their own, never in the database; they are
//! found again by a blind index, a keyed digest. A backup is sealed with a passphrase or a key file, piece by piece.

mod file;
mod keys;
mod ring;
mod stream;

pub use file::KEYS_FILE;
pub use keys::Keys;
pub use stream::{Secret, is_sealed_file, open_file, seal_file};

/// What can go wrong with keys and sealed values.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// No key file was given where one is needed.
    #[error("sensitive fields are sealed, and no key file is given; set data.keys")]
    NoKeys,
    /// The key file is not there.
    #[error(
        "the key file {0} is missing, and the database holds fields sealed with it: put the file back from where its \
         copy is kept, or name it with data.keys. Without it those fields cannot be read by anybody"
    )]
    Missing(String),
    /// The key file is there and cannot be used.
    #[error("the key file {file} {message}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong with it, and what to do.
        message: String,
    },
    /// A value was sealed with a key that the file does not hold.
    #[error(
        "a value was sealed with key {0}, which the key file does not hold: it is not the key file of this database"
    )]
    UnknownKey(u32),
    /// A sealed value does not open: it was changed, moved to another record, or cut.
    #[error("a sealed value does not open: it was changed or belongs elsewhere")]
    Broken,
    /// A sealed file does not open.
    #[error("{0}")]
    Stream(String),
    /// The machine gave no randomness.
    #[error("the machine has no randomness to give")]
    NoChance,
    /// A file could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, SealingError>;

/// Fills bytes from the machine's source of randomness.
pub(crate) fn chance(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| SealingError::NoChance)
}
