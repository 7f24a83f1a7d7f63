//! Finding the head of a table in what people send: under title lines, in one row or two, with
//! merged cells, with a hidden row of keys.

use std::collections::BTreeMap;

use super::{Row, Value};

/// Where the head of a table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderAt {
    /// The number of the last row of the head; data start after it.
    pub row: u32,
    /// For each name that was found, its column counted from 0.
    pub columns: BTreeMap<String, usize>,
    /// Texts in the head that are none of the names, with their columns.
    pub unknown: Vec<(usize, String)>,
}

/// Finds the row (or the pair of rows) among these that holds most of the names; each field is known
/// by any of its names (key, label, alias). A label under a merged group head is known by itself or
/// as `group label`. `None` when no row holds any name.
#[must_use]
pub fn locate_header(rows: &[Row], fields: &[Vec<String>]) -> Option<HeaderAt> {
    let mut best: Option<HeaderAt> = None;
    for (index, row) in rows.iter().enumerate() {
        let single = labels(row);
        let above = index.checked_sub(1).and_then(|above| rows.get(above));
        let pair = above.map(|above| paired(above, row));
        for candidate in std::iter::once(single).chain(pair) {
            let found = matched(row.number, &candidate, fields);
            let better = best.as_ref().is_none_or(|best| found.columns.len() > best.columns.len());
            if !found.columns.is_empty() && better {
                best = Some(found);
            }
        }
    }
    let best = best?;
    Some(after_keys(rows, best))
}

/// A hidden row of keys is followed by the visible heads: data start after those.
fn after_keys(rows: &[Row], mut best: HeaderAt) -> HeaderAt {
    let at = |number: u32| rows.iter().find(|row| row.number == number);
    let keyed = at(best.row).is_some_and(|row| {
        let mut texts = row.cells.iter().filter(|value| !value.is_blank());
        texts.all(|value| is_key(&value.text()))
    });
    if keyed && at(best.row + 1).is_some() {
        best.row += 1;
    }
    best
}

/// Keys are ASCII identifiers; labels are Chinese.
fn is_key(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

type Labels = Vec<(usize, Vec<String>)>;

fn labels(row: &Row) -> Labels {
    let cells = row.cells.iter().enumerate();
    cells.filter(|(_, value)| !value.is_blank()).map(|(column, value)| (column, vec![plain(value)])).collect()
}

/// Labels of two rows: the lower one, also with the group over it; the upper one where the lower is
/// empty. A group's text stands in its first column and counts until the next.
fn paired(above: &Row, below: &Row) -> Labels {
    let width = above.cells.len().max(below.cells.len());
    let mut group = String::new();
    let mut out = Vec::new();
    for column in 0..width {
        if !above.cell(column).is_blank() {
            group = plain(above.cell(column));
        }
        let label = plain(below.cell(column));
        if !label.is_empty() {
            out.push((column, vec![label.clone(), format!("{group}{label}")]));
        } else if !above.cell(column).is_blank() {
            out.push((column, vec![group.clone()]));
        }
    }
    out
}

fn matched(row: u32, labels: &Labels, fields: &[Vec<String>]) -> HeaderAt {
    let mut columns = BTreeMap::new();
    let mut unknown = Vec::new();
    for (column, texts) in labels {
        let field = fields.iter().find(|names| names.iter().any(|name| texts.iter().any(|text| *text == tidy(name))));
        match field.and_then(|names| names.first()) {
            Some(name) if !columns.contains_key(name) => {
                columns.insert(name.clone(), *column);
            }
            _ => unknown.push((*column, texts.first().cloned().unwrap_or_default())),
        }
    }
    HeaderAt { row, columns, unknown }
}

fn plain(value: &Value) -> String {
    tidy(&value.text())
}

/// A label without line feeds, spaces and the marks people add for "required".
fn tidy(text: &str) -> String {
    text.chars().filter(|one| !one.is_whitespace() && !"*＊".contains(*one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[&str]) -> Row {
        let value = |text: &&str| match *text {
            "" => Value::Empty,
            text => Value::Text(text.to_owned()),
        };
        Row { number, cells: cells.iter().map(value).collect() }
    }

    fn fields(names: &[&[&str]]) -> Vec<Vec<String>> {
        names.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect()
    }

    #[test]
    fn under_titles_with_stars_and_line_feeds() {
        let rows = [
            row(1, &["探访关爱登记表"]),
            row(3, &["序号", "姓名*", "身份证\n号码", "备注"]),
            row(4, &["1", "王芳", "x"]),
        ];
        let found = locate_header(&rows, &fields(&[&["name", "姓名"], &["id", "身份证号码"]])).unwrap();
        assert_eq!(found.row, 3);
        assert_eq!(found.columns.get("name"), Some(&1));
        assert_eq!(found.columns.get("id"), Some(&2));
        assert_eq!(found.unknown, [(0, "序号".to_owned()), (3, "备注".to_owned())]);
    }

    #[test]
    fn a_merged_head_of_two_rows() {
        let rows = [row(1, &["机构", "床位", "", "备注"]), row(2, &["", "许可", "已住"]), row(3, &["甲", "10", "8"])];
        let names = fields(&[&["机构"], &["床位 许可"], &["床位已住"], &["备注"]]);
        let found = locate_header(&rows, &names).unwrap();
        assert_eq!(found.row, 2);
        let columns: Vec<_> = found.columns.values().copied().collect();
        assert_eq!(columns.len(), 4);
        assert_eq!(found.columns.get("床位已住"), Some(&2));
        assert_eq!(found.columns.get("备注"), Some(&3));
    }

    #[test]
    fn a_hidden_row_of_keys_wins_and_the_heads_under_it_are_not_data() {
        let rows = [
            row(1, &["标题"]),
            row(2, &["name", "born_on"]),
            row(3, &["改过的表头", "日期"]),
            row(4, &["王芳", "2025-01-01"]),
        ];
        let found = locate_header(&rows, &fields(&[&["name", "姓名"], &["born_on", "出生日期"]])).unwrap();
        assert_eq!(found.row, 3);
        assert_eq!(found.columns.get("born_on"), Some(&1));
        assert_eq!(locate_header(&rows, &fields(&[&["没有"]])), None);
    }
}
