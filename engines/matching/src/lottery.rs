//! The recorded lottery: a number for each applicant that anyone can compute again from the seed and the id. It does not depend on
//! who else applied, so a late applicant or a correction changes nobody else's luck.

use sha2::{Digest, Sha256};

/// The number drawn: the first eight bytes of SHA-256 of `SEED:ID`, as sixteen hexadecimal digits would show them. The smaller
/// number comes first; two applicants with the same number stand in the order of their ids.
#[must_use]
pub fn number(seed: u64, id: &str) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_string().as_bytes());
    hash.update(b":");
    hash.update(id.as_bytes());
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn anyone_can_compute_it_again() {
        // printf '1:abc' | sha256sum
        assert_eq!(format!("{:016x}", number(1, "abc")), "fac4d75282e3de35");
        assert_ne!(number(1, "abc"), number(2, "abc"));
    }
}
