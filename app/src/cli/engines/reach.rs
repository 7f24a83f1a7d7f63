//! `zhaoxi reach`: walking times to facilities, what is within reach, how well each place is served.

use super::{BAD_INPUT, Common, Input, ending};
use clap::{Args, ValueEnum};
use reach::files::{Files, More, Net, Options, check, run as solve};
use sheets::Problems;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How distance counts in the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DecayKind {
    /// Not up to the minutes (2SFCA)
    Flat,
    /// Less by the normal curve, nothing at the minutes (E2SFCA)
    Gaussian,
}

/// Whether the way between a point and its node counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Approach {
    /// Straight, at the walker's pace
    Walked,
    /// Not at all
    Free,
}

/// Options of `zhaoxi reach`.
#[derive(Debug, Args)]
pub struct ReachArgs {
    /// What can be walked: .osm.pbf, .osm, or a folder with nodes.csv and edges.csv (default: straight lines)
    #[arg(long, value_name = "NET")]
    pub network: Option<PathBuf>,
    /// People: id,lon,lat,weight
    #[arg(long, value_name = "FILE")]
    pub origins: PathBuf,
    /// Facilities: id,lon,lat,capacity
    #[arg(long, value_name = "FILE")]
    pub facilities: PathBuf,
    /// Minutes within which a facility is in reach
    #[arg(long, default_value_t = 15.0)]
    pub minutes: f64,
    /// One speed for every edge, in metres a second (default: the profile's rules)
    #[arg(long, value_name = "MPS")]
    pub speed_mps: Option<f64>,
    /// Who walks: elder, frail, adult, pushchair or wheelchair
    #[arg(long, default_value = "elder")]
    pub profile: String,
    /// How far a point may lie from its node
    #[arg(long, value_name = "M", default_value_t = 500.0)]
    pub snap_metres: f64,
    /// Whether the way between a point and its node counts (default: walked with a profile, free with --speed-mps)
    #[arg(long)]
    pub approach: Option<Approach>,
    /// How distance counts in the score
    #[arg(long, default_value = "flat")]
    pub decay: DecayKind,
    /// Straight lines where a point has no node; every row then says how it was found
    #[arg(long)]
    pub straight: bool,
    /// How much longer than a straight line a way is, 1 to 3
    #[arg(long, default_value_t = 1.3)]
    pub detour: f64,
    /// Lines that no straight line crosses: line,lon,lat
    #[arg(long, value_name = "FILE")]
    pub barriers: Option<PathBuf>,
    /// Rivers, railways and walls of the OpenStreetMap file bar straight lines and snapping
    #[arg(long)]
    pub osm_barriers: bool,
    /// Join parts of the network that lie within so many metres of one another
    #[arg(long, value_name = "M", default_value_t = 0.0)]
    pub join_metres: f64,
    /// Threads; the answer does not depend on them (default: the machine's)
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Write the nearest few facilities of each origin
    #[arg(long, value_name = "FILE", requires = "k")]
    pub nearest: Option<PathBuf>,
    /// How many they are
    #[arg(long, value_name = "K", requires = "nearest", value_parser = clap::value_parser!(u64).range(1..=64))]
    pub k: Option<u64>,
    /// Write every pair within the minutes
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    /// Write what each facility serves
    #[arg(long, value_name = "FILE")]
    pub served: Option<PathBuf>,
    /// Write who has a facility within the minutes, by area and group
    #[arg(long, value_name = "FILE")]
    pub coverage: Option<PathBuf>,
    /// Column of the origins that names the area, such as the street
    #[arg(long, value_name = "COLUMN", requires = "coverage")]
    pub by: Option<String>,
    /// Columns of the origins that count the people of a group
    #[arg(long, value_name = "COLUMN", requires = "coverage", num_args = 1..)]
    pub count: Vec<String>,
    /// Write what lies within the minutes of each facility, as GeoJSON
    #[arg(long, value_name = "FILE")]
    pub isochrones: Option<PathBuf>,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// A network as it lies in files.
pub(super) enum Given {
    Straight,
    Folder(Input, Input),
    Xml(Input),
    Pbf(String, Vec<u8>),
}

impl Given {
    /// Reads it; what is wrong is printed.
    pub(super) fn read(network: Option<&Path>) -> Option<Self> {
        let Some(network) = network else { return Some(Self::Straight) };
        if network.is_dir() {
            let table = |name: &str| {
                let packed = network.join(format!("{name}.csv.gz"));
                let plain = network.join(format!("{name}.csv"));
                Input::read(if !plain.exists() && packed.exists() { &packed } else { &plain })
            };
            // Both are opened before anything ends, so that both can complain.
            let (nodes, edges) = (table("nodes"), table("edges"));
            return Some(Self::Folder(nodes?, edges?));
        }
        let name = network.display().to_string();
        if !name.ends_with(".pbf") {
            return Input::read(network).map(Self::Xml);
        }
        let mut bytes = Vec::new();
        match File::open(network).and_then(|mut file| file.read_to_end(&mut bytes)) {
            Ok(_) => Some(Self::Pbf(name, bytes)),
            Err(error) => {
                eprintln!("{name}:0: -: cannot be read ({error}); check the path and the rights");
                None
            }
        }
    }

