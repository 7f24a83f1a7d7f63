//! `zhaoxi rules run` and `rules explain`: who is due what by a pack, and why.

use super::{BAD_INPUT, Common, Input, peak_mb, told};
use crate::cli::pack;
use clap::{Args, Subcommand};
use pack_reader::{Around, Due, Layers, Pack};
use rules::files::{About, Asking, People};
use rules::{Book, Decisions};
use serde_json::json;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;
use vocabulary::Register;

/// What to do with a pack's rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Decide every entitlement of a pack for every subject of a file
    Run(RunArgs),
    /// Say for one subject what is due and why, and for a refusal what would have to be different
    Explain(ExplainArgs),
}

/// What both take.
#[derive(Debug, Args)]
pub struct Asked {
    /// Folder of the pack
    #[arg(long, value_name = "DIR")]
    pub pack: PathBuf,
    /// Folder of the national pack beneath it (default: the one that comes with the program)
    #[arg(long, value_name = "DIR")]
    pub national: Option<PathBuf>,
    /// The day the decisions speak of
    #[arg(long, value_name = "DATE")]
    pub on: chrono::NaiveDate,
    /// Day as of which rules and values were known (default: all that the pack holds)
    #[arg(long, value_name = "DATE")]
    pub known: Option<chrono::NaiveDate>,
    /// Register whose rows are asked
    #[arg(long, value_name = "REGISTER", default_value = "person")]
    pub subject: String,
    /// The subjects: `id` and columns named by terms
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// Their households: `id` and columns that hold for all members; people name theirs in `household`
    #[arg(long, value_name = "FILE")]
    pub households: Option<PathBuf>,
}

/// Options of `zhaoxi rules run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// What is asked.
    #[command(flatten)]
    pub asked: Asked,
    /// Also write what is refused and what cannot be known
    #[arg(long)]
    pub all: bool,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// Options of `zhaoxi rules explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// What is asked.
    #[command(flatten)]
    pub asked: Asked,
    /// The subject's id
    #[arg(long)]
    pub id: String,
    /// Only this entitlement
    #[arg(long, value_name = "KEY")]
    pub entitlement: Option<String>,
    /// As JSON: one object for one entitlement, else a list
    #[arg(long)]
    pub json: bool,
}

/// `zhaoxi rules`; the exit code.
#[must_use]
pub fn run(command: &RulesCommand) -> u8 {
    let done = match command {
        RulesCommand::Run(args) => decided(args),
        RulesCommand::Explain(args) => explained(args),
    };
    done.unwrap_or(BAD_INPUT)
}

/// Packs that were read and the registers they speak of.
struct Ground {
    city: Option<Pack>,
    national: Pack,
    builtin: Vec<Register>,
}

impl Ground {
    fn read(asked: &Asked) -> Option<Self> {
        let (pack, problems) = pack::read_folder(&asked.pack, asked.national.as_deref());
        let Some(pack) = pack.filter(|_| problems.is_empty()) else {
            problems.iter().take(LISTED_MAX).for_each(|problem| eprintln!("{}/{problem}", asked.pack.display()));
            return None;
        };
        let builtin = pack::builtin_registers();
        if pack.manifest.kind == pack_reader::model::PackKind::National {
            return Some(Self { city: None, national: pack, builtin });
        }
        let national = match &asked.national {
            Some(folder) => pack::read_folder(folder, None).0,
            None => pack_reader::read(&crate::packs::national(), Around { builtin: &builtin, parent: None }).0,
        };
        Some(Self { city: Some(pack), national: national?, builtin })
    }

    fn due(&self, asked: &Asked) -> Option<Due<'_>> {
        let layers = Layers::new(&self.national, self.city.as_ref());
        let registers: Vec<&Register> = self.builtin.iter().chain(layers.registers()).collect();
        let Some(register) = registers.iter().find(|register| register.key == asked.subject) else {
            let known: Vec<&str> = registers.iter().map(|register| register.key.as_str()).collect();
            eprintln!("--subject {}: no such register; there are {}", asked.subject, known.join(", "));
            return None;
        };
        let due = layers.due(register, asked.on, asked.known);
        if due.rules.is_empty() {
            eprintln!("--subject {}: the pack has no rule over this register on {}", asked.subject, asked.on);
            return None;
        }
        Some(due)
    }
}

/// Problems of a pack listed at most.
const LISTED_MAX: usize = 100;

/// The files of a question.
struct Files {
    people: Input,
    households: Option<Input>,
}

impl Files {
    fn read(asked: &Asked) -> Option<Self> {
        let read = |file: &Path| Input::read(file);
        let people = read(&asked.input);
        let households = asked.households.as_deref().map(read);
        match households {
            Some(None) => None,
            Some(households) => Some(Self { people: people?, households }),
            None => Some(Self { people: people?, households: None }),
        }
    }

    fn asking<'a>(&'a self, due: &'a Due<'_>) -> Asking<'a> {
        Asking {
            people: self.people.pair(),
            households: self.households.as_ref().map(Input::pair),
            vocabulary: &due.vocabulary,
            aliases: &due.aliases,
        }
    }
}

