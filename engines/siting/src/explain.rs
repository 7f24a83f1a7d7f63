//! Why: what each chosen site adds, what each other candidate would have added, and what stood against it.

use crate::answer::Answer;
use crate::problem::{Model, Problem};
use crate::solve::{Swap, plain_core};

/// What a chosen site does.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The candidate.
    pub candidate: u32,
    /// Number of demand rows it serves.
    pub serves: usize,
    /// Their weight.
    pub weight: f64,
    /// By how much the answer would be worse without it and with nothing in its place: covered weight lost, or cost added. `None`
    /// when someone who must be served could not be.
    pub loss: Option<f64>,
    /// Demand rows that no other chosen site could serve.
    pub only: usize,
}

/// What another candidate would have done.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// The candidate.
    pub candidate: u32,
    /// What it would add beside those chosen: weight covered, or cost saved. Where loads are limited, at least so much.
    pub adds: f64,
    /// The chosen site it would best replace, and by how much the answer would then be better (mostly it is below 0: worse).
    pub instead: Option<(u32, f64)>,
    /// Stable code of the reason, listed in the README.
    pub code: &'static str,
    /// The reason in words.
    pub text: String,
}

/// How a street fares.
#[derive(Debug, Clone, PartialEq)]
pub struct Street {
    /// Its name.
    pub name: String,
    /// Weight of its demand.
    pub weight: f64,
    /// Weight served.
    pub served: f64,
}

impl Street {
    /// Served share; 1 where nobody lives.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.weight > 0.0 { self.served / self.weight } else { 1.0 }
    }
}

/// The reasons of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    /// Each chosen site.
    pub chosen: Vec<Chosen>,
    /// Each other candidate, those that would add most first.
    pub rejected: Vec<Rejected>,
    /// Each street, when streets are given.
    pub streets: Vec<Street>,
}

/// The reasons of an answer.
#[must_use]
pub fn explain(problem: &Problem, answer: &Answer) -> Reasons {
    let core = plain_core(problem);
    let swap = Swap::new(&core, &answer.chosen);
    let mut open = vec![false; problem.candidates.len()];
    answer.chosen.iter().for_each(|one| open[*one as usize] = true);
    let mut chosen = chosen(problem, answer, &open);
    for one in &mut chosen {
        one.loss = match problem.ask.model {
            _ if problem.loaded() => None,
            Model::Pmedian if one.only > 0 => None,
            _ => Some(swap.loss(one.candidate)),
        };
    }
    let look = Look { problem, answer, swap: &swap, spent: spent(problem, &answer.chosen) };
    let closed = (0..problem.candidates.len() as u32).filter(|one| !open[*one as usize]);
    let mut rejected: Vec<Rejected> = closed.map(|one| look.rejected(one)).collect();
    rejected.sort_by(|one, other| other.adds.total_cmp(&one.adds).then(one.candidate.cmp(&other.candidate)));
    Reasons { chosen, rejected, streets: streets(problem, answer) }
}

/// What the chosen candidates cost, grounds once.
#[must_use]
pub fn spent(problem: &Problem, chosen: &[u32]) -> f64 {
    let mut paid = vec![false; problem.ground_cost.len()];
    let mut sum = 0.0;
    for one in chosen {
        let ground = problem.ground_of[*one as usize] as usize;
        if !std::mem::replace(&mut paid[ground], true) {
            sum += problem.ground_cost[ground];
        }
        sum += problem.candidates[*one as usize].cost.unwrap_or(0.0);
    }
    sum
}

fn chosen(problem: &Problem, answer: &Answer, open: &[bool]) -> Vec<Chosen> {
    let empty = |candidate: &u32| Chosen { candidate: *candidate, serves: 0, weight: 0.0, loss: None, only: 0 };
    let mut chosen: Vec<Chosen> = answer.chosen.iter().map(empty).collect();
    let mut at = vec![usize::MAX; open.len()];
    for (index, one) in answer.chosen.iter().enumerate() {
        at[*one as usize] = index;
    }
    for (row, (demand, server)) in problem.demand.iter().zip(&answer.server).enumerate() {
        if let Some(one) = server.and_then(|server| chosen.get_mut(at[server as usize])) {
            one.serves += 1;
            one.weight += demand.weight;
        }
        let mut near = problem.near(row).iter().filter(|(one, _)| open[*one as usize]);
        if let (Some((only, _)), None) = (near.next(), near.next()) {
            chosen[at[*only as usize]].only += 1;
        }
    }
    chosen
}

