//! Fonts for PDF, found on the machine when they are needed: the government faces first (they are
//! not free, so they are never shipped), else Noto CJK, which any Debian has as `fonts-noto-cjk`.
//!
//! Word needs none of this: it is told the faces' names and finds them where it is opened.

mod search;

pub use search::usual_folders;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use krilla::text::Font;
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use vocabulary::Violation;

use crate::text::Face;

/// The Debian package that serves every face.
pub const FONT_PACKAGE: &str = "fonts-noto-cjk";

/// A font file that was found and read.
#[derive(Clone)]
pub(crate) struct LoadedFont {
    /// For the PDF.
    pub font: Font,
    bytes: Arc<Vec<u8>>,
    index: u32,
    /// Where it was found.
    pub path: PathBuf,
}

/// The fonts of a document, loaded once and shared. About 70 MB with Noto CJK: keep one for the
/// process, or load it for a run of documents and let it go.
#[derive(Clone)]
pub struct Fonts {
    faces: HashMap<Face, LoadedFont>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_map().entries(self.faces.iter().map(|(face, font)| (face, &font.path))).finish()
    }
}

impl Fonts {
    /// Finds and reads a font for every face in these folders and the folders in them.
    ///
    /// # Errors
    /// `font.missing` for every face that has none, naming what to install; `font.unreadable` for
    /// a file that is there and cannot be used.
    pub fn find(folders: &[PathBuf]) -> Result<Self, Vec<Violation>> {
        let files = search::font_files(folders);
        let mut read: HashMap<(PathBuf, u32), LoadedFont> = HashMap::new();
        let mut faces = HashMap::new();
        let mut found = Vec::new();
        for face in Face::ALL {
            match search::candidates(face, &files) {
                candidates if candidates.is_empty() => found.push(missing(face, folders)),
                candidates => match first_readable(&candidates, &mut read) {
                    Ok(font) => {
                        faces.insert(face, font);
                    }
                    Err(violation) => found.push(violation),
                },
            }
        }
        if found.is_empty() { Ok(Self { faces }) } else { Err(found) }
    }

    /// The file a face was read from.
    #[must_use]
    pub fn path(&self, face: Face) -> Option<&Path> {
        self.faces.get(&face).map(|font| font.path.as_path())
    }

    pub(crate) fn get(&self, face: Face) -> Option<&LoadedFont> {
        self.faces.get(&face)
    }
}

impl LoadedFont {
    /// The glyph and the advance (in ems) of a character; `None` when the font lacks it.
    pub(crate) fn glyph(&self, character: char) -> Option<(u32, f32)> {
        let font = skrifa::FontRef::from_index(self.bytes.as_slice(), self.index).ok()?;
        let glyph = font.charmap().map(character)?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let advance = metrics.advance_width(glyph)? / self.font.units_per_em();
        Some((glyph.to_u32(), advance))
    }
}

fn first_readable(
    candidates: &[search::Candidate<'_>],
    read: &mut HashMap<(PathBuf, u32), LoadedFont>,
) -> Result<LoadedFont, Violation> {
    let mut last = None;
    for candidate in candidates {
        match read_font(candidate, read) {
            Ok(font) => return Ok(font),
            Err(violation) => last = Some(violation),
        }
    }
    Err(last.unwrap_or_else(|| unreadable(Path::new(""), "no candidate")))
}

fn read_font(
    candidate: &search::Candidate<'_>,
    read: &mut HashMap<(PathBuf, u32), LoadedFont>,
) -> Result<LoadedFont, Violation> {
    let path = candidate.path;
    let known = read.iter().find(|((known, _), _)| known == path);
    let bytes = match known {
        Some((_, font)) => Arc::clone(&font.bytes),
        None => Arc::new(std::fs::read(path).map_err(|error| unreadable(path, &error.to_string()))?),
    };
    let index =
        search::face_index(&bytes, candidate.family).ok_or_else(|| unreadable(path, "no such face in the file"))?;
    if let Some(font) = read.get(&(path.to_owned(), index)) {
        return Ok(font.clone());
    }
    let font = Font::new(Arc::clone(&bytes).into(), index).ok_or_else(|| unreadable(path, "not an OpenType font"))?;
    let loaded = LoadedFont { font, bytes, index, path: path.to_owned() };
    read.insert((path.to_owned(), index), loaded.clone());
    Ok(loaded)
}

fn missing(face: Face, folders: &[PathBuf]) -> Violation {
    let looked: Vec<_> = folders.iter().map(|one| one.display().to_string()).collect();
    Violation::new(
        "font.missing",
        search::face_name(face),
        format!("没有找到可用的{}字体（找过：{}）", search::face_name(face), looked.join("，")),
        format!("请安装中文字体：apt-get install {FONT_PACKAGE}；或把字体文件所在目录写入设置"),
    )
}

fn unreadable(path: &Path, why: &str) -> Violation {
    Violation::new(
        "font.unreadable",
        path.display().to_string(),
        format!("字体文件无法使用：{why}"),
        format!("请重新安装中文字体：apt-get install --reinstall {FONT_PACKAGE}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_fonts_every_face_is_named_with_what_to_install() {
        let found = Fonts::find(&[PathBuf::from("/nonexistent")]).unwrap_err();
        assert_eq!(found.len(), Face::ALL.len());
        for violation in &found {
            assert_eq!(violation.code, "font.missing");
            assert!(violation.remedy.contains(FONT_PACKAGE));
        }
    }

    #[test]
    fn a_file_that_is_not_a_font_is_a_violation() {
        let folder = std::env::temp_dir().join(format!("documents-fonts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for name in ["NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "NotoSansCJK-Bold.ttc"] {
            std::fs::write(folder.join(name), b"not a font").unwrap();
        }
        let found = Fonts::find(std::slice::from_ref(&folder)).unwrap_err();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(!found.is_empty());
        assert!(found.iter().all(|one| one.code == "font.unreadable"));
    }
}
