//! The answer: what is chosen, who is served from where, and how good it is at best.

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Chosen candidates, in the order they are listed.
    pub chosen: Vec<u32>,
    /// Candidate that serves each demand.
    pub server: Vec<Option<u32>>,
    /// Covered weight, number of sites, or sum of weight × cost; when the worst-off come first, the least covered share of a street.
    pub objective: f64,
    /// No answer is better than this.
    pub bound: f64,
    /// Whether the objective is shown to be the best there is.
    pub proven: bool,
    /// Parts into which the search was split.
    pub nodes: u64,
}

impl Answer {
    /// |objective − bound| / |objective|.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let distance = (self.objective - self.bound).abs();
        if distance == 0.0 { 0.0 } else { distance / self.objective.abs() }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nothing keeps to what is asked: proven.
    NoneExists,
    /// Nothing was found in time.
    NoneFound,
}
