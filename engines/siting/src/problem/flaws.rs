//! What can be wrong with a question, all at once.

use super::{MOST_NUMBER, MOST_PAIRS, Model, Problem, Question};
use std::collections::HashMap;

/// Where a flaw stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// In a demand.
    Demand(usize),
    /// In a candidate.
    Candidate(usize),
    /// In a pair.
    Pair(usize),
    /// In what is asked.
    Ask,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub row: Row,
    /// Column, or option.
    pub column: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// How many flaws of one kind are worth telling.
const MOST: usize = 1000;

#[derive(Default)]
struct Flaws(Vec<Flaw>);

impl Flaws {
    fn add(&mut self, row: Row, column: &'static str, message: impl Into<String>, remedy: impl Into<String>) {
        if self.0.len() < MOST {
            self.0.push(Flaw { row, column, message: message.into(), remedy: remedy.into() });
        }
    }

    /// A number that must not be negative or too large.
    fn amount(&mut self, row: Row, column: &'static str, value: f64) {
        if !(0.0..=MOST_NUMBER).contains(&value) {
            self.add(
                row,
                column,
                format!("{value} is not a number from 0 to {MOST_NUMBER:e}"),
                "correct it, or use a larger unit",
            );
        }
    }
}

/// Everything that is wrong with a question.
pub(super) fn find(question: &Question) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    ask(question, &mut flaws);
    demand(question, &mut flaws);
    candidates(question, &mut flaws);
    pairs(question, &mut flaws);
    flaws.0
}

fn ask(question: &Question, flaws: &mut Flaws) {
    let ask = &question.ask;
    let all = question.candidates.len();
    let fixed = question.candidates.iter().filter(|one| one.fixed).count();
    if ask.model != Model::Lscp {
        match (ask.sites, ask.budget) {
            (None, None) => flaws.add(
                Row::Ask,
                "--p",
                "neither a number of sites nor a budget is given",
                "give --p N, --budget B or both",
            ),
            (Some(0), _) => flaws.add(Row::Ask, "--p", "no site may be chosen", "give a number from 1"),
            (Some(sites), None) if sites as usize > grounds(question) => {
                flaws.add(
                    Row::Ask,
                    "--p",
                    format!("{sites} sites are asked for and there are {}", grounds(question)),
                    "ask for fewer, or list more candidates",
                );
            }
            (Some(sites), _) if fixed_grounds(question) > sites as usize => flaws.add(
                Row::Ask,
                "--p",
                format!("{fixed} candidates are fixed, which is more than {sites}"),
                "count what stands already in --p, or free some of it",
            ),
            _ => {}
        }
    }
    for (column, value) in [("--radius", ask.radius), ("--budget", ask.budget)] {
        if let Some(value) = value {
            flaws.amount(Row::Ask, column, value);
        }
    }
    if ask.worst_first && ask.model != Model::Mclp {
        flaws.add(
            Row::Ask,
            "--worst-first",
            "the worst-off street comes first only where coverage is asked for",
            "use --model mclp, or leave the option out",
        );
    }
    if ask.worst_first && (ask.capacitated || question.candidates.iter().any(|one| one.minimum.is_some())) {
        flaws.add(
            Row::Ask,
            "--worst-first",
            "it cannot be combined with capacities or least loads",
            "leave one of them out",
        );
    }
    if all > u32::MAX as usize / 4 || question.demand.len() > u32::MAX as usize / 4 || question.pairs.len() > MOST_PAIRS
    {
        flaws.add(
            Row::Ask,
            "-",
            format!("there are more than {MOST_PAIRS} pairs"),
            "leave out pairs that are too far apart",
        );
    }
}

fn grounds(question: &Question) -> usize {
    let names: std::collections::HashSet<&str> =
        question.candidates.iter().map(|one| one.ground.as_deref().unwrap_or(&one.id)).collect();
    names.len()
}

fn fixed_grounds(question: &Question) -> usize {
    let fixed = question.candidates.iter().filter(|one| one.fixed);
    let names: std::collections::HashSet<&str> = fixed.map(|one| one.ground.as_deref().unwrap_or(&one.id)).collect();
    names.len()
}

fn ids<'a>(rows: impl Iterator<Item = &'a str>, row: impl Fn(usize) -> Row, flaws: &mut Flaws) {
    let mut seen = HashMap::new();
    for (index, id) in rows.enumerate() {
        if id.is_empty() {
            flaws.add(row(index), "id", "the cell is empty", "give every row an id of its own");
        } else if seen.insert(id, index).is_some() {
            flaws.add(row(index), "id", format!("the id `{id}` stands twice"), "give every row an id of its own");
        }
    }
    if seen.is_empty() {
        flaws.add(row(0), "-", "there are no rows", "give at least one");
    }
}

fn demand(question: &Question, flaws: &mut Flaws) {
    ids(question.demand.iter().map(|one| one.id.as_str()), Row::Demand, flaws);
    for (index, one) in question.demand.iter().enumerate() {
        flaws.amount(Row::Demand(index), "weight", one.weight);
        if question.ask.worst_first && one.street.is_none() {
            flaws.add(
                Row::Demand(index),
                "street",
                "the street is missing",
                "name the street of every demand, or leave out --worst-first",
            );
        }
    }
}

