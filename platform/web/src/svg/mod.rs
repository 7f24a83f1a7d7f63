//! Drawings made on the server: bars, lines, maps. They need no script, print sharply, and are tested as text.
//! Colours come from classes; nothing here knows a colour.

mod bars;
mod lines;
mod map;
mod scale;

pub use bars::{progress, seg, share_bar};
pub use lines::{Chart, Series, chart, spark};
pub use map::{Area, HexCell, choropleth, hex_map, island_data};
pub use scale::{LegendItem, Scale};

/// A coordinate with at most one decimal, without a trailing zero.
fn at(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // Minus zero would be written with its sign.
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    rounded.to_string()
}
