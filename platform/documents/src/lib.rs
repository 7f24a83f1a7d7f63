//! Documents and tables in and out: one model of an official document written as Word, PDF and
//! Excel with the same figures to the digit; workbooks and CSV written and read; the way numbers and
//! dates are put, which screens share. Knows no register, no policy, no database, no clock.

mod archive;
mod docx;
mod fonts;
mod handed;
mod layout;
mod model;
mod pdf;
mod standard;
mod text;

pub mod fmt;
pub mod read;
pub mod sheet;

pub use archive::{ArchiveLimits, pack, unpack};
pub use docx::write_docx;
pub use fonts::{FONT_PACKAGE, Fonts, usual_folders};
pub use handed::{HANDED_ENDINGS, HANDED_MAX, handed_media, handed_name};
pub use model::{
    Align, BarFigure, BarRow, Block, Column, Document, HeadingLevel, ImprintRow, List, Paper, SignOff, Table,
    TableCell, Tone, numbered_headings, ordered_marker,
};
pub use pdf::{PdfFile, write_pdf};
pub use text::Face;
