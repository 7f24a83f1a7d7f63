//! The files of the repository, as git knows them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The top folder of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Every file that git tracks or would track, relative to the root, that still exists.
///
/// # Panics
/// When git is not there: without it the rules cannot be checked.
#[must_use]
#[expect(clippy::expect_used, reason = "a check without git must fail loudly")]
pub fn files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "-co", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut files: Vec<String> = text.lines().map(str::to_owned).filter(|file| root().join(file).is_file()).collect();
    files.sort();
    files
}

/// The text of a file; empty for files that are not text.
#[must_use]
pub fn text(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_default()
}
