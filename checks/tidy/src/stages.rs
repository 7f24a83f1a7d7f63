//! The one arrow rule: a crate depends only on crates with a smaller stage number.

use crate::tree::root;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

/// Every arrow that breaks the rule, and every crate without a stage.
///
/// # Panics
/// When cargo is not there.
#[must_use]
#[expect(clippy::expect_used, reason = "a check without cargo must fail loudly")]
pub fn broken() -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo tells the crates");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let packages = metadata.get("packages").and_then(Value::as_array).cloned().unwrap_or_default();
    broken_in(&packages)
}

fn name(package: &Value) -> String {
    package.get("name").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The breaks in a list of packages as `cargo metadata` gives them.
#[must_use]
pub fn broken_in(packages: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    let mut stages = BTreeMap::new();
    for package in packages {
        match package.pointer("/metadata/room/stage").and_then(Value::as_u64) {
            Some(stage) => {
                stages.insert(name(package), stage);
            }
            None => found.push(format!(
                "{}: no stage; write [package.metadata.room] stage = N in its Cargo.toml",
                name(package)
            )),
        }
    }
    for package in packages {
        let Some(own) = stages.get(&name(package)) else { continue };
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        for dependency in dependencies.into_iter().flatten() {
            // Tests may use anything: only what ships makes an arrow.
            if dependency.get("kind").and_then(Value::as_str) == Some("dev") {
                continue;
            }
            let other = dependency.get("name").and_then(Value::as_str).unwrap_or_default();
            if stages.get(other).is_some_and(|stage| stage >= own) {
                found.push(format!(
                    "{} (stage {own}) depends on {other} (stage {}): arrows go to smaller stages only",
                    name(package),
                    stages.get(other).copied().unwrap_or_default()
                ));
            }
        }
    }
    found
}
