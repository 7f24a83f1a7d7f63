//! The command line: every sub-command, its options and their help.

pub mod backup;
pub mod doctor;
pub mod engines;
pub mod indicators;
pub mod keys;
pub mod pack;
pub mod register;
pub mod run;
pub mod tables;

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// 朝夕 Zhaoxi: runs a city's system of care for elders and for children under three.
#[derive(Debug, Parser)]
#[command(name = "zhaoxi", version, about, long_about = None, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a demonstration with synthetic people on a port of this machine
    Demo(DemoArgs),
    /// Run the server for real use
    Serve(ServeArgs),
    /// Check, describe or adopt a pack (a city's plan as data)
    #[command(subcommand)]
    Pack(PackCommand),
    /// Import into or export from a register
    #[command(subcommand)]
    Register(RegisterCommand),
    /// Compute a pack's indicators from CSV files, without a database
    Indicators(IndicatorsArgs),
    /// Evaluate expressions of FEEL, the language of rules
    Feel(engines::feel::FeelArgs),
    /// Decide a pack's entitlements for people in a file, and say why
    #[command(subcommand)]
    Rules(engines::rules::RulesCommand),
    /// Score assessment forms: levels of ability or disability, with grounds
    Score(engines::score::ScoreArgs),
    /// Project people by age and sex: cohort-component, with layers, demand and bands
    Project(Box<engines::project::ProjectArgs>),
    /// Walking times to facilities, what is within reach, how well each place is served
    Reach(Box<engines::reach::ReachArgs>),
    /// WHO z-scores of children's growth; with --doses what immunisation is due
    Growth(engines::growth::GrowthArgs),
    /// Match applicants to places: stable, with a reason for each
    Match(engines::matched::MatchArgs),
    /// Make rosters of home visits, or repair them on the day, with a reason for what stays undone
    Schedule(engines::schedule::ScheduleArgs),
    /// Choose sites: coverage, fewest sites or p-median, with a proven bound and reasons
    Site(engines::site::SiteArgs),
    /// Compute the figures of a place in the database anew
    Compute(ComputeArgs),
    /// Verify the audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make, list or disable accounts
    #[command(subcommand)]
    Account(AccountCommand),
    /// Say what is set, what works and what is missing on this machine
    Doctor(DatabaseArgs),
    /// Look after the keys of sensitive fields
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Write a sealed backup of the database to a new file, while the server runs
    Backup(BackupArgs),
    /// Put a sealed backup back into a new database, and verify its audit trail
    Restore(RestoreArgs),
    /// Print the OpenAPI 3.1 document of the REST interface
    Openapi(OpenapiArgs),
    /// Print who may do what: actions by roles
    Matrix,
}

