//! The layout figures of GB/T 9704-2012 (format of official documents of party and government
//! organs), restated in our own words with the clause each comes from. Lengths are in points
//! (1/72 inch) unless the name says otherwise. Both writers take every size from here.

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;

/// Width of the paper: A4, 210 mm (clause 5.1).
pub const PAGE_WIDTH: f32 = 210.0 * MM;
/// Height of the paper: A4, 297 mm (clause 5.1).
pub const PAGE_HEIGHT: f32 = 297.0 * MM;
/// Head margin (天头): 37 mm (clause 5.2.1).
pub const MARGIN_TOP: f32 = 37.0 * MM;
/// Binding margin (订口, left): 28 mm (clause 5.2.1).
pub const MARGIN_LEFT: f32 = 28.0 * MM;
/// Width of the type area (版心): 156 mm, which leaves 26 mm at the right (clause 5.2.1).
pub const BODY_WIDTH: f32 = 156.0 * MM;
/// Height of the type area: 225 mm, which leaves 35 mm at the foot (clause 5.2.1).
pub const BODY_HEIGHT: f32 = 225.0 * MM;
/// Foot margin that follows from the type area: 35 mm.
pub const MARGIN_BOTTOM: f32 = PAGE_HEIGHT - MARGIN_TOP - BODY_HEIGHT;

/// How the sheet lies. A table too wide for a standing page is set on a lying one (clause 8); its type area is that of
/// a standing page, turned with the paper: the head of the table comes to the binding margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// Standing, as everything that is not said otherwise.
    #[default]
    Portrait,
    /// Lying.
    Landscape,
}

impl Paper {
    /// Width of the sheet as it lies.
    #[must_use]
    pub const fn width(self) -> f32 {
        match self {
            Self::Portrait => PAGE_WIDTH,
            Self::Landscape => PAGE_HEIGHT,
        }
    }

    /// Height of the sheet as it lies.
    #[must_use]
    pub const fn height(self) -> f32 {
        match self {
            Self::Portrait => PAGE_HEIGHT,
            Self::Landscape => PAGE_WIDTH,
        }
    }

    /// Margin over the type area.
    #[must_use]
    pub const fn top(self) -> f32 {
        match self {
            Self::Portrait => MARGIN_TOP,
            Self::Landscape => MARGIN_LEFT,
        }
    }

    /// Margin at the left of the type area.
    #[must_use]
    pub const fn left(self) -> f32 {
        match self {
            Self::Portrait => MARGIN_LEFT,
            Self::Landscape => MARGIN_BOTTOM,
        }
    }

    /// Margin at the right of the type area.
    #[must_use]
    pub const fn right(self) -> f32 {
        self.width() - self.left() - self.body_width()
    }

    /// Margin under the type area.
    #[must_use]
    pub const fn bottom(self) -> f32 {
        self.height() - self.top() - self.body_height()
    }

    /// Width of the type area.
    #[must_use]
    pub const fn body_width(self) -> f32 {
        match self {
            Self::Portrait => BODY_WIDTH,
            Self::Landscape => BODY_HEIGHT,
        }
    }

    /// Height of the type area.
    #[must_use]
    pub const fn body_height(self) -> f32 {
        match self {
            Self::Portrait => BODY_HEIGHT,
            Self::Landscape => BODY_WIDTH,
        }
    }
}

/// Lines on a page that fill the type area (clause 5.2.3).
pub const LINES_PER_PAGE: u16 = 22;
/// Characters on a line that fill the type area (clause 5.2.3).
pub const CHARS_PER_LINE: u16 = 28;
/// Distance between lines that puts 22 of them into the type area.
pub const LINE_PITCH: f32 = BODY_HEIGHT / LINES_PER_PAGE as f32;
/// Width of one character cell that puts 28 of them on a line.
pub const CHAR_PITCH: f32 = BODY_WIDTH / CHARS_PER_LINE as f32;

