//! In which regions a register was written to, counted in the transaction of the writing: whoever keeps something
//! worked out from a register need only look again where the count has moved.

use std::collections::{BTreeSet, HashMap};
use storage::{Db, Result, Tx, Value, args};
use vocabulary::RegionPath;

/// Regions in one statement: three arguments each, far below what both databases take.
const AT_ONCE: usize = 1_000;

/// How often each region of each register was written to, by key of the register and path of the region.
pub type Touched = HashMap<(String, RegionPath), i64>;

/// Counts a writing in these regions. In their order, so that two writers of the same regions wait for each other once.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn touch(tx: &mut Tx, place: &str, register: &str, regions: &BTreeSet<RegionPath>) -> Result<()> {
    let regions: Vec<&RegionPath> = regions.iter().collect();
    for part in regions.chunks(AT_ONCE) {
        let rows: Vec<String> =
            (0..part.len()).map(|at| format!("(${}, ${}, ${}, 1)", at * 3 + 1, at * 3 + 2, at * 3 + 3)).collect();
        let values: Vec<Value> = part.iter().flat_map(|path| args![place, register, path.as_str()]).collect();
        let sql = format!(
            "INSERT INTO record_touched (place, register, region_path, times) VALUES {} \
             ON CONFLICT (place, register, region_path) DO UPDATE SET times = record_touched.times + 1",
            rows.join(", ")
        );
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

/// The counts of a place. A region that is not named was never written to.
///
/// # Errors
/// When the database refuses.
pub async fn touched(db: &Db, place: &str) -> Result<Touched> {
    let sql = "SELECT register, region_path, times FROM record_touched WHERE place = $1";
    let rows = db.all(sql, args![place]).await?;
    rows.iter().map(|row| Ok(((row.at(0)?, row.at(1)?), row.at(2)?))).collect()
}
