//! The keys of an installation: cheap to hand around, read again when a newer key is met.

use crate::file;
use crate::ring::{BLIND, KEY_BYTES, Ring, byte_parts, parts};
use crate::{Result, SealingError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The keys with which sensitive values are sealed, or none. Cheap to clone; clones share what is read later.
#[derive(Clone, Default)]
pub struct Keys(Option<Arc<Inner>>);

struct Inner {
    file: Option<PathBuf>,
    ring: RwLock<Arc<Ring>>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the keys themselves.
        f.debug_struct("Keys").field("active", &self.active()).finish_non_exhaustive()
    }
}

impl Keys {
    /// No keys: nothing can be sealed or opened.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// One key that is made of some bytes and stands in no file. For tests.
    ///
    /// # Errors
    /// Never with these bytes; as [`Keys::read`].
    pub fn fixed(byte: u8) -> Result<Self> {
        let ring = Ring::new(1, &BTreeMap::from([(1, [byte; KEY_BYTES])]), &[byte.wrapping_add(1); KEY_BYTES])?;
        Ok(Self(Some(Arc::new(Inner { file: None, ring: RwLock::new(Arc::new(ring)) }))))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it is missing, may be read by everybody on the machine, or is not a key file.
    pub fn read(file: &Path) -> Result<Self> {
        let ring = file::read(file)?;
        Ok(Self(Some(Arc::new(Inner { file: Some(file.to_path_buf()), ring: RwLock::new(Arc::new(ring)) }))))
    }

    /// Makes a key file that only its owner may read, unless there is one; reads it.
    ///
    /// # Errors
    /// When it cannot be written; as [`Keys::read`].
    pub fn read_or_make(file: &Path, made_at: &str) -> Result<Self> {
        file::make(file, made_at)?;
        Self::read(file)
    }

    /// Puts a new key into the key file, beside the others, and seals with it from now on. Gives its number.
    ///
    /// # Errors
    /// When the keys stand in no file, or it cannot be written; it is then as it was.
    pub fn add(&self, made_at: &str) -> Result<u32> {
        let file = self.0.as_ref().and_then(|inner| inner.file.as_deref()).ok_or(SealingError::NoKeys)?;
        let number = file::add(file, made_at)?;
        self.refresh()?;
        Ok(number)
    }

    /// Reads the key file again: another process may have added a key.
    ///
    /// # Errors
    /// As [`Keys::read`]; the keys are then as they were.
    pub fn refresh(&self) -> Result<()> {
        let Some(inner) = &self.0 else { return Ok(()) };
        if let Some(file) = &inner.file {
            let ring = Arc::new(file::read(file)?);
            *inner.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        }
        Ok(())
    }

    fn ring(&self) -> Result<Arc<Ring>> {
        let inner = self.0.as_ref().ok_or(SealingError::NoKeys)?;
        Ok(Arc::clone(&inner.ring.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Whether there are keys.
    #[must_use]
    pub const fn are_there(&self) -> bool {
        self.0.is_some()
    }

    /// The key file.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.0.as_ref()?.file.as_deref()
    }

    /// The number of the key that seals; 0 without keys.
    #[must_use]
    pub fn active(&self) -> u32 {
        self.ring().map_or(0, |ring| ring.active)
    }

    /// Seals a text that belongs to something, such as a record's id; it opens only for the same.
    ///
    /// # Errors
    /// When there are no keys or no randomness.
    pub fn seal(&self, belongs_to: &str, plain: &str) -> Result<String> {
        self.ring()?.seal(belongs_to, plain)
    }

    /// Opens a sealed text. A key that is not known yet is looked for in the key file.
    ///
    /// # Errors
    /// When there are no keys, the key is in no file, or the text was changed or belongs elsewhere.
    pub fn open(&self, belongs_to: &str, sealed: &str) -> Result<String> {
        self.ring_with(Self::number_of(sealed))?.open(belongs_to, sealed)
    }

    /// The keys, read again where one that is needed is not among them.
    fn ring_with(&self, number: Option<u32>) -> Result<Arc<Ring>> {
        let ring = self.ring()?;
        if number.is_none_or(|number| ring.holds(number)) {
            return Ok(ring);
        }
        self.refresh()?;
        self.ring()
    }

    /// Seals a file's content that belongs to something.
    ///
    /// # Errors
    /// When there are no keys or no randomness.
    pub fn seal_bytes(&self, belongs_to: &str, plain: &[u8]) -> Result<Vec<u8>> {
        self.ring()?.seal_bytes(belongs_to, plain)
    }

    /// Opens sealed bytes.
    ///
    /// # Errors
    /// As [`Keys::open`].
    pub fn open_bytes(&self, belongs_to: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        self.ring_with(Self::number_of_bytes(sealed))?.open_bytes(belongs_to, sealed)
    }

    /// The number of the key with which bytes were sealed; `None` when they are open.
    #[must_use]
    pub fn number_of_bytes(sealed: &[u8]) -> Option<u32> {
        byte_parts(sealed).map(|(number, _)| number)
    }

    /// The blind index of a value of a kind.
    ///
    /// # Errors
    /// When there are no keys.
    pub fn blind(&self, kind: &str, value: &str) -> Result<String> {
        Ok(self.ring()?.blind(kind, value))
    }

    /// Whether a text is a blind index, or the sign that a value is there.
    #[must_use]
    pub fn is_blind(text: &str) -> bool {
        text.starts_with(BLIND)
    }

    /// The sign that stands where a value is there and not to be found by.
    #[must_use]
    pub const fn presence() -> &'static str {
        "~"
    }

    /// The number of the key with which a text was sealed; `None` when it is none.
    #[must_use]
    pub fn number_of(sealed: &str) -> Option<u32> {
        parts(sealed).map(|(number, _)| number)
    }

    /// By number, a digest that recognises a key without telling it.
    ///
    /// # Errors
    /// When there are no keys.
    pub fn checks(&self) -> Result<BTreeMap<u32, String>> {
        Ok(self.ring()?.checks.clone())
    }
}
