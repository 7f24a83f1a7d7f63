//! Verifies any answer by itself, by what the problem says and nothing that the solver made.

use crate::problem::{Model, Problem};
use std::collections::{HashMap, HashSet};

/// What somebody claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claim {
    /// The model it answers, if told.
    pub model: Option<String>,
    /// Ids of the chosen candidates.
    pub chosen: Vec<String>,
    /// Demand and the candidate that serves it, by id.
    pub assignment: Vec<(String, String)>,
    /// Its objective.
    pub objective: f64,
    /// Its bound, if told.
    pub bound: Option<f64>,
    /// Its gap, if told.
    pub gap: Option<f64>,
}

/// Something in an answer that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Stable code, listed in the README.
    pub code: &'static str,
    /// What does not hold.
    pub text: String,
}

/// Numbers may differ by so much of themselves.
const SLACK: f64 = 1e-6;

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= SLACK * one.abs().max(other.abs()).max(1e-9)
}

fn above(sum: f64, limit: f64) -> bool {
    sum > limit + SLACK * limit.abs().max(1e-9)
}

/// Everything that does not hold.
#[must_use]
pub fn broken(problem: &Problem, claim: &Claim) -> Vec<Broken> {
    let mut check = Check {
        problem,
        chosen: HashSet::new(),
        site: problem.candidates().iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect(),
        server: vec![None; problem.demand().len()],
        found: Vec::new(),
    };
    if let Some(model) = claim.model.as_deref().filter(|model| *model != problem.ask().model.key()) {
        check.hold("model", format!("it answers `{model}`, and `{}` was asked", problem.ask().model.key()));
    }
    check.sites(claim);
    check.assignment(claim);
    check.money();
    check.loads();
    check.nearest();
    check.worth(claim);
    check.found
}

struct Check<'a> {
    problem: &'a Problem,
    chosen: HashSet<usize>,
    site: HashMap<&'a str, usize>,
    server: Vec<Option<usize>>,
    found: Vec<Broken>,
}

