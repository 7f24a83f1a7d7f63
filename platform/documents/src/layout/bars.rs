//! Figures of bars: label, bar on its track with a tick at the target, value as text.
//! For a reader it is a table of labels and values; the bars are decoration.

use super::flow::{Flow, Look};
use super::{Owner, Role};
use crate::model::{BarFigure, BarRow};
use crate::standard::{BAR_TRACK, BLACK, SIZE_TABLE, SIZE_TABLE_DENSE};
use crate::text::{Face, Line, Setting, break_lines};

/// Shares of the width that label and value have; the track has the rest.
const LABEL_SHARE: f32 = 0.33;
const VALUE_SHARE: f32 = 0.27;
/// Room between the three.
const GAP: f32 = 8.0;
/// Distance between lines of text.
const PITCH: f32 = 16.0;
/// Room between rows.
const ROW_GAP: f32 = 5.0;
const BAR_HEIGHT: f32 = 9.0;
const TICK_HEIGHT: f32 = 15.0;
const TICK_WIDTH: f32 = 1.4;
const TITLE_PITCH: f32 = 20.0;
/// Room before and after the figure.
const MARGIN: f32 = 9.0;
/// A figure of at most this share of a page is never torn.
const KEPT_WHOLE: f32 = 0.7;

/// A row with its texts set.
struct SetRow<'a> {
    row: &'a BarRow,
    label: Vec<Line>,
    value: Vec<Line>,
    height: f32,
}

pub(super) fn place(flow: &mut Flow<'_>, figure: &BarFigure) {
    let owner = flow.element(Role::Table, None);
    flow.skip(MARGIN);
    let title = set(flow, &figure.title, Face::Heading, SIZE_TABLE, flow.width());
    let rows: Vec<SetRow<'_>> = figure.rows.iter().map(|row| set_row(flow, row)).collect();
    let head = title.len() as f32 * TITLE_PITCH + PITCH + ROW_GAP;
    let whole: f32 = head + rows.iter().map(|row| row.height + ROW_GAP).sum::<f32>();
    let start = head + rows.first().map_or(0.0, |row| row.height);
    flow.need(if whole <= flow.paper.body_height() * KEPT_WHOLE { whole } else { start });
    let caption = flow.element(Role::Caption, Some(owner));
    let look = Look::black(Face::Heading, SIZE_TABLE);
    let width = flow.width();
    flow.run_centred(Owner::Element(caption), look, title, width, TITLE_PITCH);
    if figure.rows.iter().any(|row| row.tick.is_some()) && !figure.tick_meaning.is_empty() {
        legend(flow, caption, &figure.tick_meaning);
    }
    let body = flow.element(Role::TableBody, Some(owner));
    for row in rows {
        place_row(flow, body, row);
    }
    flow.skip(MARGIN);
}

fn set_row<'a>(flow: &Flow<'_>, row: &'a BarRow) -> SetRow<'a> {
    let label = set(flow, &row.label, Face::Body, SIZE_TABLE, flow.width() * LABEL_SHARE);
    let value = set(flow, &row.value, Face::Body, SIZE_TABLE, flow.width() * VALUE_SHARE);
    let height = label.len().max(value.len()).max(1) as f32 * PITCH;
    SetRow { row, label, value, height }
}

fn set(flow: &Flow<'_>, text: &str, face: Face, size: f32, width: f32) -> Vec<Line> {
    let setting = Setting { face, size, cell: size, width, indent: 0.0, justify: false };
    break_lines(text, &setting, flow.measure)
}

fn place_row(flow: &mut Flow<'_>, body: usize, set: SetRow<'_>) {
    flow.need(set.height + ROW_GAP);
    let row_owner = flow.element(Role::Row, Some(body));
    let head = flow.element(Role::RowHead, Some(row_owner));
    put(flow, head, set.label, 0.0, set.height);
    draw_bar(flow, set.row, flow.y + set.height / 2.0);
    let cell = flow.element(Role::Cell(1), Some(row_owner));
    let value_x = flow.width() * (1.0 - VALUE_SHARE);
    put(flow, cell, set.value, value_x, set.height);
    flow.y += set.height + ROW_GAP;
}

fn put(flow: &mut Flow<'_>, owner: usize, lines: Vec<Line>, x: f32, height: f32) {
    let mut top = flow.y + (height - lines.len() as f32 * PITCH) / 2.0;
    for line in lines {
        let look = Look::black(Face::Body, SIZE_TABLE);
        flow.text(Owner::Element(owner), look, line, x, top, PITCH);
        top += PITCH;
    }
}

fn draw_bar(flow: &mut Flow<'_>, row: &BarRow, middle: f32) {
    let left = flow.width() * LABEL_SHARE + GAP;
    let track = flow.width() * (1.0 - LABEL_SHARE - VALUE_SHARE) - 2.0 * GAP;
    let top = middle - BAR_HEIGHT / 2.0;
    flow.fill(left, top, track, BAR_HEIGHT, BAR_TRACK);
    if let Some(share) = row.share.filter(|share| *share > 0.0) {
        flow.fill(left, top, track * share, BAR_HEIGHT, row.tone.rgb());
    }
    if let Some(tick) = row.tick {
        let x = left + track * tick - TICK_WIDTH / 2.0;
        flow.fill(x, middle - TICK_HEIGHT / 2.0, TICK_WIDTH, TICK_HEIGHT, BLACK);
    }
}

fn legend(flow: &mut Flow<'_>, caption: usize, meaning: &str) {
    let width = flow.width() - 2.0 * GAP;
    let lines = set(flow, meaning, Face::Body, SIZE_TABLE_DENSE, width);
    for (index, line) in lines.into_iter().enumerate() {
        let x = (flow.width() - line.width()) / 2.0;
        let top = flow.y;
        if index == 0 {
            flow.fill(x - GAP, top + 1.0, TICK_WIDTH, PITCH - 2.0, BLACK);
        }
        let look = Look::black(Face::Body, SIZE_TABLE_DENSE);
        flow.text(Owner::Element(caption), look, line, x, top, PITCH);
        flow.y += PITCH;
    }
    flow.y += ROW_GAP;
}
