//! The cursor that walks down the pages.

use super::{Element, HeadingPlace, Item, Layout, Owner, Page, Role, Shape};
use crate::standard::{BLACK, LINE_PITCH, Paper, Rgb};
use crate::text::{Face, Line, Measure};

/// Rounding slack of heights, in points.
const SLACK: f32 = 0.5;
/// How far the em box of a Chinese face reaches over its baseline, in ems.
const ASCENT: f32 = 0.88;

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    pub face: Face,
    pub size: f32,
    pub colour: Rgb,
}

impl Look {
    pub(super) const fn black(face: Face, size: f32) -> Self {
        Self { face, size, colour: BLACK }
    }
}

pub(super) struct Flow<'a> {
    pub measure: &'a dyn Measure,
    /// Where the next thing starts, from the top of the type area.
    pub y: f32,
    /// How the sheet lies.
    pub paper: Paper,
    layout: Layout,
    page: Page,
}

impl<'a> Flow<'a> {
    pub(super) fn new(measure: &'a dyn Measure) -> Self {
        Self { measure, y: 0.0, paper: Paper::Portrait, layout: Layout::default(), page: Page::default() }
    }

    pub(super) fn finish(mut self) -> Layout {
        let last = std::mem::take(&mut self.page);
        if !last.items.is_empty() || self.layout.pages.is_empty() {
            self.layout.pages.push(last);
        }
        self.layout
    }

    /// Every page so far, the current one included.
    pub(super) fn pages_mut(&mut self) -> impl Iterator<Item = &mut Page> {
        self.layout.pages.iter_mut().chain([&mut self.page])
    }

    /// What is left of the page.
    pub(super) fn room(&self) -> f32 {
        self.paper.body_height() - self.y
    }

    pub(super) fn fits(&self, height: f32) -> bool {
        height <= self.room() + SLACK
    }

    pub(super) fn at_top(&self) -> bool {
        self.y <= SLACK
    }

    /// Starts a new page unless the current one is still empty.
    pub(super) fn break_page(&mut self) {
        if !self.at_top() {
            let next = Page { paper: self.paper, items: Vec::new() };
            self.layout.pages.push(std::mem::replace(&mut self.page, next));
            self.y = 0.0;
        }
    }

    /// Starts a new page that lies or stands.
    pub(super) fn turn(&mut self, paper: Paper) {
        self.break_page();
        self.paper = paper;
        self.page.paper = paper;
    }

    /// Width of the type area.
    pub(super) fn width(&self) -> f32 {
        self.paper.body_width()
    }

    /// Starts a new page when this height does not fit on the current one.
    pub(super) fn need(&mut self, height: f32) {
        if !self.fits(height) {
            self.break_page();
        }
    }

    /// Leaves room, except at the top of a page.
    pub(super) fn skip(&mut self, height: f32) {
        if !self.at_top() {
            self.y += height;
        }
    }

    /// Leaves room even at the top of a page: in the head of the document.
    pub(super) fn drop_by(&mut self, height: f32) {
        self.y += height;
    }

    pub(super) fn element(&mut self, role: Role, parent: Option<usize>) -> usize {
        self.layout.elements.push(Element { role, parent });
        self.layout.elements.len() - 1
    }

    pub(super) fn mark_heading(&mut self, level: u16, text: &str) {
        let place = HeadingPlace {
            level,
            text: text.to_owned(),
            page: self.layout.pages.len(),
            x: self.paper.left(),
            y: self.paper.top() + self.y,
        };
        self.layout.headings.push(place);
    }

    /// Puts a line whose box has this top (from the type area's) and this height.
    pub(super) fn text(&mut self, owner: Owner, look: Look, line: Line, x: f32, top: f32, pitch: f32) {
        let baseline = self.paper.top() + top + (pitch - look.size) / 2.0 + look.size * ASCENT;
        self.page.items.push(Item {
            owner,
            shape: Shape::Text {
                x: self.paper.left() + x + line.start,
                line,
                baseline,
                face: look.face,
                size: look.size,
                colour: look.colour,
            },
        });
    }

    /// Puts a rectangle, places counted from the type area's top left corner.
    pub(super) fn fill(&mut self, x: f32, top: f32, width: f32, height: f32, colour: Rgb) {
        self.page.items.push(Item {
            owner: Owner::Decoration,
            shape: Shape::Box { x: self.paper.left() + x, y: self.paper.top() + top, width, height, colour },
        });
    }

    /// Runs lines down the page, breaking it where it is full.
    pub(super) fn run(&mut self, owner: Owner, look: Look, lines: Vec<Line>, pitch: f32) {
        for line in lines {
            self.need(pitch);
            let top = self.y;
            self.text(owner, look, line, 0.0, top, pitch);
            self.y += pitch;
        }
    }

    /// Runs lines centred in a width.
    pub(super) fn run_centred(&mut self, owner: Owner, look: Look, lines: Vec<Line>, width: f32, pitch: f32) {
        for line in lines {
            self.need(pitch);
            let x = ((width - line.width()) / 2.0).max(0.0);
            let top = self.y;
            self.text(owner, look, line, x, top, pitch);
            self.y += pitch;
        }
    }

    /// An empty line of the body's grid.
    pub(super) fn blank_line(&mut self) {
        self.skip(LINE_PITCH);
    }
}
