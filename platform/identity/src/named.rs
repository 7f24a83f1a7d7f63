//! Who stands behind a login, for pages that say who did something.

use std::collections::{BTreeSet, HashMap};
use storage::{Db, Result, Value, args};
use vocabulary::RegionPath;

/// Logins asked for in one statement.
const LOGINS_PER_STATEMENT: usize = 200;

/// What is shown of an account beside what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Name on screens.
    pub name: String,
    /// Key of the department in the place's pack.
    pub department: Option<String>,
    /// Where it works.
    pub region: RegionPath,
}

/// Name and department of logins of a place; logins that have no account there are left out. For what the reader was already
/// allowed to see: it says nothing but who did it.
///
/// # Errors
/// When the database refuses.
pub async fn named(db: &Db, place: &str, logins: &BTreeSet<String>) -> Result<HashMap<String, Named>> {
    let mut found = HashMap::new();
    let logins: Vec<&str> = logins.iter().map(String::as_str).collect();
    for part in logins.chunks(LOGINS_PER_STATEMENT) {
        let marks: Vec<String> = (0..part.len()).map(|at| format!("${}", at + 2)).collect();
        let sql = format!(
            "SELECT login, name, department, region_path FROM identity_account WHERE place = $1 AND login IN ({})",
            marks.join(", ")
        );
        let mut values: Vec<Value> = args![place];
        for login in part {
            values.extend(args![*login]);
        }
        for row in db.all(&sql, values).await? {
            let named =
                Named { name: row.get("name")?, department: row.get("department")?, region: row.get("region_path")? };
            found.insert(row.get("login")?, named);
        }
    }
    Ok(found)
}
