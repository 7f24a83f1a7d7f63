//! The walking network at hand.

use reach::Network;
use reach::network::{largest_part, merge};

/// What can be walked, and whose data it is.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    network: Network,
    credit: String,
}

impl Ways {
    /// Puts the networks of several files of one map together and leaves out pieces that hang with nothing.
    /// `credit` is what must be said wherever something that rests on them is shown.
    #[must_use]
    pub fn of(networks: &[Network], credit: &str) -> Self {
        let mut whole = Network::default();
        for network in networks {
            merge(&mut whole, network);
        }
        Self { network: largest_part(&whole).0, credit: credit.to_owned() }
    }

    /// Whether there is no network: everything goes by straight lines then.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.network.edges.is_empty()
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Whose data it is; "" without a network.
    #[must_use]
    pub fn credit(&self) -> &str {
        if self.is_empty() { "" } else { &self.credit }
    }

    /// Kilometres of ways.
    #[must_use]
    pub fn kilometres(&self) -> f64 {
        self.network.edges.iter().map(|edge| edge.metres).sum::<f64>() / 1000.0
    }
}
