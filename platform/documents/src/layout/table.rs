//! Tables: rows kept whole while a page can hold them, cut between lines when it cannot, head rows
//! repeated on every page, group rows kept with what follows.

use super::flow::{Flow, Look};
use super::{Owner, Role};
use crate::model::{Align, Column, Table, TableCell};
use crate::standard::{BLACK, HEAD_GROUND, ROOMY_COLUMNS, SIZE_TABLE, SIZE_TABLE_DENSE};
use crate::text::{Face, Line, Setting, break_lines};

/// Distance between lines in a cell, in type sizes.
const CELL_PITCH: f32 = 1.34;
/// Room at the sides of a cell's text.
const PAD_SIDE: f32 = 3.0;
/// Room over and under a cell's text.
const PAD_LINE: f32 = 3.5;
/// Thickness of rules.
const RULE: f32 = 0.5;
/// Room before and after a table.
const GAP: f32 = 9.0;
/// Distance between lines of a caption.
const CAPTION_PITCH: f32 = 20.0;

/// A cell with its lines set.
struct SetCell {
    lines: Vec<Line>,
    x: f32,
    width: f32,
    align: Align,
    face: Face,
    owner: usize,
}

/// A head cell with its lines set.
struct SetHead {
    cell: SetCell,
    row: usize,
    depth: usize,
}

struct Grid<'t> {
    table: &'t Table,
    /// Width of the type area.
    width: f32,
    /// Left edges of the columns and the right edge of the last.
    edges: Vec<f32>,
    size: f32,
    heads: Vec<SetHead>,
    head_heights: Vec<f32>,
}

pub(super) fn place(flow: &mut Flow<'_>, table: &Table) {
    let owner = flow.element(Role::Table, None);
    flow.skip(GAP);
    let caption = caption_lines(flow, table);
    let size = type_size(table.columns.len());
    let captioned = !caption.is_empty() || table.unit.is_some();
    let caption_owner = captioned.then(|| flow.element(Role::Caption, Some(owner)));
    let mut grid = Grid {
        table,
        width: flow.width(),
        edges: column_edges(&table.columns, flow.width()),
        size,
        heads: Vec::new(),
        head_heights: Vec::new(),
    };
    grid.set_head(flow, owner);
    let first = table.rows.iter().chain(&table.footer).next();
    let first_height = first.map_or(0.0, |row| grid.row_height(&grid.set_row(flow, row, 0)));
    let unit_height = if table.unit.is_some() { grid.pitch() } else { 0.0 };
    let start = caption.len() as f32 * CAPTION_PITCH + unit_height + grid.head_height();
    // A first row of ordinary height comes along; one that will be cut anyway may start here.
    let along = if first_height <= flow.paper.body_height() / 3.0 { first_height } else { 3.0 * grid.pitch() };
    flow.need(start + along);
    if let Some(caption_owner) = caption_owner {
        let look = Look::black(Face::Heading, SIZE_TABLE);
        let caption_owner = Owner::Element(caption_owner);
        flow.run_centred(caption_owner, look, caption, grid.width, CAPTION_PITCH);
        grid.place_unit(flow, caption_owner);
    }
    grid.place_head(flow, true);
    grid.place_rows(flow, owner, &table.rows, Role::TableBody);
    grid.place_rows(flow, owner, &table.footer, Role::TableFoot);
    flow.skip(GAP);
}

/// 小四 for few columns, 五号 for many.
pub(super) fn type_size(columns: usize) -> f32 {
    if columns <= ROOMY_COLUMNS { SIZE_TABLE } else { SIZE_TABLE_DENSE }
}

fn caption_lines(flow: &Flow<'_>, table: &Table) -> Vec<Line> {
    let setting = Setting {
        face: Face::Heading,
        size: SIZE_TABLE,
        cell: SIZE_TABLE,
        width: flow.width(),
        indent: 0.0,
        justify: false,
    };
    table.caption.as_deref().map(|text| break_lines(text, &setting, flow.measure)).unwrap_or_default()
}

