//! Generated questions: judged by the checker, and by what must be true of any projection.

use crate::generate::{Chance, always, many, question, single};
use crate::off;
use projection::check::{Claim, broken};
use projection::problem::Problem;
use projection::question::{FEMALE, MALE, Question, Region};
use projection::solve::{Answer, Run, solve};
use projection::vital::vital;

fn problem(question: &Question) -> Problem {
    Problem::new(question, &[]).unwrap_or_else(|flaws| panic!("{flaws:#?}"))
}

fn claim(answer: &Answer<'_>) -> Claim {
    let mut claim = Claim::new();
    for region in 0..answer.problem.ids.len() {
        for (kept, year) in answer.path.kept().iter().enumerate() {
            claim.insert((region, answer.problem.start + *year as i32), answer.path.cells(region, kept));
        }
    }
    claim
}

fn sum(answer: &Answer<'_>, region: usize, kept: usize, sex: usize) -> f64 {
    (0..=answer.problem.open).map(|age| answer.path.people(region, kept, sex, age)).sum()
}

fn judged(wide: bool, count: u64) {
    let mut solved = 0;
    for seed in 0..count {
        let question = question(seed, wide);
        let problem = problem(&question);
        assert_eq!(problem.benchmarked, wide, "question {seed}");
        match solve(&problem, Run::default()) {
            Ok(answer) => {
                assert_eq!(broken(&question, &claim(&answer)), [], "question {seed}");
                solved += 1;
            }
            Err(found) => {
                assert!(!found.is_empty() && found.iter().all(|one| one.people < 0.0), "question {seed}: {found:?}");
            }
        }
    }
    // The generator must not hide behind refusals.
    assert!(solved * 2 > count, "{solved} of {count}");
}

#[test]
fn single_years_are_judged_cell_by_cell() {
    judged(false, many(200));
}

#[test]
fn fives_are_judged_by_the_five_year_engine() {
    judged(true, many(100));
}

#[test]
fn people_are_those_before_plus_born_less_dead_plus_moved() {
    for seed in 0..many(80) {
        let question = question(seed, seed % 3 == 0);
        let problem = problem(&question);
        let Ok(answer) = solve(&problem, Run::default()) else { continue };
        for region in 0..problem.ids.len() {
            for year in 0..problem.years() {
                let vital = vital(&answer, region, year).unwrap();
                for sex in [MALE, FEMALE] {
                    let (before, after) = (sum(&answer, region, year, sex), sum(&answer, region, year + 1, sex));
                    let moved: f64 = answer.problem.moves(region, year).map_or(0.0, |net| net[sex].iter().sum());
                    let dead: f64 = vital.deaths[sex].iter().sum();
                    let due = before + vital.born(sex) - dead + moved;
                    assert!(
                        (after - due).abs() <= 1e-9 * before.max(1.0),
                        "question {seed}, region {region}, year {year}"
                    );
                    assert!(vital.deaths[sex].iter().all(|dead| *dead >= -1e-9), "question {seed}");
                }
            }
        }
    }
}

#[test]
fn every_region_is_as_if_it_were_alone_and_threads_do_not_matter() {
    for seed in 0..many(60) {
        let question = question(seed, seed % 4 == 0);
        let problem = problem(&question);
        let Ok(answer) = solve(&problem, Run::default()) else { continue };
        let threaded = solve(&problem, Run { threads: 3, every: 1 }).unwrap();
        assert_eq!(threaded.path, answer.path, "question {seed}");
        let thin = solve(&problem, Run { threads: 2, every: 7 }).unwrap();
        let last = thin.path.kept().len() - 1;
        for region in 0..problem.ids.len() {
            assert_eq!(thin.path.cells(region, last), answer.path.cells(region, problem.years()));
            let mut alone = question.clone();
            alone.regions = vec![question.regions[region].clone()];
            for table in [&mut alone.mortality, &mut alone.migration] {
                table.own = table.own.remove(&region).map(|years| (0, years)).into_iter().collect();
            }
            let own = self::problem(&alone);
            let single = solve(&own, Run::default()).unwrap();
            for kept in 0..=problem.years() {
                assert_eq!(single.path.cells(0, kept), answer.path.cells(region, kept), "question {seed}");
            }
        }
    }
}

