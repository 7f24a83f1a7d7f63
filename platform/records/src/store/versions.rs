//! Reading what was: the versions of a record, and the one that held on a day as known at a moment.

use crate::record::Version;
use crate::store::source::Source;
use storage::{Result, Row};

/// The columns of [`version`].
pub(crate) const COLUMNS: &str = "district, id, region, region_path, version, valid_from, known_from, origin, state, \
     updated_by, body, known_to, reason";

/// Reads a row of [`COLUMNS`].
///
/// # Errors
/// When a column holds something else than described.
pub(crate) fn version(source: Source<'_>, row: &Row) -> Result<Version> {
    let record = source.document(row, 10)?;
    Ok(Version { record, known_to: Some(row.at(11)?), reason: row.at(12)? })
}
