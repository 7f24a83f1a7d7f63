//! The question: who lives where, what stands where, and how far is near.

use crate::answer::By;
use crate::earth::{Nearby, Point};
use crate::graph::{Graph, MOST_FACILITIES};
use crate::network::{Barriers, Network};
use crate::pace::Pace;
use crate::straight::Straight;

/// People at a point, or a facility.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spot {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub point: Point,
    /// People, or units of capacity; `None` when it is not known.
    pub size: Option<f64>,
}

/// How a place farther away counts less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decay {
    /// Not at all up to the limit (2SFCA).
    #[default]
    Flat,
    /// By the normal curve, from 1 at the door to 0 at the limit (E2SFCA).
    Gaussian,
}

impl Decay {
    /// What a place counts at so many seconds, of a limit in seconds: 1 at most, 0 beyond the limit.
    #[must_use]
    pub fn weight(self, seconds: f64, limit: f64) -> f64 {
        match self {
            Self::Flat => 1.0,
            Self::Gaussian => {
                let edge = (-0.5_f64).exp();
                let share = seconds / limit;
                (((-0.5 * share * share).exp() - edge) / (1.0 - edge)).clamp(0.0, 1.0)
            }
        }
    }
}

/// How far is near, and what happens where there is no network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Minutes within which a facility is in reach, the limit included.
    pub minutes: f64,
    /// How far a point may lie from its node.
    pub snap_metres: f64,
    /// Whether the way between a point and its node is walked too, straight and on the flat.
    pub approach: bool,
    /// How distance counts in the score.
    pub decay: Decay,
    /// Where a point has no node: straight lines, so many times longer; `None` leaves it without times.
    pub detour: Option<f64>,
    /// Threads; the answer does not depend on them.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { minutes: 15.0, snap_metres: 500.0, approach: false, decay: Decay::Flat, detour: None, threads: 2 }
    }
}

/// A city as one walker knows it.
#[derive(Debug)]
pub struct Ground<'n> {
    /// What can be walked.
    pub network: &'n Network,
    /// What the walker makes of it.
    pub graph: Graph,
    /// The walker.
    pub pace: Pace,
    /// Which nodes points may be set on; made when a point needs it, and again after it was forgotten.
    tree: std::sync::RwLock<Option<Nearby>>,
    barriers: Barriers,
}

impl<'n> Ground<'n> {
    /// Packs a network for a walker.
    #[must_use]
    pub fn new(network: &'n Network, pace: Pace) -> Self {
        Self {
            network,
            graph: Graph::new(network, &pace),
            pace,
            tree: std::sync::RwLock::new(None),
            barriers: Barriers::new(&network.barriers),
        }
    }

    /// The node on which a spot stands and its distance: the node of its name when it has that node's point, otherwise the nearest
    /// within the limit to which no barrier stands in the way.
    #[must_use]
    pub fn stand(&self, id: &str, point: Point, snap_metres: f64) -> Option<(u32, f64)> {
        let named = self.network.names.find(id).filter(|node| {
            let same = |a: f64, b: f64| (a - b).abs() <= 1e-6;
            self.network.points.get(*node as usize).is_some_and(|at| same(at.lon, point.lon) && same(at.lat, point.lat))
        });
        if let Some(node) = named {
            return Some((node, 0.0));
        }
        // A thread that panicked while it held the lock left the tree whole or absent.
        let mut held = self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if held.is_none() {
            drop(held);
            let made = Nearby::distinct(&self.network.points);
            self.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner).get_or_insert(made);
            held = self.tree.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let tree = held.as_ref()?;
        let nearest = tree.nearest(point, snap_metres)?;
        let free =
            |node: u32| self.network.points.get(node as usize).is_some_and(|at| !self.barriers.between(point, *at));
        if free(nearest.0) {
            return Some(nearest);
        }
        let mut around = tree.within(point, snap_metres);
        around.sort_by(|a, b| a.1.total_cmp(&b.1));
        around.into_iter().find(|(node, _)| free(*node))
    }

    /// Gives back what finding nodes takes (48 bytes a node), once everyone stands; it is made anew when somebody needs it.
    pub fn forget_tree(&self) {
        *self.tree.write().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    /// Whether a barrier stands between two points.
    #[must_use]
    pub fn barred(&self, a: Point, b: Point) -> bool {
        self.barriers.between(a, b)
    }
}

/// Where a spot stands on the network.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// Its node of the network.
    pub node: Option<u32>,
    /// Metres between the spot and that node.
    pub metres: f64,
    /// Place of that node in the graph.
    pub(crate) place: u32,
    /// Cost of the way between the two.
    pub(crate) approach: u64,
    /// Whether it has been taken off the map.
    pub(crate) gone: bool,
}

/// Sets a spot on the network.
fn standing(ground: &Ground<'_>, settings: &Settings, spot: &Spot) -> Standing {
    let Some((node, metres)) = ground.stand(&spot.id, spot.point, settings.snap_metres) else {
        return Standing::default();
    };
    Standing {
        node: Some(node),
        metres,
        place: ground.graph.place.get(node as usize).copied().unwrap_or(0),
        approach: if settings.approach { ground.graph.cost_of(metres) } else { 0 },
        gone: false,
    }
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// More facilities than [`MOST_FACILITIES`].
    TooManyFacilities(usize),
    /// The limit is no number of minutes above 0.
    Minutes,
    /// The snap limit is no number of metres from 0.
    Snap,
    /// The detour is not from 1 to 3.
    Detour,
    /// The pace is not above 0.
    Pace,
}

