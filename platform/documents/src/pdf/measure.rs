//! Widths and glyphs from the fonts, remembered for the time of one document.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use crate::fonts::{Fonts, LoadedFont};
use crate::text::{Face, Measure};

/// What stands for a character that no font has.
const GETA: char = '〓';
/// The advance of a character that could not even be replaced, in ems.
const FULL: f32 = 1.0;

/// A glyph to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FontGlyph {
    /// The face whose font has it.
    pub face: Face,
    /// Its number in the font.
    pub id: u32,
    /// Its own advance, in ems.
    pub advance: f32,
}

/// The fonts of a document with a memory of what was asked.
pub(super) struct FontMeasure<'a> {
    fonts: &'a Fonts,
    known: RefCell<HashMap<(Face, char), FontGlyph>>,
    missing: RefCell<BTreeSet<char>>,
}

impl<'a> FontMeasure<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, known: RefCell::default(), missing: RefCell::default() }
    }

    /// The glyph of a character: from its face, else from another, else 〓.
    pub(super) fn glyph(&self, face: Face, character: char) -> FontGlyph {
        if let Some(glyph) = self.known.borrow().get(&(face, character)) {
            return *glyph;
        }
        let glyph = self.find(face, character).unwrap_or_else(|| {
            self.missing.borrow_mut().insert(character);
            self.find(face, GETA).unwrap_or(FontGlyph { face, id: 0, advance: FULL })
        });
        self.known.borrow_mut().insert((face, character), glyph);
        glyph
    }

    pub(super) fn font(&self, face: Face) -> Option<&LoadedFont> {
        self.fonts.get(face)
    }

    /// Characters that no font had, in order.
    pub(super) fn missing(&self) -> Vec<char> {
        self.missing.borrow().iter().copied().collect()
    }

    fn find(&self, face: Face, character: char) -> Option<FontGlyph> {
        let others = Face::ALL.into_iter().filter(|other| *other != face);
        std::iter::once(face).chain(others).find_map(|face| {
            let (id, advance) = self.fonts.get(face)?.glyph(character)?;
            (id != 0).then_some(FontGlyph { face, id, advance })
        })
    }
}

impl Measure for FontMeasure<'_> {
    fn advance(&self, face: Face, character: char) -> f32 {
        self.glyph(face, character).advance
    }
}
