//! Settings as tables: for the terminal and for the operating guide.

use crate::Shown;
use std::fmt::Write as _;

const NONE: &str = "（无）";

/// Aligned columns: setting, value, origin, meaning.
pub(crate) fn terminal(settings: &[Shown]) -> String {
    let mut rows = vec![["设置", "值", "来自", "含义"].map(str::to_owned)];
    for shown in settings {
        let value = if shown.value.is_empty() { NONE } else { &shown.value };
        rows.push([shown.setting.clone(), value.to_owned(), shown.origin.to_string(), shown.meaning.to_owned()]);
    }
    let mut widths = [0; 4];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell));
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - columns(cell) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A Markdown table: setting, variable, default, meaning.
pub(crate) fn markdown(settings: &[Shown]) -> String {
    let mut text = "| 设置 | 环境变量 | 默认 | 含义 |\n| --- | --- | --- | --- |\n".to_owned();
    for shown in settings {
        let default = if shown.default.is_empty() { NONE.to_owned() } else { format!("`{}`", shown.default) };
        let _ = writeln!(text, "| `{}` | `{}` | {default} | {} |", shown.setting, shown.variable, shown.meaning);
    }
    text
}

/// Columns a text takes on a terminal: Chinese characters and full-width marks take two.
fn columns(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6);
    text.chars().map(|c| 1 + usize::from(wide(c))).sum()
}
