//! Chance as a parameter: code that needs randomness is handed a [`Chance`].

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

use crate::{Refusal, Secret};

/// The source of randomness gave none.
#[derive(Debug, thiserror::Error)]
#[error("no randomness: {0}")]
pub struct ChanceFailed(String);

impl From<ChanceFailed> for Refusal {
    fn from(failed: ChanceFailed) -> Self {
        Self::Fault(failed.to_string())
    }
}

/// Who makes random bytes.
pub trait Chance: Send + Sync {
    /// Fills with bytes that nobody can guess.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), ChanceFailed>;
}

/// The randomness of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), ChanceFailed> {
        getrandom::fill(bytes).map_err(|error| ChanceFailed(error.to_string()))
    }
}

/// The same bytes for the same seed: for tests only, since whoever knows the seed knows every token.
#[derive(Debug)]
pub struct SeededChance {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededChance {
    /// Chance from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), ChanceFailed> {
        for chunk in bytes.chunks_mut(32) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(drawn.to_be_bytes());
            for (byte, random) in chunk.iter_mut().zip(block.finalize()) {
                *byte = random;
            }
        }
        Ok(())
    }
}

/// Letters and digits that nobody mixes up when reading them aloud: 32, so that a byte picks one without bias.
const CLEAR: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

pub(crate) fn bytes<const N: usize>(chance: &dyn Chance) -> Result<[u8; N], ChanceFailed> {
    let mut bytes = [0; N];
    chance.fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 random bits as 64 hexadecimal digits: a session token, a CSRF secret.
pub(crate) fn token(chance: &dyn Chance) -> Result<Secret, ChanceFailed> {
    Ok(Secret::new(hex::encode(bytes::<32>(chance)?)))
}

/// A password of 80 random bits in four groups, for one use.
pub(crate) fn one_time_password(chance: &dyn Chance) -> Result<Secret, ChanceFailed> {
    let mut text = String::with_capacity(19);
    for (place, byte) in bytes::<16>(chance)?.into_iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        let letter = CLEAR.get(usize::from(byte) % CLEAR.len()).copied().unwrap_or(b'x');
        text.push(char::from(letter));
    }
    Ok(Secret::new(text))
}

/// A time-ordered id (UUID version 7) from a given moment and given chance.
pub(crate) fn id(now: DateTime<Utc>, chance: &dyn Chance) -> Result<Uuid, ChanceFailed> {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    let random = bytes::<10>(chance)?;
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_moves_on() {
        let (one, same, other) = (SeededChance::new(1), SeededChance::new(1), SeededChance::new(2));
        let first = token(&one).unwrap();
        assert_eq!(first, token(&same).unwrap());
        assert_ne!(first, token(&one).unwrap());
        assert_ne!(first, token(&other).unwrap());
        assert_ne!(token(&SystemChance).unwrap(), token(&SystemChance).unwrap());
    }

    #[test]
    fn one_time_passwords_have_four_clear_groups() {
        let password = one_time_password(&SeededChance::new(7)).unwrap();
        let groups: Vec<&str> = password.reveal().split('-').collect();
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().all(|group| group.len() == 4 && group.bytes().all(|b| CLEAR.contains(&b))));
    }

    #[test]
    fn ids_are_version_7_of_the_given_moment() {
        let now = DateTime::parse_from_rfc3339("2025-09-30T04:00:00Z").unwrap().to_utc();
        let id = id(now, &SeededChance::new(1)).unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.get_timestamp().unwrap().to_unix().0, 1_759_204_800);
    }
}