/// A question ready to be answered.
#[derive(Debug)]
pub struct Problem<'g> {
    /// The city.
    pub ground: &'g Ground<'g>,
    /// How far is near.
    pub settings: Settings,
    /// Where people are.
    pub origins: Vec<Spot>,
    /// What there is.
    pub facilities: Vec<Spot>,
    /// Where the origins stand.
    pub origins_at: Vec<Standing>,
    /// Where the facilities stand.
    pub facilities_at: Vec<Standing>,
    /// The limit as a cost.
    pub(crate) limit: u64,
    /// Origins by their node: where those of a node begin in `here`, and which they are.
    first: Vec<u32>,
    here: Vec<u32>,
    /// Straight lines, where they are asked for.
    pub(crate) lines: Straight,
}

impl<'g> Problem<'g> {
    /// Sets everyone on the network.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(
        ground: &'g Ground<'g>,
        origins: Vec<Spot>,
        facilities: Vec<Spot>,
        settings: Settings,
    ) -> Result<Self, Flaw> {
        flaw(ground, &facilities, &settings)?;
        let stand = |spot: &Spot| standing(ground, &settings, spot);
        let origins_at: Vec<Standing> = origins.iter().map(stand).collect();
        let facilities_at: Vec<Standing> = facilities.iter().map(stand).collect();
        let (first, here) = by_place(&origins_at, ground.graph.len());
        let limit = ground.graph.cost_within(settings.minutes * 60.0);
        let lines = Straight::default();
        let mut problem =
            Self { ground, settings, origins, facilities, origins_at, facilities_at, limit, first, here, lines };
        problem.draw_lines();
        Ok(problem)
    }

    /// Adds a facility; its index.
    pub(crate) fn add_facility(&mut self, spot: Spot) -> Result<u32, Flaw> {
        if self.facilities.len() + 1 >= MOST_FACILITIES {
            return Err(Flaw::TooManyFacilities(self.facilities.len() + 1));
        }
        self.facilities_at.push(standing(self.ground, &self.settings, &spot));
        self.facilities.push(spot);
        self.draw_lines();
        Ok(self.facilities.len() as u32 - 1)
    }

    /// Takes a facility off the map; its index is not given again.
    pub(crate) fn remove_facility(&mut self, facility: u32) {
        if let Some(at) = self.facilities_at.get_mut(facility as usize) {
            *at = Standing { gone: true, ..Standing::default() };
        }
        if let Some(spot) = self.facilities.get_mut(facility as usize) {
            spot.size = None;
        }
        self.draw_lines();
    }

    fn draw_lines(&mut self) {
        if self.settings.detour.is_some() {
            self.lines = Straight::new((&self.origins, &self.origins_at), (&self.facilities, &self.facilities_at));
        }
    }

    /// The origins that stand at a place of the graph.
    pub(crate) fn origins_of(&self, place: u32) -> &[u32] {
        let place = place as usize;
        let (from, to) = match self.first.get(place..place + 2) {
            Some([from, to]) => (*from as usize, *to as usize),
            _ => (0, 0),
        };
        self.here.get(from..to).unwrap_or_default()
    }

    /// The limit in seconds.
    #[must_use]
    pub fn limit_seconds(&self) -> f64 {
        self.settings.minutes * 60.0
    }

    /// How the time between an origin and a facility is found.
    #[must_use]
    pub fn by(&self, origin: u32, facility: u32) -> By {
        let on = |at: &[Standing], index: u32| at.get(index as usize).is_some_and(|at| at.node.is_some());
        let walked = on(&self.origins_at, origin) && on(&self.facilities_at, facility);
        if walked { By::Network } else { By::Straight }
    }

    /// Cost of the straight line between an origin and a facility, where straight lines are asked for and nothing bars it.
    pub(crate) fn line(&self, origin: u32, facility: u32) -> Option<u64> {
        let detour = self.settings.detour?;
        let from = self.origins.get(origin as usize)?.point;
        let to = self.facilities.get(facility as usize)?.point;
        let gone = self.facilities_at.get(facility as usize)?.gone;
        (!gone && !self.ground.barred(from, to)).then(|| self.ground.graph.cost_of(from.metres_to(to) * detour))
    }
}

fn flaw(ground: &Ground<'_>, facilities: &[Spot], settings: &Settings) -> Result<(), Flaw> {
    let fine = |value: f64, low: f64| value.is_finite() && value >= low;
    if facilities.len() >= MOST_FACILITIES {
        return Err(Flaw::TooManyFacilities(facilities.len()));
    }
    if !fine(settings.minutes, f64::MIN_POSITIVE) {
        return Err(Flaw::Minutes);
    }
    if !fine(settings.snap_metres, 0.0) {
        return Err(Flaw::Snap);
    }
    if settings.detour.is_some_and(|detour| !fine(detour, 1.0) || detour > 3.0) {
        return Err(Flaw::Detour);
    }
    if !fine(ground.pace.metres_per_second(), f64::MIN_POSITIVE) {
        return Err(Flaw::Pace);
    }
    Ok(())
}

/// Sorts spots by their place, in their own order within a place.
fn by_place(spots: &[Standing], places: usize) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; places + 1];
    let placed = || spots.iter().zip(0_u32..).filter(|(spot, _)| spot.node.is_some());
    for (spot, _) in placed() {
        if let Some(count) = first.get_mut(spot.place as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for count in &mut first {
        sum += *count;
        *count = sum;
    }
    let mut next = first.clone();
    let mut here = vec![0; sum as usize];
    for (spot, index) in placed() {
        if let Some(at) = next.get_mut(spot.place as usize) {
            if let Some(slot) = here.get_mut(*at as usize) {
                *slot = index;
            }
            *at += 1;
        }
    }
    (first, here)
}
