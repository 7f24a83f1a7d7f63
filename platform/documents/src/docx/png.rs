//! The picture of a bar: a few colours, no text, so it needs no font and no image library.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

use crate::model::BarRow;
use crate::standard::{BAR_TRACK, BLACK, Rgb};

/// Size of the picture in pixels.
pub(super) const WIDTH: u32 = 600;
/// Height of the picture in pixels.
pub(super) const HEIGHT: u32 = 44;
/// Rows of pixels the track covers.
const TRACK: std::ops::Range<u32> = 9..35;
/// Half the width of the tick, in pixels.
const TICK_HALF: u32 = 2;

const WHITE: u8 = 0;
const GROUND: u8 = 1;
const BAR: u8 = 2;
const TICK: u8 = 3;

/// Draws a bar on its track, with a tick at its target.
pub(super) fn bar_png(row: &BarRow) -> std::io::Result<Vec<u8>> {
    let at = |share: f32| (share.clamp(0.0, 1.0) * WIDTH as f32).round() as u32;
    let filled = row.share.map_or(0, at);
    let tick = row.tick.map(at);
    let mut pixels = Vec::with_capacity(((WIDTH + 1) * HEIGHT) as usize);
    for y in 0..HEIGHT {
        pixels.push(0); // no filter
        for x in 0..WIDTH {
            let on_tick = tick.is_some_and(|tick| {
                let tick = tick.clamp(TICK_HALF, WIDTH - TICK_HALF);
                (tick - TICK_HALF..tick + TICK_HALF).contains(&x)
            });
            pixels.push(match (on_tick, TRACK.contains(&y), x < filled) {
                (true, _, _) => TICK,
                (false, false, _) => WHITE,
                (false, true, true) => BAR,
                (false, true, false) => GROUND,
            });
        }
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&pixels)?;
    Ok(assemble(&palette(row.tone.rgb()), &encoder.finish()?))
}

fn palette(bar: Rgb) -> Vec<u8> {
    [(0xFF, 0xFF, 0xFF), BAR_TRACK, bar, BLACK].into_iter().flat_map(|(red, green, blue)| [red, green, blue]).collect()
}

fn assemble(palette: &[u8], packed: &[u8]) -> Vec<u8> {
    let mut header = Vec::with_capacity(13);
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 3, 0, 0, 0]); // 8 bits, palette, deflate, no filter method, not interlaced
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"PLTE", palette);
    chunk(&mut png, b"IDAT", packed);
    chunk(&mut png, b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or_default();
    png.extend(length.to_be_bytes());
    png.extend(name);
    png.extend(data);
    let mut sum = Crc::new();
    sum.update(name);
    sum.update(data);
    png.extend(sum.sum().to_be_bytes());
}
