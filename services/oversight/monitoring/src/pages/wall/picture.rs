//! The wall as a drawing: one SVG file with every figure, for a report or a chat. It stands alone, so its colours are
//! written into it; they are those of the wall on the screen.

use super::Shown;
use super::tile::{Tile, TileRow};
use std::fmt::Write;
use web::Tone;
use web::markup::escape;

const WIDTH: f64 = 1920.0;
const EDGE: f64 = 32.0;
const GAP: f64 = 20.0;
const HEAD: f64 = 110.0;
const COLUMNS: usize = 3;
const PAD: f64 = 22.0;
const LINE: f64 = 36.0;
/// Text size of a tile's lines.
const BODY: f64 = 22.0;

/// The ground, the surface of a tile, its border, ink, second ink, brand.
const GROUND: &str = "#06120f";
const SURFACE: &str = "#0d1f1a";
const BORDER: &str = "#1f3a32";
const INK: &str = "#f1f7f4";
const INK_2: &str = "#c9d8d1";
const BRAND: &str = "#6fe0c4";
const FAILED: &str = "#e8a52c";
const FACES: &str = "PingFang SC, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, sans-serif";

const fn fill(tone: Tone) -> &'static str {
    match tone {
        Tone::Ok => "#43c87a",
        Tone::Run => "#5a9df0",
        Tone::Slow => "#e8a52c",
        Tone::Late => "#f0605a",
        Tone::None => "#6d8279",
    }
}

/// A drawing being written, and how far down it is.
struct Sheet {
    svg: String,
    x: f64,
    y: f64,
    width: f64,
}

impl Sheet {
    fn text(&mut self, x: f64, size: f64, colour: &str, weight: u16, anchor: &str, text: &str) {
        // Writing to a String cannot fail.
        let _ = write!(
            self.svg,
            "<text x=\"{x:.0}\" y=\"{:.0}\" font-size=\"{size:.0}\" font-weight=\"{weight}\" fill=\"{colour}\" text-anchor=\"{anchor}\">{}</text>",
            self.y,
            escape(text)
        );
    }

    fn line(&mut self, text: &str) {
        let room = self.width;
        let x = self.x;
        self.text(x, BODY, INK_2, 400, "start", &fit(text, BODY, room));
        self.y += LINE;
    }

    fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        let _ = write!(
            self.svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"3\" fill=\"{colour}\"/>"
        );
    }
}

/// How wide a text is, near enough: a Chinese character is one em, others a good half.
fn wide(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| if letter.is_ascii() { 0.56 } else { 1.0 }).sum::<f64>() * size
}

/// A text cut to a width, with an ellipsis where it was cut.
fn fit(text: &str, size: f64, room: f64) -> String {
    if wide(text, size) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for letter in text.chars() {
        if wide(&cut, size) + size * 2.0 > room {
            break;
        }
        cut.push(letter);
    }
    cut.push('…');
    cut
}

/// Lines a tile needs below its heading.
fn height(shown: &Shown) -> f64 {
    let Some(tile) = &shown.tile else { return LINE * 3.0 };
    let figure = if tile.figure.is_some() { 76.0 } else { 0.0 };
    let sub = if tile.sub.is_empty() { 0.0 } else { LINE };
    let parts = if tile.parts.is_empty() { 0.0 } else { 34.0 + LINE * legend_lines(tile) as f64 };
    let rows = LINE * tile.rows.len().max(usize::from(!tile.none.is_empty())) as f64;
    let failed = if shown.failed.is_some() { LINE } else { 0.0 };
    figure + sub + parts + rows + failed + LINE * 2.6
}

/// Parts stand three to a line.
fn legend_lines(tile: &Tile) -> usize {
    tile.parts.len().div_ceil(3)
}

