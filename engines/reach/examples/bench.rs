//! Measures the engine on a real extract: `cargo run --release -p reach --example bench -- EXTRACT.osm.pbf [--write DIR]`. Each figure is the
//! best of several runs. `--write` also writes nodes, edges, facilities and people as files, for peers to work on the same input.
//! `--command DIR` does no more than the command does, once, on the extract and those files, and tells how much memory that took.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reach::files::{Files, Net, Options, run};
use reach::network::osm;
use reach::{Ground, Network, Pace, Problem, Served, Settings, Spot, pace, solve};
use std::fmt::Write as _;
use std::time::Instant;

/// How many facilities stand in the city.
const FACILITIES: usize = 1_000;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ number >> 31) % end.max(1)
    }
}

/// Seconds of processor that this thread has had, where the system tells; on a busy machine they say more than the clock.
fn processor() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

fn best<T>(name: &str, runs: u32, mut run: impl FnMut() -> T) -> T {
    let (mut least, mut busy) = (f64::INFINITY, f64::INFINITY);
    let mut made = None;
    for _ in 0..runs.max(1) {
        drop(made.take());
        let (begin, had) = (Instant::now(), processor());
        let one = run();
        least = least.min(begin.elapsed().as_secs_f64());
        busy = busy.min(processor() - had);
        made = Some(one);
    }
    println!("{name:52} {:10.2} ms   processor {:10.2} ms", least * 1e3, busy * 1e3);
    made.unwrap_or_else(run)
}

fn spots(network: &Network, nodes: &[u32], chance: &mut Chance, most: u64) -> Vec<Spot> {
    let spot = |node: &u32| Spot {
        id: network.names.get(*node).to_owned(),
        point: network.points[*node as usize],
        size: Some((1 + chance.below(most)) as f64),
    };
    nodes.iter().map(spot).collect()
}

fn write(folder: &str, network: &Network, origins: &[Spot], facilities: &[Spot]) -> std::io::Result<()> {
    let mut texts = [
        ("nodes", "id,lon,lat\n".to_owned()),
        ("edges", "from,to,metres\n".to_owned()),
        ("origins", "id,lon,lat,weight\n".to_owned()),
        ("facilities", "id,lon,lat,capacity\n".to_owned()),
    ];
    for (index, point) in network.points.iter().enumerate() {
        let _ = writeln!(texts[0].1, "{},{},{}", network.names.get(index as u32), point.lon, point.lat);
    }
    for edge in &network.edges {
        let (from, to) = (network.names.get(edge.from), network.names.get(edge.to));
        let _ = writeln!(texts[1].1, "{from},{to},{:.6}", edge.metres);
    }
    for (at, spots) in [(2, origins), (3, facilities)] {
        for spot in spots {
            let _ =
                writeln!(texts[at].1, "{},{},{},{}", spot.id, spot.point.lon, spot.point.lat, spot.size.unwrap_or(0.0));
        }
    }
    std::fs::create_dir_all(folder)?;
    texts.iter().try_for_each(|(name, text)| std::fs::write(format!("{folder}/{name}.csv"), text))
}

/// The whole command on the files that were written: read, solve, write.
fn from_files(folder: &str) -> Result<(), Box<dyn std::error::Error>> {
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.csv"));
    let (nodes, edges) = (read("nodes")?, read("edges")?);
    let (origins, facilities) = (read("origins")?, read("facilities")?);
    let options = Options { minutes: 1_000.0 / 60.0, speed_mps: Some(1.0), ..Options::default() };
    let files = Files {
        network: Net::Folder { nodes: ("nodes.csv", &nodes), edges: ("edges.csv", &edges) },
        origins: ("origins.csv", &origins),
        facilities: ("facilities.csv", &facilities),
        barriers: None,
        options: &options,
    };
    let begin = Instant::now();
    let clock = || begin.elapsed().as_secs_f64();
    let made = best("the command: text in, text out", 2, || run(&files, &clock));
    let made = made.map_err(|problems| problems.to_string())?;
    std::fs::write(format!("{folder}/answer.csv"), made.done.output)?;
    Ok(())
}

