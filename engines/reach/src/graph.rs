//! A network as one walker knows it, packed for the search: whole numbers for costs, arcs in one array, neighbours near one another.

use crate::earth::hilbert;
use crate::network::Network;
use crate::pace::Pace;

/// Most bits that a cost of a path takes; the rest of a word is left for the facility from which it was counted.
pub(crate) const COST_BITS: u32 = 47;
/// Most facilities of a problem.
pub const MOST_FACILITIES: usize = 1 << (64 - COST_BITS);

/// Costs from here on stand in a list of their own.
const LONG: u32 = 1 << 31;

/// One way of leaving a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arc {
    /// Where it leads.
    pub head: u32,
    /// What it costs, or `LONG` and the place in the list of long costs.
    cost: u32,
}

/// Arcs by node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Half {
    first: Vec<u32>,
    arcs: Vec<Arc>,
    long: Vec<u64>,
}

impl Half {
    /// The cost of one of its arcs.
    pub fn cost(&self, arc: &Arc) -> u64 {
        if arc.cost < LONG {
            return u64::from(arc.cost);
        }
        self.long.get((arc.cost - LONG) as usize).copied().unwrap_or(u64::from(LONG))
    }

    /// The arcs of a node.
    pub fn of(&self, node: u32) -> &[Arc] {
        let node = node as usize;
        let (from, to) = match self.first.get(node..node + 2) {
            Some([from, to]) => (*from as usize, *to as usize),
            _ => (0, 0),
        };
        self.arcs.get(from..to).unwrap_or_default()
    }

    fn new(nodes: usize, arcs: impl Iterator<Item = (u32, u32, u64)> + Clone) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for (tail, _, _) in arcs.clone() {
            if let Some(count) = first.get_mut(tail as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut first {
            sum += *count;
            *count = sum;
        }
        let mut next = first.clone();
        let mut all = vec![Arc { head: 0, cost: 0 }; sum as usize];
        let mut long = Vec::new();
        for (tail, head, cost) in arcs {
            if let Some(place) = next.get_mut(tail as usize) {
                if let Some(slot) = all.get_mut(*place as usize) {
                    let short = u32::try_from(cost).ok().filter(|cost| *cost < LONG);
                    *slot = Arc { head, cost: short.unwrap_or(LONG | long.len() as u32) };
                    long.extend(short.is_none().then_some(cost));
                }
                *place += 1;
            }
        }
        Self { first, arcs: all, long }
    }
}

/// A network as one walker knows it. Costs are whole numbers of a unit, so that sums are exact, ties are ties on every machine, and the
/// order of computing cannot matter.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Against the direction of walking: from a node to those from which it is reached.
    pub(crate) inward: Half,
    /// In the direction of walking, where that differs.
    outward: Option<Half>,
    /// Place in the graph of a node of the network.
    pub(crate) place: Vec<u32>,
    /// Node of the network at a place.
    pub(crate) node: Vec<u32>,
    /// Units of cost in one metre on the flat.
    units_a_metre: f64,
    /// Metres a second on the flat.
    metres_per_second: f64,
    /// Half of a usual cost, by which the search sorts roughly.
    pub(crate) stride: u64,
}

impl Graph {
    /// Packs a network for a walker. The unit is a micrometre of flat way, or the smallest power of ten of it with which the whole
    /// network (beyond 70,000 km) fits in 46 bits.
    #[must_use]
    pub fn new(network: &Network, pace: &Pace) -> Self {
        let nodes = network.points.len();
        let mut node: Vec<u32> = (0..nodes as u32).collect();
        let along: Vec<u64> = network.points.iter().map(|point| hilbert(*point)).collect();
        node.sort_unstable_by_key(|index| (along.get(*index as usize).copied(), *index));
        drop(along);
        let mut place = vec![0; nodes];
        for (at, node) in (0..).zip(&node) {
            if let Some(slot) = place.get_mut(*node as usize) {
                *slot = at;
            }
        }
        let (mut total, mut symmetric) = (0.0_f64, true);
        for edge in &network.edges {
            let both = [pace.flat_metres(edge, true), pace.flat_metres(edge, false)];
            symmetric &= both[0] == both[1];
            total += both.into_iter().flatten().fold(0.0, f64::max);
        }
        let mut units_a_metre = 1e6;
        while (total + 2e6) * units_a_metre > (1_u64 << (COST_BITS - 1)) as f64 {
            units_a_metre /= 10.0;
        }
        let at = |index: u32| place.get(index as usize).copied();
        let arcs = |inward: bool| {
            network.edges.iter().flat_map(move |edge| {
                [true, false].into_iter().filter_map(move |forward| {
                    let cost = (pace.flat_metres(edge, forward)? * units_a_metre).round() as u64;
                    let (from, to) = (at(edge.from)?, at(edge.to)?);
                    let (tail, head) = if forward != inward { (from, to) } else { (to, from) };
                    (tail != head).then_some((tail, head, cost))
                })
            })
        };
        let inward = Half::new(nodes, arcs(true));
        let outward = (!symmetric).then(|| Half::new(nodes, arcs(false)));
        let stride = stride(&inward);
        Self { inward, outward, place, node, units_a_metre, metres_per_second: pace.metres_per_second(), stride }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.node.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }

    /// How many arcs there are, each direction of an edge for itself.
    #[must_use]
    pub fn arcs(&self) -> usize {
        self.inward.arcs.len()
    }

    pub(crate) fn outward(&self) -> &Half {
        self.outward.as_ref().unwrap_or(&self.inward)
    }

    /// Seconds of a cost.
    #[must_use]
    pub(crate) fn seconds(&self, cost: u64) -> f64 {
        cost as f64 / (self.units_a_metre * self.metres_per_second)
    }

    /// Largest cost that takes no more than so many seconds; what lies nearer to a whole unit than a thousandth counts as that unit.
    pub(crate) fn cost_within(&self, seconds: f64) -> u64 {
        // A float that is too large becomes the largest whole number, one that is negative 0.
        ((seconds * self.metres_per_second * self.units_a_metre + 1e-3).floor() as u64).min((1 << COST_BITS) - 2)
    }

    /// Metres on the flat of a cost.
    pub(crate) fn metres_of(&self, cost: u64) -> f64 {
        cost as f64 / self.units_a_metre
    }

    /// Cost of walking so many metres on the flat.
    pub(crate) fn cost_of(&self, metres: f64) -> u64 {
        ((metres * self.units_a_metre).round() as u64).min((1 << (COST_BITS - 1)) - 1)
    }
}

/// Half of the middle cost of an arc, by a sample.
fn stride(half: &Half) -> u64 {
    let step = (half.arcs.len() / 4_096).max(1);
    let mut sample: Vec<u64> = half.arcs.iter().step_by(step).map(|arc| half.cost(arc)).collect();
    let middle = sample.len() / 2;
    if sample.is_empty() {
        return 1;
    }
    let (_, middle, _) = sample.select_nth_unstable(middle);
    (*middle / 2).max(1)
}
