//! The question: who needs, where could be built, what each pair costs, what is asked.

mod flaws;

pub use flaws::{Flaw, Row};

/// Most pairs of demand and candidate.
pub const MOST_PAIRS: usize = 200_000_000;
/// Largest weight, cost, capacity, price or budget.
pub const MOST_NUMBER: f64 = 1e12;

/// What is to be made best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// The largest covered weight.
    Mclp,
    /// The fewest sites that serve everyone.
    Lscp,
    /// The smallest sum of weight × cost.
    Pmedian,
}

impl Model {
    /// Its name in files and on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Mclp => "mclp",
            Self::Lscp => "lscp",
            Self::Pmedian => "pmedian",
        }
    }

    /// The model of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Mclp, Self::Lscp, Self::Pmedian].into_iter().find(|model| model.key() == name)
    }
}

/// Somebody, or a place with many people, that needs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Demand {
    /// Its id.
    pub id: String,
    /// How much it needs: people, visits, beds; from 0.
    pub weight: f64,
    /// The street (or any other part) it belongs to; used when the worst-off come first.
    pub street: Option<String>,
}

/// Somewhere to build, or something that stands already.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Whether it stands in every answer.
    pub fixed: bool,
    /// Most weight it can serve.
    pub capacity: Option<f64>,
    /// Least weight it must serve when it is chosen.
    pub minimum: Option<f64>,
    /// What it costs against the budget.
    pub cost: Option<f64>,
    /// The ground it stands on; candidates of different kinds may share one.
    pub ground: Option<String>,
    /// What the ground costs against the budget, once however many candidates are chosen on it.
    pub ground_cost: Option<f64>,
}

/// A candidate that can serve a demand, at a cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Index of the demand.
    pub demand: u32,
    /// Index of the candidate.
    pub candidate: u32,
    /// Distance, minutes or money for one unit of weight; from 0.
    pub cost: f64,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ask {
    /// What is to be made best.
    pub model: Model,
    /// How many sites, what stands already among them; with a budget at most so many. Sites on one ground count once.
    pub sites: Option<u32>,
    /// Largest cost at which a pair serves.
    pub radius: Option<f64>,
    /// Most that the chosen candidates may cost together.
    pub budget: Option<f64>,
    /// Whether capacities hold.
    pub capacitated: bool,
    /// Whether the worst-off street comes first (coverage only).
    pub worst_first: bool,
    /// Seed of everything that is left to chance.
    pub seed: u64,
}

/// A question before it is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Who needs.
    pub demand: Vec<Demand>,
    /// Where could be built.
    pub candidates: Vec<Candidate>,
    /// Who can be served from where; a missing pair cannot.
    pub pairs: Vec<Pair>,
    /// What is asked.
    pub ask: Ask,
}

/// A question that can be answered or shown to have no answer.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) demand: Vec<Demand>,
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) ask: Ask,
    start: Vec<usize>,
    near: Vec<(u32, f64)>,
    pub(crate) streets: Vec<String>,
    pub(crate) street_of: Vec<u32>,
    pub(crate) ground_of: Vec<u32>,
    pub(crate) ground_cost: Vec<f64>,
    pairs_given: usize,
}

impl Problem {
    /// Checks a question.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn new(question: Question) -> Result<Self, Vec<Flaw>> {
        let found = flaws::find(&question);
        if !found.is_empty() {
            return Err(found);
        }
        let Question { demand, candidates, pairs, ask } = question;
        let (streets, street_of) = numbered(demand.iter().map(|demand| demand.street.as_deref().unwrap_or_default()));
        let grounds = candidates.iter().map(|one| one.ground.as_deref().unwrap_or(&one.id));
        let shared = candidates.iter().any(|one| one.ground.is_some());
        let (ground_of, ground_cost) = if shared {
            let (names, of) = numbered(grounds);
            let mut cost = vec![0.0_f64; names.len()];
            for (one, ground) in candidates.iter().zip(&of) {
                let cost = &mut cost[*ground as usize];
                *cost = cost.max(one.ground_cost.unwrap_or(0.0));
            }
            (of, cost)
        } else {
            let cost = candidates.iter().map(|one| one.ground_cost.unwrap_or(0.0)).collect();
            ((0..candidates.len() as u32).collect(), cost)
        };
        let reach = ask.radius.unwrap_or(f64::INFINITY);
        let pairs_given = pairs.len();
        let (start, near) = rows(demand.len(), pairs, reach);
        let made =
            Self { demand, candidates, ask, start, near, streets, street_of, ground_of, ground_cost, pairs_given };
        let alone = flaws::unserved(&made);
        if alone.is_empty() { Ok(made) } else { Err(alone) }
    }

    /// Who needs.
    #[must_use]
    pub fn demand(&self) -> &[Demand] {
        &self.demand
    }

    /// Where could be built.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// What is asked.
    #[must_use]
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// Candidates that can serve a demand, with the cost of one unit of weight, the nearest first.
    #[must_use]
    pub fn near(&self, demand: usize) -> &[(u32, f64)] {
        match (self.start.get(demand), self.start.get(demand + 1)) {
            (Some(begin), Some(end)) => self.near.get(*begin..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Cost of a pair, when it can serve.
    #[must_use]
    pub fn cost(&self, demand: usize, candidate: u32) -> Option<f64> {
        self.near(demand).iter().find(|(other, _)| *other == candidate).map(|(_, cost)| *cost)
    }

    /// Names of the streets, in the order of the demand.
    #[must_use]
    pub fn streets(&self) -> &[String] {
        &self.streets
    }

    /// Number of pairs given, and of those that can serve.
    #[must_use]
    pub fn pairs(&self) -> (usize, usize) {
        (self.pairs_given, self.near.len())
    }

    /// Whether whom a site serves is limited from above or below.
    #[must_use]
    pub fn loaded(&self) -> bool {
        self.ask.capacitated || self.candidates.iter().any(|one| one.minimum.is_some_and(|least| least > 0.0))
    }

    /// Sum of all weights.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.demand.iter().map(|demand| demand.weight).sum()
    }
}

/// Names in the order they are first seen, and the number of each one's name.
fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> (Vec<String>, Vec<u32>) {
    let mut known = std::collections::HashMap::new();
    let mut order = Vec::new();
    let of = names
        .map(|name| {
            *known.entry(name).or_insert_with(|| {
                order.push(name.to_owned());
                order.len() as u32 - 1
            })
        })
        .collect();
    (order, of)
}

/// Pairs within reach by demand, the nearest first.
fn rows(count: usize, pairs: Vec<Pair>, reach: f64) -> (Vec<usize>, Vec<(u32, f64)>) {
    let mut start = vec![0_usize; count + 1];
    for pair in pairs.iter().filter(|pair| pair.cost <= reach) {
        start[pair.demand as usize + 1] += 1;
    }
    for at in 0..count {
        start[at + 1] += start[at];
    }
    let mut next = start.clone();
    let mut near = vec![(0, 0.0); start.last().copied().unwrap_or(0)];
    for pair in pairs.iter().filter(|pair| pair.cost <= reach) {
        let at = &mut next[pair.demand as usize];
        near[*at] = (pair.candidate, pair.cost);
        *at += 1;
    }
    drop(pairs);
    for span in start.windows(2) {
        near[span[0]..span[1]].sort_unstable_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
    }
    (start, near)
}
