//! Before a packed file is opened: how large it says it is, and how large it really is.
//! A few kilobytes can unpack to terabytes, and what a file declares can be a lie, so every entry is
//! unpacked once and counted before anything is built from it.

use std::io::{Read, Seek};

use vocabulary::Violation;
use zip::ZipArchive;
use zip::result::ZipError;

use super::Limits;

/// Bytes unpacked at a time.
const CHUNK: usize = 64 * 1024;

/// Checks a packed file against the limits.
///
/// # Errors
/// `file.broken` when it is damaged, `file.bomb` when it unpacks to more than allowed,
/// `file.entries` when it holds too many files, `file.encrypted` when it has a password.
pub(super) fn check_archive<R: Read + Seek>(reader: R, limits: &Limits) -> Result<R, Violation> {
    let mut archive = ZipArchive::new(reader).map_err(|error| broken(&error))?;
    if archive.len() > limits.entries {
        return Err(Violation::new(
            "file.entries",
            "file",
            format!("压缩包里有 {} 个文件，超过上限 {}", archive.len(), limits.entries),
            "这不像正常的 Excel 文件；请用 Excel 或 WPS 打开后另存一次",
        ));
    }
    let mut declared: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| broken(&error))?;
        declared = declared.saturating_add(entry.size());
    }
    if declared > limits.unpacked_bytes {
        return Err(bomb(limits.unpacked_bytes));
    }
    let mut left = limits.unpacked_bytes;
    let mut chunk = vec![0; CHUNK];
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let held_whole = entry.name().map_or(true, |name| is_held(&name));
        let mut held = if held_whole { limits.held_bytes } else { u64::MAX };
        loop {
            let count = entry.read(&mut chunk).map_err(|error| broken(&error.into()))?;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or_else(|| bomb(limits.unpacked_bytes))?;
            held = held.checked_sub(count as u64).ok_or_else(|| bomb(limits.held_bytes))?;
        }
    }
    Ok(archive.into_inner())
}

/// Whether the reader holds a part whole. Sheets are read as they come; pictures and the like are not read at all.
fn is_held(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let part = name.ends_with(".xml") || name.ends_with(".rels");
    part && !name.starts_with("xl/worksheets/")
}

fn bomb(most: u64) -> Violation {
    Violation::new(
        "file.bomb",
        "file",
        format!("文件解压后超过上限 {} MB", most >> 20),
        "请删去空白行列和图片后另存，或拆成几个文件，或改用 CSV",
    )
}

fn broken(error: &ZipError) -> Violation {
    if matches!(error, ZipError::UnsupportedArchive(text) if text.contains("assword")) {
        return Violation::new("file.encrypted", "file", "文件设有密码", "请去掉密码后另存再上传");
    }
    Violation::new(
        "file.broken",
        "file",
        "文件已损坏，无法打开",
        "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后重新上传",
    )
}
