//! A backward check: what would have been projected from an earlier census, beside what was counted later.

use crate::files::read::counted;
use crate::question::{Bands, FEMALE, MALE, Question};
use crate::solve::Answer;
use sheets::Problems;

/// Counted people of a later year.
#[derive(Debug, Clone, PartialEq)]
pub struct Census {
    /// The region's place.
    pub region: usize,
    /// The 1 January.
    pub year: i32,
    /// By sex and age; the last age is open.
    pub people: [Bands; 2],
}

/// One line of the comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Sex and band; none is everybody.
    pub who: Option<(usize, u32, u32)>,
    /// As projected.
    pub projected: f64,
    /// As counted.
    pub counted: f64,
}

impl Gap {
    /// Projected less counted, in parts of a hundred of the counted.
    #[must_use]
    pub fn percent(&self) -> f64 {
        if self.counted == 0.0 { f64::NAN } else { (self.projected - self.counted) / self.counted * 100.0 }
    }
}

/// Reads what was counted.
pub(crate) fn read(file: (&str, &str), question: &Question, problems: &mut Problems) -> Vec<Census> {
    counted(file, question, problems)
}

/// A census beside the projection: everybody first, then every sex and age.
pub(crate) fn gaps(census: &Census, answer: &Answer<'_>) -> Vec<Gap> {
    let open = answer.problem.open;
    let year = usize::try_from(census.year - answer.problem.start).unwrap_or(usize::MAX);
    let Ok(kept) = answer.path.kept().binary_search(&year) else { return Vec::new() };
    let mut gaps = vec![Gap { who: None, projected: 0.0, counted: 0.0 }];
    for sex in [MALE, FEMALE] {
        for band in census.people.get(sex).into_iter().flatten() {
            let to = if band.width == 0 { open } else { (band.end() as usize).saturating_sub(1).min(open) };
            let projected = (band.age as usize..=to).map(|age| answer.path.people(census.region, kept, sex, age)).sum();
            gaps.push(Gap { who: Some((sex, band.age, band.width)), projected, counted: band.value });
        }
    }
    let sum = |of: fn(&Gap) -> f64| gaps.iter().map(of).sum::<f64>();
    let (projected, counted) = (sum(|gap| gap.projected), sum(|gap| gap.counted));
    if let Some(all) = gaps.first_mut() {
        *all = Gap { who: None, projected, counted };
    }
    gaps
}

/// The error of the total and the mean of the errors by sex and age, weighted by who was counted; parts of a hundred.
pub(crate) fn errors(gaps: &[Gap]) -> Option<(f64, f64)> {
    let (all, parts) = gaps.split_first()?;
    let off: f64 = parts.iter().map(|gap| (gap.projected - gap.counted).abs()).sum();
    (all.counted > 0.0).then(|| (all.percent(), off / all.counted * 100.0))
}
