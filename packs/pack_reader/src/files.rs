//! Where a pack's files come from: a folder, or memory (an archive, a database, a test).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The files of one pack.
pub trait Files {
    /// Paths of all files, relative to the pack, with `/` between parts.
    ///
    /// # Errors
    /// A sentence, when the place cannot be listed.
    fn list(&self) -> Result<Vec<String>, String>;

    /// The bytes of one file.
    ///
    /// # Errors
    /// A sentence, when the file cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// What systems leave in folders of their own accord.
const LEFT_BEHIND: [&str; 3] = ["__MACOSX", "Thumbs.db", "desktop.ini"];

/// Whether a file or folder of this name is part of a pack: hidden ones, `README.md` and what systems leave behind are not.
fn belongs(name: &str) -> bool {
    !name.starts_with('.') && name != "README.md" && !LEFT_BEHIND.contains(&name)
}

/// A pack whole in memory: what is stored when a pack is adopted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// A copy of all files, read once, so that what is checked is what is hashed and stored.
    ///
    /// # Errors
    /// A sentence for each file that cannot be read.
    pub fn copy_of(files: &dyn Files) -> Result<Self, Vec<String>> {
        let paths = files.list().map_err(|error| vec![error])?;
        let mut copy = Self::default();
        let mut errors = Vec::new();
        for path in paths {
            match files.read(&path) {
                Ok(bytes) => copy.put(&path, bytes),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(copy) } else { Err(errors) }
    }

    /// The pack in a folder that came as one file: what is part of it, without folders around the whole of it.
    #[must_use]
    pub fn of_folder(files: BTreeMap<String, Vec<u8>>) -> Self {
        let mut files: BTreeMap<String, Vec<u8>> =
            files.into_iter().filter(|(path, _)| path.split('/').all(belongs)).collect();
        while !files.contains_key(crate::draft::PACK) {
            let around = files.keys().next().and_then(|path| Some(format!("{}/", path.split_once('/')?.0)));
            let Some(around) = around.filter(|around| files.keys().all(|path| path.starts_with(around))) else { break };
            let inside = |path: String| path.strip_prefix(&around).map(str::to_owned).unwrap_or(path);
            files = files.into_iter().map(|(path, bytes)| (inside(path), bytes)).collect();
        }
        Self { files }
    }

    /// Puts one file in place of any older one at the path.
    pub fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.to_owned(), bytes.into());
    }

    /// The same files with one more.
    #[must_use]
    pub fn with(mut self, path: &str, text: &str) -> Self {
        self.put(path, text);
        self
    }

    /// Every path with its bytes, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// SHA-256 in hex over the sorted files: for each, the length of the path, the path, the length of the bytes, the bytes
    /// (lengths as eight bytes, big end first), so that no two different packs can run together into the same input.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        for (path, bytes) in &self.files {
            for part in [path.as_bytes(), bytes] {
                digest.update((part.len() as u64).to_be_bytes());
                digest.update(part);
            }
        }
        hex::encode(digest.finalize())
    }
}

impl Files for Memory {
    fn list(&self) -> Result<Vec<String>, String> {
        Ok(self.files.keys().cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.files.get(path).cloned().ok_or_else(|| format!("包里没有文件 {path}"))
    }
}

/// A pack in a folder. Hidden files, `README.md` and what systems leave behind are not part of the pack.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// A pack in the folder at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn walk(&self, folder: &Path, prefix: &str, found: &mut Vec<String>) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("读不了目录 {}：{error}", folder.display());
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !belongs(&name) {
                continue;
            }
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{prefix}{name}/"), found)?;
            } else if kind.is_file() {
                found.push(format!("{prefix}{name}"));
            }
        }
        Ok(())
    }
}

impl Files for Folder {
    fn list(&self) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        self.walk(&self.root, "", &mut found)?;
        found.sort();
        Ok(found)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        if path.split('/').any(|part| part == ".." || part.is_empty()) {
            return Err(format!("{path} 不在包里"));
        }
        let whole = self.root.join(path);
        std::fs::read(&whole).map_err(|error| format!("读不了文件 {}：{error}", whole.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_depends_on_paths_bytes_and_their_borders() {
        let one = Memory::default().with("a", "bc").with("d", "");
        let same = Memory::default().with("d", "").with("a", "bc");
        assert_eq!(one.hash(), same.hash());
        for other in [
            Memory::default().with("a", "b").with("cd", ""),
            Memory::default().with("ab", "c").with("d", ""),
            Memory::default().with("a", "bc"),
        ] {
            assert_ne!(one.hash(), other.hash());
        }
    }

    #[test]
    fn folders_around_a_pack_and_what_systems_leave_are_left_out() {
        let packed = |paths: &[&str]| {
            let files = paths.iter().map(|path| ((*path).to_owned(), Vec::new())).collect();
            Memory::of_folder(files).list().unwrap()
        };
        assert_eq!(packed(&["pack.toml", "facts/a.tsv"]), ["facts/a.tsv", "pack.toml"]);
        let around =
            ["城/2026/pack.toml", "城/2026/facts/a.tsv", "城/README.md", "__MACOSX/城/._pack.toml", "城/.DS_Store"];
        assert_eq!(packed(&around), ["facts/a.tsv", "pack.toml"]);
        assert_eq!(packed(&["a/pack.toml", "b/pack.toml"]), ["a/pack.toml", "b/pack.toml"]);
        assert_eq!(packed(&["a/b/c.toml"]), ["c.toml"]);
        assert!(packed(&[]).is_empty());
    }

    #[test]
    fn a_folder_does_not_read_outside_itself() {
        let folder = Folder::new(env!("CARGO_MANIFEST_DIR"));
        assert!(folder.read("src/../Cargo.toml").is_err());
        assert!(folder.read("/etc/hosts").is_err());
        assert!(folder.read("Cargo.toml").is_ok());
    }
}
