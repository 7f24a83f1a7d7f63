//! What was reckoned of one service circle: kept in the database, shown on the page.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a walk was reckoned: the pack's numbers on the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Minutes within which a facility is near.
    pub minutes: Decimal,
    /// Metres a second on the flat.
    pub speed: Decimal,
    /// How much longer than a straight line a way is.
    pub detour: Decimal,
    /// How far from the network a home may lie.
    pub snap_metres: Decimal,
    /// Per cent of the people whose minutes are compared with the plan's.
    pub share: Decimal,
    /// Key of the walker.
    pub walker: String,
    /// Kilometres of the network; `None` without one.
    pub network_km: Option<Decimal>,
    /// Whose data the network is; "" without one.
    pub credit: String,
}

/// One circle in the whole place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// How it was reckoned.
    pub terms: Terms,
    /// Regions that get figures, parents first.
    pub areas: Vec<Area>,
    /// What people walk to.
    pub facilities: Vec<Facility>,
    /// Where people live who have none near, largest first.
    pub gaps: Vec<Gap>,
    /// People of whom the registers do not say whether they are meant.
    pub unknown_people: u64,
}

/// One region. Minutes are `None` where nobody's home is known or as many people have no way at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Region code.
    pub code: String,
    /// People.
    pub people: u64,
    /// Those whose home is known; what follows speaks of them.
    pub located: u64,
    /// Those with a facility within the minutes.
    pub covered: u64,
    /// Those whose walk was reckoned on the network; the others' by a straight line.
    pub on_network: u64,
    /// Minutes of the one in the middle.
    pub median: Option<Decimal>,
    /// Minutes within which as many as `share` asks have one.
    pub most: Option<Decimal>,
    /// Minutes of the one farthest away.
    pub worst: Option<Decimal>,
}

impl Area {
    /// Per cent who have a facility within the minutes; `None` where nobody's home is known.
    #[must_use]
    pub fn share(&self) -> Option<Decimal> {
        documents::fmt::per_cent_of(Decimal::from(self.covered), Decimal::from(self.located))
    }

    /// Per cent whose walk was reckoned on the network.
    #[must_use]
    pub fn network_share(&self) -> Option<Decimal> {
        documents::fmt::per_cent_of(Decimal::from(self.on_network), Decimal::from(self.located))
    }
}

/// One facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Id of its record.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Its address; "" when it is not known.
    pub address: String,
    /// Path of its region.
    pub path: String,
    /// Longitude and latitude; without them nobody is taken to walk there.
    pub at: Option<[f64; 2]>,
    /// Whether it stands on the network.
    pub on_network: bool,
    /// People to whom it is the nearest.
    pub people: u64,
}

/// A neighbourhood from which no facility is within the minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Path of the region as the homes' records name it.
    pub path: String,
    /// The middle of the homes, to about a hundred metres.
    pub at: [f64; 2],
    /// People there without one.
    pub people: u64,
    /// Minutes of the one in the middle; `None` without a way.
    pub minutes: Option<Decimal>,
}