struct Look<'a> {
    problem: &'a Problem,
    answer: &'a Answer,
    swap: &'a Swap<'a>,
    spent: f64,
}

impl Look<'_> {
    fn rejected(&self, candidate: u32) -> Rejected {
        let model = self.problem.ask.model;
        let loaded = self.problem.loaded();
        let adds = if model == Model::Lscp { 0.0 } else { self.swap.gain(candidate).max(0.0) };
        let instead = if loaded { None } else { self.swap.exchange(candidate) };
        let (code, text) = self.reason(candidate, adds, instead);
        Rejected { candidate, adds, instead, code, text }
    }

    fn reason(&self, candidate: u32, adds: f64, instead: Option<(u32, f64)>) -> (&'static str, String) {
        let ask = self.problem.ask;
        let name = |one: u32| self.problem.candidates.get(one as usize).map_or("", |one| one.id.as_str());
        let (more, less) = match ask.model {
            Model::Mclp => ("cover", "cover"),
            _ => ("save", "cost"),
        };
        if ask.model == Model::Lscp {
            let text = match instead {
                Some((leave, profit)) if profit >= 0.0 => {
                    format!("everyone is served without it; it could stand in for `{}`", name(leave))
                }
                _ => "everyone is served without it".to_owned(),
            };
            return ("not_needed", text);
        }
        if self.problem.loaded() {
            return (
                "limits_reached",
                "the best found with the limits on number, money and loads leaves it out".to_owned(),
            );
        }
        let swapped = match instead {
            None => "it cannot stand in for any chosen site".to_owned(),
            Some((leave, profit)) if profit < 0.0 => {
                let word = if ask.model == Model::Mclp { "less" } else { "more" };
                format!("in place of `{}` the answer would {less} {} {word}", name(leave), shown(-profit))
            }
            Some((leave, 0.0)) => {
                format!("in place of `{}` the answer would be as good", name(leave))
            }
            Some((leave, profit)) => {
                let price =
                    |one: u32| self.problem.candidates.get(one as usize).and_then(|one| one.cost).unwrap_or(0.0);
                let worse = if ask.worst_first {
                    "and the worst-off street would fare no better"
                } else {
                    "and the money would not do"
                };
                format!(
                    "in place of `{}` it would {more} {} more for {}, {worse}",
                    name(leave),
                    shown(profit),
                    shown(price(candidate) - price(leave))
                )
            }
        };
        if adds == 0.0 {
            return ("adds_nothing", format!("it would {more} nothing beside those chosen; {swapped}"));
        }
        let own = self.problem.candidates.get(candidate as usize).and_then(|one| one.cost);
        let ground = self.problem.ground_of.get(candidate as usize).copied().unwrap_or(0);
        let shared = self.answer.chosen.iter().any(|one| self.problem.ground_of[*one as usize] == ground);
        let ground = if shared { 0.0 } else { self.problem.ground_cost.get(ground as usize).copied().unwrap_or(0.0) };
        if let (Some(budget), Some(own)) = (ask.budget, own) {
            let left = (budget - self.spent).max(0.0);
            if own + ground > left {
                let text = format!(
                    "it would {more} {}, costs {} and {} is left; {swapped}",
                    shown(adds),
                    shown(own + ground),
                    shown(left)
                );
                return ("over_budget", text);
            }
        }
        let count = ask.sites.unwrap_or(self.answer.chosen.len() as u32);
        ("number_reached", format!("it would {more} {}, and {count} sites are chosen already; {swapped}", shown(adds)))
    }
}

/// A number in words: as it is when whole, else to six digits.
fn shown(value: f64) -> String {
    sheets::float(if value.abs() >= 1e5 { value.round() } else { (value * 1e4).round() / 1e4 })
}

fn streets(problem: &Problem, answer: &Answer) -> Vec<Street> {
    if problem.demand.iter().all(|one| one.street.is_none()) {
        return Vec::new();
    }
    let mut streets: Vec<Street> =
        problem.streets.iter().map(|name| Street { name: name.clone(), weight: 0.0, served: 0.0 }).collect();
    for ((demand, street), server) in problem.demand.iter().zip(&problem.street_of).zip(&answer.server) {
        if let Some(street) = streets.get_mut(*street as usize) {
            street.weight += demand.weight;
            if server.is_some() {
                street.served += demand.weight;
            }
        }
    }
    streets
}