/// Type size 二号, of the title (clause 7.3.1).
pub const SIZE_TITLE: f32 = 22.0;
/// Type size 三号, of the body and what has no size of its own (clause 5.2.2).
pub const SIZE_BODY: f32 = 16.0;
/// Type size 四号, of page numbers (clause 7.5) and the imprint (clause 7.4).
pub const SIZE_SMALL: f32 = 14.0;
/// Type size 小四, of tables with few columns. The standard leaves tables to the issuer (clause 8).
pub const SIZE_TABLE: f32 = 12.0;
/// Type size 五号, of tables with many columns.
pub const SIZE_TABLE_DENSE: f32 = 10.5;
/// The most columns a table is still set in 小四 with.
pub const ROOMY_COLUMNS: usize = 5;

/// From the top of the type area to the top of the issuer's mark: 35 mm (clause 7.2.4).
pub const MARK_DROP: f32 = 35.0 * MM;
/// The widest a character of the issuer's mark is set: 15 mm. The standard asks for a red 小标宋,
/// striking, solemn and handsome, and names no size (clause 7.2.4).
pub const MARK_SIZE_MAX: f32 = 15.0 * MM;
/// The smallest the issuer's mark is set before it takes a second line.
pub const MARK_SIZE_MIN: f32 = 24.0;
/// Empty lines between the issuer's mark and the document number (clause 7.2.5).
pub const LINES_AFTER_MARK: u16 = 2;
/// From the document number to the red line: 4 mm (clause 7.2.7).
pub const RED_LINE_GAP: f32 = 4.0 * MM;
/// Thickness of the red line. The standard fixes colour and width, not thickness (clause 7.2.7).
pub const RED_LINE: f32 = 1.5;
/// Empty lines between the red line and the title (clause 7.3.1).
pub const LINES_BEFORE_TITLE: u16 = 2;
/// Distance between lines of a title of several lines.
pub const TITLE_PITCH: f32 = 34.0;

/// Characters a paragraph's first line is indented by (clause 7.3.3).
pub const INDENT_CHARS: u16 = 2;
/// Characters between the signing unit and the right edge where no seal is put (clause 7.3.5.2).
pub const SIGN_RIGHT_CHARS: u16 = 2;
/// Characters the date starts to the right of the signing unit's first character (clause 7.3.5.2).
pub const DATE_SHIFT_CHARS: u16 = 2;

/// From the foot of the type area to the dash of the page number: 7 mm (clause 7.5).
pub const PAGE_NUMBER_DROP: f32 = 7.0 * MM;

/// Thickness of the first and last line of the imprint: 0.35 mm (clause 7.4.1).
pub const IMPRINT_LINE: f32 = 0.35 * MM;
/// Thickness of lines between rows of the imprint: 0.25 mm (clause 7.4.1).
pub const IMPRINT_LINE_THIN: f32 = 0.25 * MM;

/// A colour as red, green, blue.
pub type Rgb = (u8, u8, u8);
/// The red of the issuer's mark and of the line under it (clauses 7.2.4, 7.2.7).
pub const RED: Rgb = (0xE6, 0x00, 0x12);
/// Everything else is black (clause 5.2.4).
pub const BLACK: Rgb = (0, 0, 0);
/// Ground of the head of a table.
pub const HEAD_GROUND: Rgb = (0xEE, 0xF1, 0xEF);
/// Ground of a bar.
pub const BAR_TRACK: Rgb = (0xE6, 0xEB, 0xE6);

/// Twentieths of a point, the unit of Word.
#[must_use]
pub fn twips(points: f32) -> i32 {
    (points * 20.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_area_and_the_margins_fill_the_paper() {
        assert!((MARGIN_BOTTOM - 35.0 * MM).abs() < 0.01);
        assert!((Paper::Portrait.right() - 26.0 * MM).abs() < 0.01);
        assert!((LINE_PITCH * f32::from(LINES_PER_PAGE) - BODY_HEIGHT).abs() < 0.01);
        assert!((CHAR_PITCH * f32::from(CHARS_PER_LINE) - BODY_WIDTH).abs() < 0.01);
        assert_eq!(twips(SIZE_BODY), 320);
        let lying = Paper::Landscape;
        for (length, millimetres) in [(lying.right(), 37.0), (lying.bottom(), 26.0), (lying.body_width(), 225.0)] {
            assert!((length - millimetres * MM).abs() < 0.01);
        }
    }
}
