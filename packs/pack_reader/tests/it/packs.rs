//! Every pack of this repository is read without a problem.

use std::path::{Path, PathBuf};

use pack_reader::{Around, Folder, Memory, Pack, read};

use crate::builtin;

pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read_clean(path: &Path, parent: Option<&Pack>) -> Pack {
    let builtin = builtin::registers();
    let (pack, problems) = read(&Folder::new(path), Around { builtin: &builtin, parent });
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(all.is_empty(), "{}: {} problems\n{}", path.display(), all.len(), all.join("\n"));
    pack.unwrap()
}

pub fn national() -> Pack {
    read_clean(&folder("national"), None)
}

#[test]
fn a_national_base_reads_over_the_one_before_it() {
    // As at every start with data that are there already.
    read_clean(&folder("national"), Some(&national()));
}

#[test]
fn the_national_pack_is_clean() {
    let counts = national().counts();
    assert!(counts.registers >= 6, "{counts:?}");
    assert_eq!(counts.entitlements, 16);
}

#[test]
fn the_national_pack_holds_the_instruments_and_the_schedule_as_the_engines_read_them() {
    let pack = national();
    for key in ["gbt-42195-2022", "ltci-2021", "mzt-039-2013"] {
        let text = std::fs::read_to_string(folder(&format!("national/instruments/{key}.toml"))).unwrap();
        assert_eq!(pack.instrument(key), Some(&scoring::read(&text).unwrap()), "{key}");
    }
    let text = std::fs::read_to_string(folder("national/schedules/immunisation.toml")).unwrap();
    assert_eq!(pack.schedules, [growth::immunisation::read(&text).unwrap()]);
}

#[test]
fn the_example_is_clean_and_shows_every_kind_of_file() {
    let pack = read_clean(&folder("examples/minicity"), Some(&national()));
    let counts = pack.counts();
    assert_eq!((counts.indicators, counts.table_indicators, counts.prose_indicators), (7, 5, 2));
    assert_eq!((counts.computed, counts.reported, counts.modelled, counts.not_computable), (4, 1, 1, 1));
    assert_eq!(counts.circles, 1);
    assert_eq!((counts.binding, counts.expected, counts.with_baseline), (3, 1, 2));
    assert_eq!((counts.tasks, counts.projects, counts.standards, counts.entitlements), (2, 1, 3, 3));
    assert_eq!((counts.departments, counts.regions, counts.parameters, counts.registers), (4, 5, 2, 1));
    assert_eq!(counts.fact_rows, 15);
    let village = pack.region("990100101200").unwrap();
    assert_eq!(village.path, "/990100000000/990100101000/990100101200/");
    assert_eq!(pack.department_named("县卫健委").map(|one| one.key.as_str()), Some("wjw"));
}

#[test]
fn a_pack_kept_in_memory_is_the_same_pack() {
    let path = folder("examples/minicity");
    let copy = Memory::copy_of(&Folder::new(&path)).unwrap();
    let national = national();
    let builtin = builtin::registers();
    let around = Around { builtin: &builtin, parent: Some(&national) };
    assert_eq!(read(&copy, around).0, read(&Folder::new(&path), around).0);
    let changed = copy.clone().with("tasks.toml", "");
    assert_ne!(copy.hash(), changed.hash());
}

/// The folders of all city packs.
fn cities() -> Vec<PathBuf> {
    let below = |path: PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let places = below(folder("cities")).filter(|path| path.is_dir());
    let mut plans: Vec<PathBuf> = places.flat_map(below).filter(|path| path.is_dir()).collect();
    plans.sort();
    plans
}

#[test]
fn the_cities_are_clean() {
    let national = national();
    let builtin = builtin::registers();
    let around = Around { builtin: &builtin, parent: Some(&national) };
    let mut all = Vec::new();
    for path in cities() {
        let (pack, problems) = read(&Folder::new(&path), around);
        all.extend(problems.iter().map(|problem| format!("{}/{problem}", path.display())));
        if let Some(pack) = pack {
            assert!(pack.counts().indicators > 0, "{}", path.display());
        }
    }
    assert!(cities().len() >= 5, "{:?}", cities());
    assert!(all.is_empty(), "{} problems\n{}", all.len(), all.join("\n"));
}

/// The first TOML block under each heading of the format's page, by file.
fn examples() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(folder("FORMAT.md")).unwrap();
    let sections = page.split("\n## ").filter(|section| section.split('\n').next().unwrap().contains(".toml"));
    let example = |section: &str| {
        let (name, rest) = section.split_once('\n').unwrap();
        let block = rest.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0;
        (name.replace('*', "meal_record"), block.to_owned())
    };
    sections.map(example).collect()
}

#[test]
fn the_examples_of_the_format_are_right() {
    let national = national();
    let builtin = builtin::registers();
    let around = Around { builtin: &builtin, parent: Some(&national) };
    let whole = Memory::copy_of(&Folder::new(folder("examples/minicity"))).unwrap();
    assert_eq!(examples().len(), 14);
    for (file, text) in examples() {
        // A page shows one element where the file has several: names of the others dangle, nothing else may be wrong.
        let (_, problems) = read(&whole.clone().with(&file, &text), around);
        let wrong: Vec<String> = problems
            .iter()
            .filter(|one| !["pack.dangling", "pack.case_nobody"].contains(&one.code))
            .map(ToString::to_string)
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn the_five_plans_are_whole() {
    let national = national();
    let builtin = builtin::registers();
    let around = Around { builtin: &builtin, parent: Some(&national) };
    // Counted in the plans themselves: indicators, tasks, projects, standards, entitlements.
    let plans = [
        ("yangpu/2023", [20, 66, 0, 28, 45]),
        ("lincang/2022", [28, 26, 0, 27, 31]),
        ("yangzhou/2022", [72, 29, 64, 47, 61]),
        ("yinzhou/2023", [73, 51, 11, 34, 39]),
        ("fuzhou/2021", [29, 30, 0, 24, 45]),
    ];
    for (plan, expected) in plans {
        let pack = read(&Folder::new(folder("cities").join(plan)), around).0.unwrap();
        let counts = pack.counts();
        let found = [counts.indicators, counts.tasks, counts.projects, counts.standards, counts.entitlements];
        assert_eq!(found, expected, "{plan}");
        let attributes = (counts.table_indicators, counts.binding, counts.expected);
        match plan {
            "yangzhou/2022" => assert_eq!(attributes, (35, 25, 10)),
            "yinzhou/2023" => assert_eq!(attributes, (38, 13, 25)),
            _ => assert_eq!(attributes, (0, 0, 0), "{plan}"),
        }
    }
}