/// The book and the people of a question.
fn opened(files: &Files, due: &Due<'_>) -> Option<(Book, People)> {
    let asking = files.asking(due);
    let book = match Book::new(&due.rules, &asking.vocabulary(), Some(&feel::RowRule::of)) {
        Ok(book) => book,
        Err(faults) => {
            for fault in faults {
                let key = due.rules.get(fault.rule).map_or("-", |rule| rule.key.as_str());
                eprintln!("{key}: {}", fault.problem);
            }
            return None;
        }
    };
    let people = told(rules::files::read(&asking, &book))?;
    people.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    if !people.absent.is_empty() {
        let absent = people.absent.join(", ");
        eprintln!("{}: no column for these terms, which are taken as missing: {absent}", files.people.name);
    }
    Some((book, people))
}

fn decide(book: &Book, people: &People, due: &Due<'_>, threads: usize) -> Option<Decisions> {
    let found = book.decide(&people.table, &due.parameters, threads);
    found.inspect_err(|problems| problems.iter().for_each(|problem| eprintln!("{problem}"))).ok()
}

fn decided(args: &RunArgs) -> Option<u8> {
    let begun = Instant::now();
    let ground = Ground::read(&args.asked)?;
    let due = ground.due(&args.asked)?;
    let files = Files::read(&args.asked)?;
    let (book, people) = super::shown(|| opened(&files, &due))?;
    let read = begun.elapsed().as_secs_f64();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if let Some(answer) = &args.common.check {
        let answer = Input::read(answer)?;
        let right = rules::check::decisions(&book, &people.table, &due.parameters);
        let broken = rules::files::verify((&people, &book, &right), &due.offers, args.all, answer.pair());
        let broken = told(broken)?;
        broken.iter().for_each(|line| println!("{line}"));
        return Some(u8::from(!broken.is_empty()));
    }
    let decisions = super::shown(|| decide(&book, &people, &due, threads))?;
    let solved = begun.elapsed().as_secs_f64();
    let said = match written(args, (&people, &book, &decisions), &due, threads) {
        Ok(said) => said,
        Err(error) => {
            eprintln!("{error}; check the path and the rights");
            return None;
        }
    };
    let silent: Vec<&str> = due.without_rule.iter().map(|one| one.key.as_str()).collect();
    if !silent.is_empty() {
        eprintln!("{} entitlements of the pack say no rule and are not decided: {}", silent.len(), silent.join(", "));
    }
    if args.common.summary {
        let summary = json!({
            "objective": null, "bound": null, "gap": null,
            "seconds_read": read, "seconds_solve": solved - read, "seconds_write": begun.elapsed().as_secs_f64() - solved,
            "peak_mb": peak_mb(),
            "counts": {
                "subjects": people.ids.len(), "entitlements": book.len(), "granted": said.granted,
                "refused": said.refused, "unknown": said.unknown, "slow_rules": book.slow().count(),
            },
        });
        eprintln!("{summary}");
    }
    Some(0)
}

fn written(
    args: &RunArgs,
    decided: (&People, &Book, &Decisions),
    due: &Due<'_>,
    threads: usize,
) -> Result<rules::files::Said, String> {
    let mut sink: Box<dyn Write> = match &args.common.out {
        Some(file) => Box::new(File::create(file).map_err(|error| format!("{}: {error}", file.display()))?),
        None => Box::new(std::io::stdout().lock()),
    };
    let mut sink = BufWriter::with_capacity(1 << 20, &mut sink);
    let mut write = |text: &str| sink.write_all(text.as_bytes()).map_err(|error| error.to_string());
    let said = rules::files::decisions(decided, &due.offers, args.all, threads, &mut write)?;
    sink.flush().map_err(|error| error.to_string())?;
    Ok(said)
}

fn explained(args: &ExplainArgs) -> Option<u8> {
    let ground = Ground::read(&args.asked)?;
    let mut due = ground.due(&args.asked)?;
    if let Some(key) = &args.entitlement {
        let Some(place) = due.rules.iter().position(|rule| rule.key == *key) else {
            let known: Vec<&str> = due.rules.iter().map(|rule| rule.key.as_str()).collect();
            eprintln!("--entitlement {key}: no entitlement with a rule; there are {}", known.join(", "));
            return None;
        };
        due.rules = vec![due.rules.swap_remove(place)];
        due.offers = vec![due.offers.swap_remove(place)];
        due.entitlements = vec![due.entitlements.swap_remove(place)];
    }
    let files = Files::read(&args.asked)?;
    let (book, people) = opened(&files, &due)?;
    let Some(row) = people.ids.find(&args.id) else {
        eprintln!("--id {}: {} has no such id", args.id, files.people.name);
        return None;
    };
    let mut said = Vec::new();
    for (rule, (offer, entitlement)) in due.offers.iter().zip(&due.entitlements).enumerate() {
        let reasons = book.explain(rule, &people.table, &due.parameters, row);
        let reasons = reasons.inspect_err(|found| found.iter().for_each(|one| eprintln!("{one}"))).ok()?;
        let about =
            About { id: &args.id, what: &entitlement.what, offer, places: book.places(rule), clauses: &due.clauses };
        said.push(match args.json {
            true => rules::files::json(about, &reasons),
            false => rules::files::spoken(about, &reasons),
        });
    }
    match (args.json, args.entitlement.is_some()) {
        (true, false) => println!("[{}]", said.join(",\n")),
        (true, true) => println!("{}", said.join("")),
        (false, _) => print!("{}", said.join("\n")),
    }
    Some(0)
}
