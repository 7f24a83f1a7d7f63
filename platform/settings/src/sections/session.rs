//! `[session]`: how long a login lasts, and when an account is locked.

use crate::kinds::SecondFactor;
use crate::reading::Reading;
use chrono::TimeDelta;

/// How long a login lasts, and when an account is locked.
#[derive(Debug, Clone)]
pub struct Session {
    /// Minutes without a request after which a login ends. `ZHAOXI_SESSION_IDLE_MINUTES`, default `30`.
    pub idle_minutes: u32,
    /// Hours after which a login ends in any case. `ZHAOXI_SESSION_LIFETIME_HOURS`, default `12`.
    pub lifetime_hours: u32,
    /// Logins an account may have at once; the oldest gives way. `ZHAOXI_SESSION_PER_ACCOUNT`, default `5`.
    pub per_account: u32,
    /// Wrong passwords in a row that lock an account. `ZHAOXI_SESSION_LOCK_AFTER`, default `5`.
    pub lock_after: u32,
    /// Minutes for which it stays locked. `ZHAOXI_SESSION_LOCK_MINUTES`, default `15`.
    pub lock_minutes: u32,
    /// Who must sign in with a second factor. `ZHAOXI_SESSION_SECOND_FACTOR`, default `administrators`.
    pub second_factor: SecondFactor,
}

impl Session {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("session");
        Self {
            idle_minutes: section.number("idle_minutes", 30, 1..=1_440, "多少分钟没有操作就退出"),
            lifetime_hours: section.number("lifetime_hours", 12, 1..=720, "登录最长几小时"),
            per_account: section.number("per_account", 5, 1..=1_000, "一个账号同时可有几处登录，再多则最早的退出"),
            lock_after: section.number("lock_after", 5, 1..=100, "连续几次密码错误就锁定账号"),
            lock_minutes: section.number("lock_minutes", 15, 1..=10_080, "锁定几分钟"),
            second_factor: section.value(
                "second_factor",
                SecondFactor::Administrators,
                "谁必须用两步登录：off 不要求，administrators 三类管理员，everyone 所有人；演示为 off",
            ),
        }
    }

    /// Time without a request after which a login ends.
    #[must_use]
    pub fn idle(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.idle_minutes))
    }

    /// Time after which a login ends in any case.
    #[must_use]
    pub fn lifetime(&self) -> TimeDelta {
        TimeDelta::hours(i64::from(self.lifetime_hours))
    }

    /// Time for which an account stays locked.
    #[must_use]
    pub fn lock(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.lock_minutes))
    }
}
