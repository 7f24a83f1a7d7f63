//! Codes that change with time (RFC 6238, over RFC 4226): HMAC-SHA-1, six digits, thirty seconds, as every authenticator
//! application makes them.

use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// Bytes of a secret: 160 bits, as RFC 4226 advises.
pub(crate) const SECRET_BYTES: usize = 20;
/// Seconds for which a code stands.
pub(crate) const STEP_SECONDS: i64 = 30;
/// Steps before and after the present one that are taken too: clocks differ.
const DRIFT: i64 = 1;
/// Digits of a code.
const DIGITS: u32 = 6;
/// The letters of RFC 4648 base 32.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The number of a moment's step.
pub(crate) fn step_of(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS)
}

/// The code of a step with some digits.
fn code_with(secret: &[u8], step: i64, digits: u32) -> Option<u32> {
    let mut digest = <Hmac<Sha1> as Mac>::new_from_slice(secret).ok()?;
    digest.update(&step.to_be_bytes());
    let digest = digest.finalize().into_bytes();
    let from = usize::from(digest.last()? & 0x0f);
    let four: [u8; 4] = digest.get(from..from + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(digits))
}

/// The step whose code was typed, among those that count now; `None` when it is none of them.
pub(crate) fn step_of_code(secret: &[u8], typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    if typed.len() != DIGITS as usize || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (typed, present) = (typed.parse::<u32>().ok()?, step_of(now));
    (present - DRIFT..=present + DRIFT).find(|step| code_with(secret, *step, DIGITS) == Some(typed))
}

/// A secret as people type it: base 32 without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(held >> bits));
        }
    }
    if bits > 0 {
        text.push(letter(held << (5 - bits)));
    }
    text
}

fn letter(five: u32) -> char {
    BASE32.get((five & 31) as usize).copied().map_or('A', char::from)
}

/// The address that an authenticator application reads from the square code.
pub(crate) fn address(login: &str, secret: &str) -> String {
    // Logins hold nothing that would need escaping: letters, digits, dots, dashes.
    format!(
        "otpauth://totp/Zhaoxi:{login}?secret={secret}&issuer=Zhaoxi&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
}

/// The code of a moment: for tests of those who sign in.
#[must_use]
pub fn code_at(secret: &str, now: DateTime<Utc>) -> Option<String> {
    let bytes = from_base32(secret)?;
    code_with(&bytes, step_of(now), DIGITS).map(|code| format!("{code:06}"))
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let five = BASE32.iter().position(|known| *known == letter.to_ascii_uppercase())?;
        held = (held << 5) | u32::try_from(five).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of the vectors of both RFCs.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_rfc_4226_come_out() {
        let expected = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        for (count, code) in expected.into_iter().enumerate() {
            assert_eq!(code_with(SECRET, count as i64, 6), Some(code));
        }
    }

    #[test]
    fn the_vectors_of_rfc_6238_come_out() {
        let expected = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, code) in expected {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(code_with(SECRET, step_of(now), 8), Some(code), "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_half_a_minute_early_and_late_and_no_longer() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let code = code_at(&base32(SECRET), at(1_200)).unwrap();
        for (now, counts) in [(1_169, false), (1_170, true), (1_200, true), (1_259, true), (1_260, false)] {
            assert_eq!(step_of_code(SECRET, &code, at(now)).is_some(), counts, "{now}");
        }
        assert_eq!(step_of_code(SECRET, &format!("{} {}", &code[..3], &code[3..]), at(1_200)), Some(40));
        for wrong in ["", "12345", "1234567", "abcdef", "-12345"] {
            assert_eq!(step_of_code(SECRET, wrong, at(1_200)), None, "{wrong}");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (plain, text) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), text);
            assert_eq!(from_base32(text).unwrap(), plain.as_bytes());
        }
    }
}
