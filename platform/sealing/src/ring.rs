//! The keys themselves, and what they do.

use crate::{Result, SealingError, chance};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as TEXT;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;
/// Bytes of a nonce of AES-GCM.
pub(crate) const NONCE_BYTES: usize = 12;
/// What a sealed value begins with: the method. Another method would take another number.
const METHOD: &str = "1";
/// What sealed bytes begin with: no PDF, picture or packed file does. The number of the key follows, four bytes.
const BYTES_METHOD: &[u8] = b"\0zx1";
/// What a blind index begins with: no value that people type does.
pub(crate) const BLIND: char = '~';
/// Bytes kept of a digest: two values of a place meet by accident once in 2^64 tries.
const BLIND_BYTES: usize = 16;

/// Keys by number, the one that seals, and the key of the blind index.
pub(crate) struct Ring {
    /// Number of the key that seals.
    pub active: u32,
    data: BTreeMap<u32, Aes256Gcm>,
    index: Hmac<Sha256>,
    /// By which a key is recognised without being told.
    pub checks: BTreeMap<u32, String>,
}

impl Ring {
    /// Keys as they stand in a key file.
    pub fn new(active: u32, data: &BTreeMap<u32, [u8; KEY_BYTES]>, index: &[u8; KEY_BYTES]) -> Result<Self> {
        let keyed = |key: &[u8]| <Hmac<Sha256> as Mac>::new_from_slice(key).map_err(|_| SealingError::Broken);
        let mut checks = BTreeMap::new();
        for (number, key) in data {
            let mut digest = keyed(key)?;
            digest.update(b"zhaoxi key check");
            // The index is checked with every key: a file with another one would find nothing again.
            digest.update(index);
            checks.insert(*number, hex::encode(digest.finalize().into_bytes().get(..16).unwrap_or_default()));
        }
        let data: BTreeMap<u32, Aes256Gcm> =
            data.iter().map(|(number, key)| (*number, Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key)))).collect();
        if !data.contains_key(&active) {
            return Err(SealingError::UnknownKey(active));
        }
        Ok(Self { active, data, index: keyed(index)?, checks })
    }

    /// Whether a key is held.
    pub fn holds(&self, number: u32) -> bool {
        self.data.contains_key(&number)
    }

    /// Nonce, ciphertext and tag under the key that seals.
    fn encrypt(&self, belongs_to: &str, plain: &[u8], before: Vec<u8>) -> Result<Vec<u8>> {
        let cipher = self.data.get(&self.active).ok_or(SealingError::UnknownKey(self.active))?;
        let mut nonce = [0_u8; NONCE_BYTES];
        chance(&mut nonce)?;
        let payload = Payload { msg: plain, aad: belongs_to.as_bytes() };
        let sealed = cipher.encrypt(&Nonce::from(nonce), payload).map_err(|_| SealingError::Broken)?;
        let mut bytes = before;
        bytes.reserve_exact(NONCE_BYTES + sealed.len());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    fn decrypt(&self, number: u32, belongs_to: &str, bytes: &[u8]) -> Result<Vec<u8>> {
        let cipher = self.data.get(&number).ok_or(SealingError::UnknownKey(number))?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_BYTES).ok_or(SealingError::Broken)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealingError::Broken)?;
        let payload = Payload { msg: rest, aad: belongs_to.as_bytes() };
        cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| SealingError::Broken)
    }

    /// Seals a text that belongs to something; it opens only for the same.
    pub fn seal(&self, belongs_to: &str, plain: &str) -> Result<String> {
        let bytes = self.encrypt(belongs_to, plain.as_bytes(), Vec::new())?;
        let mut text = format!("{METHOD}.{}.", self.active);
        TEXT.encode_string(&bytes, &mut text);
        Ok(text)
    }

    /// Seals a file's content that belongs to something.
    pub fn seal_bytes(&self, belongs_to: &str, plain: &[u8]) -> Result<Vec<u8>> {
        self.encrypt(belongs_to, plain, [BYTES_METHOD, &self.active.to_be_bytes()].concat())
    }

    /// Opens what [`Ring::seal_bytes`] made.
    pub fn open_bytes(&self, belongs_to: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let (number, bytes) = byte_parts(sealed).ok_or(SealingError::Broken)?;
        self.decrypt(number, belongs_to, bytes)
    }

    /// Opens what [`Ring::seal`] made.
    pub fn open(&self, belongs_to: &str, sealed: &str) -> Result<String> {
        let (number, text) = parts(sealed).ok_or(SealingError::Broken)?;
        if !self.holds(number) {
            return Err(SealingError::UnknownKey(number));
        }
        let bytes = TEXT.decode(text).map_err(|_| SealingError::Broken)?;
        let plain = self.decrypt(number, belongs_to, &bytes)?;
        String::from_utf8(plain).map_err(|_| SealingError::Broken)
    }

    /// The blind index of a value of some kind: the same for the same value, and of no use without the key.
    pub fn blind(&self, kind: &str, value: &str) -> String {
        let mut digest = self.index.clone();
        digest.update(kind.as_bytes());
        digest.update(&[0]);
        digest.update(value.as_bytes());
        let digest = digest.finalize().into_bytes();
        let mut text = String::from(BLIND);
        TEXT.encode_string(digest.get(..BLIND_BYTES).unwrap_or_default(), &mut text);
        text
    }
}

