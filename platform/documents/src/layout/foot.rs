//! The end of a document: sign-off (7.3.5), imprint (7.4), page numbers (7.5).

use super::blocks::body_setting;
use super::flow::{Flow, Look};
use super::{Item, Owner, Page, Role, Shape};
use crate::fmt;
use crate::model::{Document, ImprintRow};
use crate::standard::{
    BLACK, CHAR_PITCH, DATE_SHIFT_CHARS, IMPRINT_LINE, IMPRINT_LINE_THIN, LINE_PITCH, PAGE_NUMBER_DROP,
    SIGN_RIGHT_CHARS, SIZE_BODY, SIZE_SMALL, SIZE_TABLE_DENSE,
};
use crate::text::{Face, Line, Measure, Setting, break_lines};

/// Distance between lines of the imprint.
const IMPRINT_PITCH: f32 = 24.0;
/// How far a dash stands over its baseline, in ems.
const DASH_HEIGHT: f32 = 0.38;

/// Unit and date at the right, without a seal: the unit two characters in, the date starting two
/// characters to the right of the unit; a longer date goes to the edge instead and the unit with it.
pub(super) fn sign_off(flow: &mut Flow<'_>, document: &Document) {
    let Some(sign) = &document.sign_off else {
        return;
    };
    let setting = Setting { indent: 0.0, justify: false, ..body_setting(Face::Body, flow.width()) };
    let date_lines = break_lines(&fmt::day(sign.date), &setting, flow.measure);
    let unit_lines = break_lines(&sign.unit, &setting, flow.measure);
    let widest = |lines: &[Line]| lines.iter().map(Line::width).fold(0.0, f32::max);
    let (unit_x, date_x) = sign_places(widest(&unit_lines), widest(&date_lines), flow.width());
    flow.need((unit_lines.len() + date_lines.len() + 1) as f32 * LINE_PITCH);
    flow.blank_line();
    for (lines, x) in [(unit_lines, unit_x), (date_lines, date_x)] {
        let owner = flow.element(Role::Paragraph, None);
        for line in lines {
            let top = flow.y;
            let look = Look::black(Face::Body, SIZE_BODY);
            flow.text(Owner::Element(owner), look, line, x, top, LINE_PITCH);
            flow.y += LINE_PITCH;
        }
    }
}

/// Where unit and date start, from the left edge of the type area.
fn sign_places(unit: f32, date: f32, width: f32) -> (f32, f32) {
    let edge = width - f32::from(SIGN_RIGHT_CHARS) * CHAR_PITCH;
    let shift = f32::from(DATE_SHIFT_CHARS) * CHAR_PITCH;
    if date > unit {
        let date_x = (edge - date).max(0.0);
        ((date_x - shift).max(0.0), date_x)
    } else {
        let unit_x = (edge - unit).max(0.0);
        let date_x = (unit_x + shift).min((width - date).max(0.0));
        (unit_x, date_x)
    }
}

struct ImprintLines {
    left: Vec<Line>,
    left_x: f32,
    label: Option<Line>,
    right: Option<Line>,
}

/// Rows between rules at the foot of the last page; on a page of its own when there is no room.
pub(super) fn imprint(flow: &mut Flow<'_>, rows: &[ImprintRow]) {
    if rows.is_empty() {
        return;
    }
    let set: Vec<ImprintLines> = rows.iter().map(|row| imprint_lines(flow, row)).collect();
    let count: usize = set.iter().map(|row| row.left.len().max(1)).sum();
    let height = count as f32 * IMPRINT_PITCH;
    flow.need(height + LINE_PITCH);
    flow.y = flow.paper.body_height() - height;
    let width = flow.width();
    let look = Look::black(Face::Body, SIZE_SMALL);
    for (index, row) in set.into_iter().enumerate() {
        let line = if index == 0 { IMPRINT_LINE } else { IMPRINT_LINE_THIN };
        flow.fill(0.0, flow.y, width, line, BLACK);
        let owner = Owner::Element(flow.element(Role::Paragraph, None));
        let top = flow.y;
        if let Some(label) = row.label {
            flow.text(owner, look, label, SIZE_SMALL, top, IMPRINT_PITCH);
        }
        let mut used = 0;
        for line in row.left {
            let top = flow.y + used as f32 * IMPRINT_PITCH;
            flow.text(owner, look, line, row.left_x, top, IMPRINT_PITCH);
            used += 1;
        }
        if let Some(right) = row.right {
            let x = width - SIZE_SMALL - right.width();
            flow.text(owner, look, right, x, top, IMPRINT_PITCH);
        }
        flow.y += used.max(1) as f32 * IMPRINT_PITCH;
    }
    flow.fill(0.0, flow.y - IMPRINT_LINE, width, IMPRINT_LINE, BLACK);
}

