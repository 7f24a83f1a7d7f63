//! `zhaoxi project`: people by age and sex in the years to come.

use super::{BAD_INPUT, Common, Input, ending};
use clap::{Args, ValueEnum};
use projection::files::{Files, Made, Want, check, run as project};
use projection::question::{FiveYear, Timing};
use std::path::{Path, PathBuf};

/// When in the year migrants come and go.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum WhenMoved {
    /// Half at its beginning, half at its end
    Even,
    /// All at its end
    End,
}

/// What becomes of five-year tables.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FiveYearTables {
    /// Every fifth 1 January is the five-year engine's
    Engine,
    /// Split into single years and projected as such
    Split,
}

/// Options of `zhaoxi project`.
#[derive(Debug, Args)]
pub struct ProjectArgs {
    /// People on 1 January: region,year,sex,age,count (five-year ages: width)
    #[arg(long, value_name = "FILE")]
    pub population: PathBuf,
    /// Births a woman in the year: year,age,rate (width, region)
    #[arg(long, value_name = "FILE")]
    pub fertility: PathBuf,
    /// Central death rates: year,sex,age,rate (width, region)
    #[arg(long, value_name = "FILE")]
    pub mortality: Option<PathBuf>,
    /// Survival ratios, used as they are: year,sex,age,ratio (region)
    #[arg(long, value_name = "FILE", required_unless_present = "mortality")]
    pub survival: Option<PathBuf>,
    /// Net migrants: region,year,sex,age,net (width); region * is every region
    #[arg(long, value_name = "FILE")]
    pub migration: Option<PathBuf>,
    /// Boys per girl born: year,rate (region)
    #[arg(long, value_name = "FILE")]
    pub sex_ratio: PathBuf,
    /// Year of the last 1 January
    #[arg(long, value_name = "YEAR")]
    pub until: i32,
    /// Year of the first 1 January (default: the latest of the population file)
    #[arg(long, value_name = "YEAR")]
    pub from: Option<i32>,
    /// When in the year migrants come and go (default: even)
    #[arg(long, value_name = "WHEN")]
    pub migration_timing: Option<WhenMoved>,
    /// What becomes of five-year tables
    #[arg(long, value_name = "HOW", default_value = "engine")]
    pub five_year: FiveYearTables,
    /// Write births by sex and age of the mother
    #[arg(long, value_name = "FILE")]
    pub births: Option<PathBuf>,
    /// Write deaths by sex and age
    #[arg(long, value_name = "FILE")]
    pub deaths: Option<PathBuf>,
    /// Scenarios: scenario,component,year,factor (children); every answer then begins with the scenario
    #[arg(long, value_name = "FILE")]
    pub scenarios: Option<PathBuf>,
    /// Rates of layers, such as households or disability: layer,level,sex,age,rate (width, region, year)
    #[arg(long, value_name = "FILE", requires = "layers")]
    pub rates: Option<PathBuf>,
    /// Write the layers
    #[arg(long, value_name = "FILE", requires = "rates")]
    pub layers: Option<PathBuf>,
    /// Norms of demand: item,unit,of,per,amount (sex, age_from, age_to, rounding, source)
    #[arg(long, value_name = "FILE", requires = "demand")]
    pub norms: Option<PathBuf>,
    /// Write the demand, with its formulas
    #[arg(long, value_name = "FILE", requires = "norms")]
    pub demand: Option<PathBuf>,
    /// How rates stray: component,sd (rho)
    #[arg(long, value_name = "FILE", requires = "bands")]
    pub uncertainty: Option<PathBuf>,
    /// Write bands of uncertainty
    #[arg(long, value_name = "FILE", requires = "uncertainty")]
    pub bands: Option<PathBuf>,
    /// How many paths are drawn for them
    #[arg(long, default_value_t = 1000, value_name = "N")]
    pub draws: u32,
    /// Seed of the draws: the same seed gives the same bands
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// People counted in later years, to compare with: region,year,sex,age,count (width)
    #[arg(long, value_name = "FILE", requires = "errors")]
    pub census: Option<PathBuf>,
    /// Write projected beside counted
    #[arg(long, value_name = "FILE", requires = "census")]
    pub errors: Option<PathBuf>,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// Every file that was read.
struct Inputs {
    needed: [Input; 3],
    optional: [Option<Input>; 7],
}

/// A file that need not be named: nothing at all when it cannot be read.
fn maybe(file: Option<&Path>) -> Option<Option<Input>> {
    match file {
        Some(file) => Input::read(file).map(Some),
        None => Some(None),
    }
}

impl Inputs {
    fn read(args: &ProjectArgs) -> Option<Self> {
        // All of them, so that everything that cannot be read is told at once.
        let needed = [&args.population, &args.fertility, &args.sex_ratio].map(|file| Input::read(file));
        let optional = [
            &args.mortality,
            &args.survival,
            &args.migration,
            &args.scenarios,
            &args.rates,
            &args.norms,
            &args.uncertainty,
        ]
        .map(|file| maybe(file.as_deref()));
        let [population, fertility, sex_ratio] = needed;
        let [mortality, survival, migration, scenarios, rates, norms, uncertainty] = optional;
        Some(Self {
            needed: [population?, fertility?, sex_ratio?],
            optional: [mortality?, survival?, migration?, scenarios?, rates?, norms?, uncertainty?],
        })
    }
}

/// `zhaoxi project`; the exit code.
#[must_use]
pub fn run(args: &ProjectArgs) -> u8 {
    let (Some(inputs), Some(census)) = (Inputs::read(args), maybe(args.census.as_deref())) else { return BAD_INPUT };
    let [population, fertility, sex_ratio] = &inputs.needed;
    let [mortality, survival, migration, scenarios, rates, norms, uncertainty] =
        inputs.optional.each_ref().map(|input| input.as_ref().map(Input::pair));
    let files = Files {
        population: population.pair(),
        fertility: fertility.pair(),
        mortality,
        survival,
        migration,
        sex_ratio: sex_ratio.pair(),
        from: args.from,
        until: args.until,
        timing: args.migration_timing.map(|when| match when {
            WhenMoved::Even => Timing::Even,
            WhenMoved::End => Timing::End,
        }),
        five_year: match args.five_year {
            FiveYearTables::Engine => FiveYear::Benchmarked,
            FiveYearTables::Split => FiveYear::Split,
        },
        scenarios,
        rates,
        norms,
        uncertainty,
        draws: args.draws,
        seed: args.seed,
        census: census.as_ref().map(Input::pair),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        want: Want { births: args.births.is_some(), deaths: args.deaths.is_some() },
    };
    let mut more = Made::default();
    let make = || {
        let mut made = project(&files)?;
        let done = std::mem::take(&mut made.done);
        more = made;
        Ok(done)
    };
    let code = ending(&args.common, make, |answer| check(&files, answer)).unwrap_or(BAD_INPUT);
    if code != 0 || args.common.check.is_some() {
        return code;
    }
    if write(args, &more) { 0 } else { BAD_INPUT }
}

/// Writes what was asked for beside the people.
fn write(args: &ProjectArgs, made: &Made) -> bool {
    let files = [
        (&args.births, &made.births),
        (&args.deaths, &made.deaths),
        (&args.layers, &made.layers),
        (&args.demand, &made.demand),
        (&args.bands, &made.bands),
        (&args.errors, &made.errors),
    ];
    let mut good = true;
    for (file, text) in files {
        let Some(file) = file else { continue };
        if let Err(error) = std::fs::write(file, text) {
            eprintln!("{}: {error}; check the path and the rights", file.display());
            good = false;
        }
    }
    good
}
