//! Regions: 12-digit statistical division codes, and the path that rights and roll-ups follow.
//!
//! Codes follow the National Bureau of Statistics' division codes (GB/T 10114 for towns and streets):
//! province 2, city 2, county 2, town 3, village 3 digits, padded with zeros to twelve. Containment is
//! read from the path, never from the digits: a development zone may lie under a county whose digits
//! it does not share.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A 12-digit division code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(String);

impl RegionCode {
    /// Reads a code; shorter official forms (6 or 9 digits) are padded with zeros.
    ///
    /// # Errors
    /// A sentence that says what a code looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !matches!(text.len(), 2 | 4 | 6 | 9 | 12) {
            return Err(format!("“{text}”不是区划代码：应为 12 位数字（可写 2、4、6、9 位的短码）"));
        }
        Ok(Self(format!("{text:0<12}")))
    }

    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RegionCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The chain of codes from the root of a place's tree down to a region, as `/code/code/…/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RegionPath(String);

impl RegionPath {
    /// The path of a root region.
    #[must_use]
    pub fn root(code: &RegionCode) -> Self {
        Self(format!("/{code}/"))
    }

    /// The path of a child of this region.
    #[must_use]
    pub fn child(&self, code: &RegionCode) -> Self {
        Self(format!("{}{code}/", self.0))
    }

    /// A path as it was stored.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The stored text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this region is `other` or lies inside it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The codes from the root down to the region itself.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The smallest text greater than every path inside this one, for range conditions that use an index.
    #[must_use]
    pub fn upper_bound(&self) -> String {
        // '0' is the character after '/': every inner path continues with a digit after the slash.
        format!("{}0", self.0.trim_end_matches('/'))
    }
}

impl fmt::Display for RegionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_codes_are_padded_and_nonsense_is_refused() {
        assert_eq!(RegionCode::parse("310110").unwrap().as_str(), "310110000000");
        for wrong in ["", "31011", "abcdefghijkl", "3101100000000", "３１０１１０"] {
            assert!(RegionCode::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn containment_follows_the_path() {
        let district = RegionPath::root(&RegionCode::parse("310110").unwrap());
        let street = district.child(&RegionCode::parse("310110008").unwrap());
        let other = RegionPath::root(&RegionCode::parse("310115").unwrap());
        assert!(street.is_within(&district) && district.is_within(&district));
        assert!(!district.is_within(&street) && !street.is_within(&other));
        assert!(*street.as_str() < *district.upper_bound());
        assert!(*other.as_str() > *district.upper_bound());
    }
}
