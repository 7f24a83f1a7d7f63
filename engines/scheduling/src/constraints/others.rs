//! Others: the time of those who could come went to other visits. Let go of by thinking their routes empty but for breaks and pins.

/// The word in files.
pub const KEY: &str = "others";
/// In words.
pub const WORDS: &str = "能来的人那时都在别家";
