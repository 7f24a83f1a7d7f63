//! Official numbers and their check digits: citizens' ID numbers (GB 11643-1999, ISO 7064 MOD 11-2)
//! and unified social credit codes (GB 32100-2015, MOD 31).

use chrono::NaiveDate;

const ID_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: &[u8; 11] = b"10X98765432";
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The check character of the first 17 digits of an ID number; `None` when they are not 17 digits.
#[must_use]
pub fn id_check(first17: &str) -> Option<char> {
    if first17.len() != 17 || !first17.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = first17.bytes().zip(ID_WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    ID_CHECKS.get((sum % 11) as usize).map(|byte| char::from(*byte))
}

/// What an ID number says of its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdNumber {
    /// The number, upper case.
    pub text: String,
    /// Day of birth.
    pub birth: NaiveDate,
    /// Whether the sequence number is odd: male.
    pub male: bool,
}

/// Reads an 18-character ID number.
///
/// # Errors
/// What is wrong with it, in words a clerk can act on.
pub fn parse_id_number(text: &str) -> Result<IdNumber, String> {
    let text = text.trim().to_ascii_uppercase();
    if text.len() != 18 || !text.is_ascii() {
        return Err("身份证号应为 18 位".to_owned());
    }
    let (first, last) = text.split_at(17);
    let Some(check) = id_check(first) else {
        return Err("身份证号前 17 位应全为数字".to_owned());
    };
    let birth = first.get(6..14).and_then(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok());
    let Some(birth) = birth else {
        return Err("身份证号第 7–14 位不是有效的出生日期".to_owned());
    };
    if !last.starts_with(check) {
        return Err("身份证号校验位不对，请核对是否有一位输错".to_owned());
    }
    let male = first.as_bytes().get(16).copied().is_some_and(|digit| (digit - b'0') % 2 == 1);
    Ok(IdNumber { text, birth, male })
}

/// The check character of the first 17 characters of a credit code; `None` when one is not allowed.
#[must_use]
pub fn credit_check(first17: &str) -> Option<char> {
    if first17.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in first17.bytes().zip(CREDIT_WEIGHTS) {
        sum += CREDIT_ALPHABET.iter().position(|allowed| *allowed == byte)? * weight;
    }
    // A remainder of 0 gives check value 0, not 31 (many implementations fail here).
    CREDIT_ALPHABET.get((31 - sum % 31) % 31).map(|byte| char::from(*byte))
}

/// Reads a unified social credit code.
///
/// # Errors
/// What is wrong with it, in words a clerk can act on.
pub fn parse_credit_code(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_uppercase();
    if text.len() != 18 || !text.is_ascii() {
        return Err("统一社会信用代码应为 18 位".to_owned());
    }
    let (first, last) = text.split_at(17);
    match credit_check(first) {
        None => Err("统一社会信用代码含有不允许的字符（不用 I、O、S、V、Z）".to_owned()),
        Some(check) if last.starts_with(check) => Ok(text),
        Some(_) => Err("统一社会信用代码校验位不对，请核对是否有一位输错".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_numbers() {
        // The example of GB 11643-1999, annex.
        let id = parse_id_number("11010519491231002x").unwrap();
        assert!(!id.male && id.birth == NaiveDate::from_ymd_opt(1949, 12, 31).unwrap());
        for wrong in ["", "110105194912310021", "11010519491331002X", "1101051949123100二X"] {
            assert!(parse_id_number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn credit_codes_including_check_value_zero() {
        for first in ["91350100M000100Y4", "9131011000000000X"] {
            let check = credit_check(first).unwrap();
            assert!(parse_credit_code(&format!("{first}{check}")).is_ok());
        }
        let zero = (0..1000).map(|n| format!("91310110{n:09}")).find(|first| credit_check(first) == Some('0')).unwrap();
        assert!(parse_credit_code(&format!("{zero}0")).is_ok());
        assert!(parse_credit_code("91350100M000100Y4I").is_err());
    }
}
