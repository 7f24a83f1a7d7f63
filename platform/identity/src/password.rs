//! Password hashes: Argon2id at a set cost, a few at a time, off the threads that serve requests.

use crate::chance::{self, Chance};
use crate::{Refusal, policy};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use settings::Password;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Makes and checks password hashes.
pub(crate) struct Hasher {
    params: Params,
    /// The hash of a password nobody knows: unknown logins are checked against it, so that they take as long.
    nobody: String,
    /// Each hash takes a core and its memory: a rush of logins waits here instead of taking the server down.
    places: Semaphore,
}

impl Hasher {
    pub(crate) fn new(cost: &Password, chance: &dyn Chance) -> Result<Self, Refusal> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(fault)?;
        let nobody = hash(&params, chance::token(chance)?.reveal(), &chance::bytes(chance)?)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { params, nobody, places: Semaphore::new(cores) })
    }

    /// The hash of a password, with salt and cost in it (PHC string).
    pub(crate) async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Refusal> {
        let (params, password) = (self.params.clone(), password.to_owned());
        let _place = self.places.acquire().await.map_err(fault)?;
        spawn_blocking(move || hash(&params, &password, &salt)).await.map_err(fault)?
    }

    /// Whether a password belongs to a hash. Without a hash the answer is no, and takes as long.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Refusal> {
        let against = stored.unwrap_or(&self.nobody).to_owned();
        // None is longer than the policy allows, and hashing megabytes would be a way to keep us busy.
        let fits = password.chars().take(policy::MAX_LENGTH + 1).count() <= policy::MAX_LENGTH;
        let password: String = password.chars().take(policy::MAX_LENGTH).collect();
        let _place = self.places.acquire().await.map_err(fault)?;
        let right = spawn_blocking(move || Argon2::default().verify_password(password.as_bytes(), &*against));
        Ok(right.await.map_err(fault)?.is_ok() && fits && stored.is_some())
    }

    /// Whether a hash was made at the cost that is set now.
    pub(crate) fn is_current(&self, stored: &str) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        let parsed = PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
        parsed.is_some_and(|params| cost(&params) == cost(&self.params))
    }
}

fn hash(params: &Params, password: &str, salt: &[u8; 16]) -> Result<String, Refusal> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash: PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), salt).map_err(fault)?;
    Ok(hash.to_string())
}

fn fault(error: impl std::fmt::Display) -> Refusal {
    Refusal::Fault(format!("password hash: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededChance;

    fn hasher(memory_kib: u32) -> Hasher {
        let cost = Password { memory_kib, passes: 1, ..settings::Settings::default().password };
        Hasher::new(&cost, &SeededChance::new(1)).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobody_has_the_hash_of_nobody() {
        let hasher = hasher(64);
        let stored = hasher.hash("Morning-tea-7", [7; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(hasher.verify("Morning-tea-7", Some(&stored)).await.unwrap());
        assert!(!hasher.verify("Morning-tea-8", Some(&stored)).await.unwrap());
        assert!(!hasher.verify("Morning-tea-7", None).await.unwrap());
        assert!(!hasher.verify("Morning-tea-7", Some("not a hash")).await.unwrap());
    }

    #[tokio::test]
    async fn a_longer_password_is_never_cut_to_fit() {
        let hasher = hasher(64);
        let longest = "x".repeat(policy::MAX_LENGTH);
        let stored = hasher.hash(&longest, [7; 16]).await.unwrap();
        assert!(hasher.verify(&longest, Some(&stored)).await.unwrap());
        assert!(!hasher.verify(&format!("{longest}y"), Some(&stored)).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_still_fits_and_is_known_as_such() {
        let stored = hasher(64).hash("Morning-tea-7", [7; 16]).await.unwrap();
        let dearer = hasher(128);
        assert!(dearer.verify("Morning-tea-7", Some(&stored)).await.unwrap());
        assert!(hasher(64).is_current(&stored) && !dearer.is_current(&stored));
    }
}