/// Draws all tiles: three to a row, each row as high as its highest.
pub(super) fn draw(title: &str, as_of: &str, tiles: &[Shown]) -> String {
    let width = (WIDTH - 2.0 * EDGE - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
    let rows: Vec<&[Shown]> = tiles.chunks(COLUMNS).collect();
    let heights: Vec<f64> = rows.iter().map(|row| row.iter().map(height).fold(0.0, f64::max)).collect();
    let whole = HEAD + heights.iter().sum::<f64>() + GAP * rows.len() as f64 + EDGE;
    let mut sheet = Sheet { svg: String::new(), x: EDGE, y: 68.0, width };
    let _ = write!(
        sheet.svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {whole:.0}\" width=\"{WIDTH:.0}\" height=\"{whole:.0}\" \
         font-family=\"{FACES}\" role=\"img\"><title>{}</title><rect width=\"100%\" height=\"100%\" fill=\"{GROUND}\"/>",
        escape(title)
    );
    sheet.text(EDGE, 44.0, INK, 700, "start", title);
    sheet.text(WIDTH - EDGE, 24.0, INK_2, 400, "end", &format!("数据截至{as_of}"));
    let mut top = HEAD;
    for (row, high) in rows.iter().zip(&heights) {
        for (column, shown) in row.iter().enumerate() {
            draw_tile(&mut sheet, shown, EDGE + column as f64 * (width + GAP), top, width, *high);
        }
        top += high + GAP;
    }
    sheet.svg.push_str("</svg>");
    sheet.svg
}

fn draw_tile(sheet: &mut Sheet, shown: &Shown, left: f64, top: f64, width: f64, high: f64) {
    let border = if shown.failed.is_some() { FAILED } else { BORDER };
    let _ = write!(
        sheet.svg,
        "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{high:.1}\" rx=\"14\" fill=\"{SURFACE}\" stroke=\"{border}\" stroke-width=\"2\"/>"
    );
    (sheet.x, sheet.y, sheet.width) = (left + PAD, top + 40.0, width - 2.0 * PAD);
    let x = sheet.x;
    sheet.text(x, 26.0, INK_2, 600, "start", shown.key.title());
    sheet.y += LINE;
    if let Some(tile) = &shown.tile {
        draw_figures(sheet, tile);
        if tile.rows.is_empty() && !tile.none.is_empty() {
            sheet.line(tile.none);
        }
        for row in &tile.rows {
            draw_row(sheet, row);
        }
        let from = tile.origin.map(|origin| format!(" · {}", origin.label())).unwrap_or_default();
        sheet.text(x, 18.0, INK_2, 400, "start", &format!("{}{from}", tile.as_of));
        sheet.y += LINE;
    }
    if let Some(failed) = &shown.failed {
        sheet.text(x, BODY, FAILED, 600, "start", failed);
    }
}

fn draw_figures(sheet: &mut Sheet, tile: &Tile) {
    let (x, room) = (sheet.x, sheet.width);
    if let Some((value, unit)) = &tile.figure {
        sheet.y += 34.0;
        sheet.text(x, 64.0, BRAND, 700, "start", value);
        sheet.text(x + wide(value, 64.0) + 12.0, 26.0, INK_2, 400, "start", unit);
        sheet.y += 42.0;
    }
    if !tile.sub.is_empty() {
        sheet.line(&tile.sub);
    }
    if tile.parts.is_empty() {
        return;
    }
    let total: u64 = tile.parts.iter().map(|part| part.count).sum();
    let (bar, mut at) = (sheet.y - 20.0, x);
    for part in tile.parts.iter().filter(|part| part.count > 0) {
        let share = part.count as f64 / total as f64 * room;
        sheet.rect(at, bar, (share - 3.0).max(1.0), 18.0, fill(part.tone));
        at += share;
    }
    sheet.y += 34.0;
    for chunk in tile.parts.chunks(3) {
        for (index, part) in chunk.iter().enumerate() {
            let from = x + index as f64 * room / 3.0;
            let y = sheet.y - 15.0;
            sheet.rect(from, y, 14.0, 14.0, fill(part.tone));
            sheet.text(from + 22.0, BODY - 2.0, INK, 400, "start", &format!("{} {}", part.label, part.count));
        }
        sheet.y += LINE;
    }
}

fn draw_row(sheet: &mut Sheet, row: &TileRow) {
    let (x, room) = (sheet.x, sheet.width);
    let state = row.tag.as_ref().map(|tag| tag.word.as_str()).unwrap_or_default();
    let right = [row.value.as_str(), state].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("　");
    let left = if row.more.is_empty() { row.what.label.clone() } else { format!("{}　{}", row.what.label, row.more) };
    // The grey of bars is too dark for words on this ground.
    let colour = row.tag.as_ref().map_or(INK, |tag| if tag.tone == Tone::None { INK_2 } else { fill(tag.tone) });
    sheet.text(x, BODY, INK, 400, "start", &fit(&left, BODY, room - wide(&right, BODY) - 16.0));
    sheet.text(x + room, BODY, colour, 600, "end", &right);
    sheet.y += LINE;
}

#[cfg(test)]
mod tests {
    use super::super::{Shown, TileKey};
    use super::*;

    #[test]
    fn every_figure_is_in_the_drawing_and_outside_text_stays_text() {
        let mut tile = Tile::sample(TileKey::Tasks);
        tile.rows.push(TileRow::new(web::Link::words("<script>"), "1"));
        let shown = Shown { key: TileKey::Tasks, tile: Some(tile), failed: None, address: String::new() };
        let svg = draw("运行情况", "2025年9月30日", &[shown]);
        for part in ["运行情况", ">20</text>", "已达标 20", "滞后 4", "4.21个/千人", "演示合成", "&lt;script&gt;"]
        {
            assert!(svg.contains(part), "{part}");
        }
        assert!(!svg.contains("<script") && !svg.contains("style="));
    }

    #[test]
    fn a_failed_tile_says_so_in_the_drawing() {
        let shown =
            Shown { key: TileKey::Alerts, tile: None, failed: Some("读取失败".to_owned()), address: String::new() };
        assert!(draw("a", "b", &[shown]).contains("读取失败"));
    }

    #[test]
    fn a_long_text_is_cut_with_a_sign() {
        let cut = fit("每万名老年人拥有养老机构认知障碍床位数", 20.0, 200.0);
        assert!(cut.ends_with('…') && wide(&cut, 20.0) <= 220.0, "{cut}");
        assert_eq!(fit("短", 20.0, 200.0), "短");
    }
}
