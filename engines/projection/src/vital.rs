//! Births and deaths of a year, read off the people at both its ends.

use crate::problem::{Cells, cell};
use crate::question::{FEMALE, MALE, Timing};
use crate::solve::Answer;
use crate::split::at;

/// What happened in one region in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Vital {
    /// Children born, by the mother's age.
    pub births: Vec<f64>,
    /// Boys among them, from 0 to 1.
    pub boys: f64,
    /// Deaths by sex and age at death.
    pub deaths: Cells,
}

impl Vital {
    /// Children of a sex.
    #[must_use]
    pub fn born(&self, sex: usize) -> f64 {
        self.births.iter().sum::<f64>() * self.share(sex)
    }

    /// The share of a sex among those born.
    #[must_use]
    pub fn share(&self, sex: usize) -> f64 {
        if sex == MALE { self.boys } else { 1.0 - self.boys }
    }
}

/// A year of a region, counted from the start. The answer must have kept both its ends.
#[must_use]
pub fn vital(answer: &Answer<'_>, region: usize, year: usize) -> Option<Vital> {
    let problem = &answer.problem;
    let kept = answer.path.kept().binary_search(&year).ok()?;
    answer.path.kept().get(kept + 1).filter(|next| **next == year + 1)?;
    let rates = problem.rates(region, year)?;
    let nets = problem.moves(region, year);
    let open = problem.open;
    let half = if problem.timing == Timing::Even { 0.5 } else { 0.0 };
    let net = |sex: usize, age: usize| nets.map_or(0.0, |nets| cell(nets, sex, age));
    let begun = |sex: usize, age: usize| answer.path.people(region, kept, sex, age) + half * net(sex, age);
    // Survivors as they stand when children are counted: with migrants only where these come evenly.
    let ended = |sex: usize, age: usize| match problem.timing {
        Timing::Even => answer.path.people(region, kept + 1, sex, age),
        Timing::End => answer.path.people(region, kept + 1, sex, age) - net(sex, age),
    };
    let births: Vec<f64> = (0..=open)
        .map(|age| match at(&rates.births, age) {
            rate if rate > 0.0 && age > 0 => rate * 0.5 * (begun(FEMALE, age) + ended(FEMALE, age)),
            _ => 0.0,
        })
        .collect();
    let born: f64 = births.iter().sum();
    let deaths = [MALE, FEMALE].map(|sex| {
        let share = |age: usize| cell(&rates.share, sex, age);
        let dying = |age: usize| begun(sex, age) * (1.0 - cell(&rates.survive, sex, (age + 1).min(open)));
        let boys = if sex == MALE { rates.boys } else { 1.0 - rates.boys };
        let infants = born * boys * (1.0 - cell(&rates.survive, sex, 0));
        (0..=open)
            .map(|age| {
                let older = match age.checked_sub(1) {
                    Some(before) => dying(before) * (1.0 - share(before)),
                    None => infants,
                };
                older + dying(age) * if age == open { 1.0 } else { share(age) }
            })
            .collect()
    });
    Some(Vital { births, boys: rates.boys, deaths })
}