fn candidates(question: &Question, flaws: &mut Flaws) {
    ids(question.candidates.iter().map(|one| one.id.as_str()), Row::Candidate, flaws);
    let ask = &question.ask;
    let mut grounds: HashMap<&str, f64> = HashMap::new();
    for (index, one) in question.candidates.iter().enumerate() {
        let row = Row::Candidate(index);
        let columns = [
            ("capacity", one.capacity),
            ("minimum", one.minimum),
            ("cost", one.cost),
            ("ground_cost", one.ground_cost),
        ];
        for (column, value) in columns {
            if let Some(value) = value {
                flaws.amount(row, column, value);
            }
        }
        if ask.capacitated && one.capacity.is_none() {
            flaws.add(
                row,
                "capacity",
                "the capacity is missing",
                "give every candidate one, or leave out --capacitated",
            );
        }
        if ask.budget.is_some() && one.cost.is_none() {
            flaws.add(
                row,
                "cost",
                "the cost is missing",
                "give every candidate one (0 where nothing is to be paid), or leave out --budget",
            );
        }
        let limits = one.capacity.filter(|_| ask.capacitated).zip(one.minimum);
        if let Some((most, least)) = limits.filter(|(most, least)| least > most) {
            flaws.add(
                row,
                "minimum",
                format!("it must serve at least {least} and can serve at most {most}"),
                "correct one of them",
            );
        }
        if let (Some(ground), Some(cost)) = (&one.ground, one.ground_cost) {
            let known = *grounds.entry(ground).or_insert(cost);
            if known != cost {
                flaws.add(
                    row,
                    "ground_cost",
                    format!("the ground `{ground}` costs {known} in an earlier row"),
                    "give one ground one cost",
                );
            }
        }
    }
    if let Some(budget) = ask.budget {
        let fixed = question.candidates.iter().filter(|one| one.fixed);
        let spent: f64 = fixed.filter_map(|one| one.cost).sum();
        if spent > budget * (1.0 + 1e-9) + 1e-9 {
            flaws.add(
                Row::Ask,
                "--budget",
                format!("what is fixed costs {spent} already"),
                "raise the budget, or give what is paid for already the cost 0",
            );
        }
    }
}

fn pairs(question: &Question, flaws: &mut Flaws) {
    let (people, sites) = (question.demand.len(), question.candidates.len());
    if question.pairs.is_empty() {
        flaws.add(Row::Pair(0), "-", "there are no rows", "give at least one");
    }
    let mut count = vec![0_usize; people + 1];
    for (index, pair) in question.pairs.iter().enumerate() {
        let row = Row::Pair(index);
        flaws.amount(row, "cost", pair.cost);
        if pair.demand as usize >= people {
            flaws.add(row, "demand", format!("there is no demand number {}", pair.demand), "use one that is listed");
        } else if pair.candidate as usize >= sites {
            flaws.add(
                row,
                "candidate",
                format!("there is no candidate number {}", pair.candidate),
                "use one that is listed",
            );
        } else {
            count[pair.demand as usize + 1] += 1;
        }
    }
    if !flaws.0.is_empty() {
        return;
    }
    repeated(question, count, flaws);
}

/// Pairs that stand twice: pairs are sorted into their demands, and each candidate remembers the last demand it was seen with.
fn repeated(question: &Question, mut start: Vec<usize>, flaws: &mut Flaws) {
    for at in 1..start.len() {
        start[at] += start[at - 1];
    }
    let mut order = vec![0_u32; question.pairs.len()];
    for (index, pair) in question.pairs.iter().enumerate() {
        let at = &mut start[pair.demand as usize];
        order[*at] = index as u32;
        *at += 1;
    }
    let mut last = vec![u32::MAX; question.candidates.len()];
    for index in order {
        let pair = question.pairs[index as usize];
        if std::mem::replace(&mut last[pair.candidate as usize], pair.demand) == pair.demand {
            let demand = &question.demand[pair.demand as usize].id;
            let candidate = &question.candidates[pair.candidate as usize].id;
            flaws.add(
                Row::Pair(index as usize),
                "-",
                format!("the pair `{demand}`, `{candidate}` stands twice"),
                "keep one of them",
            );
        }
    }
}

/// Demand that nothing could ever serve where everyone must be.
pub(super) fn unserved(problem: &Problem) -> Vec<Flaw> {
    let mut flaws = Flaws::default();
    if problem.ask.model == Model::Mclp {
        return flaws.0;
    }
    for index in 0..problem.demand.len() {
        if problem.near(index).is_empty() {
            let what = if problem.ask.radius.is_some() {
                "no candidate can serve it within the radius"
            } else {
                "no candidate can serve it"
            };
            let remedy = "list a candidate that can, widen the radius, or use --model mclp, which leaves some unserved";
            flaws.add(Row::Demand(index), "id", what, remedy);
        }
    }
    flaws.0
}