fn column_edges(columns: &[Column], width: f32) -> Vec<f32> {
    let total: f32 = columns.iter().map(|column| f32::from(column.share)).sum();
    let mut edges = vec![0.0];
    let mut x = 0.0;
    for column in columns {
        x += width * f32::from(column.share) / total.max(1.0);
        edges.push(x);
    }
    edges
}

impl Grid<'_> {
    fn pitch(&self) -> f32 {
        self.size * CELL_PITCH
    }

    fn head_height(&self) -> f32 {
        self.head_heights.iter().sum()
    }

    fn row_height(&self, cells: &[SetCell]) -> f32 {
        let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1);
        lines.max(1) as f32 * self.pitch() + 2.0 * PAD_LINE
    }

    fn edge(&self, column: usize) -> f32 {
        self.edges.get(column).copied().unwrap_or(self.width)
    }

    /// Sets a cell's text; `owner` is filled in when it is placed.
    fn set_cell(&self, flow: &Flow<'_>, cell: &TableCell, column: usize, head: bool) -> SetCell {
        let x = self.edge(column);
        let width = self.edge(column + cell.span.max(1)) - x;
        let face = if head || cell.strong { Face::Heading } else { Face::Body };
        let own = self.table.columns.get(column).map(|column| column.align);
        let align = match (cell.align, head) {
            (Some(align), _) => align,
            (None, true) => Align::Centre,
            (None, false) => own.unwrap_or_default(),
        };
        let setting = Setting {
            face,
            size: self.size,
            cell: self.size,
            width: (width - 2.0 * PAD_SIDE).max(self.size),
            indent: 0.0,
            justify: false,
        };
        SetCell { lines: break_lines(&cell.text, &setting, flow.measure), x, width, align, face, owner: 0 }
    }

    fn set_row(&self, flow: &Flow<'_>, row: &[TableCell], first: usize) -> Vec<SetCell> {
        let mut column = first;
        row.iter()
            .map(|cell| {
                let set = self.set_cell(flow, cell, column, false);
                column += cell.span.max(1);
                set
            })
            .collect()
    }

    fn set_head(&mut self, flow: &mut Flow<'_>, table_owner: usize) {
        if self.table.header.is_empty() {
            return;
        }
        let head_owner = flow.element(Role::TableHead, Some(table_owner));
        self.head_heights = vec![self.pitch() + 2.0 * PAD_LINE; self.table.header.len()];
        let mut row_owner = (usize::MAX, 0);
        for slot in self.table.head_slots() {
            if row_owner.0 != slot.row {
                row_owner = (slot.row, flow.element(Role::Row, Some(head_owner)));
            }
            let depth = slot.cell.depth.max(1);
            let role = Role::ColumnHead(slot.cell.span.max(1), depth);
            let mut cell = self.set_cell(flow, slot.cell, slot.column, true);
            cell.owner = flow.element(role, Some(row_owner.1));
            let needed = self.row_height(std::slice::from_ref(&cell));
            let others: f32 = (slot.row..slot.row + depth - 1).filter_map(|row| self.head_heights.get(row)).sum();
            if let Some(last) = self.head_heights.get_mut(slot.row + depth - 1) {
                *last = last.max(needed - others);
            }
            self.heads.push(SetHead { cell, row: slot.row, depth });
        }
    }

    fn place_unit(&self, flow: &mut Flow<'_>, caption: Owner) {
        let Some(unit) = &self.table.unit else { return };
        let setting = Setting {
            face: Face::Body,
            size: self.size,
            cell: self.size,
            width: self.width,
            indent: 0.0,
            justify: false,
        };
        for line in break_lines(unit, &setting, flow.measure) {
            let x = self.width - line.width();
            let top = flow.y;
            let look = Look::black(Face::Body, self.size);
            flow.text(caption, look, line, x, top, self.pitch());
            flow.y += self.pitch();
        }
    }

    /// Puts the head rows; tagged the first time, decoration when repeated.
    fn place_head(&self, flow: &mut Flow<'_>, tagged: bool) {
        let top = flow.y;
        if !self.heads.is_empty() {
            flow.fill(0.0, top, self.width, self.head_height(), HEAD_GROUND);
        }
        for head in &self.heads {
            let above: f32 = self.head_heights.iter().take(head.row).sum();
            let height: f32 = self.head_heights.iter().skip(head.row).take(head.depth).sum();
            let owner = if tagged { Owner::Element(head.cell.owner) } else { Owner::Decoration };
            self.place_cell(flow, &head.cell, owner, top + above, height);
        }
        flow.fill(0.0, top, self.width, RULE, BLACK);
        flow.y += self.head_height();
    }

    /// Puts one cell: its lines in the middle of its height, its rules at the left, right and foot.
    fn place_cell(&self, flow: &mut Flow<'_>, cell: &SetCell, owner: Owner, top: f32, height: f32) {
        let text_height = cell.lines.len() as f32 * self.pitch();
        let mut y = top + ((height - text_height) / 2.0).max(0.0);
        for line in &cell.lines {
            let inner = cell.width - 2.0 * PAD_SIDE;
            let left = (inner - line.width()).max(0.0);
            let shift = match cell.align {
                Align::Left => 0.0,
                Align::Centre => left / 2.0,
                Align::Right => left,
            };
            let look = Look::black(cell.face, self.size);
            flow.text(owner, look, line.clone(), cell.x + PAD_SIDE + shift, y, self.pitch());
            y += self.pitch();
        }
        // Neighbours draw the same rule in the same place.
        for x in [cell.x, cell.x + cell.width] {
            flow.fill(x - RULE / 2.0, top, RULE, height, BLACK);
        }
        flow.fill(cell.x, top + height - RULE, cell.width, RULE, BLACK);
    }

    fn place_rows(&self, flow: &mut Flow<'_>, table_owner: usize, rows: &[Vec<TableCell>], role: Role) {
        if rows.is_empty() {
            return;
        }
        let part = flow.element(role, Some(table_owner));
        for (index, row) in rows.iter().enumerate() {
            let mut cells = self.set_row(flow, row, 0);
            let kept = match rows.get(index + 1) {
                Some(next) if is_group(row) => self.row_height(&self.set_row(flow, next, 0)),
                _ => 0.0,
            };
            let row_owner = flow.element(Role::Row, Some(part));
            for (set, cell) in cells.iter_mut().zip(row) {
                set.owner = flow.element(Role::Cell(cell.span.max(1)), Some(row_owner));
            }
            self.place_row(flow, cells, kept);
        }
    }

    /// Puts a row on this page or the next, or cuts it where it is higher than a page.
    fn place_row(&self, flow: &mut Flow<'_>, mut cells: Vec<SetCell>, kept: f32) {
        let height = self.row_height(&cells);
        let page = flow.paper.body_height() - self.head_height();
        if !flow.fits(height + kept) && height <= page {
            self.next_page(flow);
        }
        while !flow.fits(self.row_height(&cells)) {
            let lines = ((flow.room() - 2.0 * PAD_LINE) / self.pitch()).floor().max(0.0) as usize;
            let first_of_page = flow.at_top() || flow.room() >= page - 1.0;
            if lines == 0 && !first_of_page {
                self.next_page(flow);
                continue;
            }
            let rest = cut(&mut cells, lines.max(1));
            self.place_slice(flow, &cells);
            cells = rest;
            self.next_page(flow);
        }
        self.place_slice(flow, &cells);
    }

    fn place_slice(&self, flow: &mut Flow<'_>, cells: &[SetCell]) {
        let height = self.row_height(cells);
        let top = flow.y;
        for cell in cells {
            self.place_cell(flow, cell, Owner::Element(cell.owner), top, height);
        }
        flow.y += height;
    }

    fn next_page(&self, flow: &mut Flow<'_>) {
        flow.break_page();
        self.place_head(flow, false);
    }
}

/// A row of one cell over all columns heads the rows after it.
fn is_group(row: &[TableCell]) -> bool {
    matches!(row, [only] if only.span > 1)
}

/// Leaves the first `lines` lines in the cells and gives back the rest.
fn cut(cells: &mut [SetCell], lines: usize) -> Vec<SetCell> {
    cells
        .iter_mut()
        .map(|cell| SetCell {
            lines: cell.lines.split_off(lines.min(cell.lines.len())),
            x: cell.x,
            width: cell.width,
            align: cell.align,
            face: cell.face,
            owner: cell.owner,
        })
        .collect()
}
