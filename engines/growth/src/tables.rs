//! WHO's L, M and S by day and by length: read once from the tables beside this crate.

use std::sync::OnceLock;

use sheets::Sex;

/// The last day that has values: the day before 60 months (of 30.4375 days) are over.
pub const LAST_DAY: u32 = 1826;
/// From this day on length is standing height.
pub const STANDING_FROM_DAY: u32 = 731;

static BY_AGE: &str = include_str!("../data/by_age.tsv");
static BY_LENGTH: &str = include_str!("../data/by_length.tsv");

/// Power, median and coefficient of variation of a distribution (the LMS method).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lms {
    /// Power of the Box–Cox transformation.
    pub l: f64,
    /// Median.
    pub m: f64,
    /// Coefficient of variation.
    pub s: f64,
}

/// What is compared by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByAge {
    /// Weight, kg.
    Weight,
    /// Length or height, cm.
    Length,
    /// Body mass index, kg/m².
    Bmi,
    /// Head circumference, cm.
    Head,
}

type Rows = Vec<Vec<Option<i32>>>;

fn rows(cell: &'static OnceLock<Rows>, text: &str) -> &'static Rows {
    cell.get_or_init(|| {
        let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
        lines.map(|line| line.split('\t').map(|cell| cell.parse().ok()).collect()).collect()
    })
}

/// The values of a day of life.
#[must_use]
pub fn by_age(what: ByAge, sex: Sex, day: u32) -> Option<Lms> {
    static ROWS: OnceLock<Rows> = OnceLock::new();
    let row = rows(&ROWS, BY_AGE).get(usize::try_from(day).ok()?)?;
    let first = match sex {
        Sex::Male => 1,
        Sex::Female => 11,
    };
    let value = |column: usize| row.get(first + column).copied().flatten().map(f64::from);
    let (l, m) = match what {
        ByAge::Weight => (value(0)? / 10_000.0, 1),
        ByAge::Length => (1.0, 3),
        ByAge::Bmi => (value(5)? / 10_000.0, 6),
        ByAge::Head => (1.0, 8),
    };
    Some(Lms { l, m: value(m)? / 10_000.0, s: value(m + 1)? / 100_000.0 })
}

/// Lowest and highest length in millimetres for which there are values of weight.
#[must_use]
pub fn length_range(standing: bool) -> (f64, f64) {
    if standing { (650.0, 1200.0) } else { (450.0, 1100.0) }
}

/// The values of weight for a length (lying) or height (standing) in cm; between two millimetres in a straight line.
#[must_use]
pub fn by_length(standing: bool, sex: Sex, cm: f64) -> Option<Lms> {
    /// So near a millimetre, a length is that millimetre: 80.0 + 0.7 is 80.7.
    const NEAR: f64 = 1e-6;
    let mm = cm * 10.0;
    let (low, high) = length_range(standing);
    if mm.is_nan() || mm < low - NEAR || mm > high + NEAR {
        return None;
    }
    let mut below = mm.floor();
    let mut share = mm - below;
    if share > 1.0 - NEAR {
        (below, share) = (below + 1.0, 0.0);
    } else if share < NEAR {
        share = 0.0;
    }
    let here = millimetre(standing, sex, below)?;
    if share == 0.0 {
        return Some(here);
    }
    let next = millimetre(standing, sex, below + 1.0)?;
    Some(Lms { l: here.l, m: here.m + share * (next.m - here.m), s: here.s + share * (next.s - here.s) })
}

fn millimetre(standing: bool, sex: Sex, mm: f64) -> Option<Lms> {
    static ROWS: OnceLock<Rows> = OnceLock::new();
    let all = rows(&ROWS, BY_LENGTH);
    // The table begins at 450 mm; a length beyond it, or below zero after the cast stops there, finds no row or an empty cell.
    let row = all.get((mm - 450.0) as usize)?;
    let (l, first) = match sex {
        Sex::Male => (-0.3521, 1),
        Sex::Female => (-0.3833, 5),
    };
    let column = first + if standing { 2 } else { 0 };
    let value = |column: usize| row.get(column).copied().flatten().map(f64::from);
    Some(Lms { l, m: value(column)? / 10_000.0, s: value(column + 1)? / 100_000.0 })
}
