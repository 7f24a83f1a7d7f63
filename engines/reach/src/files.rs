//! `zhaoxi reach` without its files: text and bytes in, text out.

mod check;
mod read;
mod write;

pub use check::check;
pub use read::read;

use crate::answer::Answer;
use crate::network::{Network, Parts};
use crate::pace::Pace;
use crate::problem::{Decay, Ground, Problem, Settings, Spot};
use sheets::{Done, Problems};

/// A file: its name for messages, and its text.
pub type File<'a> = (&'a str, &'a str);

/// What can be walked, as it was given.
#[derive(Debug, Clone, Copy)]
pub enum Net<'a> {
    /// `nodes.csv(id,lon,lat)` and `edges.csv(from,to,metres)`.
    Folder {
        /// The nodes.
        nodes: File<'a>,
        /// The edges.
        edges: File<'a>,
    },
    /// `.osm`.
    Xml(File<'a>),
    /// `.osm.pbf`: its name and bytes.
    Pbf(&'a str, &'a [u8]),
    /// No network: straight lines.
    Straight,
}

/// What is asked beside the files.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Minutes within which a facility is in reach.
    pub minutes: f64,
    /// One speed for every edge; without it the profile's rules.
    pub speed_mps: Option<f64>,
    /// Key of the profile.
    pub profile: String,
    /// How far a point may lie from its node.
    pub snap_metres: f64,
    /// Whether the way between a point and its node counts; without a word: with a profile yes, with a speed no.
    pub approach: Option<bool>,
    /// Whether the score fades with distance.
    pub gaussian: bool,
    /// Whether straight lines serve where a point has no node.
    pub straight: bool,
    /// How much longer than a straight line a way is.
    pub detour: f64,
    /// Parts of the network that lie within so many metres are joined; 0 joins none.
    pub join_metres: f64,
    /// Whether rivers, railways and walls of an OpenStreetMap file bar straight lines.
    pub osm_barriers: bool,
    /// Columns of the origins: the one that names the street, and those that count people of a group.
    pub by: Option<String>,
    /// See `by`.
    pub groups: Vec<String>,
    /// Threads.
    pub threads: usize,
    /// What is written beside the answer.
    pub more: Vec<More>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            minutes: 15.0,
            speed_mps: None,
            profile: crate::pace::ELDER.key.to_owned(),
            snap_metres: 500.0,
            approach: None,
            gaussian: false,
            straight: false,
            detour: 1.3,
            join_metres: 0.0,
            osm_barriers: false,
            by: None,
            groups: Vec::new(),
            threads: 2,
            more: Vec::new(),
        }
    }
}

/// A further file that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// `origin,rank,facility,walk_seconds`: so many nearest facilities.
    Nearest(usize),
    /// `origin,facility,walk_seconds`: every pair within the minutes.
    Pairs,
    /// `facility,origins_within,demand,capacity_per_head`.
    Facilities,
    /// `area,group,people,covered,share,unknown`.
    Coverage,
    /// GeoJSON: what lies within the minutes of each facility.
    Isochrones,
}

/// The files of a problem and what is asked.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The network.
    pub network: Net<'a>,
    /// `id,lon,lat,weight`
    pub origins: File<'a>,
    /// `id,lon,lat,capacity`
    pub facilities: File<'a>,
    /// `line,lon,lat`: lines that straight lines must not cross.
    pub barriers: Option<File<'a>>,
    /// What is asked.
    pub options: &'a Options,
}

/// A problem read from files.
#[derive(Debug)]
pub struct Asked {
    /// What can be walked.
    pub network: Network,
    /// Who walks.
    pub pace: Pace,
    /// How far is near.
    pub settings: Settings,
    /// Where people are.
    pub origins: Vec<Spot>,
    /// The street of each origin and how many of each group live there; empty when not asked for.
    pub streets: Vec<(String, Vec<Option<f64>>)>,
    /// What there is.
    pub facilities: Vec<Spot>,
    /// Pieces that joined parts of the network.
    pub joints: Vec<f64>,
    /// What the user must be told.
    pub warnings: Vec<String>,
}

/// What was made: the answer with what must be said beside it, and the further files in the order in which they were asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Made {
    /// The answer.
    pub done: Done,
    /// The further files.
    pub more: Vec<String>,
}

