//! What others rely on, compared with what is stored: the access matrix, the OpenAPI document, the packs.
//!
//! `ZHAOXI_TEST_REWRITE=1` writes the stored files anew: look at the difference before you commit it.

use pack_reader::{Around, Pack, read};
use records::Registry;
use std::path::{Path, PathBuf};
use zhaoxi::{cli, desks, packs, wiring};

fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

fn same(name: &str, now: &str) {
    let file = stored(name);
    if std::env::var_os("ZHAOXI_TEST_REWRITE").is_some() {
        std::fs::write(&file, now).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let first = known.lines().zip(now.lines()).position(|(a, b)| a != b);
    assert!(
        known == now,
        "docs/{name} differs from the program (first at line {:?}); if that is meant, run with ZHAOXI_TEST_REWRITE=1",
        first.map(|line| line + 1)
    );
}

#[test]
fn the_access_matrix_is_the_stored_one() {
    let problems = identity::check_actions(&wiring::actions());
    assert!(problems.is_empty(), "{problems:?}");
    same("access-matrix.txt", &identity::matrix(&wiring::actions()));
}

fn yangzhou() -> (Pack, Pack) {
    let builtin = cli::pack::builtin_registers();
    let (national, problems) = read(&packs::national(), Around { builtin: &builtin, parent: None });
    assert!(problems.is_empty(), "{problems:?}");
    let national = national.unwrap();
    let around = Around { builtin: &builtin, parent: Some(&national) };
    let (city, problems) = read(&packs::city("yangzhou").unwrap(), around);
    assert!(problems.is_empty(), "{problems:?}");
    (national, city.unwrap())
}

#[test]
fn the_openapi_document_is_the_stored_one() {
    let (national, city) = yangzhou();
    let registry = Registry::new(wiring::registers()).unwrap();
    let place = city.manifest.region.clone().unwrap();
    let layers = pack_reader::Layers::new(&national, Some(&city));
    registry.declare(&place, layers.registers().into_iter().cloned().collect()).unwrap();
    let document = desks::openapi_document(&registry, &place);
    same("openapi.json", &format!("{}\n", serde_json::to_string_pretty(&document).unwrap()));
}

/// What each plan is known to hold: indicators, of them in the table, binding, expected; tasks; projects;
/// standards; entitlements.
const KNOWN: [(&str, [usize; 8]); 5] = [
    ("yangpu", [20, 0, 0, 0, 66, 0, 28, 45]),
    ("lincang", [28, 0, 0, 0, 26, 0, 27, 31]),
    ("yangzhou", [72, 35, 25, 10, 29, 64, 47, 61]),
    ("yinzhou", [73, 38, 13, 25, 51, 11, 34, 39]),
    ("fuzhou", [29, 0, 0, 0, 30, 0, 24, 45]),
];

#[test]
fn every_pack_is_clean_and_holds_what_its_plan_holds() {
    let builtin = cli::pack::builtin_registers();
    let (national, problems) = read(&packs::national(), Around { builtin: &builtin, parent: None });
    assert!(problems.is_empty(), "{problems:?}");
    let national = national.unwrap();
    for (name, known) in KNOWN {
        let around = Around { builtin: &builtin, parent: Some(&national) };
        let (pack, problems) = read(&packs::city(name).unwrap(), around);
        assert!(problems.is_empty(), "{name}: {problems:?}");
        let counts = pack.unwrap().counts();
        let found = [
            counts.indicators,
            counts.table_indicators,
            counts.binding,
            counts.expected,
            counts.tasks,
            counts.projects,
            counts.standards,
            counts.entitlements,
        ];
        assert_eq!(found, known, "{name}");
    }
}

#[test]
fn the_building_projects_of_yangzhou_add_up() {
    let (_, city) = yangzhou();
    let building = || city.projects.iter().filter(|project| project.no.starts_with("A2-"));
    assert_eq!(building().count(), 22);
    let wan = |of: fn(&pack_reader::model::Project) -> Option<rust_decimal::Decimal>| {
        building().filter_map(of).map(|value| value.normalize().to_string().parse::<f64>().unwrap()).sum::<f64>()
    };
    assert_eq!(building().filter_map(|project| project.beds).sum::<u32>(), 3_405);
    assert_eq!(building().filter_map(|project| project.places).sum::<u32>(), 817);
    assert!((wan(|project| project.investment_wan) - 75_738.0).abs() < 1e-6);
    assert!((wan(|project| project.central_budget_wan) - 7_247.0).abs() < 1e-6);
}
