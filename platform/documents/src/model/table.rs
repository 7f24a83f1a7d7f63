//! Tables of a document.

use crate::fmt::Figure;
use crate::sheet::Cell;

/// A table: head rows, body rows, totals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Over the table, centred: `表1  主要指标完成情况`.
    pub caption: Option<String>,
    /// Over the table at the right: `单位：人`.
    pub unit: Option<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Rows repeated at the head of every page.
    pub header: Vec<Vec<TableCell>>,
    /// Body rows.
    pub rows: Vec<Vec<TableCell>>,
    /// Totals, at the end.
    pub footer: Vec<Vec<TableCell>>,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Width, as a weight against the other columns.
    pub share: u16,
    /// How its cells are set; heads are always centred.
    pub align: Align,
}

/// Where text stands in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left: names.
    #[default]
    Left,
    /// In the middle: short words, dates.
    Centre,
    /// At the right: numbers with equal decimals.
    Right,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct TableCell {
    /// The text as read in Word and PDF.
    pub text: String,
    /// What Excel gets, when it is more than the text: a number, a day, an amount.
    pub data: Option<Cell>,
    /// Columns covered, at least 1.
    pub span: usize,
    /// Rows covered, at least 1; heads only. The rows below leave the covered columns out.
    pub depth: usize,
    /// Set in 黑体: totals, group heads.
    pub strong: bool,
    /// Another alignment than its column's.
    pub align: Option<Align>,
}

impl Default for TableCell {
    fn default() -> Self {
        Self { text: String::new(), data: None, span: 1, depth: 1, strong: false, align: None }
    }
}

impl TableCell {
    /// A cell of text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A figure: its text in Word and PDF, its value in Excel.
    #[must_use]
    pub fn figure(figure: &Figure) -> Self {
        Self { text: figure.text(), data: Some(Cell::figure(figure)), ..Self::default() }
    }

    /// A day: `2025-09-30`.
    #[must_use]
    pub fn day(day: chrono::NaiveDate) -> Self {
        Self { text: crate::fmt::day_in_table(day), data: Some(Cell::Date(day)), ..Self::default() }
    }

    /// Covers several columns.
    #[must_use]
    pub fn spanning(mut self, columns: usize) -> Self {
        self.span = columns.max(1);
        self
    }

    /// Covers several head rows.
    #[must_use]
    pub fn deep(mut self, rows: usize) -> Self {
        self.depth = rows.max(1);
        self
    }

    /// Set in 黑体.
    #[must_use]
    pub fn strong(mut self) -> Self {
        self.strong = true;
        self
    }

    /// Another alignment than its column's.
    #[must_use]
    pub fn aligned(mut self, align: Align) -> Self {
        self.align = Some(align);
        self
    }
}

impl<T: Into<String>> From<T> for TableCell {
    fn from(text: T) -> Self {
        Self::text(text)
    }
}

impl Column {
    /// A column of names.
    #[must_use]
    pub const fn left(share: u16) -> Self {
        Self { share, align: Align::Left }
    }

    /// A column of short words.
    #[must_use]
    pub const fn centre(share: u16) -> Self {
        Self { share, align: Align::Centre }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn right(share: u16) -> Self {
        Self { share, align: Align::Right }
    }
}

/// A head cell with the column and row it starts at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeadSlot<'a> {
    pub cell: &'a TableCell,
    pub row: usize,
    pub column: usize,
}

impl Table {
    /// Where every head cell starts, given that deep cells push those of later rows aside.
    pub(crate) fn head_slots(&self) -> Vec<HeadSlot<'_>> {
        let mut slots: Vec<HeadSlot<'_>> = Vec::new();
        for (row, cells) in self.header.iter().enumerate() {
            let mut column = 0;
            for cell in cells {
                while slots.iter().any(|slot| slot.covers(row, column)) {
                    column += 1;
                }
                slots.push(HeadSlot { cell, row, column });
                column += cell.span.max(1);
            }
        }
        slots
    }

    /// One label for each column, from all head rows: `2025年 目标`.
    pub(crate) fn column_labels(&self) -> Vec<String> {
        let slots = self.head_slots();
        (0..self.columns.len())
            .map(|column| {
                let mut parts: Vec<&str> = Vec::new();
                for row in 0..self.header.len() {
                    let slot = slots.iter().find(|slot| slot.row == row && slot.covers(row, column));
                    parts.extend(slot.map(|slot| slot.cell.text.as_str()));
                }
                parts.retain(|part| !part.is_empty());
                parts.join(" ")
            })
            .collect()
    }
}

impl HeadSlot<'_> {
    /// Whether this cell lies over a place.
    pub(crate) fn covers(&self, row: usize, column: usize) -> bool {
        (self.row..self.row + self.cell.depth.max(1)).contains(&row)
            && (self.column..self.column + self.cell.span.max(1)).contains(&column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_two_row_head() {
        let table = Table {
            columns: vec![Column::left(2), Column::right(1), Column::right(1)],
            header: vec![
                vec![TableCell::text("指标").deep(2), TableCell::text("2025年").spanning(2)],
                vec!["目标".into(), "实际".into()],
            ],
            ..Table::default()
        };
        assert_eq!(table.column_labels(), ["指标", "2025年 目标", "2025年 实际"]);
        let places: Vec<_> = table.head_slots().iter().map(|slot| (slot.row, slot.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 1), (1, 2)]);
    }
}
