//! Telling "not now" from "never": a database that is away or has no room is no fault of the program, and passes.

use crate::StorageError;
use sqlx::Error;

/// Why a database cannot be used at the moment, whatever was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// It does not answer, is starting or stopping, or all connections are taken.
    Away,
    /// It answers and cannot write: its disk is full or does not take what is written.
    Unwritable,
}

/// SQLSTATE of PostgreSQL: shut down by an administrator, crashed, starting, too many connections.
const AWAY: [&str; 4] = ["57P01", "57P02", "57P03", "53300"];
/// SQLSTATE class of lost connections.
const CONNECTION_CLASS: &str = "08";
/// SQLSTATE of PostgreSQL: disk full, an error of reading or writing files, a read-only server.
const UNWRITABLE: [&str; 3] = ["53100", "58030", "25006"];
/// Primary result codes of SQLite: busy.
const LITE_AWAY: [u32; 1] = [5];
/// Primary result codes of SQLite: read-only, input or output error, full, cannot open.
const LITE_UNWRITABLE: [u32; 4] = [8, 10, 13, 14];
/// The part of SQLite's result codes that is the primary one.
const LITE_PRIMARY: u32 = 0xFF;

impl StorageError {
    /// Whether this is an outage, which passes, and of which kind.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        match self {
            Self::Database(
                Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed,
            ) => Some(Outage::Away),
            Self::Disk(_) => Some(Outage::Unwritable),
            Self::Database(Error::Database(error)) => error.code().and_then(|code| of_code(&code)),
            _ => None,
        }
    }
}

/// SQLSTATE has five characters; SQLite's codes are numbers of at most four digits.
fn of_code(code: &str) -> Option<Outage> {
    if code.len() == 5 {
        let away = AWAY.contains(&code) || code.starts_with(CONNECTION_CLASS);
        let unwritable = UNWRITABLE.contains(&code);
        return if away { Some(Outage::Away) } else { unwritable.then_some(Outage::Unwritable) };
    }
    let primary = code.parse::<u32>().ok()? & LITE_PRIMARY;
    if LITE_AWAY.contains(&primary) {
        Some(Outage::Away)
    } else {
        LITE_UNWRITABLE.contains(&primary).then_some(Outage::Unwritable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for (code, expected) in [
            ("57P01", Some(Outage::Away)),
            ("08006", Some(Outage::Away)),
            ("53100", Some(Outage::Unwritable)),
            ("23505", None),
            ("22021", None),
            ("13", Some(Outage::Unwritable)),
            ("778", Some(Outage::Unwritable)),
            ("5", Some(Outage::Away)),
            ("517", Some(Outage::Away)),
            ("2067", None),
            ("19", None),
        ] {
            assert_eq!(of_code(code), expected, "{code}");
        }
    }

    #[test]
    fn a_missing_row_is_no_outage() {
        assert_eq!(StorageError::NotFound.outage(), None);
        assert_eq!(StorageError::Database(Error::PoolTimedOut).outage(), Some(Outage::Away));
    }
}
