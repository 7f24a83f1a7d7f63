//! Parts of lists: column heads that sort, and pages.

use crate::query::Query;

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortState {
    /// Not by this column.
    Unsorted,
    /// Small to large.
    Up,
    /// Large to small.
    Down,
}

impl SortState {
    /// The value of `aria-sort`.
    #[must_use]
    pub const fn aria(self) -> &'static str {
        match self {
            Self::Unsorted => "none",
            Self::Up => "ascending",
            Self::Down => "descending",
        }
    }

    /// The icon beside the label.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Unsorted => "chevrons-up-down",
            Self::Up => "chevron-up",
            Self::Down => "chevron-down",
        }
    }
}

/// One column's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The key it is sorted by.
    pub key: String,
    /// The label.
    pub label: String,
    /// `r` for numbers, else "".
    pub class: &'static str,
    /// Where its sort link leads, and how it is sorted now; `None` for a column that does not sort.
    pub sort: Option<(String, SortState)>,
}

/// The heads of a list's columns; sorting is in the query as `sort=key` or `sort=-key`.
#[derive(Debug, Clone)]
pub struct Columns<'a> {
    query: &'a Query,
    list: Vec<Column>,
}

impl<'a> Columns<'a> {
    /// Heads for a list with this query.
    #[must_use]
    pub const fn new(query: &'a Query) -> Self {
        Self { query, list: Vec::new() }
    }

    /// A column that does not sort.
    #[must_use]
    pub fn plain(mut self, label: impl Into<String>, class: &'static str) -> Self {
        self.list.push(Column { key: String::new(), label: label.into(), class, sort: None });
        self
    }

    /// A column that sorts by a key.
    #[must_use]
    pub fn sorted(mut self, key: &str, label: impl Into<String>, class: &'static str) -> Self {
        let down = format!("-{key}");
        let asked = self.query.text("sort");
        let (state, next) = if asked == key {
            (SortState::Up, down.as_str())
        } else if asked == down {
            (SortState::Down, "")
        } else {
            (SortState::Unsorted, key)
        };
        let href = self.query.without("page").with("sort", next).href();
        self.list.push(Column { key: key.to_owned(), label: label.into(), class, sort: Some((href, state)) });
        self
    }

    /// The heads.
    #[must_use]
    pub fn done(self) -> Vec<Column> {
        self.list
    }
}

/// One link among the pages; `href` "" is a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// The page's number.
    pub page: u64,
    /// Where to; "" for the gap between far pages.
    pub href: String,
    /// Whether it is the page shown.
    pub current: bool,
}

/// Which part of a list is shown, and the way to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// Rows in all.
    pub total: u64,
    /// The page shown, from 1.
    pub page: u64,
    /// Pages in all, at least 1.
    pub pages: u64,
    /// The number of the first row shown; 0 when there is none.
    pub first: u64,
    /// The number of the last row shown.
    pub last: u64,
    /// Links to pages: first, last, those near, gaps between.
    pub links: Vec<PageLink>,
    /// Where 上一页 leads; "" on the first page.
    pub previous: String,
    /// Where 下一页 leads; "" on the last page.
    pub next: String,
}

impl Pager {
    /// Rows on a page, unless a list has a reason for another number.
    pub const ROWS: u64 = 50;

    /// The pages of a list of `total` rows with `rows` on each; a page beyond the last is the last.
    #[must_use]
    pub fn new(query: &Query, total: u64, rows: u64) -> Self {
        let rows = rows.max(1);
        let pages = total.div_ceil(rows).max(1);
        let page = query.page().min(pages);
        let href = |number: u64| {
            if number == 1 { query.without("page").href() } else { query.with("page", &number.to_string()).href() }
        };
        let mut links = Vec::new();
        let mut before = 0;
        for number in 1..=pages {
            let near = number == 1 || number == pages || number.abs_diff(page) <= 1;
            if near {
                if number > before + 1 {
                    links.push(PageLink { page: before + 1, href: String::new(), current: false });
                }
                links.push(PageLink { page: number, href: href(number), current: number == page });
                before = number;
            }
        }
        Self {
            total,
            page,
            pages,
            first: if total == 0 { 0 } else { (page - 1) * rows + 1 },
            last: total.min(page * rows),
            links,
            previous: if page > 1 { href(page - 1) } else { String::new() },
            next: if page < pages { href(page + 1) } else { String::new() },
        }
    }

    /// Rows to pass over before the first one shown: the `OFFSET` of a statement.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.first.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pager: &Pager) -> String {
        pager
            .links
            .iter()
            .map(|link| match (link.href.is_empty(), link.current) {
                (true, _) => "…".to_owned(),
                (_, true) => format!("[{}]", link.page),
                _ => link.page.to_string(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn far_pages_are_a_gap() {
        let at = |page: &str| Pager::new(&Query::parse("/l", &format!("page={page}")), 1000, 50);
        assert_eq!(shown(&at("1")), "[1] 2 … 20");
        assert_eq!(shown(&at("10")), "1 … 9 [10] 11 … 20");
        assert_eq!(shown(&at("99")), "1 … 19 [20]");
        assert_eq!(at("10").offset(), 450);
        assert_eq!((at("20").first, at("20").last), (951, 1000));
    }

    #[test]
    fn nothing_is_one_page() {
        let pager = Pager::new(&Query::parse("/l", ""), 0, 50);
        assert_eq!((pager.pages, pager.first, pager.last, pager.offset()), (1, 0, 0, 0));
        assert_eq!((pager.previous.as_str(), pager.next.as_str()), ("", ""));
    }

    #[test]
    fn a_column_sorts_up_then_down_then_not() {
        let state = |query: &str| {
            let query = Query::parse("/l", query);
            let column = Columns::new(&query).sorted("beds", "床位", "r").done().remove(0);
            column.sort.unwrap()
        };
        assert_eq!(state("q=a&page=4"), ("/l?q=a&sort=beds".to_owned(), SortState::Unsorted));
        assert_eq!(state("sort=beds"), ("/l?sort=-beds".to_owned(), SortState::Up));
        assert_eq!(state("sort=-beds"), ("/l".to_owned(), SortState::Down));
    }
}