/// A region as two whose people and migrants are parts of its own.
fn parted(question: &Question, part: f64) -> Question {
    let mut parted = question.clone();
    let Region { id, people } = question.regions[0].clone();
    let scale = |sexes: &projection::question::Sexed, part: f64| {
        let mut sexes = sexes.clone();
        sexes.iter_mut().flatten().for_each(|band| band.value *= part);
        sexes
    };
    parted.regions = [part, 1.0 - part]
        .iter()
        .map(|part| Region { id: format!("{id}{part}"), people: scale(&people, *part) })
        .collect();
    let nets = question.migration.of(0).clone();
    for (region, part) in [part, 1.0 - part].into_iter().enumerate() {
        let years = nets.iter().map(|(year, sexes)| (*year, scale(sexes, part))).collect();
        parted.migration.own.insert(region, years);
        if let Some(own) = question.mortality.own.get(&0) {
            parted.mortality.own.insert(region, own.clone());
        }
    }
    parted
}

#[test]
fn a_region_parted_in_two_is_the_same_people() {
    for seed in 0..many(80) {
        let mut question = question(seed, seed % 3 == 0);
        question.regions.truncate(1);
        question.mortality.own.retain(|region, _| *region == 0);
        question.migration.own.retain(|region, _| *region == 0);
        let (whole, parts) = (problem(&question), problem(&parted(&question, Chance(seed).between(0.1, 0.9))));
        let (Ok(one), Ok(two)) = (solve(&whole, Run::default()), solve(&parts, Run::default())) else { continue };
        for kept in 0..=whole.years() {
            for sex in [MALE, FEMALE] {
                for age in 0..=whole.open {
                    let both = two.path.people(0, kept, sex, age) + two.path.people(1, kept, sex, age);
                    let one = one.path.people(0, kept, sex, age);
                    assert!(off(both, one) < 1e-9 || (both - one).abs() < 1e-7, "question {seed}: {both} {one}");
                }
            }
        }
    }
}

#[test]
fn who_does_not_die_move_or_have_children_stays() {
    for seed in 0..many(50) {
        let mut question = question(seed, false);
        let open = question.open().unwrap();
        question.migration = Default::default();
        question.fertility = always(question.start, single(open, |_| 0.0));
        question.survival = always(question.start, [single(open, |_| 1.0), single(open, |_| 1.0)]);
        let problem = problem(&question);
        let answer = solve(&problem, Run::default()).unwrap();
        let years = problem.years();
        for region in 0..problem.ids.len() {
            for sex in [MALE, FEMALE] {
                assert!(off(sum(&answer, region, 0, sex), sum(&answer, region, years, sex)) < 1e-12);
                // Everybody is as many years older.
                let there = |age: usize| answer.path.people(region, years, sex, age);
                let base = &question.regions[region].people[sex];
                for (age, before) in base.iter().enumerate().take((open as usize).saturating_sub(years)) {
                    assert_eq!(there(age + years), before.value, "question {seed}");
                }
                assert_eq!((0..years.min(open as usize)).map(there).sum::<f64>(), 0.0);
            }
        }
    }
}

#[test]
fn without_births_and_migrants_every_cohort_only_shrinks() {
    for seed in 0..many(60) {
        let mut question = question(seed, seed % 2 == 0);
        question.migration = Default::default();
        for bands in question.fertility.common.values_mut() {
            bands.iter_mut().for_each(|band| band.value = 0.0);
        }
        let problem = problem(&question);
        let answer = solve(&problem, Run::default()).unwrap();
        for region in 0..problem.ids.len() {
            for kept in 0..problem.years() {
                for (sex, age) in
                    [MALE, FEMALE].into_iter().flat_map(|sex| (0..problem.open - 1).map(move |age| (sex, age)))
                {
                    let (now, next) = (
                        answer.path.people(region, kept, sex, age),
                        answer.path.people(region, kept + 1, sex, age + 1),
                    );
                    assert!(next <= now && next >= 0.0, "question {seed}");
                }
                assert_eq!(answer.path.people(region, kept + 1, FEMALE, 0), 0.0);
            }
        }
    }
}

#[test]
fn the_checker_sees_any_cell_that_is_changed() {
    for seed in 0..many(60) {
        let question = question(seed, false);
        let problem = problem(&question);
        let Ok(answer) = solve(&problem, Run::default()) else { continue };
        let mut claim = claim(&answer);
        let mut chance = Chance(seed);
        let place = chance.below(claim.len() as u64) as usize;
        let people = claim.values_mut().nth(place).unwrap();
        let cell = &mut people[chance.below(2) as usize][chance.below(problem.open as u64 + 1) as usize];
        *cell += 1.0 + 0.01 * *cell;
        assert!(!broken(&question, &claim).is_empty(), "question {seed}");
        claim.pop_last();
        assert!(broken(&question, &claim).iter().any(|one| one.code == "missing_year"));
    }
}
