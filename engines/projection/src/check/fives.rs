//! Five-year tables judged by the five-year engine: from one fifth January of the answer to the next, in five-year ages.

use super::table::first_year;
use super::{Broken, Claim, Here, near, side, splits, take};
use crate::question::{Bands, FEMALE, MALE, Question, Sexed, sex_word};

/// Whether all of people, births and deaths are given in fives.
pub(super) fn asked(question: &Question) -> bool {
    let five = |bands: &Bands| {
        bands.len() > 2
            && bands.iter().all(|band| {
                matches!((band.age, band.width), (0, 1) | (1, 4)) || (band.age % 5 == 0 && matches!(band.width, 0 | 5))
            })
            && bands.iter().any(|band| band.width == 5)
    };
    let both = |sexes: &Sexed| sexes.iter().all(five);
    !splits(question)
        && question.open().is_some_and(|open| open >= 10 && open % 5 == 0)
        && question.survival.is_empty()
        && !question.fertility.is_empty()
        && !question.mortality.is_empty()
        && question.fertility.all().all(|(_, _, bands)| bands.iter().all(|band| band.width == 5 && band.age % 5 == 0))
        && question.mortality.all().all(|(_, _, sexes)| both(sexes))
        && question.regions.iter().all(|region| both(&region.people))
}

/// Years lived in five-year ages out of rates at 0, 1–4, 5–9 and so on.
fn lived(bands: &Bands, female: bool, groups: usize) -> Vec<f64> {
    let rate = |place: usize| bands.get(place).map_or(0.0, |band| band.value);
    let (infant, q) = first_year(rate(0), female);
    let mut years = vec![0.0; groups + 1];
    let mut alive = 1.0;
    for (place, band) in bands.iter().enumerate() {
        let n = f64::from(band.width);
        let m = band.value;
        let slot = years.get_mut((band.age as usize / 5).min(groups));
        if band.width == 0 {
            slot.into_iter().for_each(|slot| *slot += alive / m);
            break;
        }
        let a = if band.age == 0 {
            infant
        } else if band.age == 1 {
            match (female, q < 0.1) {
                (true, true) => 1.524 - 1.625 * q,
                (false, true) => 1.653 - 3.013 * q,
                (true, false) => 1.361,
                (false, false) => 1.352,
            }
        } else if band.age >= 15 && rate(place - 1) > 0.0 && rate(place + 1) > 0.0 {
            let slope = (rate(place + 1).ln() - rate(place - 1).ln()) / 10.0;
            (2.5 + (slope - m) * 25.0 / 12.0).clamp(0.0, 5.0)
        } else {
            n / 2.0
        };
        let dying = n * m / (1.0 + (n - a) * m);
        let years_here = if dying < 1.0 { n * alive * (1.0 - dying) + a * alive * dying } else { alive / m };
        slot.into_iter().for_each(|slot| *slot += years_here);
        alive *= 1.0 - dying.min(1.0);
    }
    years
}

impl Here<'_> {
    /// Sums of a year's people in fives.
    fn sums(&self, claim: &Claim, year: i32) -> Option<[Vec<f64>; 2]> {
        let people = claim.get(&(self.region, year))?;
        let sum = |sex: usize| {
            let mut sums: Vec<f64> = side(people, sex).get(..self.open)?.chunks(5).map(|it| it.iter().sum()).collect();
            sums.push(take(side(people, sex), self.open));
            Some(sums)
        };
        Some([sum(MALE)?, sum(FEMALE)?])
    }

    /// Migrants of five years by sex and the group that they are in at the end.
    fn moved(&self, from: i32, sex: usize) -> Vec<f64> {
        let groups = self.open / 5;
        let mut sums = vec![0.0; groups + 1];
        for block in 0..5 {
            let sexes = self.question.migration.at(self.region, from + block as i32).and_then(|(_, it)| it.get(sex));
            for band in sexes.into_iter().flatten() {
                let age = band.age as usize;
                // Five-year groups are named by the age at the end; single years by the age at the end of their own year.
                let parts = if band.width == 5 || age >= self.open {
                    vec![age / 5]
                } else {
                    (age..age + band.width.max(1) as usize).map(|age| (age + 4 - block) / 5).collect()
                };
                for group in &parts {
                    let slot = sums.get_mut((*group).min(groups));
                    slot.into_iter().for_each(|slot| *slot += band.value / parts.len() as f64);
                }
            }
        }
        sums
    }

    /// Every fifth January.
    pub(super) fn fives(&self, claim: &Claim, found: &mut Vec<Broken>) {
        let mut from = self.question.start;
        while from + 5 <= self.question.until {
            if let (Some(before), Some(after)) = (self.sums(claim, from), self.sums(claim, from + 5)) {
                self.five(from, &before, &after, found);
            }
            from += 5;
        }
    }

    fn five(&self, from: i32, before: &[Vec<f64>; 2], after: &[Vec<f64>; 2], found: &mut Vec<Broken>) {
        let groups = self.open / 5;
        let mut births = 0.0;
        let mut boys = 0.0;
        for year in from..from + 5 {
            let bands = self.question.fertility.at(self.region, year).map(|(_, bands)| bands);
            for band in bands.into_iter().flatten() {
                let group = band.age as usize / 5;
                births += band.value * (take(side(before, FEMALE), group) + take(side(after, FEMALE), group)) / 2.0;
            }
            let ratio = self.question.sex_ratio.at(self.region, year).map_or(1.0, |(_, ratio)| *ratio);
            boys += ratio / (1.0 + ratio) / 5.0;
        }
        for sex in [MALE, FEMALE] {
            let tables: Vec<Vec<f64>> = (from..from + 5)
                .filter_map(|year| self.question.mortality.at(self.region, year))
                .filter_map(|(_, sexes)| sexes.get(sex).map(|bands| lived(bands, sex == FEMALE, groups)))
                .collect();
            let mean = |of: &dyn Fn(&[f64]) -> f64| tables.iter().map(|it| of(it)).sum::<f64>() / tables.len() as f64;
            let nets = self.moved(from, sex);
            for group in 0..=groups {
                let share = if sex == MALE { boys } else { 1.0 - boys };
                let stay = match group {
                    0 => births * share * mean(&|it| (take(it, 0) / 5.0).min(1.0)),
                    _ if group == groups => {
                        let old = take(side(before, sex), group - 1) + take(side(before, sex), group);
                        old * mean(&|it| take(it, group) / (take(it, group - 1) + take(it, group)))
                    }
                    _ => {
                        take(side(before, sex), group - 1)
                            * mean(&|it| (take(it, group) / take(it, group - 1)).min(1.0))
                    }
                };
                let (said, due) = (take(side(after, sex), group), stay + take(&nets, group));
                if !near(said, due) {
                    let text = format!(
                        "{} {}–{}: {said}, where {due} follows in fives",
                        sex_word(sex),
                        group * 5,
                        group * 5 + 4
                    );
                    found.push(self.say("wrong_five", from + 5, sex, group * 5, text));
                }
            }
        }
    }
}
