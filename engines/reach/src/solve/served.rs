//! An answer that is kept up to date when one facility opens, closes or changes its capacity.

use super::field::{self, NONE, facility_of, label};
use super::{Catch, catch_all, credit, load, matrix, rows};
use crate::answer::{Answer, Load};
use crate::problem::{Flaw, Problem, Spot, Standing};

/// A problem with its answer. After every change the answer is the one that [`crate::solve`] gives for the changed problem, to the last
/// bit; a facility that has closed keeps its index and has no capacity and no node.
#[derive(Debug)]
pub struct Served<'g> {
    problem: Problem<'g>,
    answer: Answer,
    /// For every node the nearest facility.
    labels: Vec<u64>,
    catches: Vec<Catch>,
    open: Vec<bool>,
}

impl<'g> Served<'g> {
    /// Answers a problem and keeps what later changes need: a word for every node and all pairs within the limit.
    #[must_use]
    pub fn new(problem: Problem<'g>) -> Self {
        let labels = field::spread(&problem.ground.graph, &super::seeds(&problem), problem.settings.threads);
        let catches = matrix::catches(&problem);
        let open = vec![true; problem.facilities.len()];
        let mut served = Self { problem, answer: Answer::default(), labels, catches, open };
        served.tell();
        served
    }

    /// The problem as it is now.
    #[must_use]
    pub fn problem(&self) -> &Problem<'g> {
        &self.problem
    }

    /// The answer as it is now.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Opens a facility; its index.
    ///
    /// # Errors
    /// When there are too many.
    pub fn open(&mut self, spot: Spot) -> Result<u32, Flaw> {
        let facility = self.problem.add_facility(spot)?;
        self.catches.extend(catch_all(&self.problem, &[facility]));
        self.open.push(true);
        let news: Vec<(u32, u64)> = self.seed(facility).into_iter().collect();
        self.spread(&news);
        self.tell();
        Ok(facility)
    }

    /// Closes a facility; false when there is none that is open.
    pub fn close(&mut self, facility: u32) -> bool {
        let Some(open) = self.open.get_mut(facility as usize).filter(|open| **open) else { return false };
        *open = false;
        if let Some(catch) = self.catches.get_mut(facility as usize) {
            *catch = Catch::default();
        }
        self.problem.remove_facility(facility);
        let news = self.orphans(facility);
        self.spread(&news);
        self.tell();
        true
    }

    /// Changes a capacity; false when there is no such facility that is open.
    pub fn resize(&mut self, facility: u32, capacity: Option<f64>) -> bool {
        let open = self.open.get(facility as usize).copied().unwrap_or(false);
        let Some(spot) = self.problem.facilities.get_mut(facility as usize).filter(|_| open) else { return false };
        spot.size = capacity;
        self.tell();
        true
    }

    /// Frees the nodes whose nearest facility has gone; gives the labels from which they are reached anew.
    fn orphans(&mut self, facility: u32) -> Vec<(u32, u64)> {
        let graph = &self.problem.ground.graph;
        let mut lost: Vec<u32> = Vec::new();
        for (place, known) in (0..).zip(&mut self.labels) {
            if *known != NONE && facility_of(*known) == facility {
                *known = NONE;
                lost.push(place);
            }
        }
        // From neighbours that kept theirs, against the search: out of a lost node in the direction of walking.
        let mut news = Vec::new();
        let half = graph.outward();
        for place in &lost {
            for arc in half.of(*place) {
                let Some(known) = self.labels.get(arc.head as usize).filter(|label| **label != NONE) else { continue };
                news.push((*place, label(field::cost_of(*known) + half.cost(arc), facility_of(*known))));
            }
        }
        news.extend(super::seeds(&self.problem).into_iter().filter(|(place, _)| lost.binary_search(place).is_ok()));
        news
    }

    fn seed(&self, facility: u32) -> Option<(u32, u64)> {
        let at: &Standing = self.problem.facilities_at.get(facility as usize).filter(|at| at.node.is_some())?;
        Some((at.place, label(at.approach, facility)))
    }

    fn spread(&mut self, news: &[(u32, u64)]) {
        let graph = &self.problem.ground.graph;
        let mut queue = field::queue(graph);
        field::piece(&graph.inward, &mut self.labels, 0, &mut queue, news);
    }

    /// Writes the answer anew from labels and catchments.
    fn tell(&mut self) {
        self.answer.rows = rows(&self.problem, &self.labels);
        self.answer.loads.clear();
        for (facility, catch) in (0..).zip(&self.catches) {
            let load = load(&self.problem, facility, catch);
            credit(&mut self.answer.rows, catch, load.ratio);
            self.answer
                .loads
                .push(Load { known: load.known && self.open.get(facility as usize) == Some(&true), ..load });
        }
    }
}
