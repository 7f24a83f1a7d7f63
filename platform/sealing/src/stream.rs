//! Files sealed piece by piece, of any length in constant memory: backups.
//!
//! A head (method, how the key is made from the secret, salt), then pieces of one MiB, each sealed with AES-256-GCM under a
//! nonce of its place and of whether it is the last (the STREAM construction): a piece that is changed, moved, left out or
//! cut off is found. Every piece is bound to the head.

use crate::ring::{KEY_BYTES, NONCE_BYTES};
use crate::{Result, SealingError, chance};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::{Read, Write};

/// What a sealed file begins with.
const MAGIC: &[u8; 16] = b"zhaoxi sealed 1\n";
/// Bytes of the head: magic, kind, memory, passes, salt, nonce prefix.
const HEAD_BYTES: usize = 16 + 1 + 4 + 4 + SALT_BYTES + PREFIX_BYTES;
const SALT_BYTES: usize = 16;
/// Bytes of a nonce that are the same for the whole file; the others are the place and the end.
const PREFIX_BYTES: usize = NONCE_BYTES - 5;
/// Bytes of a piece.
const PIECE: usize = 1 << 20;
/// Bytes that sealing adds.
const TAG: usize = 16;
/// Cost of making a key from a passphrase: 64 MiB, three passes, well above the OWASP minimum. Paid once a backup.
const MEMORY_KIB: u32 = 65_536;
const PASSES: u32 = 3;
/// What a file may ask for at most: a made-up head shall not take all memory.
const MEMORY_KIB_MAX: u32 = 1_048_576;
const PASSES_MAX: u32 = 20;
/// The least a key file must hold.
const KEY_FILE_MIN: usize = 32;
/// The least letters of a passphrase.
const PASSPHRASE_MIN: usize = 12;

/// By what a file is sealed.
pub enum Secret {
    /// Words that somebody knows.
    Passphrase(String),
    /// What stands in a key file.
    KeyFile(Vec<u8>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase(…)",
            Self::KeyFile(_) => "KeyFile(…)",
        })
    }
}

impl Secret {
    const fn kind(&self) -> u8 {
        match self {
            Self::Passphrase(_) => 1,
            Self::KeyFile(_) => 2,
        }
    }

    fn check(&self) -> Result<()> {
        match self {
            Self::Passphrase(words) if words.chars().count() < PASSPHRASE_MIN => {
                Err(stream(format!("the passphrase is too short: at least {PASSPHRASE_MIN} letters")))
            }
            Self::KeyFile(bytes) if bytes.len() < KEY_FILE_MIN => Err(stream(format!(
                "the key file is too short: at least {KEY_FILE_MIN} bytes (openssl rand -hex 32 > backup.key)"
            ))),
            _ => Ok(()),
        }
    }

    fn key(&self, head: &Head) -> Result<[u8; KEY_BYTES]> {
        let mut key = [0_u8; KEY_BYTES];
        match self {
            Self::Passphrase(words) => {
                let params = Params::new(head.memory_kib, head.passes, 1, Some(KEY_BYTES));
                let params = params.map_err(|error| stream(error.to_string()))?;
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(words.as_bytes(), &head.salt, &mut key)
                    .map_err(|error| stream(error.to_string()))?;
            }
            Self::KeyFile(bytes) => {
                let mut digest =
                    <Hmac<Sha256> as Mac>::new_from_slice(&head.salt).map_err(|error| stream(error.to_string()))?;
                digest.update(b"zhaoxi backup");
                digest.update(bytes);
                key.copy_from_slice(&digest.finalize().into_bytes());
            }
        }
        Ok(key)
    }
}

fn stream(message: impl Into<String>) -> SealingError {
    SealingError::Stream(message.into())
}

struct Head {
    kind: u8,
    memory_kib: u32,
    passes: u32,
    salt: [u8; SALT_BYTES],
    prefix: [u8; PREFIX_BYTES],
}

