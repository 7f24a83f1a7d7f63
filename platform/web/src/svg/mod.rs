//! Drawings made on the server: bars, lines, maps. They need no script, print sharply, and are tested as text.
//! Colours come from classes; nothing here knows a colour.

mod bars;
mod lines;
mod map;
mod scale;

pub use bars::{progress, seg, share_bar};
pub use lines::{Chart, Series, chart, spark};
pub use map::{Area, HexCell, Mark, MarkKind, choropleth, hex_map, island_data, marked_map};
pub use scale::{LegendItem, Scale};

/// A coordinate with at most one decimal, without a trailing zero.
fn at(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if tenths.abs() > 1e15 {
        return (tenths / 10.0).to_string();
    }
    // A page holds thousands of these: whole numbers are written several times faster than fractions.
    let tenths = tenths as i64;
    let (whole, rest) = (tenths / 10, (tenths % 10).abs());
    match (rest, tenths < 0 && whole == 0) {
        (0, _) => whole.to_string(),
        (_, true) => format!("-0.{rest}"),
        (_, false) => format!("{whole}.{rest}"),
    }
}
