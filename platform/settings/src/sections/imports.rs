//! `[imports]`: how much one import may bring.

use crate::reading::Reading;

/// How much one import may bring.
#[derive(Debug, Clone)]
pub struct Imports {
    /// Largest file, in MB (million bytes). `ZHAOXI_IMPORTS_MAX_FILE_MB`, default `64`.
    pub max_file_mb: u32,
    /// Most rows in a file. `ZHAOXI_IMPORTS_MAX_ROWS`, default `200000`.
    pub max_rows: u32,
}

impl Imports {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("imports");
        Self {
            max_file_mb: section.number("max_file_mb", 64, 1..=4_096, "导入文件最大多少 MB"),
            max_rows: section.number("max_rows", 200_000, 1..=10_000_000, "一个文件最多多少行"),
        }
    }

    /// Largest file, in bytes.
    #[must_use]
    pub fn max_file_bytes(&self) -> u64 {
        u64::from(self.max_file_mb) * 1_000_000
    }
}
