//! The head of a document: issuer's mark, number, red line, title (clauses 7.2 and 7.3.1–7.3.2).

use super::blocks::body_setting;
use super::flow::{Flow, Look};
use super::{Owner, Role};
use crate::model::Document;
use crate::standard::{
    BODY_WIDTH, LINE_PITCH, LINES_AFTER_MARK, LINES_BEFORE_TITLE, MARK_DROP, MARK_SIZE_MAX, MARK_SIZE_MIN, RED,
    RED_LINE, RED_LINE_GAP, SIZE_BODY, SIZE_TITLE, TITLE_PITCH,
};
use crate::text::{Face, Line, Setting, break_lines, width_in_ems};

/// Distance between lines of a mark of several lines, in its own size.
const MARK_LINE: f32 = 1.25;

pub(super) fn place(flow: &mut Flow<'_>, document: &Document) {
    if let Some(marking) = &document.marking {
        marking_line(flow, marking);
    }
    if document.issuer.is_empty() {
        flow.blank_line();
    } else {
        red_head(flow, document);
        flow.drop_by(f32::from(LINES_BEFORE_TITLE) * LINE_PITCH);
    }
    title(flow, document);
    if let Some(addressee) = &document.addressee {
        let owner = flow.element(Role::Paragraph, None);
        let setting = Setting { indent: 0.0, ..body_setting(Face::Body, BODY_WIDTH) };
        let lines = break_lines(&format!("{addressee}："), &setting, flow.measure);
        flow.run(Owner::Element(owner), Look::black(Face::Body, SIZE_BODY), lines, LINE_PITCH);
    }
}

/// The first line of the type area, where the standard puts marks of secrecy and urgency (7.2.1–7.2.3).
fn marking_line(flow: &mut Flow<'_>, marking: &str) {
    let owner = flow.element(Role::Paragraph, None);
    let setting = Setting { indent: 0.0, ..body_setting(Face::Heading, BODY_WIDTH) };
    let lines = break_lines(marking, &setting, flow.measure);
    flow.run(Owner::Element(owner), Look::black(Face::Heading, SIZE_BODY), lines, LINE_PITCH);
}

fn red_head(flow: &mut Flow<'_>, document: &Document) {
    flow.y = flow.y.max(MARK_DROP);
    let ems = width_in_ems(&document.issuer, Face::Title, flow.measure).max(1.0);
    let size = (BODY_WIDTH / ems).clamp(MARK_SIZE_MIN, MARK_SIZE_MAX);
    let look = Look { face: Face::Title, size, colour: RED };
    let owner = flow.element(Role::Paragraph, None);
    let lines = balanced(flow, &document.issuer, Face::Title, size);
    flow.run_centred(Owner::Element(owner), look, lines, BODY_WIDTH, size * MARK_LINE);
    flow.drop_by(f32::from(LINES_AFTER_MARK) * LINE_PITCH);
    if let Some(number) = &document.document_no {
        let owner = flow.element(Role::Paragraph, None);
        let lines = balanced(flow, number, Face::Body, SIZE_BODY);
        let look = Look::black(Face::Body, SIZE_BODY);
        flow.run_centred(Owner::Element(owner), look, lines, BODY_WIDTH, LINE_PITCH);
        // The gap is counted from the characters, not from their line box.
        flow.drop_by(RED_LINE_GAP - (LINE_PITCH - SIZE_BODY) / 2.0);
    }
    let top = flow.y;
    flow.fill(0.0, top, BODY_WIDTH, RED_LINE, RED);
    flow.drop_by(RED_LINE);
}

fn title(flow: &mut Flow<'_>, document: &Document) {
    let owner = flow.element(Role::Title, None);
    let mut lines = Vec::new();
    for part in document.title.split('\n') {
        lines.extend(balanced(flow, part, Face::Title, SIZE_TITLE));
    }
    let look = Look::black(Face::Title, SIZE_TITLE);
    flow.run_centred(Owner::Element(owner), look, lines, BODY_WIDTH, TITLE_PITCH);
    for text in [&document.subtitle, &document.date_line].into_iter().flatten() {
        let owner = flow.element(Role::Paragraph, None);
        let lines = balanced(flow, text, Face::Subheading, SIZE_BODY);
        let look = Look::black(Face::Subheading, SIZE_BODY);
        flow.run_centred(Owner::Element(owner), look, lines, BODY_WIDTH, LINE_PITCH);
    }
    flow.blank_line();
}

/// Lines of nearly equal length: the narrowest width that needs no more lines than the full one.
fn balanced(flow: &Flow<'_>, text: &str, face: Face, size: f32) -> Vec<Line> {
    let at = |width: f32| {
        let setting = Setting { face, size, cell: size, width, indent: 0.0, justify: false };
        break_lines(text, &setting, flow.measure)
    };
    let widest = at(BODY_WIDTH);
    let mut best = widest.clone();
    let steps = (BODY_WIDTH / size) as u16;
    for step in 1..steps {
        let narrower = at(BODY_WIDTH - f32::from(step) * size);
        if narrower.len() > widest.len() {
            break;
        }
        best = narrower;
    }
    best
}