/// The command on an extract and tables, and the most memory that it had.
fn command(bytes: &[u8], folder: &str) -> Result<(), Box<dyn std::error::Error>> {
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.csv"));
    let (origins, facilities) = (read("origins")?, read("facilities")?);
    let options = Options { minutes: 1_000.0 / 60.0, speed_mps: Some(1.0), ..Options::default() };
    let files = Files {
        network: Net::Pbf("extract", bytes),
        origins: ("origins.csv", &origins),
        facilities: ("facilities.csv", &facilities),
        barriers: None,
        options: &options,
    };
    let (begin, had) = (Instant::now(), processor());
    let made = run(&files, &|| begin.elapsed().as_secs_f64()).map_err(|problems| problems.to_string())?;
    std::fs::write(format!("{folder}/answer.csv"), made.done.output)?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown");
    println!(
        "the command: {:.2} s, main thread's processor {:.2} s, {peak}",
        begin.elapsed().as_secs_f64(),
        processor() - had
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(arguments.get(1).ok_or("name an extract")?)?;
    if let [_, _, mode, folder] = arguments.as_slice()
        && mode == "--command"
    {
        return command(&bytes, folder);
    }
    let network = best("read the extract, 2 threads", 3, || osm::read_pbf(&bytes, false, 2));
    let network = network.map_err(|fault| format!("{fault:?}"))?;
    let walker = Pace { profile: pace::ELDER, speed_mps: Some(1.0) };
    let ground = best("pack the graph", 3, || Ground::new(&network, walker));
    println!("{} nodes, {} edges", network.points.len(), network.edges.len());
    let mut chance = Chance(1);
    let mut order: Vec<u32> = (0..network.points.len() as u32).collect();
    for place in 0..FACILITIES.min(order.len()) {
        let other = place + chance.below((order.len() - place) as u64) as usize;
        order.swap(place, other);
    }
    let facilities = spots(&network, &order[..FACILITIES.min(order.len())], &mut chance, 200);
    let everyone: Vec<u32> = (0..network.points.len() as u32).collect();
    let origins = spots(&network, &everyone, &mut chance, 50);
    if let Some(at) = arguments.iter().position(|one| one == "--write") {
        write(arguments.get(at + 1).ok_or("name a folder")?, &network, &origins, &facilities)?;
    }
    let minutes = 1_000.0 / 60.0;
    let ask = |threads: usize, minutes: f64, origins: &[Spot]| {
        let settings = Settings { minutes, threads, ..Settings::default() };
        Problem::new(&ground, origins.to_vec(), facilities.clone(), settings).map_err(|flaw| format!("{flaw:?}"))
    };
    // A limit that nothing is within leaves the nearest facility alone to be found.
    for threads in [1, 2] {
        let problem = ask(threads, 1e-9, &[])?;
        best(&format!("nearest of {FACILITIES} for every node, {threads} threads"), 20, || {
            reach::solve::nearest_labels(&problem)
        });
    }
    for threads in [1, 2] {
        let problem = ask(threads, minutes, &origins)?;
        let answer = best(&format!("nearest, count and 2SFCA in 1 km, {threads} threads"), 5, || solve(&problem));
        println!("  {} pairs", answer.loads.iter().map(|load| u64::from(load.origins)).sum::<u64>());
    }
    if let Some(at) = arguments.iter().position(|one| one == "--write") {
        let folder = arguments.get(at + 1).ok_or("name a folder")?;
        from_files(folder)?;
    }
    let problem = ask(2, minutes, &origins)?;
    best("three nearest for every node", 1, || reach::solve::nth::nearest_few(&problem, 3).len());
    let mut served = Served::new(ask(2, minutes, &origins)?);
    let spot = |at: usize| Spot { id: format!("new {at}"), ..origins[at * 7_919 % origins.len()].clone() };
    let mut at = 0;
    best("kept up to date: a facility opens", 20, || {
        at += 1;
        served.open(spot(at)).is_ok()
    });
    let mut gone = 0;
    best("kept up to date: a facility closes", 20, || {
        gone += 1;
        served.close(gone - 1)
    });
    best("kept up to date: a capacity changes", 20, || served.resize(500, Some(77.0)));
    let few: Vec<u32> = order.iter().take(50).copied().collect();
    best("table of 50 x 50 nodes, 1 thread", 1, || reach::table(&ground, &few, &few, 1));
    let settings = Settings { minutes, threads: 1, ..Settings::default() };
    let hundred = Problem::new(&ground, Vec::new(), facilities[..100.min(facilities.len())].to_vec(), settings);
    let hundred = hundred.map_err(|flaw| format!("{flaw:?}"))?;
    best("isochrones of 100 facilities, 1 thread", 1, || reach::solve::isochrone::isochrones(&hundred).len());
    Ok(())
}
