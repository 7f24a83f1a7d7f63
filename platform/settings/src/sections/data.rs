//! `[data]`: where the files are kept.

use crate::reading::Reading;
use std::path::PathBuf;

/// Where the files are kept.
#[derive(Debug, Clone)]
pub struct Data {
    /// Folder of the database file, uploads and results. `ZHAOXI_DATA_DIR`, default `data`.
    pub dir: PathBuf,
    /// Folder of real boundaries and walking networks, if at hand. `ZHAOXI_DATA_GEODATA`, default ``.
    pub geodata: Option<PathBuf>,
    /// File of the keys of sensitive fields. `ZHAOXI_DATA_KEYS`, default ``.
    pub keys: Option<PathBuf>,
}

impl Data {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("data");
        Self {
            dir: section.value("dir", PathBuf::from("data"), "数据文件夹：数据库文件、上传和结果"),
            geodata: section.value("geodata", None, "真实边界和步行网络所在文件夹；不设则用合成的"),
            keys: section.value(
                "keys",
                None,
                "敏感字段的密钥文件；不设则在数据库文件旁边或数据文件夹里，名为 zhaoxi.keys",
            ),
        }
    }
}