    /// As the engine takes it.
    pub(super) fn net(&self) -> Net<'_> {
        match self {
            Self::Straight => Net::Straight,
            Self::Folder(nodes, edges) => Net::Folder { nodes: nodes.pair(), edges: edges.pair() },
            Self::Xml(input) => Net::Xml(input.pair()),
            Self::Pbf(name, bytes) => Net::Pbf(name, bytes),
        }
    }
}

/// `zhaoxi reach`; the exit code.
#[must_use]
pub fn run(args: &ReachArgs) -> u8 {
    let given = Given::read(args.network.as_deref());
    let (origins, facilities) = (Input::read(&args.origins), Input::read(&args.facilities));
    let barriers = args.barriers.as_deref().map(Input::read);
    let (Some(given), Some(origins), Some(facilities)) = (given, origins, facilities) else { return BAD_INPUT };
    let barriers = match barriers {
        Some(None) => return BAD_INPUT,
        Some(Some(read)) => Some(read),
        None => None,
    };
    let wanted = further(args);
    let options = options(args, wanted.iter().map(|(more, _)| *more).collect());
    let files = Files {
        network: given.net(),
        origins: origins.pair(),
        facilities: facilities.pair(),
        barriers: barriers.as_ref().map(Input::pair),
        options: &options,
    };
    let begun = Instant::now();
    let make = || {
        let made = solve(&files, &|| begun.elapsed().as_secs_f64())?;
        // Further files first: when one cannot be written there is no answer that promises it.
        for ((_, file), text) in wanted.iter().zip(&made.more) {
            std::fs::write(file, text).map_err(|error| {
                let mut problems = Problems::default();
                let name = file.display().to_string();
                problems.add(&name, 0, "-", format!("cannot be written ({error})"), "check the path and the rights");
                problems
            })?;
        }
        Ok(made.done)
    };
    ending(&args.common, make, |answer| check(&files, answer)).unwrap_or(BAD_INPUT)
}

/// The further files that are asked for.
fn further(args: &ReachArgs) -> Vec<(More, &Path)> {
    let nearest = args.k.map(|k| More::Nearest(usize::try_from(k).unwrap_or(1)));
    let all = [
        (nearest, &args.nearest),
        (Some(More::Pairs), &args.pairs),
        (Some(More::Facilities), &args.served),
        (Some(More::Coverage), &args.coverage),
        (Some(More::Isochrones), &args.isochrones),
    ];
    all.into_iter().filter_map(|(more, file)| Some((more?, file.as_deref()?))).collect()
}

fn options(args: &ReachArgs, more: Vec<More>) -> Options {
    let machine = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Options {
        minutes: args.minutes,
        speed_mps: args.speed_mps,
        profile: args.profile.clone(),
        snap_metres: args.snap_metres,
        approach: args.approach.map(|approach| approach == Approach::Walked),
        gaussian: args.decay == DecayKind::Gaussian,
        straight: args.straight,
        detour: args.detour,
        join_metres: args.join_metres,
        osm_barriers: args.osm_barriers,
        by: args.by.clone(),
        groups: args.count.clone(),
        threads: args.threads.unwrap_or(machine).clamp(1, 64),
        more,
    }
}
