//! Where fonts are, what their files are called, and which face of a collection is the one for
//! simplified Chinese.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use skrifa::raw::FileRef;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

use crate::text::Face;

/// How deep folders of fonts are searched.
const DEPTH_MAX: usize = 6;
/// How many files are looked at before the search ends.
const FILES_MAX: usize = 20_000;

/// The folders where Linux, macOS and Windows keep fonts, with the user's own when `home` is given.
#[must_use]
pub fn usual_folders(home: Option<&Path>) -> Vec<PathBuf> {
    let own = home
        .into_iter()
        .flat_map(|home| [home.join(".local/share/fonts"), home.join(".fonts"), home.join("Library/Fonts")]);
    let shared =
        ["/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:\\Windows\\Fonts"];
    own.chain(shared.into_iter().map(PathBuf::from)).collect()
}

/// A file name (lower case) that serves a face, and the family to take from a collection.
type Known = (&'static str, &'static str);

const SERIF: Known = ("notoserifcjk-regular.ttc", "Noto Serif CJK SC");
const SERIF_BOLD: Known = ("notoserifcjk-bold.ttc", "Noto Serif CJK SC");
const SANS_BOLD: Known = ("notosanscjk-bold.ttc", "Noto Sans CJK SC");

/// The files that serve a face, best first: the government faces, then those that come with
/// Windows and macOS, then the free ones.
fn known_files(face: Face) -> &'static [Known] {
    match face {
        Face::Title => &[
            ("fzxbsjw.ttf", ""),
            ("fzxbsjw--gb1-0.ttf", ""),
            ("方正小标宋简体.ttf", ""),
            ("fzxbsk.ttf", ""),
            ("方正小标宋_gbk.ttf", ""),
            SERIF_BOLD,
            ("notoserifsc-bold.otf", ""),
            ("sourcehanserifsc-bold.otf", ""),
            SERIF,
        ],
        Face::Body => &[
            ("仿宋_gb2312.ttf", ""),
            ("fangsong_gb2312.ttf", ""),
            ("simfang.ttf", ""),
            ("fzfsjw.ttf", ""),
            SERIF,
            ("notoserifsc-regular.otf", ""),
            ("sourcehanserifsc-regular.otf", ""),
        ],
        Face::Heading => &[
            ("simhei.ttf", ""),
            ("fzhtjw.ttf", ""),
            SANS_BOLD,
            ("notosanssc-bold.otf", ""),
            ("sourcehansanssc-bold.otf", ""),
            SERIF_BOLD,
        ],
        Face::Subheading => &[
            ("楷体_gb2312.ttf", ""),
            ("kaiti_gb2312.ttf", ""),
            ("simkai.ttf", ""),
            ("fzktjw.ttf", ""),
            ("lxgwwenkai-regular.ttf", ""),
            SERIF_BOLD,
            ("notoserifsc-bold.otf", ""),
            SERIF,
        ],
        Face::Number => &[
            ("simsun.ttc", "SimSun"),
            ("fzssjw.ttf", ""),
            SERIF,
            ("notoserifsc-regular.otf", ""),
            ("sourcehanserifsc-regular.otf", ""),
        ],
    }
}

/// The face's name, for messages.
pub(super) fn face_name(face: Face) -> &'static str {
    match face {
        Face::Title => "小标宋",
        Face::Body => "仿宋",
        Face::Heading => "黑体",
        Face::Subheading => "楷体",
        Face::Number => "宋体",
    }
}

/// A file that may serve a face.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub path: &'a Path,
    pub family: &'static str,
}

/// The files at hand that serve a face, best first.
pub(super) fn candidates(face: Face, files: &BTreeMap<String, PathBuf>) -> Vec<Candidate<'_>> {
    known_files(face)
        .iter()
        .filter_map(|(name, family)| files.get(*name).map(|path| Candidate { path: path.as_path(), family }))
        .collect()
}

/// Every font file in the folders, by its name in lower case; an earlier folder wins.
pub(super) fn font_files(folders: &[PathBuf]) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    for folder in folders {
        collect(folder, DEPTH_MAX, &mut files);
    }
    files
}

fn collect(folder: &Path, depth: usize, files: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return; // a folder that is not there has no fonts
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if files.len() >= FILES_MAX {
            return;
        }
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files);
            }
        } else if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
            let name = name.to_lowercase();
            if [".ttf", ".otf", ".ttc"].iter().any(|end| name.ends_with(end)) {
                files.entry(name).or_insert(path);
            }
        }
    }
}

/// The index of a family in a collection; 0 for a file of one font.
pub(super) fn face_index(bytes: &[u8], family: &str) -> Option<u32> {
    match FileRef::new(bytes).ok()? {
        FileRef::Font(_) => Some(0),
        FileRef::Collection(collection) => (0..collection.len())
            .find(|index| FontRef::from_index(bytes, *index).is_ok_and(|font| has_family(&font, family))),
    }
}

fn has_family(font: &FontRef<'_>, family: &str) -> bool {
    font.localized_strings(StringId::FAMILY_NAME).any(|name| name.chars().eq(family.chars()))
}
