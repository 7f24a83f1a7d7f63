//! Windows: a visit begins within one of its windows; beyond its end it is late, up to a limit.

use crate::problem::{Ticks, Visit, Window};

/// The word in files.
pub const KEY: &str = "window";
/// In words.
pub const WORDS: &str = "要求的时间内没有人能到";

/// Lets it begin at any time.
pub fn let_go(visit: &mut Visit) {
    let end: Ticks = 1 << 50;
    visit.windows = vec![Window { from: 0, due: end, latest: end }];
}