/// The key's number and the text of a sealed value.
pub(crate) fn parts(sealed: &str) -> Option<(u32, &str)> {
    let (number, text) = sealed.strip_prefix(METHOD)?.strip_prefix('.')?.split_once('.')?;
    Some((number.parse().ok()?, text))
}

/// The key's number and the rest of sealed bytes.
pub(crate) fn byte_parts(sealed: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = sealed.strip_prefix(BYTES_METHOD)?.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(active: u32, keys: &[(u32, u8)]) -> Ring {
        let data = keys.iter().map(|(number, byte)| (*number, [*byte; KEY_BYTES])).collect();
        Ring::new(active, &data, &[9; KEY_BYTES]).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_record_and_no_other() {
        let ring = ring(1, &[(1, 7)]);
        let sealed = ring.seal("person/1", "990110194001011234").unwrap();
        assert!(sealed.starts_with("1.1.") && !sealed.contains("9901"));
        assert_eq!(ring.open("person/1", &sealed).unwrap(), "990110194001011234");
        assert!(matches!(ring.open("person/2", &sealed), Err(SealingError::Broken)));
        assert_ne!(sealed, ring.seal("person/1", "990110194001011234").unwrap(), "never the same twice");
    }

    #[test]
    fn every_changed_sign_is_found() {
        let ring = ring(1, &[(1, 7)]);
        let sealed = ring.seal("a", "13800001111").unwrap();
        let letters: Vec<char> = sealed.chars().collect();
        for place in 0..letters.len() {
            let mut wrong = letters.clone();
            wrong[place] = if wrong[place] == 'A' { 'B' } else { 'A' };
            assert!(ring.open("a", &wrong.into_iter().collect::<String>()).is_err(), "sign {place}");
        }
        for cut in 0..sealed.len() {
            assert!(ring.open("a", &sealed[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn an_old_key_still_opens_and_a_strange_one_is_named() {
        let sealed = ring(1, &[(1, 7)]).seal("a", "x").unwrap();
        let newer = ring(2, &[(1, 7), (2, 8)]);
        assert_eq!(newer.open("a", &sealed).unwrap(), "x");
        assert!(newer.seal("a", "x").unwrap().starts_with("1.2."));
        assert!(matches!(ring(2, &[(2, 8)]).open("a", &sealed), Err(SealingError::UnknownKey(1))));
    }

    #[test]
    fn sealed_bytes_open_for_the_same_file_and_no_other() {
        let ring = ring(1, &[(1, 7)]);
        let sealed = ring.seal_bytes("file/1", b"%PDF-1.7").unwrap();
        assert_eq!(byte_parts(&sealed).map(|(number, _)| number), Some(1));
        assert!(!sealed.windows(4).any(|part| part == b"%PDF"));
        assert_eq!(ring.open_bytes("file/1", &sealed).unwrap(), b"%PDF-1.7");
        assert!(ring.open_bytes("file/2", &sealed).is_err());
        for place in 0..sealed.len() {
            let mut wrong = sealed.clone();
            wrong[place] ^= 1;
            assert!(ring.open_bytes("file/1", &wrong).is_err(), "byte {place}");
            assert!(ring.open_bytes("file/1", &sealed[..place]).is_err(), "cut at {place}");
        }
        assert_eq!(byte_parts(b"%PDF-1.7"), None, "not sealed");
    }

    #[test]
    fn the_blind_index_is_the_same_for_the_same_value_of_a_kind() {
        let ring = ring(1, &[(1, 7)]);
        assert_eq!(ring.blind("phone", "13800001111"), ring.blind("phone", "13800001111"));
        assert_ne!(ring.blind("phone", "13800001111"), ring.blind("phone", "13800001112"));
        assert_ne!(ring.blind("phone", "1"), ring.blind("id_number", "1"));
        assert!(ring.blind("phone", "1").starts_with(BLIND));
    }
}
