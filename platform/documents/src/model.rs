//! The one model of an official document. Word, PDF and Excel are written from it, and it already
//! holds every text as it will be read, so the three cannot differ in a digit.

mod check;
mod numbering;
mod table;

pub use numbering::{numbered_headings, ordered_marker};
pub use table::{Align, Column, Table, TableCell};

pub(crate) use check::checked;

pub use crate::standard::Paper;

use chrono::{NaiveDate, NaiveDateTime};

/// The marker of an item of a list without order.
pub const PLAIN_MARKER: &str = "——";

/// A document in the form of GB/T 9704-2012.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// 发文机关标志: the issuer's mark in the red head. Empty: no red head.
    pub issuer: String,
    /// 发文字号: `扬一老一小办〔2025〕3号`.
    pub document_no: Option<String>,
    /// A mark on every page: `演示合成数据，不作统计依据`.
    pub marking: Option<String>,
    /// 标题. A line feed in it is kept, so that a line may end where its sense does.
    pub title: String,
    /// A line under the title: `（2025年第三季度）`.
    pub subtitle: Option<String>,
    /// Date and place under the title, where the document has no sign-off: `（2025年10月20日）`.
    pub date_line: Option<String>,
    /// 主送机关, without its colon.
    pub addressee: Option<String>,
    /// 正文.
    pub blocks: Vec<Block>,
    /// 发文机关署名 and 成文日期.
    pub sign_off: Option<SignOff>,
    /// 版记: rows at the foot of the last page (copies to, printed by, printed on).
    pub imprint: Vec<ImprintRow>,
    /// When the file was made, for its properties; passed in, because nothing here reads a clock.
    pub made_at: Option<NaiveDateTime>,
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; its number is worked out by [`numbered_headings`].
    Heading(HeadingLevel, String),
    /// A paragraph of running text.
    Paragraph(String),
    /// A table.
    Table(Table),
    /// A figure of horizontal bars.
    Bars(BarFigure),
    /// A list.
    List(List),
    /// A smaller note: source, definition, date of the data.
    Note(String),
    /// What follows starts on a new page, which stands or lies.
    PageBreak(Paper),
    /// The sign-off stands here, before what is attached; without this block it stands at the end.
    SignOff,
}

/// The four levels of structure of clause 7.3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeadingLevel {
    /// `一、`, set in 黑体.
    One,
    /// `（一）`, set in 楷体.
    Two,
    /// `1.`, set in 仿宋.
    Three,
    /// `（1）`, set in 仿宋.
    Four,
}

impl HeadingLevel {
    /// 1 to 4.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
            Self::Four => 4,
        }
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Numbered `（1）（2）`, or marked with a dash.
    pub ordered: bool,
    /// The items.
    pub items: Vec<String>,
}

/// Horizontal bars with a value each: readable as text, with or without the bars.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BarFigure {
    /// Says measure, unit and date.
    pub title: String,
    /// One bar a row.
    pub rows: Vec<BarRow>,
    /// What the tick means, when a row has one: `竖线为2025年目标`.
    pub tick_meaning: String,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct BarRow {
    /// What is measured.
    pub label: String,
    /// The value as text, formatted once (see [`crate::fmt`]); `—` when missing.
    pub value: String,
    /// Length of the bar, 0 to 1 of the track; `None` when the value is missing: no bar is drawn.
    pub share: Option<f32>,
    /// Where the target stands on the track, 0 to 1.
    pub tick: Option<f32>,
    /// Colour of the bar. Never the only carrier: say the state in the label or the value too.
    pub tone: Tone,
}

/// Colours of bars: the fills of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// No judgement.
    #[default]
    Plain,
    /// 已达标.
    Met,
    /// 正常.
    OnPath,
    /// 偏慢.
    Slow,
    /// 滞后.
    Late,
}

impl Tone {
    /// The fill.
    #[must_use]
    pub const fn rgb(self) -> crate::standard::Rgb {
        match self {
            Self::Plain => (0x5F, 0xA9, 0x92),
            Self::Met => (0x2F, 0x8F, 0x56),
            Self::OnPath => (0x2F, 0x74, 0xC4),
            Self::Slow => (0xB9, 0x74, 0x00),
            Self::Late => (0xCF, 0x3A, 0x34),
        }
    }
}

/// Who signs, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOff {
    /// 发文机关署名.
    pub unit: String,
    /// 成文日期.
    pub date: NaiveDate,
}

/// A row of the imprint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImprintRow {
    /// At the left: `抄送：市委办公室，市人大常委会办公室。`
    pub left: String,
    /// At the right: `2025年10月20日印发`.
    pub right: String,
}

impl Block {
    /// A first-level heading.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading(HeadingLevel::One, text.into())
    }

    /// A second-level heading.
    #[must_use]
    pub fn subheading(text: impl Into<String>) -> Self {
        Self::Heading(HeadingLevel::Two, text.into())
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph(text.into())
    }

    /// A note.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note(text.into())
    }
}