impl Head {
    fn new(secret: &Secret) -> Result<Self> {
        let (mut salt, mut prefix) = ([0; SALT_BYTES], [0; PREFIX_BYTES]);
        chance(&mut salt)?;
        chance(&mut prefix)?;
        Ok(Self { kind: secret.kind(), memory_kib: MEMORY_KIB, passes: PASSES, salt, prefix })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.push(self.kind);
        bytes.extend_from_slice(&self.memory_kib.to_be_bytes());
        bytes.extend_from_slice(&self.passes.to_be_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.prefix);
        bytes
    }

    fn read(from: &mut impl Read) -> Result<Self> {
        let mut magic = [0_u8; 16];
        let cut = |_| stream("this is no sealed backup, or its beginning is cut off");
        from.read_exact(&mut magic).map_err(cut)?;
        if magic != *MAGIC {
            return Err(stream("this is no sealed backup of this program"));
        }
        let (mut kind, mut four) = ([0_u8; 1], [0_u8; 4]);
        let (mut salt, mut prefix) = ([0; SALT_BYTES], [0; PREFIX_BYTES]);
        from.read_exact(&mut kind).map_err(cut)?;
        from.read_exact(&mut four).map_err(cut)?;
        let memory_kib = u32::from_be_bytes(four);
        from.read_exact(&mut four).map_err(cut)?;
        let passes = u32::from_be_bytes(four);
        from.read_exact(&mut salt).map_err(cut)?;
        from.read_exact(&mut prefix).map_err(cut)?;
        if memory_kib > MEMORY_KIB_MAX || passes > PASSES_MAX {
            return Err(stream("the head of the backup was changed: it asks for more memory than any backup needs"));
        }
        let [kind] = kind;
        Ok(Self { kind, memory_kib, passes, salt, prefix })
    }

    fn nonce(&self, place: u32, last: bool) -> Nonce<<Aes256Gcm as aes_gcm::aead::AeadCore>::NonceSize> {
        let mut nonce = [0_u8; NONCE_BYTES];
        let (prefix, rest) = nonce.split_at_mut(PREFIX_BYTES);
        prefix.copy_from_slice(&self.prefix);
        let (counter, end) = rest.split_at_mut(4);
        counter.copy_from_slice(&place.to_be_bytes());
        end.fill(u8::from(last));
        Nonce::from(nonce)
    }
}

/// Whether a file begins like a sealed one.
#[must_use]
pub fn is_sealed_file(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC)
}

/// Reads a piece as far as there is one.
fn fill(from: &mut impl Read, piece: &mut Vec<u8>, most: usize) -> Result<()> {
    piece.clear();
    from.take(most as u64).read_to_end(piece)?;
    Ok(())
}

/// Seals everything that is read. Gives how many bytes were read.
///
/// # Errors
/// When the secret is too weak, or a side fails.
pub fn seal_file(secret: &Secret, from: &mut impl Read, into: &mut impl Write) -> Result<u64> {
    secret.check()?;
    let head = Head::new(secret)?;
    let bound = head.bytes();
    into.write_all(&bound)?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(secret.key(&head)?));
    let (mut piece, mut next) = (Vec::with_capacity(PIECE), Vec::with_capacity(PIECE));
    fill(from, &mut piece, PIECE)?;
    let (mut place, mut total) = (0_u32, 0_u64);
    loop {
        fill(from, &mut next, PIECE)?;
        let last = next.is_empty();
        let payload = Payload { msg: &piece, aad: &bound };
        let sealed = cipher.encrypt(&head.nonce(place, last), payload).map_err(|_| SealingError::Broken)?;
        into.write_all(&sealed)?;
        total += piece.len() as u64;
        if last {
            into.flush()?;
            return Ok(total);
        }
        place = place.checked_add(1).ok_or_else(|| stream("the database is too large for one backup"))?;
        std::mem::swap(&mut piece, &mut next);
    }
}

