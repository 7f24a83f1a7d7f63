//! Who is in reach of a facility: along the network, and by straight lines where one of the two has no node.

use super::search::Searcher;
use crate::problem::{Decay, Problem};

/// The origins in reach of one facility.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Catch {
    origins: Vec<u32>,
    /// Their costs and weights; empty where all weigh 1 and nobody asks for the costs.
    weights: Vec<f64>,
}

impl Catch {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Origins with what each counts.
    pub fn iter(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        self.origins.iter().enumerate().map(|(at, origin)| (*origin, self.weights.get(at).copied().unwrap_or(1.0)))
    }
}

/// Finds catchments one after another.
pub(crate) struct Catcher<'g> {
    problem: &'g Problem<'g>,
    searcher: Searcher<'g>,
}

impl<'g> Catcher<'g> {
    pub fn new(problem: &'g Problem<'g>) -> Self {
        Self { problem, searcher: Searcher::inward(&problem.ground.graph) }
    }

    /// Shows every origin within `limit` of a facility, with its cost, each once.
    pub fn each(&mut self, facility: u32, limit: u64, mut show: impl FnMut(u32, u64)) {
        let problem = self.problem;
        let Some(at) = problem.facilities_at.get(facility as usize) else { return };
        if at.node.is_some() {
            self.searcher.run(&[(at.place, at.approach)], limit);
            for (place, cost) in self.searcher.reached() {
                for origin in problem.origins_of(place) {
                    let approach = problem.origins_at.get(*origin as usize).map_or(0, |origin| origin.approach);
                    if cost + approach <= limit {
                        show(*origin, cost + approach);
                    }
                }
            }
        }
        problem.lines.each_origin(problem, facility, limit, show);
    }

    /// The origins within the problem's limit.
    pub fn catch(&mut self, facility: u32) -> Catch {
        let mut catch = Catch::default();
        let problem = self.problem;
        let (decay, seconds) = (problem.settings.decay, problem.limit_seconds());
        self.each(facility, problem.limit, |origin, cost| {
            catch.origins.push(origin);
            if decay != Decay::Flat {
                catch.weights.push(decay.weight(problem.ground.graph.seconds(cost), seconds));
            }
        });
        catch
    }
}