/// One character in at both sides; later lines stand under the first character after the colon.
fn imprint_lines(flow: &Flow<'_>, row: &ImprintRow) -> ImprintLines {
    let plain = |width: f32| Setting {
        face: Face::Body,
        size: SIZE_SMALL,
        cell: SIZE_SMALL,
        width,
        indent: 0.0,
        justify: false,
    };
    let one = |text: &str| break_lines(text, &plain(flow.width()), flow.measure).into_iter().next();
    let right = (!row.right.is_empty()).then(|| one(&row.right)).flatten();
    let right_width = right.as_ref().map_or(0.0, |line| line.width() + SIZE_SMALL);
    let (label, rest) = match row.left.find('：') {
        Some(place) => row.left.split_at(place + '：'.len_utf8()),
        None => ("", row.left.as_str()),
    };
    let label = (!label.is_empty()).then(|| one(label)).flatten();
    let left_x = SIZE_SMALL + label.as_ref().map_or(0.0, Line::width);
    let width = (flow.width() - left_x - SIZE_SMALL - right_width).max(6.0 * SIZE_SMALL);
    ImprintLines { left: break_lines(rest, &plain(width), flow.measure), left_x, label, right }
}

/// The number at the outer side of each page, one character in; the marking at the other side of
/// all pages but the first, which has it at its head.
pub(super) fn page_feet(flow: &mut Flow<'_>, marking: Option<&str>) {
    let measure = flow.measure;
    for (index, page) in flow.pages_mut().enumerate() {
        let number = index + 1;
        let odd = number % 2 == 1;
        page_number(page, number, odd, measure);
        if let (Some(marking), true) = (marking, index > 0) {
            page_marking(page, marking, !odd, measure);
        }
    }
}

fn page_number(page: &mut Page, number: usize, at_right: bool, measure: &dyn Measure) {
    let text = format!("— {number} —");
    foot_text(page, &text, at_right, Face::Number, SIZE_SMALL, measure);
}

fn page_marking(page: &mut Page, marking: &str, at_right: bool, measure: &dyn Measure) {
    foot_text(page, marking, at_right, Face::Heading, SIZE_TABLE_DENSE, measure);
}

fn foot_text(page: &mut Page, text: &str, at_right: bool, face: Face, size: f32, measure: &dyn Measure) {
    let paper = page.paper;
    let setting = Setting { face, size, cell: size, width: paper.body_width(), indent: 0.0, justify: false };
    let Some(line) = break_lines(text, &setting, measure).into_iter().next() else {
        return;
    };
    let x = if at_right { paper.body_width() - SIZE_SMALL - line.width() } else { SIZE_SMALL };
    let dash = paper.top() + paper.body_height() + PAGE_NUMBER_DROP;
    page.items.push(Item {
        owner: Owner::PageFoot,
        shape: Shape::Text {
            line,
            x: paper.left() + x,
            baseline: dash + SIZE_SMALL * DASH_HEIGHT,
            face,
            size,
            colour: BLACK,
        },
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::BODY_WIDTH;

    #[test]
    fn the_date_starts_two_characters_after_the_unit_unless_it_is_longer() {
        let (unit_x, date_x) = sign_places(10.0 * CHAR_PITCH, 7.0 * CHAR_PITCH, BODY_WIDTH);
        assert!((unit_x - 16.0 * CHAR_PITCH).abs() < 0.01);
        assert!((date_x - 18.0 * CHAR_PITCH).abs() < 0.01);
        let (unit_x, date_x) = sign_places(4.0 * CHAR_PITCH, 7.0 * CHAR_PITCH, BODY_WIDTH);
        assert!((date_x - 19.0 * CHAR_PITCH).abs() < 0.01);
        assert!((unit_x - 17.0 * CHAR_PITCH).abs() < 0.01);
    }
}
