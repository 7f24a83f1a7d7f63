//! `zhaoxi pack check`, `show` and `words`: reading a pack from a folder.

use crate::packs;
use pack_reader::{Around, Files, Folder, Layers, Memory, Pack, Problem, read};
use std::path::Path;
use vocabulary::{Field, Register};

/// Problems listed at most; the rest is counted.
const LISTED_MAX: usize = 100;

/// How a file of the pack beneath is named.
const BENEATH: &str = "(the national pack beneath)";

/// Registers described in Rust, which packs may speak of.
#[must_use]
pub fn builtin_registers() -> Vec<Register> {
    vec![monitoring::regions::register(), people::register(), facilities::register(), workforce::register()]
}

/// The national pack: the one in a folder, or the one that comes with the program.
fn beneath(national: Option<&Path>) -> (Option<Pack>, Vec<Problem>) {
    let builtin = builtin_registers();
    let files: Box<dyn Files> = match national {
        Some(folder) => Box::new(Folder::new(folder)),
        None => Box::new(packs::national()),
    };
    let (pack, mut problems) = read(&*files, Around { builtin: &builtin, parent: None });
    for problem in &mut problems {
        // Else it would seem to be the reader's own file of that name.
        problem.file = format!("{BENEATH}/{}", problem.file);
    }
    (pack, problems)
}

/// Reads the pack in a folder over the national one.
#[must_use]
pub fn read_folder(dir: &Path, national: Option<&Path>) -> (Option<Pack>, Vec<Problem>) {
    let folder = Folder::new(dir);
    // The national pack itself is checked alone; every other one over it.
    let parent = if is_national(&folder) {
        None
    } else {
        let (parent, problems) = beneath(national);
        if !problems.is_empty() {
            return (None, problems);
        }
        parent
    };
    read(&folder, Around { builtin: &builtin_registers(), parent: parent.as_ref() })
}

fn is_national(folder: &Folder) -> bool {
    let text = folder.read("pack.toml").ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.lines().map(|line| line.replace(' ', "")).any(|line| line == "kind=\"national\"")
}

/// `zhaoxi pack check`: one line a problem on standard error; the exit code.
#[must_use]
pub fn check(dir: &Path, national: Option<&Path>) -> u8 {
    let (pack, problems) = read_folder(dir, national);
    for problem in problems.iter().take(LISTED_MAX) {
        let own = !problem.file.starts_with(BENEATH);
        if own { eprintln!("{}/{problem}", dir.display()) } else { eprintln!("{problem}") }
    }
    if problems.len() > LISTED_MAX {
        eprintln!("… and {} more", problems.len() - LISTED_MAX);
    }
    match (pack, problems.len()) {
        (Some(pack), 0) => {
            println!("{}: {}", pack.manifest.key, pack.manifest.title);
            println!("{}", counts(&pack));
            println!("no problems; hash {}", pack.hash);
            slow(&pack, national);
            0
        }
        (_, count) => {
            eprintln!("{count} problem{}", if count == 1 { "" } else { "s" });
            2
        }
    }
}

/// Says which rules go row by row instead of over columns, and why.
fn slow(pack: &Pack, national: Option<&Path>) {
    let builtin = builtin_registers();
    let alone = pack.manifest.kind == pack_reader::model::PackKind::National;
    let beneath = if alone { None } else { beneath(national).0 };
    let beneath = beneath.as_ref();
    let layers = Layers::new(beneath.unwrap_or(pack), beneath.map(|_| pack));
    let registers: Vec<&Register> = builtin.iter().chain(layers.registers()).collect();
    for (key, slow) in layers.slow_rules(&registers) {
        let why: Vec<&str> = slow.why.iter().map(|problem| problem.message.as_str()).collect();
        println!("slow: {key} goes row by row: {} ({})", why.join("; "), slow.text);
    }
}

