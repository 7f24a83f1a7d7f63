//! What can be asked of a register: filters by kind of field, search, order, pages.

use crate::record::Record;
use vocabulary::RegionPath;

/// One test of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Has this value.
    Equals(String),
    /// Has one of these values.
    OneOf(Vec<String>),
    /// Contains this text, whatever the case.
    Contains(String),
    /// Is this or more, this or later.
    From(String),
    /// Is this or less, this or earlier.
    To(String),
    /// Has no value (`true`) or has one (`false`).
    Missing(bool),
}

/// A test and the field it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Field key.
    pub field: String,
    /// The test.
    pub test: Test,
}

impl Filter {
    /// A filter of a field.
    #[must_use]
    pub fn new(field: &str, test: Test) -> Self {
        Self { field: field.to_owned(), test }
    }
}

/// The order of a list. Missing values come last either way; equal values follow the id, in the same direction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sort {
    /// By region, as the tree is ordered by code. The fast one.
    #[default]
    Region,
    /// By a field, rising.
    Up(String),
    /// By a field, falling.
    Down(String),
}

/// Where a page begins or ends: at this row of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The row's value in the order; `None` when it is missing.
    pub value: Option<String>,
    /// The row's id.
    pub id: String,
}

impl Cursor {
    /// As it stands in an address.
    #[must_use]
    pub fn encode(&self) -> String {
        let value = self.value.as_deref().map_or_else(|| "-".to_owned(), |value| hex::encode(value.as_bytes()));
        format!("{}.{value}", self.id)
    }

    /// Reads what [`Cursor::encode`] wrote; `None` for anything else.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let (id, value) = text.split_once('.')?;
        let id = uuid::Uuid::parse_str(id).ok()?.to_string();
        let value = match value {
            "-" => None,
            digits => Some(String::from_utf8(hex::decode(digits).ok()?).ok()?),
        };
        // No value that is sorted by holds one, and PostgreSQL would refuse a NUL.
        if value.as_deref().is_some_and(|value| value.contains(char::is_control)) {
            return None;
        }
        Some(Self { value, id })
    }
}

/// The most rows a page may have.
pub const MAX_LIMIT: u32 = 500;
/// Counting stops here: "more than 10,000" is enough for a person.
pub const COUNT_CAP: u64 = 10_000;
/// And here where a long list is filtered by fields that have no index.
pub const COUNT_CAP_UNINDEXED: u64 = 1_000;

/// A question about one register.
#[derive(Debug, Clone)]
pub struct Query {
    /// Nothing outside this region is seen.
    pub scope: RegionPath,
    /// Tests that all must hold.
    pub filters: Vec<Filter>,
    /// Text that one of the register's search fields must contain.
    pub search: Option<String>,
    /// The order.
    pub sort: Sort,
    /// The row after which the page begins.
    pub after: Option<Cursor>,
    /// The row before which the page ends; counts only without [`Query::after`].
    pub before: Option<Cursor>,
    /// Rows in a page, at most [`MAX_LIMIT`].
    pub limit: u32,
    /// Whether to count all rows, up to [`COUNT_CAP`].
    pub count: bool,
    /// Whether removed records are shown too.
    pub removed: bool,
    /// Keys of the fields that are wanted; `None` for all.
    pub fields: Option<Vec<String>>,
}

impl Query {
    /// Everything in use inside a region, fifty rows a page, not counted.
    #[must_use]
    pub fn within(scope: &RegionPath) -> Self {
        Self {
            scope: scope.clone(),
            filters: Vec::new(),
            search: None,
            sort: Sort::Region,
            after: None,
            before: None,
            limit: 50,
            count: false,
            removed: false,
            fields: None,
        }
    }

    /// Whether the page is read from its end: it is asked for by the row before which it ends.
    pub(crate) const fn backwards(&self) -> bool {
        self.after.is_none() && self.before.is_some()
    }

    /// The same question with one more filter.
    #[must_use]
    pub fn filter(mut self, field: &str, test: Test) -> Self {
        self.filters.push(Filter::new(field, test));
        self
    }
}

/// How many rows there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(u64),
    /// More than so many.
    MoreThan(u64),
}

impl Count {
    /// The words on screens: `37`, `10000 以上`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Exactly(rows) => rows.to_string(),
            Self::MoreThan(rows) => format!("{rows} 以上"),
        }
    }

    /// The words on screens with what is counted: `37 条`, `10000 条以上`.
    #[must_use]
    pub fn of(self, unit: &str) -> String {
        match self {
            Self::Exactly(rows) => format!("{rows} {unit}"),
            Self::MoreThan(rows) => format!("{rows} {unit}以上"),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Record>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
    /// Before which row the page before this one ends; `None` on the first one.
    pub previous: Option<Cursor>,
    /// How many rows all pages have, when asked for.
    pub count: Option<Count>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_was_broken_off_says_at_least() {
        assert_eq!(Count::Exactly(37).of("条"), "37 条");
        assert_eq!(Count::MoreThan(10_000).of("条"), "10000 条以上");
        assert_eq!(Count::MoreThan(10_000).words(), "10000 以上");
    }

    #[test]
    fn cursors_survive_an_address_and_nonsense_is_refused() {
        for value in [None, Some(String::new()), Some("五角场 100%.-".to_owned())] {
            let cursor = Cursor { value, id: "019a0000-0000-7000-8000-000000000001".to_owned() };
            assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }
        for wrong in [
            "",
            ".",
            "x.-",
            "019a0000-0000-7000-8000-000000000001",
            "019a0000-0000-7000-8000-000000000001.zz",
            "019a0000-0000-7000-8000-000000000001.00",
        ] {
            assert_eq!(Cursor::decode(wrong), None, "{wrong}");
        }
    }
}
