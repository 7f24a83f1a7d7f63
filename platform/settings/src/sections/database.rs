//! `[database]`: where the rows are kept.

use crate::kinds::DatabaseAddress;
use crate::reading::Reading;

/// Where the rows are kept.
#[derive(Clone)]
pub struct Database {
    /// `postgres://…` or a SQLite file. `ZHAOXI_DATABASE_ADDRESS`, default ``: `zhaoxi.db` in the data folder.
    pub address: Option<String>,
}

impl Database {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let meaning = "postgres://用户@主机/库 或 SQLite 文件；不设则用数据文件夹里的 zhaoxi.db";
        let address = reading.section("database").value("address", None::<DatabaseAddress>, meaning);
        Self { address: address.map(|address| address.0) }
    }
}

// The address may hold a password, which must not reach a log by way of `{:?}`.
impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = self.address.as_deref().map(crate::kinds::without_password);
        f.debug_struct("Database").field("address", &address).finish()
    }
}
