//! Setting a Chinese paragraph into lines: which characters may begin or end one (禁则), where a
//! line may break, and how lines are filled to the edge.
//! Knows widths only through [`Measure`]; draws nothing.

mod breaking;
mod classes;

pub use breaking::{Line, Setting, break_lines};

/// The faces a document is set in (clause 5.2.2 and 7.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// 小标宋: the issuer's mark and the title.
    Title,
    /// 仿宋: the body.
    Body,
    /// 黑体: first-level headings, heads of tables.
    Heading,
    /// 楷体: second-level headings, subtitle.
    Subheading,
    /// 宋体: page numbers.
    Number,
}

impl Face {
    /// All faces.
    pub const ALL: [Self; 5] = [Self::Title, Self::Body, Self::Heading, Self::Subheading, Self::Number];
}

/// Who knows how wide a character is.
pub trait Measure {
    /// The advance of a character in a face, in ems.
    fn advance(&self, face: Face, character: char) -> f32;
}

/// Widths without a font: a Chinese character is one em, a Latin one half.
/// Good enough to place a sign-off in Word, and for tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct GridMeasure;

impl Measure for GridMeasure {
    fn advance(&self, _: Face, character: char) -> f32 {
        if classes::is_wide(character) { 1.0 } else { 0.5 }
    }
}

/// The width of a text on one line, in ems.
#[must_use]
pub fn width_in_ems(text: &str, face: Face, measure: &dyn Measure) -> f32 {
    text.chars().map(|one| measure.advance(face, one)).sum()
}
