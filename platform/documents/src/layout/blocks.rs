//! Headings, paragraphs, lists and notes.

use super::flow::{Flow, Look};
use super::{Owner, Role};
use crate::model::{HeadingLevel, List, PLAIN_MARKER, ordered_marker};
use crate::standard::{CHAR_PITCH, INDENT_CHARS, LINE_PITCH, SIZE_BODY, SIZE_TABLE};
use crate::text::{Face, Line, Setting, break_lines};

/// Distance between lines of a note.
const NOTE_PITCH: f32 = 19.0;

/// The body's setting: 28 characters a line of a standing page, first line indented by two, lines filled.
pub(super) fn body_setting(face: Face, width: f32) -> Setting {
    Setting {
        face,
        size: SIZE_BODY,
        cell: CHAR_PITCH,
        width,
        indent: f32::from(INDENT_CHARS) * CHAR_PITCH,
        justify: true,
    }
}

/// A heading never stands alone at the foot of a page.
pub(super) fn heading(flow: &mut Flow<'_>, level: HeadingLevel, text: &str) {
    let face = match level {
        HeadingLevel::One => Face::Heading,
        HeadingLevel::Two => Face::Subheading,
        HeadingLevel::Three | HeadingLevel::Four => Face::Body,
    };
    let lines = break_lines(text, &body_setting(face, flow.width()), flow.measure);
    flow.need((lines.len() + 1) as f32 * LINE_PITCH);
    flow.mark_heading(level.number(), text);
    let owner = flow.element(Role::Heading(level.number(), text.to_owned()), None);
    flow.run(Owner::Element(owner), Look::black(face, SIZE_BODY), lines, LINE_PITCH);
}

pub(super) fn paragraph(flow: &mut Flow<'_>, text: &str) {
    let owner = flow.element(Role::Paragraph, None);
    run_body(flow, owner, text);
}

pub(super) fn list(flow: &mut Flow<'_>, list: &List) {
    let parent = flow.element(Role::List(list.ordered), None);
    for (index, item) in list.items.iter().enumerate() {
        let owner = flow.element(Role::ListItem, Some(parent));
        let marker = if list.ordered { ordered_marker(index + 1) } else { PLAIN_MARKER.to_owned() };
        run_body(flow, owner, &format!("{marker}{item}"));
    }
}

pub(super) fn note(flow: &mut Flow<'_>, text: &str) {
    let owner = flow.element(Role::Note, None);
    let setting = Setting {
        face: Face::Body,
        size: SIZE_TABLE,
        cell: SIZE_TABLE,
        width: flow.width(),
        indent: 2.0 * SIZE_TABLE,
        justify: true,
    };
    let lines = break_lines(text, &setting, flow.measure);
    flow.run(Owner::Element(owner), Look::black(Face::Body, SIZE_TABLE), lines, NOTE_PITCH);
}

fn run_body(flow: &mut Flow<'_>, owner: usize, text: &str) {
    let lines: Vec<Line> = break_lines(text, &body_setting(Face::Body, flow.width()), flow.measure);
    flow.run(Owner::Element(owner), Look::black(Face::Body, SIZE_BODY), lines, LINE_PITCH);
}
