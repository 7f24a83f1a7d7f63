//! Texts of tables, torn and filled with what nobody expects, the same for the same seed: for the readers of every engine.

/// Cells that readers have stumbled over.
const NASTY: [&str; 28] = [
    "",
    "-",
    "0",
    "-0",
    "-1",
    "1e400",
    "-1e400",
    "1e-400",
    "NaN",
    "inf",
    "99999999999999999999999999999999",
    "0.1.2",
    "1,5",
    "0x10",
    "\u{0}",
    "\"",
    "\"\"\"",
    "\u{feff}",
    "2024-02-30",
    "0001-01-01",
    "9999-12-31",
    "262143-12-31",
    "true",
    "*",
    "缺失",
    "a;b;;c",
    "\r",
    "１２",
];

/// A text with some of its bytes, cells or lines changed.
#[must_use]
pub fn mutated(text: &str, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed;
    let mut below = move |end: usize| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = state;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((number ^ number >> 31) % end.max(1) as u64) as usize
    };
    let mut text = text.to_owned();
    for _ in 0..1 + below(3) {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let line = below(lines.len());
        let mut cells: Vec<String> = lines[line].split(',').map(str::to_owned).collect();
        let cell = below(cells.len());
        match below(9) {
            0..=3 => cells[cell] = NASTY[below(NASTY.len())].to_owned(),
            4 => cells[cell] = "9".repeat(1 << below(14)),
            5 => {
                let other = below(cells.len());
                cells.swap(cell, other);
            }
            6 => cells.extend(std::iter::repeat_n(String::new(), 1 << below(12))),
            7 => _ = cells.remove(cell),
            _ => {
                let copy = lines[line].clone();
                let to = below(lines.len());
                lines.insert(to, copy);
                text = lines.join("\n");
                continue;
            }
        }
        lines[line] = cells.join(",");
        text = lines.join("\n");
        if below(6) == 0 {
            let mut at = below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.truncate(at);
        }
    }
    text
}