/// `zhaoxi pack show`: what the pack holds; the exit code.
#[must_use]
pub fn show(dir: &Path) -> u8 {
    let (pack, problems) = read_folder(dir, None);
    if let Some(pack) = &pack {
        println!(
            "{} {} {}",
            pack.manifest.key,
            pack.manifest.title,
            pack.manifest.document_no.as_deref().unwrap_or("")
        );
        println!("{}", counts(pack));
    }
    if problems.is_empty() {
        return 0;
    }
    eprintln!("{} problems; list them with: zhaoxi pack check {}", problems.len(), dir.display());
    2
}

/// `zhaoxi pack words`: the words that a pack's rules may use; the exit code.
#[must_use]
pub fn words(dir: Option<&Path>, register: Option<&str>) -> u8 {
    let (national, problems) = beneath(None);
    let own = dir.map(|dir| read_folder(dir, None));
    let wrong = problems.iter().chain(own.iter().flat_map(|(_, problems)| problems));
    let wrong: Vec<String> = wrong.map(ToString::to_string).collect();
    let Some(national) = national else {
        eprintln!("{}", wrong.join("\n"));
        return 2;
    };
    if !wrong.is_empty() {
        eprintln!("{} problems in the pack; its own words may be incomplete", wrong.len());
    }
    let layers = Layers::new(&national, own.as_ref().and_then(|(pack, _)| pack.as_ref()));
    let builtin = builtin_registers();
    let all: Vec<&Register> = builtin.iter().chain(layers.registers()).collect();
    let wanted: Vec<&&Register> = all.iter().filter(|one| register.is_none_or(|key| one.key == key)).collect();
    if wanted.is_empty() {
        let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        eprintln!("no register {}; there are {}", register.unwrap_or_default(), keys.join(", "));
        return 2;
    }
    for register in wanted {
        println!("{} {}", register.key, register.label);
        register.fields.iter().for_each(|field| println!("  {}", word(field)));
    }
    println!(
        "in every register\n  所在区划 所在村居 所在街镇 所在县区  text\n  年龄 月龄  number, where there is 出生日期"
    );
    println!("days\n  基准日 月初 年初 期初  date\nparameters");
    for parameter in layers.parameters() {
        let values: Vec<String> = parameter.values.iter().map(|dated| dated.value.to_string()).collect();
        let unit = parameter.unit.as_deref().unwrap_or_default();
        println!("  {}  {} {unit}  ({})", parameter.label, values.join(", "), parameter.key);
    }
    0
}

/// A field as a line: its word, what kind of value it holds, its choices.
fn word(field: &Field) -> String {
    let choices: Vec<String> = field.choices.iter().map(|choice| format!("\"{}\"", choice.value)).collect();
    let mut line = format!("{}  {} {}", field.label, field.kind.key(), choices.join(" "));
    if let Some(reference) = &field.reference {
        line.push_str(&format!("of {reference}"));
    }
    line.truncate(line.trim_end().len());
    line
}

fn counts(pack: &Pack) -> String {
    let counts = pack.counts();
    format!(
        "indicators {} (table {}, prose {}; binding {}, expected {}; with baseline {}; computed {}, reported {}, modelled {}, not computable {}); \
         tasks {}; projects {}; standards {}; entitlements {}; circles {}; parameters {}; registers {}; cases {}; departments {}; regions {}; fact rows {}",
        counts.indicators,
        counts.table_indicators,
        counts.prose_indicators,
        counts.binding,
        counts.expected,
        counts.with_baseline,
        counts.computed,
        counts.reported,
        counts.modelled,
        counts.not_computable,
        counts.tasks,
        counts.projects,
        counts.standards,
        counts.entitlements,
        counts.circles,
        counts.parameters,
        counts.registers,
        counts.cases,
        counts.departments,
        counts.regions,
        counts.fact_rows
    )
}

/// The files of a folder, read once.
///
/// # Errors
/// One line a file that cannot be read.
pub fn memory_of(dir: &Path) -> Result<Memory, String> {
    Memory::copy_of(&Folder::new(dir)).map_err(|errors| errors.join("\n"))
}