/// Reads, solves and writes. `seconds` tells the time since some moment, for the summary.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn run(files: &Files<'_>, seconds: &dyn Fn() -> f64) -> Result<Made, Problems> {
    let begun = seconds();
    let mut asked = read(files)?;
    let seconds_read = seconds() - begun;
    let (origins, facilities) = (std::mem::take(&mut asked.origins), std::mem::take(&mut asked.facilities));
    let ground = Ground::new(&asked.network, asked.pace);
    let problem = Problem::new(&ground, origins, facilities, asked.settings).map_err(read::flawed)?;
    ground.forget_tree();
    let answer = crate::solve(&problem);
    let mut made = Made::default();
    for more in &files.options.more {
        made.more.push(write::more(*more, &problem, &answer, &asked, files.options));
    }
    tell(&mut made.done, &problem, &answer, &asked);
    made.done.seconds_read = seconds_read;
    // The city is given back before the answer is written, so that the two need not have room together.
    let (labelled, origins, facilities) = (problem.settings.detour.is_some(), problem.origins, problem.facilities);
    drop((problem.origins_at, ground));
    drop(asked);
    made.done.output = write::answer(labelled, &origins, &facilities, &answer);
    Ok(made)
}

/// Warnings and counts.
fn tell(done: &mut Done, problem: &Problem<'_>, answer: &Answer, asked: &Asked) {
    let network = problem.ground.network;
    let parts = Parts::new(network);
    done.warnings.clone_from(&asked.warnings);
    done.warnings.extend(network.notes.iter().cloned());
    let largest = parts.sizes.first().copied().unwrap_or(0);
    if parts.sizes.len() > 1 {
        done.warnings.push(format!(
            "the network has {} parts that do not hang together; the largest has {largest} of {} nodes",
            parts.sizes.len(),
            network.points.len()
        ));
    }
    if !asked.joints.is_empty() {
        done.warnings.push(format!(
            "parts were joined by {} straight pieces of {:.0} m in all, which no map shows",
            asked.joints.len(),
            asked.joints.iter().sum::<f64>()
        ));
    }
    let alone = |at: &[crate::problem::Standing]| at.iter().filter(|at| at.node.is_none()).count();
    let (far_origins, far_facilities) = (alone(&problem.origins_at), alone(&problem.facilities_at));
    let fate =
        if problem.settings.detour.is_some() { "straight lines serve in its stead" } else { "their times are empty" };
    for (count, what) in [(far_origins, "origins"), (far_facilities, "facilities")] {
        if count > 0 && !network.points.is_empty() {
            done.warnings.push(format!(
                "{count} {what} have no node of the network within {} m; {fate}",
                problem.settings.snap_metres
            ));
        }
    }
    let nameless = |spots: &[Spot]| spots.iter().filter(|spot| spot.size.is_none()).count() as u64;
    let (weightless, capless) = (nameless(&problem.origins), nameless(&problem.facilities));
    if weightless > 0 {
        done.warnings.push(format!("{weightless} origins have no weight: they ask for nothing in the score"));
    }
    if capless > 0 {
        done.warnings.push(format!("{capless} facilities have no capacity: they give nothing in the score"));
    }
    let snapped = problem.origins_at.iter().chain(&problem.facilities_at).filter(|at| at.node.is_some());
    let farthest = snapped.map(|at| at.metres).fold(0.0, f64::max);
    let straight = answer.rows.iter().filter(|row| row.nearest.is_some() && row.by == crate::By::Straight).count();
    done.counts = vec![
        ("nodes", network.points.len() as u64),
        ("edges", network.edges.len() as u64),
        ("parts", parts.sizes.len() as u64),
        ("largest_part", largest as u64),
        ("joints", asked.joints.len() as u64),
        ("origins", problem.origins.len() as u64),
        ("facilities", problem.facilities.len() as u64),
        ("origins_unsnapped", far_origins as u64),
        ("facilities_unsnapped", far_facilities as u64),
        ("snap_metres_most", farthest.ceil() as u64),
        ("unreachable", answer.unreachable() as u64),
        ("within", answer.covered() as u64),
        ("by_straight_line", straight as u64),
        ("pairs", answer.loads.iter().map(|load| u64::from(load.origins)).sum()),
        ("origins_without_weight", weightless),
        ("facilities_without_capacity", capless),
    ];
}

/// The settings that options ask for.
fn settings(options: &Options, no_network: bool) -> Settings {
    Settings {
        minutes: options.minutes,
        snap_metres: options.snap_metres,
        approach: options.approach.unwrap_or(options.speed_mps.is_none()),
        decay: if options.gaussian { Decay::Gaussian } else { Decay::Flat },
        detour: (options.straight || no_network).then_some(options.detour),
        threads: options.threads.clamp(1, 64),
    }
}
