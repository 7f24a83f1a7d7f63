//! A document on the screen: the same blocks that Word and PDF are written from, as pieces of a page.

use documents::{Align, Block, Document, HeadingLevel, Table, TableCell, Tone, numbered_headings};

/// Letters of a state, which is not broken.
const SHORT: usize = 5;

/// A piece of the page.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A first-level heading with its number.
    First(String),
    /// A heading below it, with its number.
    Lower(String),
    /// A paragraph.
    Paragraph(String),
    /// A small note.
    Note(String),
    /// Numbered items.
    Ordered(Vec<String>),
    /// Items without order.
    Plain(Vec<String>),
    /// A table.
    Table(TableView),
    /// Bars, each with its value.
    Bars(BarsView),
    /// What follows is attached, on lying pages in print; the sign-off stands before it.
    Attached,
    /// The sign-off.
    SignOff,
}

/// A table.
#[derive(Debug, Clone)]
pub struct TableView {
    /// The id of its caption; unique on the page.
    pub id: String,
    /// Its caption.
    pub caption: String,
    /// Its unit.
    pub unit: String,
    /// Head rows.
    pub head: Vec<Vec<CellView>>,
    /// Body rows.
    pub rows: Vec<Vec<CellView>>,
    /// Totals.
    pub foot: Vec<Vec<CellView>>,
}

/// A cell.
#[derive(Debug, Clone)]
pub struct CellView {
    /// Its text.
    pub text: String,
    /// Columns covered.
    pub span: usize,
    /// Rows covered.
    pub depth: usize,
    /// Set at the right.
    pub right: bool,
    /// Names its row.
    pub names_row: bool,
    /// A few letters that stay on one line.
    pub short: bool,
}

/// Bars.
#[derive(Debug, Clone)]
pub struct BarsView {
    /// Measure, unit and date.
    pub title: String,
    /// Label, value, length, and the key of the tone.
    pub rows: Vec<(String, String, Option<f64>, &'static str)>,
}

/// The document's body as pieces.
pub(super) fn pieces(document: &Document) -> Vec<Piece> {
    let headings = numbered_headings(document);
    document
        .blocks
        .iter()
        .zip(headings)
        .enumerate()
        .map(|(at, (block, heading))| match block {
            Block::Heading(HeadingLevel::One, _) => Piece::First(heading.unwrap_or_default()),
            Block::Heading(..) => Piece::Lower(heading.unwrap_or_default()),
            Block::Paragraph(text) => Piece::Paragraph(text.clone()),
            Block::Note(text) => Piece::Note(text.clone()),
            Block::List(list) if list.ordered => Piece::Ordered(list.items.clone()),
            Block::List(list) => Piece::Plain(list.items.clone()),
            Block::Table(table) => Piece::Table(view(table, at)),
            Block::Bars(figure) => Piece::Bars(BarsView {
                title: figure.title.clone(),
                rows: figure
                    .rows
                    .iter()
                    .map(|row| (row.label.clone(), row.value.clone(), row.share.map(f64::from), tone(row.tone)))
                    .collect(),
            }),
            Block::PageBreak(_) => Piece::Attached,
            Block::SignOff => Piece::SignOff,
        })
        .collect()
}

const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "none",
        Tone::Met => "ok",
        Tone::OnPath => "run",
        Tone::Slow => "slow",
        Tone::Late => "late",
    }
}

fn view(table: &Table, at: usize) -> TableView {
    // The first column of names tells what a row is about.
    let names = table.columns.iter().position(|column| column.align == Align::Left);
    let row = |cells: &Vec<TableCell>, head: bool| {
        let mut column = 0;
        let mut views = Vec::new();
        for cell in cells {
            let align = cell.align.or_else(|| table.columns.get(column).map(|column| column.align));
            views.push(CellView {
                text: cell.text.clone(),
                span: cell.span.max(1),
                depth: cell.depth.max(1),
                right: !head && align == Some(Align::Right),
                names_row: !head && names == Some(column),
                short: !head && cell.text.chars().count() <= SHORT,
            });
            column += cell.span.max(1);
        }
        views
    };
    TableView {
        id: format!("table-{at}"),
        caption: table.caption.clone().unwrap_or_default(),
        unit: table.unit.clone().unwrap_or_default(),
        head: table.header.iter().map(|cells| row(cells, true)).collect(),
        rows: table.rows.iter().map(|cells| row(cells, false)).collect(),
        foot: table.footer.iter().map(|cells| row(cells, false)).collect(),
    }
}

/// Pieces as samples show them.
pub(super) fn sample() -> Vec<Piece> {
    use documents::{BarFigure, BarRow, Column, List};
    let table = Table {
        caption: Some("表1  约束性指标完成情况".to_owned()),
        unit: Some("单位：项".to_owned()),
        columns: vec![Column::centre(1), Column::left(3), Column::right(1)],
        header: vec![vec!["序号".into(), "指标（单位）".into(), "本期".into()]],
        rows: vec![vec!["1".into(), "养老机构护理型床位占比（%）".into(), "68.9".into()]],
        footer: vec![vec![TableCell::text("合计").spanning(2), "1".into()]],
    };
    let bar =
        BarRow {
            label: "已达标".to_owned(), value: "20项".to_owned(), share: Some(1.0), tick: None, tone: Tone::Met
        };
    let document = Document {
        blocks: vec![
            Block::paragraph("根据《方案》，现将工作进展情况通报如下。"),
            Block::heading("总体情况"),
            Block::subheading("任务"),
            Block::Bars(BarFigure {
                title: "图  各状态指标数".to_owned(),
                rows: vec![bar],
                tick_meaning: String::new(),
            }),
            Block::Table(table),
            Block::List(List {
                ordered: true, items: vec!["养老机构护理型床位占比：本期68.9%。".to_owned()]
            }),
            Block::List(List { ordered: false, items: vec!["一项".to_owned()] }),
            Block::note("注：“—”表示没有数据。"),
            Block::SignOff,
            Block::PageBreak(documents::Paper::Landscape),
        ],
        ..Document::default()
    };
    pieces(&document)
}
