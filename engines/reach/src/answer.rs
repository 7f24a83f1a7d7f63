//! The answer: for every origin the nearest facility, how many are in reach, and how well it is served; and what was not reached.

/// How a time was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Along the network.
    #[default]
    Network,
    /// Along a straight line, made longer by the detour.
    Straight,
}

impl By {
    /// Its key in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Straight => "straight",
        }
    }
}

/// What an origin has.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Row {
    /// Whether it has a node, or straight lines serve in its stead: otherwise nothing is known of it.
    pub known: bool,
    /// The nearest facility, by its index.
    pub nearest: Option<u32>,
    /// Seconds to it.
    pub seconds: f64,
    /// How that was found.
    pub by: By,
    /// Facilities within the limit.
    pub within: u32,
    /// Capacity for each person (2SFCA or E2SFCA).
    pub score: f64,
}

/// What a facility has.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Load {
    /// Whether it has a node, or straight lines serve in its stead.
    pub known: bool,
    /// Origins within the limit.
    pub origins: u32,
    /// People within the limit, each counted as distance lets them count.
    pub demand: f64,
    /// Capacity for each of them; 0 where the capacity is not known or nobody is in reach.
    pub ratio: f64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// One an origin.
    pub rows: Vec<Row>,
    /// One a facility.
    pub loads: Vec<Load>,
}

impl Answer {
    /// Origins without a node and without straight lines.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.rows.iter().filter(|row| !row.known).count()
    }

    /// Origins that have a place but no way to any facility.
    #[must_use]
    pub fn unreachable(&self) -> usize {
        self.rows.iter().filter(|row| row.known && row.nearest.is_none()).count()
    }

    /// Origins with a facility within the limit.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.rows.iter().filter(|row| row.within > 0).count()
    }
}
