//! The rules of the house. Each failure says what is out of order and how to mend it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use tidy::{errors, pages, sizes, stages, tree, words};

fn none(found: &[String], what: &str) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn arrows_go_to_smaller_stages() {
    none(&stages::broken(), "arrows that break the rule");
}

#[test]
fn a_wrong_arrow_is_found() {
    let packages = serde_json::json!([
        {"name": "low", "metadata": {"room": {"stage": 3}}, "dependencies": [{"name": "high", "kind": null}]},
        {"name": "high", "metadata": {"room": {"stage": 7}}, "dependencies": [{"name": "low", "kind": null}, {"name": "high", "kind": "dev"}]},
        {"name": "homeless", "dependencies": []},
    ]);
    let found = stages::broken_in(packages.as_array().unwrap());
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn files_and_functions_keep_their_size() {
    let listed: BTreeMap<String, usize> = tree::text("checks/tidy/exceptions.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, lines)| Some((name.to_owned(), lines.parse().ok()?)))
        .collect();
    let over = sizes::over_size();
    let mut found: Vec<String> = over
        .iter()
        .filter(|(name, lines)| listed.get(*name).is_none_or(|allowed| *lines > allowed))
        .map(|(name, lines)| format!("{name}: {lines} lines (500 a file, 70 a function): split it by what it means"))
        .collect();
    let gone = listed.keys().filter(|name| !over.contains_key(*name));
    found.extend(gone.map(|name| format!("{name}: no longer too long: take it off checks/tidy/exceptions.txt")));
    none(&found, "sizes");
}

#[test]
fn a_long_function_is_found() {
    let text = format!(
        "impl X {{\n    pub async fn long(\n        a: u8,\n    ) -> u8 {{\n{}    }}\n}}\nfn short() {{}}\n",
        "        a;\n".repeat(80)
    );
    let found = sizes::functions(&text);
    assert!(found.contains(&("long".to_owned(), 84)), "{found:?}");
}

#[test]
fn every_source_file_says_what_it_is_for() {
    none(&sizes::without_first_line(), "files that do not begin with //!");
}

#[test]
fn every_room_has_a_readme_with_its_parts() {
    none(&words::readmes_without_parts(), "READMEs");
}

#[test]
fn no_machine_paths_registry_hosts_or_leftovers() {
    none(&words::found(), "words that must not be committed");
}

#[test]
fn the_coverage_page_names_every_system_once() {
    let page = tree::text("docs/coverage.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| SYS-")).collect();
    for number in 1..=205 {
        let name = format!("| SYS-{number:03} |");
        let count = rows.iter().filter(|row| row.starts_with(&name)).count();
        assert_eq!(count, 1, "docs/coverage.md must have one row for {name}");
    }
    for row in &rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let state = cells.get(4).copied().unwrap_or_default();
        assert!(matches!(state, "none" | "part" | "works"), "unknown state in {row}");
        let shown = cells.get(5).copied().unwrap_or_default();
        assert!(state == "none" || !shown.is_empty(), "{row}: name the test or page that shows it");
    }
}

#[test]
fn the_error_index_lists_every_code() {
    none(&errors::wrong(), "docs/errors");
}

#[test]
fn codes_are_found_however_they_are_given() {
    let sources = [
        "fn refuse(&mut self, code: &'static str, message: String) {}\nfn region(&self, code: &str) {}".to_owned(),
        r#"fn wrong(code: &str, field: &Field, remedy: &str) -> Violation { Violation::new(format!("record.{code}"), "", "", remedy) }"#.to_owned(),
        r#"fn a() { self.refuse("demo.refused", x); wrong("range", f('(', ')'), "say.nothing"); self.region("not.a_code"); }
           fn chosen() { let (code, m) = match x { A => ("left", m), B => ("right", m) }; Violation::new(format!("demo.{code}"), m); }
           fn b() { Violation::new("demo.plain", "place.here", m, r); let report = |place, code, text| (); report("p", "demo.closure", t);
                    let row = Problem { code: "demo.field" }; Err(("demo.tuple", m)) // Violation::new("demo.comment", …)
                    match x { A => "demo.arrow", B => ("demo.arrow_tuple", m), C => "file.toml" } }
           #[cfg(test)] mod tests { fn t() { Violation::new("demo.test", "", "", ""); } }"#
            .to_owned(),
        "fn wrong(place: &str, message: &str) {}\nfn c() { wrong(\"only_a_place\", \"\"); }".to_owned(),
    ];
    let found: Vec<String> = errors::codes_of(&sources).into_iter().collect();
    let expected = ["arrow", "arrow_tuple", "closure", "field", "left", "plain", "refused", "right", "tuple"];
    let mut expected: Vec<String> = expected.iter().map(|code| format!("demo.{code}")).collect();
    expected.push("record.range".to_owned());
    assert_eq!(found, expected);
}

#[test]
fn pages_name_files_and_functions_that_are_there() {
    none(&pages::missing_paths(), "pages that speak of what is not there");
}

#[test]
fn links_lead_somewhere() {
    none(&pages::broken_links(), "links that lead nowhere");
}

#[test]
fn the_architecture_page_lists_every_room() {
    none(&pages::rooms_untold(), "rooms");
}

#[test]
fn pages_say_how_much_is_covered() {
    none(&pages::wrong_counts(), "counts");
}
