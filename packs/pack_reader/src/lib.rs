//! Reads packs: a city's plan, or the national base, as data. Reports everything that is wrong at once,
//! each with file, line, column, what is wrong and what to do. `packs/FORMAT.md` teaches the format.
//!
//! ```
//! use pack_reader::{Around, Memory, read};
//!
//! let files = Memory::default().with("pack.toml", "key = 'national'\nkindd = 'national'");
//! let (pack, problems) = read(&files, Around::default());
//! assert!(pack.is_none());
//! let mistyped = problems.iter().find(|problem| problem.code == "pack.unknown_key").unwrap();
//! assert_eq!(mistyped.place(), "pack.toml:2:1");
//! assert!(mistyped.message.contains("最接近的是“kind”"));
//! ```

pub mod changes;
mod check;
mod decode;
mod desk;
mod draft;
mod due;
mod files;
mod layers;
pub mod model;
mod nearest;
mod pack;
mod problem;
mod table;
mod tree;

pub use check::vocabulary_of;
pub use due::Due;
pub use files::{Files, Folder, Memory};
pub use layers::Layers;
pub use pack::{Counts, Pack};
pub use problem::Problem;

use vocabulary::Register;

use desk::{Desk, words};
use draft::Draft;

/// What lies around a pack while it is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// Registers that are described in Rust; packs may speak of them.
    pub builtin: &'a [Register],
    /// The pack beneath: the national base for a city.
    pub parent: Option<&'a Pack>,
}

/// Reads a pack and everything that is wrong with it.
///
/// The pack comes back whenever `pack.toml` could be read, so that a preview can show it; only one without problems may be adopted.
pub fn read(files: &dyn Files, around: Around<'_>) -> (Option<Pack>, Vec<Problem>) {
    let copy = match Memory::copy_of(files) {
        Ok(copy) => copy,
        Err(errors) => {
            let mut desk = Desk::default();
            for error in errors {
                desk.report_file("", words("pack.unreadable", error, "检查路径和权限"));
            }
            return (None, desk.finish());
        }
    };
    let mut desk = Desk::open(&copy);
    if !copy.iter().any(|(path, _)| path == draft::PACK) {
        // Another folder than meant, most often: what else could be said of it would bury that.
        desk.report_file(draft::PACK, words("pack.no_manifest", "包里没有 pack.toml", draft::NO_MANIFEST));
        return (None, desk.finish());
    }
    let draft = Draft::read(&mut desk);
    let regions = check::check(&mut desk, &draft, around);
    let pack = draft.manifest.map(|manifest| Pack {
        hash: copy.hash(),
        manifest,
        departments: draft.departments.into_values(),
        regions,
        indicators: draft.indicators.into_values(),
        tasks: draft.tasks.into_values(),
        projects: draft.projects.into_values(),
        standards: draft.standards.into_values(),
        entitlements: draft.entitlements.into_values(),
        circles: draft.circles.into_values(),
        parameters: draft.parameters.into_values(),
        purposes: draft.purposes.into_values(),
        retention: draft.retention.into_values(),
        sources: draft.sources.into_values(),
        registers: draft.registers.into_iter().map(|(_, register)| register).collect(),
        facts: draft.facts.into_iter().map(|table| table.facts).collect(),
        instruments: draft.instruments.into_iter().map(|(_, instrument)| instrument).collect(),
        schedules: draft.schedules.into_iter().map(|(_, schedule)| schedule).collect(),
        cases: draft.cases.into_iter().map(|(_, case)| case).collect(),
    });
    (pack, desk.finish())
}
