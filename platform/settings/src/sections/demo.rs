//! `[demo]`: whether this is one. What it shows is said by the options of `zhaoxi demo`.

use crate::reading::Reading;

/// Whether this is a demo.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Whether this server is a demo: its accounts are shown on the login page. `ZHAOXI_DEMO_ENABLED`, default `false`.
    pub enabled: bool,
}

impl Demo {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("demo");
        Self { enabled: section.value("enabled", false, "是否为演示：登录页会列出演示账号") }
    }
}