impl Check<'_> {
    fn hold(&mut self, code: &'static str, text: impl Into<String>) {
        self.found.push(Broken { code, text: text.into() });
    }

    fn sites(&mut self, claim: &Claim) {
        for id in &claim.chosen {
            match self.site.get(id.as_str()).copied() {
                None => self.hold("unknown_candidate", format!("there is no candidate `{id}`")),
                Some(site) => {
                    if !self.chosen.insert(site) {
                        self.hold("chosen_twice", format!("`{id}` is chosen twice"));
                    }
                }
            }
        }
        let fixed =
            self.problem.candidates().iter().enumerate().filter(|(site, one)| one.fixed && !self.chosen.contains(site));
        let missing: Vec<String> = fixed.map(|(_, one)| one.id.clone()).collect();
        for id in missing {
            self.hold("fixed_missing", format!("`{id}` stands already and is not chosen"));
        }
        let ask = self.problem.ask();
        let Some(asked) = ask.sites.filter(|_| ask.model != Model::Lscp).map(|sites| sites as usize) else { return };
        let count = self.grounds().len();
        // With money or loads to keep to, fewer sites may be all that is possible.
        let exact = ask.budget.is_none() && !self.problem.loaded();
        if count > asked || (exact && count < asked) {
            self.hold("number_of_sites", format!("{count} sites are chosen and {asked} were asked for"));
        }
    }

    /// Grounds that are built on, with their cost.
    fn grounds(&self) -> HashMap<&str, f64> {
        let mut grounds = HashMap::new();
        for (site, one) in self.problem.candidates().iter().enumerate() {
            let name = one.ground.as_deref().unwrap_or(&one.id);
            let cost = one.ground_cost.unwrap_or(0.0);
            if self.chosen.contains(&site) {
                let known = grounds.entry(name).or_insert(cost);
                *known = cost.max(*known);
            }
        }
        // The cost may stand in the row of a neighbour on the same ground.
        for one in self.problem.candidates() {
            if let (Some(ground), Some(cost)) = (&one.ground, one.ground_cost) {
                grounds.entry(ground.as_str()).and_modify(|known| *known = cost.max(*known));
            }
        }
        grounds
    }

    fn assignment(&mut self, claim: &Claim) {
        let demand: HashMap<&str, usize> =
            self.problem.demand().iter().enumerate().map(|(at, one)| (one.id.as_str(), at)).collect();
        for (who, by) in &claim.assignment {
            let Some(row) = demand.get(who.as_str()).copied() else {
                self.hold("unknown_demand", format!("there is no demand `{who}`"));
                continue;
            };
            let Some(site) = self.site.get(by.as_str()).copied() else {
                self.hold("unknown_candidate", format!("`{who}` is served by `{by}`, which does not exist"));
                continue;
            };
            if !self.chosen.contains(&site) {
                self.hold("not_chosen", format!("`{who}` is served by `{by}`, which is not chosen"));
            }
            if self.problem.cost(row, site as u32).is_none() {
                self.hold("cannot_serve", format!("`{by}` cannot serve `{who}`"));
            }
            if let Some(server) = self.server.get_mut(row) {
                *server = Some(site);
            }
        }
        if self.problem.ask().model == Model::Mclp {
            return;
        }
        let missing = self.problem.demand().iter().zip(&self.server).filter(|(_, server)| server.is_none());
        let missing: Vec<String> = missing.map(|(one, _)| one.id.clone()).collect();
        for id in missing {
            self.hold("unserved", format!("nobody serves `{id}`"));
        }
    }

    fn money(&mut self) {
        let Some(budget) = self.problem.ask().budget else { return };
        let own: f64 = self.chosen.iter().filter_map(|site| self.problem.candidates().get(*site)?.cost).sum();
        let spent = own + self.grounds().values().sum::<f64>();
        if above(spent, budget) {
            self.hold("over_budget", format!("what is chosen costs {spent} and {budget} may be spent"));
        }
    }

    fn loads(&mut self) {
        let mut load = vec![0.0; self.problem.candidates().len()];
        for (demand, server) in self.problem.demand().iter().zip(&self.server) {
            if let Some(load) = server.and_then(|server| load.get_mut(server)) {
                *load += demand.weight;
            }
        }
        let capacitated = self.problem.ask().capacitated;
        for (site, (one, load)) in self.problem.candidates().iter().zip(load).enumerate() {
            if let Some(most) = one.capacity.filter(|most| capacitated && above(load, *most)) {
                self.hold("over_capacity", format!("`{}` serves {load} and can serve {most}", one.id));
            }
            let chosen = self.chosen.contains(&site);
            if let Some(least) = one.minimum.filter(|least| chosen && above(*least, load)) {
                self.hold("below_minimum", format!("`{}` serves {load} and must serve at least {least}", one.id));
            }
        }
    }

    /// Where loads are free, everyone goes to the nearest chosen site, and nobody near one is left out.
    fn nearest(&mut self) {
        let model = self.problem.ask().model;
        if self.problem.loaded() || model == Model::Lscp {
            return;
        }
        for row in 0..self.server.len() {
            let near = self.problem.near(row).iter().find(|(site, _)| self.chosen.contains(&(*site as usize)));
            let (Some((site, cost)), Some(demand)) = (near, self.problem.demand().get(row)) else { continue };
            let name = |site: usize| self.problem.candidates().get(site).map_or("", |one| one.id.as_str()).to_owned();
            match self.server.get(row).copied().flatten() {
                None if model == Model::Mclp => {
                    let text =
                        format!("`{}` is not served though `{}` is within reach", demand.id, name(*site as usize));
                    self.hold("left_out", text);
                }
                Some(server) if model == Model::Pmedian => {
                    let own = self.problem.cost(row, server as u32).unwrap_or(*cost);
                    if above(own, *cost) {
                        let text = format!(
                            "`{}` goes to `{}` at {own}, and `{}` is nearer at {cost}",
                            demand.id,
                            name(server),
                            name(*site as usize)
                        );
                        self.hold("not_nearest", text);
                    }
                }
                _ => {}
            }
        }
    }

    /// Objective, bound and gap.
    fn worth(&mut self, claim: &Claim) {
        let worth = self.objective();
        if !close(worth, claim.objective) {
            self.hold("objective", format!("it is {worth}, not {}", claim.objective));
        }
        let Some(bound) = claim.bound else { return };
        let larger = self.problem.ask().model == Model::Mclp;
        if (larger && above(worth, bound)) || (!larger && above(bound, worth)) {
            self.hold("bound", format!("{bound} cannot be a bound of answers of which this one is worth {worth}"));
        }
        let distance = (claim.objective - bound).abs();
        let expected = if distance == 0.0 { 0.0 } else { distance / claim.objective.abs() };
        let Some(gap) = claim.gap else { return };
        if expected.is_finite() && (gap - expected).abs() > SLACK * expected.max(1.0) {
            self.hold("gap", format!("it is {expected}, not {gap}"));
        }
    }

    fn objective(&self) -> f64 {
        let ask = self.problem.ask();
        let rows = || self.problem.demand().iter().zip(&self.server).enumerate();
        match ask.model {
            Model::Lscp => self.chosen.len() as f64,
            Model::Pmedian => rows()
                .filter_map(|(row, (one, server))| Some(one.weight * self.problem.cost(row, (*server)? as u32)?))
                .sum(),
            Model::Mclp if ask.worst_first => {
                let mut streets: HashMap<&str, (f64, f64)> = HashMap::new();
                for (_, (one, server)) in rows() {
                    let (all, served) = streets.entry(one.street.as_deref().unwrap_or_default()).or_default();
                    *all += one.weight;
                    *served += if server.is_some() { one.weight } else { 0.0 };
                }
                let share = |(all, served): &(f64, f64)| if *all > 0.0 { served / all } else { 1.0 };
                streets.values().map(share).fold(1.0, f64::min)
            }
            Model::Mclp => rows().filter(|(_, (_, server))| server.is_some()).map(|(_, (one, _))| one.weight).sum(),
        }
    }
}
