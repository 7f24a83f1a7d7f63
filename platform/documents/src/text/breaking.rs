//! Breaking a paragraph into lines.
//!
//! Method: the text becomes atoms (a Chinese character, a Latin word or number, a space, a double
//! dash); a line takes atoms while they fit; when one does not, the line ends at the last place
//! where the rules allow it. A closing mark at the end of a line may stand with its blank right
//! half outside. Marks that meet keep their full cells, as on the standard's grid of 28: closing
//! them up would also make readers of PDF tear the copied text there. An atom wider than a line is
//! cut.

use super::classes::{blank_right, is_wide, may_end_line, may_start_line};
use super::{Face, Measure};

/// Rounding slack of widths, in points.
const SLACK: f32 = 0.05;
/// From this advance on (in ems) a character takes a full cell.
const FULL_CELL: f32 = 0.95;

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The face.
    pub face: Face,
    /// Type size in points.
    pub size: f32,
    /// Width of a full character cell in points; the size itself unless the grid is tighter.
    pub cell: f32,
    /// Width of a line in points.
    pub width: f32,
    /// Indent of the first line in points.
    pub indent: f32,
    /// Whether lines but the last are filled to the edge.
    pub justify: bool,
}

/// A character on a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character.
    pub character: char,
    /// What it takes of the line, in points.
    pub advance: f32,
}

/// A line, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Its characters in order; a space at its end is dropped.
    pub glyphs: Vec<Glyph>,
    /// Where it starts, from the left edge of the paragraph, in points.
    pub start: f32,
}

impl Line {
    /// The text of the line.
    #[cfg(test)]
    #[must_use]
    pub fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.character).collect()
    }

    /// The width of the line in points.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }
}

/// Sets a text into lines. A line feed in it ends a line. An empty text is one empty line.
#[must_use]
pub fn break_lines(text: &str, setting: &Setting, measure: &dyn Measure) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, part) in text.split('\n').enumerate() {
        let indent = if index == 0 { setting.indent } else { 0.0 };
        break_part(part, indent, setting, measure, &mut lines);
    }
    lines
}

fn break_part(part: &str, indent: f32, setting: &Setting, measure: &dyn Measure, lines: &mut Vec<Line>) {
    let glyphs = measured(part, setting, measure);
    let mut rest: &[Glyph] = &glyphs;
    let mut start = indent;
    loop {
        let width = (setting.width - start).max(0.0);
        let taken = line_length(rest, width);
        let (head, tail) = rest.split_at(taken);
        let mut line = Line { glyphs: trimmed(head).to_vec(), start };
        rest = skip_spaces(tail);
        if setting.justify && !rest.is_empty() {
            fill(&mut line, width, setting.cell);
        }
        lines.push(line);
        start = 0.0;
        if rest.is_empty() {
            return;
        }
    }
}

/// The characters with their advances.
fn measured(text: &str, setting: &Setting, measure: &dyn Measure) -> Vec<Glyph> {
    let characters = text.chars().filter(|one| !one.is_control());
    characters
        .map(|character| {
            let ems = measure.advance(setting.face, character);
            let tighter = if ems >= FULL_CELL { setting.cell - setting.size } else { 0.0 };
            Glyph { character, advance: ems * setting.size + tighter }
        })
        .collect()
}

/// How many glyphs the next line takes: at least one, so that setting always ends.
fn line_length(glyphs: &[Glyph], width: f32) -> usize {
    let mut used = 0.0;
    let mut last_break = 0;
    for (index, glyph) in glyphs.iter().enumerate() {
        if index > 0 && break_allowed(glyphs, index) {
            last_break = index;
        }
        used += glyph.advance;
        let may_hang = if hangs_half(*glyph) { glyph.advance / 2.0 } else { 0.0 };
        if used - may_hang > width + SLACK && glyph.character != ' ' {
            return if last_break > 0 { last_break } else { index.max(1) };
        }
        if used > width + SLACK && glyph.character != ' ' {
            // The mark fits only with its blank half outside: the line ends here if it may.
            let next = index + 1;
            let ends = next == glyphs.len() || break_allowed(glyphs, next);
            return match (ends, last_break) {
                (true, _) => next,
                (false, 0) => index.max(1),
                (false, place) => place,
            };
        }
    }
    glyphs.len()
}

/// Whether the blank half of a full-width closing mark may stand outside the line.
fn hangs_half(glyph: Glyph) -> bool {
    blank_right(glyph.character) && is_wide(glyph.character)
}

