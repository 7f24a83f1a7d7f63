//! `[password]`: what a password must be, and what its hash costs.

use crate::reading::Reading;
use chrono::TimeDelta;

/// What a password must be, and what its hash (Argon2id) costs.
#[derive(Debug, Clone)]
pub struct Password {
    /// Least number of characters. `ZHAOXI_PASSWORD_MIN_LENGTH`, default `10`.
    pub min_length: u32,
    /// Days after which it must be changed; 0 is never. `ZHAOXI_PASSWORD_MAX_AGE_DAYS`, default `180`.
    pub max_age_days: u32,
    /// Memory of one hash, in KiB. `ZHAOXI_PASSWORD_MEMORY_KIB`, default `19456`.
    pub memory_kib: u32,
    /// Passes over that memory. `ZHAOXI_PASSWORD_PASSES`, default `2`.
    pub passes: u32,
    /// Lanes filled side by side. `ZHAOXI_PASSWORD_LANES`, default `1`.
    pub lanes: u32,
}

/// The least combinations of memory (KiB) and passes that the OWASP Password Storage Cheat Sheet names for Argon2id.
const ADVISED: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

impl Password {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("password");
        Self {
            min_length: section.number("min_length", 10, 8..=64, "密码至少几个字符"),
            max_age_days: section.number("max_age_days", 180, 0..=3_650, "密码用满几天须更换；0 为不限"),
            memory_kib: section.number("memory_kib", 19_456, 8..=4_194_304, "算一次密码散列用多少 KiB 内存"),
            passes: section.number("passes", 2, 1..=1_000, "密码散列扫过内存几遍"),
            lanes: section.number("lanes", 1, 1..=64, "密码散列并行几条线"),
        }
    }

    /// Age at which it must be changed, if there is one.
    #[must_use]
    pub fn max_age(&self) -> Option<TimeDelta> {
        (self.max_age_days > 0).then(|| TimeDelta::days(i64::from(self.max_age_days)))
    }

    /// Whether the hash costs at least one of the advised combinations.
    #[must_use]
    pub fn is_as_strong_as_advised(&self) -> bool {
        ADVISED.iter().any(|(memory, passes)| self.memory_kib >= *memory && self.passes >= *passes)
    }
}
