//! A nursery market as KitaMatch has it: an institution offers programmes (age class by hours by start) with places of their own,
//! families rank programmes, and each institution ranks its applicants by the points of its criteria. Points are often equal: here the
//! recorded lottery tells those apart, so the same seed gives the same answer.

use crate::generate::Chance;
use crate::{broken, place, problem, told};
use matching::{Answer, Applicant, Problem, Question, Ranked, Stability, solve};
use std::collections::BTreeSet;

const INSTITUTIONS: u32 = 20;
/// Programmes of an institution: under two or over two, half or whole day.
const PROGRAMMES: u32 = 4;

/// What a family is, as institutions weigh it.
#[derive(Clone, Copy)]
struct Family {
    alone: bool,
    both_work: bool,
    /// The institution of an older sibling.
    sibling_at: Option<u32>,
    over_two: bool,
}

/// Points at an institution; each institution weighs work and living alone in its own way.
fn points(family: Family, institution: u32) -> u32 {
    u32::from(family.alone) * (3 + institution % 2)
        + u32::from(family.both_work) * (2 + institution % 3)
        + if family.sibling_at == Some(institution) { 4 } else { 0 }
}

fn market(seed: u64, children: u32) -> (Question, Vec<Vec<u32>>) {
    let mut chance = Chance(seed);
    let mut applicants = Vec::new();
    let mut ranked: Vec<(u32, u32, u32)> = Vec::new();
    let mut all_points = Vec::new();
    for child in 0..children {
        let family = Family {
            alone: chance.of_hundred(20),
            both_work: chance.of_hundred(55),
            sibling_at: chance.of_hundred(15).then(|| chance.below(u64::from(INSTITUTIONS)) as u32),
            over_two: chance.of_hundred(60),
        };
        let mut order = chance.some(INSTITUTIONS, 5);
        order.extend(family.sibling_at.filter(|home| !order.contains(home)));
        // The family's hours first at each institution; the other hours come after all of these.
        let whole = chance.of_hundred(70);
        let programme = |institution: u32, whole: bool| {
            institution * PROGRAMMES + u32::from(family.over_two) * 2 + u32::from(whole)
        };
        let first = order.iter().map(|home| programme(*home, whole));
        let wishes: Vec<u32> = first.chain(order.iter().map(|home| programme(*home, !whole))).collect();
        for wish in &wishes {
            ranked.push((*wish, child, points(family, wish / PROGRAMMES)));
        }
        applicants.push(Applicant { id: format!("K{child}"), wishes, ..Applicant::default() });
        all_points.push((0..INSTITUTIONS).map(|institution| points(family, institution)).collect());
    }
    let places = (0..INSTITUTIONS * PROGRAMMES).map(|programme| {
        place(&format!("I{}-{}", programme / PROGRAMMES, programme % PROGRAMMES), 2 + programme % 4, &[])
    });
    // Points become ranks; equal points are equal ranks.
    let rankings = ranked.iter().map(|(place, applicant, points)| Ranked {
        place: *place,
        applicant: *applicant,
        rank: 100 - points,
    });
    (Question { places: places.collect(), rankings: rankings.collect(), applicants, seed }, all_points)
}

/// Families who would rather have a programme that took someone with fewer points, or that has a place left.
fn envy(problem: &Problem, answer: &Answer, points: &[Vec<u32>]) -> usize {
    let mut found = 0;
    for (child, person) in problem.applicants().iter().enumerate() {
        let own = answer.place_of(child);
        for wish in person.wishes.iter().take_while(|wish| Some(**wish) != own) {
            let institution = (*wish / PROGRAMMES) as usize;
            let there: Vec<usize> = (0..points.len()).filter(|other| answer.place_of(*other) == Some(*wish)).collect();
            let free = there.len() < problem.places()[*wish as usize].capacity as usize;
            if free || there.iter().any(|other| points[*other][institution] < points[child][institution]) {
                found += 1;
            }
        }
    }
    found
}

#[test]
fn nobody_has_cause_for_envy_and_the_seed_alone_decides_ties() {
    let mut told_by_seed = BTreeSet::new();
    for seed in 0..10 {
        let (mut question, points) = market(7, 600);
        question.seed = seed;
        let first = problem(question.clone());
        let answer = solve(&first);
        assert_eq!((answer.stability, broken(&first, &answer)), (Stability::Stable, Vec::new()));
        assert_eq!(envy(&first, &answer, &points), 0);
        // The rows in any order are the same market.
        question.rankings.reverse();
        let again = problem(question);
        assert_eq!(told(&first, &answer), told(&again, &solve(&again)));
        assert!(answer.placed() > 250, "{}", answer.placed());
        told_by_seed.insert(told(&first, &answer));
    }
    assert!(told_by_seed.len() > 1, "ties must matter in this market");
}