/// Whether a line may end before the glyph at `index`.
fn break_allowed(glyphs: &[Glyph], index: usize) -> bool {
    let at = |place: usize| glyphs.get(place).map(|glyph| glyph.character);
    let (Some(before), Some(after)) = (index.checked_sub(1).and_then(at), at(index)) else {
        return true;
    };
    if after == ' ' {
        return false; // a space belongs to the line it ends
    }
    if is_pair(before) && before == after {
        return false; // a double dash or six dots are not torn
    }
    let starts_dash = is_pair(after) && at(index + 1) == Some(after);
    if !(may_start_line(after) || starts_dash && after == '—') || !may_end_line(before) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

fn is_pair(character: char) -> bool {
    matches!(character, '—' | '…')
}

fn trimmed(glyphs: &[Glyph]) -> &[Glyph] {
    let end = glyphs.iter().rposition(|glyph| glyph.character != ' ').map_or(0, |last| last + 1);
    glyphs.get(..end).unwrap_or_default()
}

fn skip_spaces(glyphs: &[Glyph]) -> &[Glyph] {
    let start = glyphs.iter().position(|glyph| glyph.character != ' ').unwrap_or(glyphs.len());
    glyphs.get(start..).unwrap_or_default()
}

/// Spreads what is left of a line over the gaps beside Chinese characters and spaces, or closes up
/// the mark that hangs out.
fn fill(line: &mut Line, width: f32, cell: f32) {
    let hang = match line.glyphs.last() {
        Some(glyph) if hangs_half(*glyph) && line.width() > width + SLACK => glyph.advance / 2.0,
        _ => 0.0,
    };
    let left = width + hang - line.width();
    let opens = |pair: &[Glyph]| match pair {
        [a, b] => is_wide(a.character) || is_wide(b.character) || a.character == ' ',
        _ => false,
    };
    let gaps = line.glyphs.windows(2).filter(|pair| opens(pair)).count();
    if gaps == 0 || left.abs() < SLACK {
        return;
    }
    let each = left / gaps as f32;
    if each > cell {
        return; // a line that is nearly empty stays as it is
    }
    let open: Vec<bool> = line.glyphs.windows(2).map(opens).collect();
    for (glyph, open) in line.glyphs.iter_mut().zip(open) {
        if open {
            glyph.advance += each;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::GridMeasure;
    use super::*;
    use proptest::prelude::*;

    fn setting(chars: f32) -> Setting {
        Setting { face: Face::Body, size: 10.0, cell: 10.0, width: chars * 10.0, indent: 0.0, justify: false }
    }

    fn lines(text: &str, chars: f32) -> Vec<String> {
        break_lines(text, &setting(chars), &GridMeasure).iter().map(Line::text).collect()
    }

    #[test]
    fn breaks_by_the_rules() {
        for (text, chars, expected) in [
            ("甲乙丙丁", 2.0, vec!["甲乙", "丙丁"]),
            // A stop that only half fits hangs by its blank half.
            ("甲乙丙。丁", 3.5, vec!["甲乙丙。", "丁"]),
            // One that does not fit takes a character along.
            ("甲乙丙。丁", 3.0, vec!["甲乙", "丙。丁"]),
            ("甲乙《丙丁》", 3.0, vec!["甲乙", "《丙", "丁》"]),
            ("完成93.5%的", 4.0, vec!["完成", "93.5%的"]),
            ("甲——乙", 2.0, vec!["甲", "——", "乙"]),
            ("word by word", 3.0, vec!["word", "by", "word"]),
            ("", 3.0, vec![""]),
            ("甲\n乙", 3.0, vec!["甲", "乙"]),
            // An atom wider than the line is cut.
            ("abcdefgh", 2.0, vec!["abcd", "efgh"]),
        ] {
            assert_eq!(lines(text, chars), expected, "{text}");
        }
    }

    #[test]
    fn a_filled_line_reaches_the_edge_and_the_last_does_not() {
        let mut setting = setting(5.4);
        setting.justify = true;
        setting.indent = 20.0;
        let lines = break_lines("甲乙丙丁戊己庚辛", &setting, &GridMeasure);
        let first = lines.first().unwrap();
        assert!((first.start - 20.0).abs() < 0.01);
        assert!((first.start + first.width() - 54.0).abs() < 0.01);
        assert!(lines.last().unwrap().width() < 54.0);
    }

    proptest! {
        /// No line begins with a mark that may not, none ends with one that may not, no text is
        /// lost, and no line is wider than the type area by more than half a mark.
        #[test]
        fn kinsoku_holds_for_any_text(
            words in prop::collection::vec("[一-龥]{1,6}|[a-z]{1,6}|[0-9]{1,4}(\\.[0-9])?%?|——", 1..60),
            marks in prop::collection::vec("，|。|、|；|：|？|！|”|（|《|）。|。”|）》|“《| ", 60),
            chars in 12u8..30,
        ) {
            let text: String = words.iter().zip(&marks).map(|(word, mark)| format!("{word}{mark}")).collect();
            let mut setting = setting(f32::from(chars));
            setting.indent = 20.0;
            setting.justify = true;
            let lines = break_lines(&text, &setting, &GridMeasure);
            for (index, line) in lines.iter().enumerate() {
                let shown = line.text();
                if let Some(first) = shown.chars().next()
                    && index > 0
                {
                    let dash = shown.starts_with("——");
                    prop_assert!(may_start_line(first) || dash, "line starts with {first}: {shown}");
                }
                if let Some(last) = shown.chars().last()
                    && index + 1 < lines.len()
                {
                    prop_assert!(may_end_line(last), "line ends with {last}: {shown}");
                }
                prop_assert!(line.start + line.width() <= setting.width + 5.2, "too wide: {shown}");
            }
            let back: String = lines.iter().map(Line::text).collect();
            let plain = |text: &str| text.replace(' ', "");
            prop_assert_eq!(plain(&back), plain(&text));
        }
    }
}