/// Opens what [`seal_file`] wrote. What was written before an error is right but not whole: throw it away.
///
/// # Errors
/// When the secret is another, or anything was changed, left out or cut off.
pub fn open_file(secret: &Secret, from: &mut impl Read, into: &mut impl Write) -> Result<u64> {
    let head = Head::read(from)?;
    if head.kind != secret.kind() {
        let wanted = if head.kind == 1 { "a passphrase" } else { "a key file" };
        return Err(stream(format!("this backup was sealed with {wanted}")));
    }
    let bound = head.bytes();
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(secret.key(&head)?));
    let (mut piece, mut next) = (Vec::with_capacity(PIECE + TAG), Vec::with_capacity(PIECE + TAG));
    fill(from, &mut piece, PIECE + TAG)?;
    let (mut place, mut total) = (0_u32, 0_u64);
    loop {
        fill(from, &mut next, PIECE + TAG)?;
        let last = next.is_empty();
        let payload = Payload { msg: &piece, aad: &bound };
        let plain = cipher.decrypt(&head.nonce(place, last), payload).map_err(|_| {
            stream(if place == 0 {
                "the backup does not open: the passphrase or key file is another one, or the backup was changed"
            } else {
                "the backup was changed or is cut off: nothing of it was used"
            })
        })?;
        into.write_all(&plain)?;
        total += plain.len() as u64;
        if last {
            into.flush()?;
            return Ok(total);
        }
        place = place.checked_add(1).ok_or(SealingError::Broken)?;
        std::mem::swap(&mut piece, &mut next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_file() -> Secret {
        Secret::KeyFile(vec![5; 64])
    }

    fn sealed(plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        assert_eq!(seal_file(&key_file(), &mut &plain[..], &mut out).unwrap(), plain.len() as u64);
        out
    }

    fn opened(sealed: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        open_file(&key_file(), &mut &sealed[..], &mut out).map(|_| out)
    }

    #[test]
    fn files_of_any_length_come_back_as_they_were() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 77] {
            let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            assert_eq!(opened(&sealed(&plain)).unwrap(), plain, "{length}");
        }
    }

    #[test]
    fn what_is_changed_cut_left_out_or_put_in_is_found() {
        let plain = vec![1_u8; 2 * PIECE + 100];
        let whole = sealed(&plain);
        assert!(is_sealed_file(&whole) && !is_sealed_file(b"SQLite format 3"));
        for at in [0, 16, 20, 30, 45, HEAD_BYTES, HEAD_BYTES + PIECE + TAG + 9, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(opened(&changed).is_err(), "byte {at}");
        }
        let ends = [HEAD_BYTES, HEAD_BYTES + PIECE + TAG, HEAD_BYTES + 2 * (PIECE + TAG), whole.len() - 1];
        for end in ends {
            assert!(opened(&whole[..end]).is_err(), "cut at {end}");
        }
        let (first, second) = (HEAD_BYTES, HEAD_BYTES + PIECE + TAG);
        let without_first = [&whole[..first], &whole[second..]].concat();
        let twice = [&whole[..second], &whole[first..]].concat();
        assert!(opened(&without_first).is_err() && opened(&twice).is_err());
        assert!(opened(&[&whole[..], b"x"].concat()).is_err());
    }

    #[test]
    fn a_passphrase_opens_and_another_does_not() {
        let words = |text: &str| Secret::Passphrase(text.to_owned());
        let mut out = Vec::new();
        seal_file(&words("twelve letters"), &mut &b"text"[..], &mut out).unwrap();
        let mut plain = Vec::new();
        open_file(&words("twelve letters"), &mut &out[..], &mut plain).unwrap();
        assert_eq!(plain, b"text");
        let wrong = open_file(&words("twelve lettres"), &mut &out[..], &mut Vec::new()).unwrap_err();
        assert!(wrong.to_string().contains("passphrase"), "{wrong}");
        let other = open_file(&key_file(), &mut &out[..], &mut Vec::new()).unwrap_err();
        assert!(other.to_string().contains("sealed with a passphrase"), "{other}");
        assert!(seal_file(&words("short"), &mut &b""[..], &mut Vec::new()).is_err());
        assert!(seal_file(&Secret::KeyFile(vec![0; 8]), &mut &b""[..], &mut Vec::new()).is_err());
    }
}
