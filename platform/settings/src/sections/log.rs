//! `[log]`: what is logged, and how.

use crate::LogFormat;
use crate::kinds::LogFilter;
use crate::reading::Reading;

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct Log {
    /// Least level, also by part: `info,sqlx=warn`. `ZHAOXI_LOG_LEVEL`, default `info`.
    pub level: String,
    /// For people or for machines. `ZHAOXI_LOG_FORMAT`, default `text`.
    pub format: LogFormat,
}

impl Log {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("log");
        Self {
            level: section.value("level", LogFilter("info".to_owned()), "日志级别，可分部分，如 info,sqlx=warn").0,
            format: section.value("format", LogFormat::Text, "日志格式：text 或 json"),
        }
    }
}
