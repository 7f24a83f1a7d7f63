//! Registers: described once, everything else follows. One mechanism over two storages: a table of its own
//! for a heavy register, rows of JSON in a shared table for one that a pack declares.

pub mod actions;
pub mod api;
mod asked;
mod batch;
mod beside;
mod columns;
mod commands;
mod consent;
mod coordinates;
mod ddl;
mod decide;
mod erase;
mod files;
mod history;
mod import;
pub mod masking;
pub mod pages;
mod query;
mod reads;
mod record;
mod registry;
mod related;
mod sheets;
mod show;
mod store;
mod value;
mod views;

pub use api::openapi;
pub use batch::{BATCH_MAX, Batch, BatchDraft, BatchFate, BatchRow, BatchState, Selection, can_batch};
pub use beside::{BESIDE_MAX, Belonging, Beside};
pub use columns::{Columns, ColumnsQuery, columns, columns_in_parts};
pub use commands::{Created, Failure, Filled, Intent, Merging, Parted, Records, Revealed, Stale, Transfer};
pub use consent::{Basis, Given, Looking, Purpose, Standing};
pub use coordinates::{Crs, Point};
pub use ddl::{index_ddl, missing_columns, sealed_ddl, table_ddl};
pub use decide::{Draft, Spelling};
pub use erase::{
    Asked, DueRule, ERASURE_MAX, Elsewhere, Ending, Erased, Erasure, ErasureState, Held, HeldElsewhere, HeldFile,
    HeldTable, PersonalCopy, REMOVED, Retention, Target, Unfinished,
};
pub use files::{FILES_MAX, RecordFile, SentFile, Taken};
pub use history::{get_as_of, history};
pub use import::{
    Counts, Decision, Import, ImportRow, Preview, Stage, Stated, Verdict, get_import, list_imports, unnumbered_ddl,
};
pub use query::{COUNT_CAP, Count, Cursor, Filter, MAX_LIMIT, Page, Query, Sort, Test};
pub use reads::{by_ids, count, get, list, stream};
pub use record::{Located, Record, Regions, State, Version};
pub use registry::{COMMON_COLUMNS, Kept, REGION_LABEL, Registry, check_register};
pub use related::{Referring, Related};
pub use sheets::{Format, Made, template_csv, template_xlsx};
pub use show::{Names, cell, shown, typed};
pub use store::bulk::{Bulk, BulkDone, BulkNote};
pub use store::merges::Merge;
pub use store::reseal::{Resealed, reseal};
pub use store::sealed::{is_sealed, seals};
pub use store::touched::{Touched, touched};
pub use value::{Body, Stored, stored_as};
pub use views::SavedView;

use storage::Migration;

/// Every route of registers, pages and API.
#[must_use]
pub fn routes(records: &Records) -> Vec<web::Route> {
    let mut routes = pages::routes(records);
    routes.extend(api::routes(records));
    routes
}

/// Call after a large load with [`Bulk`]: PostgreSQL then plans well at once. SQLite needs nothing.
///
/// # Errors
/// When the database refuses.
pub async fn after_load(db: &storage::Db, register: &vocabulary::Register) -> storage::Result<()> {
    store::keys::look_at(db, register).await
}

/// Tables of this room. Heavy registers bring their own, see [`table_ddl`].
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "records.001_record", sql: include_str!("../migrations/001_record.sql") },
    Migration { name: "records.002_import", sql: include_str!("../migrations/002_import.sql") },
    Migration { name: "records.003_touched", sql: include_str!("../migrations/003_touched.sql") },
    Migration { name: "records.004_view", sql: include_str!("../migrations/004_view.sql") },
    Migration { name: "records.005_batch", sql: include_str!("../migrations/005_batch.sql") },
    Migration { name: "records.006_import", sql: include_str!("../migrations/006_import.sql") },
    Migration { name: "records.010_merge", sql: include_str!("../migrations/010_merge.sql") },
    Migration { name: "records.011_erasure", sql: include_str!("../migrations/011_erasure.sql") },
    Migration { name: "records.012_reference", sql: include_str!("../migrations/012_reference.sql") },
    Migration { name: "records.013_values", sql: include_str!("../migrations/013_values.sql") },
    Migration { name: "records.013_file", sql: include_str!("../migrations/013_file.sql") },
];
