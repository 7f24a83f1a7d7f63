//! `zhaoxi pack check` and `show`: reading a pack from a folder.

use crate::packs;
use pack_reader::{Around, Files, Folder, Layers, Memory, Pack, Problem, read};
use std::path::Path;

/// Problems listed at most; the rest is counted.
const LISTED_MAX: usize = 100;

/// Registers described in Rust, which packs may speak of.
#[must_use]
pub fn builtin_registers() -> Vec<vocabulary::Register> {
    vec![monitoring::regions::register(), people::register(), facilities::register(), workforce::register()]
}

/// Reads the pack in a folder over the national one.
#[must_use]
pub fn read_folder(dir: &Path, national: Option<&Path>) -> (Option<Pack>, Vec<Problem>) {
    let builtin = builtin_registers();
    let beneath: Box<dyn Files> = match national {
        Some(folder) => Box::new(Folder::new(folder)),
        None => Box::new(packs::national()),
    };
    let (parent, problems) = read(&*beneath, Around { builtin: &builtin, parent: None });
    if !problems.is_empty() {
        return (None, problems);
    }
    // The national pack itself is checked alone; every other one over it.
    let folder = Folder::new(dir);
    let alone = is_national(&folder);
    let parent = parent.as_ref().filter(|_| !alone);
    read(&folder, Around { builtin: &builtin, parent })
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
        eprintln!("{}/{problem}", dir.display());
    }
    if problems.len() > LISTED_MAX {
        eprintln!("… and {} more", problems.len() - LISTED_MAX);
    }
    match pack {
        Some(pack) if problems.is_empty() => {
            println!("{}: {}", pack.manifest.key, pack.manifest.title);
            println!("{}", counts(&pack));
            println!("no problems; hash {}", pack.hash);
            slow(&pack, national);
            0
        }
        _ => 2,
    }
}

/// Says which rules go row by row instead of over columns, and why.
fn slow(pack: &Pack, national: Option<&Path>) {
    let builtin = builtin_registers();
    let alone = pack.manifest.kind == pack_reader::model::PackKind::National;
    let beneath = match national {
        Some(folder) if !alone => read_folder(folder, None).0,
        _ => read(&packs::national(), Around { builtin: &builtin, parent: None }).0,
    };
    let beneath = beneath.as_ref().filter(|_| !alone);
    let layers = Layers::new(beneath.unwrap_or(pack), beneath.map(|_| pack));
    let registers: Vec<&vocabulary::Register> = builtin.iter().chain(layers.registers()).collect();
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

fn counts(pack: &Pack) -> String {
    let counts = pack.counts();
    format!(
        "indicators {} (table {}, prose {}; binding {}, expected {}; with baseline {}; computed {}, reported {}, not computable {}); \
         tasks {}; projects {}; standards {}; entitlements {}; parameters {}; registers {}; departments {}; regions {}; fact rows {}",
        counts.indicators,
        counts.table_indicators,
        counts.prose_indicators,
        counts.binding,
        counts.expected,
        counts.with_baseline,
        counts.computed,
        counts.reported,
        counts.not_computable,
        counts.tasks,
        counts.projects,
        counts.standards,
        counts.entitlements,
        counts.parameters,
        counts.registers,
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