/// Where the database is.
#[derive(Debug, Args, Clone, Default)]
pub struct DatabaseArgs {
    /// Address of the database: postgres://user@host/name or a file path (default: from the settings)
    #[arg(long, value_name = "ADDRESS")]
    pub database: Option<String>,
    /// Settings file (default: zhaoxi.toml when it is there)
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

/// Options of the demonstration.
#[derive(Debug, Args, Clone)]
pub struct DemoArgs {
    /// City to show, or the folder of a pack; may be given several times (default: yangzhou and yangpu)
    #[arg(long = "city", value_name = "NAME")]
    pub cities: Vec<String>,
    /// Synthetic people in each city: a number, or `full` for the census count
    #[arg(long, value_name = "N|full", default_value = "20000")]
    pub people: String,
    /// Port on the loopback address; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Folder for the data
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    pub data: PathBuf,
    /// Database instead of a file in the data folder
    #[arg(long, value_name = "ADDRESS")]
    pub database: Option<String>,
    /// Throw the old demonstration data away first
    #[arg(long)]
    pub fresh: bool,
    /// Folder with real boundaries (`boundaries/*.geojson`) and streets (`osm/*.osm.pbf`) to use
    #[arg(long, value_name = "DIR")]
    pub geodata: Option<PathBuf>,
    /// Make the data and stop, without serving
    #[arg(long)]
    pub build_only: bool,
}

/// Options of the server.
#[derive(Debug, Args, Clone)]
pub struct ServeArgs {
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// Port to listen on (default: from the settings)
    #[arg(long)]
    pub port: Option<u16>,
}

/// What to do with a pack.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Read a pack and list everything that is wrong with it
    Check {
        /// Folder of the pack
        dir: PathBuf,
        /// Folder of the national pack beneath it (default: the one that comes with the program)
        #[arg(long, value_name = "DIR")]
        national: Option<PathBuf>,
    },
    /// Print how much a pack holds
    Show {
        /// Folder of the pack
        dir: PathBuf,
    },
    /// Print the words that rules may use: fields of registers with their choices, days, parameters
    Words {
        /// Folder of the pack, for its own registers and parameters (default: the national ones alone)
        dir: Option<PathBuf>,
        /// Key of one register, such as `facility` (default: all)
        #[arg(long, value_name = "KEY")]
        register: Option<String>,
    },
    /// Say what a pack would change against the version in force, whom it touches, and what the newest month would come to;
    /// changes nothing
    Preview {
        /// Folder of the pack
        dir: PathBuf,
        /// Write it as one JSON object, for a program
        #[arg(long)]
        json: bool,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Adopt a pack into the database, after checking it and saying what it changes
    Adopt {
        /// Folder of the pack
        dir: PathBuf,
        /// Do not ask before adopting
        #[arg(long)]
        yes: bool,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

/// What to do with a register.
#[derive(Debug, Subcommand)]
pub enum RegisterCommand {
    /// List the registers of a place
    List {
        /// Code of the place
        #[arg(long)]
        place: String,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Import an Excel or CSV file made from the register's template
    Import {
        /// Key of the register
        register: String,
        /// The file
        file: PathBuf,
        /// Code of the place
        #[arg(long)]
        place: String,
        /// Where to write the rows that were refused, with the reasons
        #[arg(long, value_name = "FILE")]
        bad_rows: Option<PathBuf>,
        /// Check only; change nothing
        #[arg(long)]
        dry_run: bool,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Export a register as CSV or Excel (by the ending of the file); sensitive fields are masked
    Export {
        /// Key of the register
        register: String,
        /// Code of the place
        #[arg(long)]
        place: String,
        /// The file to write, .csv or .xlsx
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

/// Options of `zhaoxi indicators`.
#[derive(Debug, Args)]
pub struct IndicatorsArgs {
    /// Folder of the pack
    #[arg(long, value_name = "DIR")]
    pub pack: PathBuf,
    /// The day the figures speak of
    #[arg(long, value_name = "DATE")]
    pub on: chrono::NaiveDate,
    /// Folder with one CSV file a register, named after it
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Where to write (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write a summary as one JSON object on the last line of standard error
    #[arg(long)]
    pub summary: bool,
}

/// Options of `zhaoxi compute`.
#[derive(Debug, Args)]
pub struct ComputeArgs {
    /// Code of the place (default: all places)
    #[arg(long)]
    pub place: Option<String>,
    /// Months to compute, up to the present one
    #[arg(long, default_value_t = 1)]
    pub months: u32,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read every entry and report any change, cut or insertion; exit 1 when there is one
    Verify(DatabaseArgs),
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Make an account; its first password is printed once
    Create {
        /// Login name
        login: String,
        /// Name on screens
        #[arg(long)]
        name: String,
        /// Role: leader, officer, clerk, institution, field_worker, system_admin, security_admin, audit_admin
        #[arg(long)]
        role: String,
        /// Code of the region they work for
        #[arg(long)]
        region: String,
        /// Key of their department in the pack
        #[arg(long)]
        department: Option<String>,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// List accounts
    List(DatabaseArgs),
    /// Take away the second factor of an account whose telephone is lost; a new one is set up at its next sign-in
    ResetSecond {
        /// Login name
        login: String,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Disable an account and end its sessions
    Disable {
        /// Login name
        login: String,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

/// What to do with the keys of sensitive fields.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Say where the key file is and which key seals
    Show(DatabaseArgs),
    /// Make a new key and seal everything with it; others may go on working meanwhile
    Rotate {
        /// Make no new key: seal what an earlier run that was broken off left behind
        #[arg(long)]
        go_on: bool,
        /// Where the database is.
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

/// By what a backup is sealed: one of them.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct SealArgs {
    /// File with the passphrase on its first line, at least 12 letters
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// File of at least 32 random bytes or letters (openssl rand -hex 32)
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
}

/// Options of `zhaoxi restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup
    pub file: PathBuf,
    /// By what it was sealed.
    #[command(flatten)]
    pub sealed: SealArgs,
    /// Where to put it: a file that is not there, or an empty PostgreSQL database
    #[arg(long, value_name = "ADDRESS")]
    pub database: String,
}

/// Options of `zhaoxi backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to write; must not exist
    pub file: PathBuf,
    /// By what it is sealed.
    #[command(flatten)]
    pub sealed: SealArgs,
    /// Write an open copy (SQLite only): for a disk that is encrypted itself
    #[arg(long, conflicts_with_all = ["passphrase_file", "key_file"])]
    pub unsealed: bool,
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// Options of `zhaoxi openapi`.
#[derive(Debug, Args)]
pub struct OpenapiArgs {
    /// City whose declared registers to include
    #[arg(long, default_value = "yangzhou")]
    pub city: String,
}
