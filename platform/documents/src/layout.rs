//! Where everything of a document stands: pages of text lines and rectangles, with the logical
//! element each belongs to. Knows the standard's figures and widths of characters; no PDF, no file.

mod bars;
mod blocks;
mod flow;
mod foot;
mod head;
mod table;

use crate::model::{Block, Document, numbered_headings};
use crate::standard::{Paper, Rgb};
use crate::text::{Face, Line, Measure};

/// A document laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The pages in order.
    pub pages: Vec<Page>,
    /// The logical elements in reading order; a parent comes before its children.
    pub elements: Vec<Element>,
    /// Where the headings stand, in order.
    pub headings: Vec<HeadingPlace>,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// How its sheet lies.
    pub paper: Paper,
    /// What is drawn, in order.
    pub items: Vec<Item>,
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it belongs to.
    pub owner: Owner,
    /// What it is.
    pub shape: Shape,
}

/// What a drawn thing belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The element with this index in [`Layout::elements`].
    Element(usize),
    /// Decoration: rules, bars, head rows repeated.
    Decoration,
    /// What stands at the foot of every page.
    PageFoot,
}

/// A line of text or a rectangle. Places are points from the top left corner of the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Text; its own start is already counted in `x`.
    Text {
        /// The line.
        line: Line,
        /// Left edge.
        x: f32,
        /// Baseline.
        baseline: f32,
        /// Face.
        face: Face,
        /// Type size.
        size: f32,
        /// Colour.
        colour: Rgb,
    },
    /// A filled rectangle.
    Box {
        /// Left edge.
        x: f32,
        /// Top edge.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
        /// Colour.
        colour: Rgb,
    },
}

/// A logical element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// The element it is part of.
    pub parent: Option<usize>,
}

/// What a logical element is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// The title of the document.
    Title,
    /// A heading with its level and text.
    Heading(u16, String),
    /// A paragraph.
    Paragraph,
    /// A note.
    Note,
    /// A list; ordered or not.
    List(bool),
    /// An item of a list.
    ListItem,
    /// A table.
    Table,
    /// The caption of a table or figure.
    Caption,
    /// The head rows of a table.
    TableHead,
    /// The body rows.
    TableBody,
    /// The totals.
    TableFoot,
    /// A row.
    Row,
    /// A head cell over columns: columns and rows covered.
    ColumnHead(usize, usize),
    /// A head cell beside a row.
    RowHead,
    /// A cell: columns covered.
    Cell(usize),
}

/// Where a heading stands.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadingPlace {
    /// 1 to 4.
    pub level: u16,
    /// Its text with its number.
    pub text: String,
    /// Index of its page.
    pub page: usize,
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
}

/// Lays a document out. A document that passed its check gives at least one page.
#[must_use]
pub fn lay_out(document: &Document, measure: &dyn Measure) -> Layout {
    let mut flow = flow::Flow::new(measure);
    head::place(&mut flow, document);
    let numbers = numbered_headings(document);
    for (block, number) in document.blocks.iter().zip(numbers) {
        match block {
            Block::Heading(level, text) => {
                let text = number.unwrap_or_else(|| text.clone());
                blocks::heading(&mut flow, *level, &text);
            }
            Block::Paragraph(text) => blocks::paragraph(&mut flow, text),
            Block::Note(text) => blocks::note(&mut flow, text),
            Block::List(list) => blocks::list(&mut flow, list),
            Block::Table(table) => table::place(&mut flow, table),
            Block::Bars(figure) => bars::place(&mut flow, figure),
            Block::PageBreak(paper) => flow.turn(*paper),
            Block::SignOff => foot::sign_off(&mut flow, document),
        }
    }
    if !document.blocks.contains(&Block::SignOff) {
        foot::sign_off(&mut flow, document);
    }
    foot::imprint(&mut flow, &document.imprint);
    foot::page_feet(&mut flow, document.marking.as_deref());
    flow.finish()
}
