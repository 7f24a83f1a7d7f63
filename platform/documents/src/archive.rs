//! A folder that comes packed in one file (zip): its files, held whole. The packed file is untrusted: paths that lead out of
//! the folder, links, passwords and what unpacks to more than allowed are refused, all at once where they can be seen at once.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use encoding_rs::GB18030;
use vocabulary::Violation;
use zip::result::{ZipError, ZipResult};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// How packed files start.
const ZIP_START: &[u8] = b"PK";
/// Files this small may be packed as tightly as they like: a few equal lines pack well.
const SMALL: u64 = 1 << 20;

/// How much a packed folder may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveLimits {
    /// Bytes of the packed file.
    pub file_bytes: u64,
    /// Files and folders in it.
    pub entries: usize,
    /// Bytes of one file, unpacked.
    pub entry_bytes: u64,
    /// Bytes of all files, unpacked: declared, and counted while unpacking.
    pub unpacked_bytes: u64,
    /// How many times as large as packed a file of more than a mebibyte may become.
    pub ratio: u64,
}

impl Default for ArchiveLimits {
    /// Folders of text: 16 MiB packed, 64 MiB unpacked, 2,000 files.
    fn default() -> Self {
        Self { file_bytes: 16 << 20, entries: 2_000, entry_bytes: 16 << 20, unpacked_bytes: 64 << 20, ratio: 200 }
    }
}

/// A folder packed in one file (zip). Times of entries are fixed, so that the same files give the same bytes.
///
/// # Errors
/// When it cannot be written: a path twice, or too much.
pub fn pack(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Violation> {
    let write = || -> ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in files {
            zip.start_file(path.as_str(), SimpleFileOptions::default())?;
            zip.write_all(content)?;
        }
        Ok(zip.finish()?.into_inner())
    };
    write().map_err(|error| broken("file", &error))
}

/// The files of a packed folder by their paths, with `/` between parts. Names may be UTF-8 or, as Chinese Windows writes
/// them, GB18030.
///
/// # Errors
/// Everything that is wrong with it; the place is `file`, or the path within.
pub fn unpack(bytes: &[u8], limits: ArchiveLimits) -> Result<BTreeMap<String, Vec<u8>>, Vec<Violation>> {
    let mut archive = open(bytes, &limits).map_err(|one| vec![one])?;
    let listed = list(&mut archive, &limits)?;
    let mut files = BTreeMap::new();
    let mut left = limits.unpacked_bytes;
    for (index, path) in listed {
        let mut content = Vec::new();
        let most = limits.entry_bytes.min(left).saturating_add(1);
        let entry = archive.by_index(index).map_err(|error| vec![broken(&path, &error)])?;
        entry.take(most).read_to_end(&mut content).map_err(|error| vec![broken(&path, &error.into())])?;
        let length = content.len() as u64;
        if length > limits.entry_bytes {
            return Err(vec![too_large(&path, limits.entry_bytes)]);
        }
        left = left.checked_sub(length).ok_or_else(|| vec![bomb(limits.unpacked_bytes)])?;
        files.insert(path, content);
    }
    Ok(files)
}

fn open<'a>(bytes: &'a [u8], limits: &ArchiveLimits) -> Result<ZipArchive<Cursor<&'a [u8]>>, Violation> {
    let whole = |code: &str, message: String, remedy: &str| Violation::new(code, "file", message, remedy);
    if bytes.is_empty() {
        return Err(whole("file.empty", "文件是空的".to_owned(), "请检查文件后重新上传"));
    }
    if bytes.len() as u64 > limits.file_bytes {
        let told = format!("文件有 {} MB，超过上限 {} MB", bytes.len() >> 20, limits.file_bytes >> 20);
        return Err(whole("file.too_large", told, "请拿掉与内容无关的大文件再压缩"));
    }
    if !bytes.starts_with(ZIP_START) {
        let told = "这不是 zip 压缩包".to_owned();
        return Err(whole("file.kind", told, "请把整个文件夹压缩成一个 .zip 文件再上传；rar、7z 不能用"));
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken("file", &error))?;
    if archive.is_empty() {
        return Err(whole("file.empty", "压缩包里没有文件".to_owned(), "请把整个文件夹压缩成一个 .zip 文件再上传"));
    }
    if archive.len() > limits.entries {
        let told = format!("压缩包里有 {} 个文件，超过上限 {}", archive.len(), limits.entries);
        return Err(whole("file.entries", told, "请只压缩要上传的那个文件夹"));
    }
    Ok(archive)
}

/// The files, by their place in the archive, without folders: what they say of themselves is looked at before any is unpacked.
fn list(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    limits: &ArchiveLimits,
) -> Result<Vec<(usize, String)>, Vec<Violation>> {
    let (mut listed, mut problems, mut declared) = (Vec::<(usize, String)>::new(), Vec::new(), 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| vec![broken("file", &error)])?;
        declared = declared.saturating_add(entry.size());
        let path = match path_of(entry.name_raw()) {
            Ok(path) => path,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if entry.is_symlink() {
            let told = "这是一个链接，不是文件";
            problems.push(Violation::new("archive.link", &path, told, "请放入文件本身再压缩"));
        } else if entry.encrypted() {
            problems.push(Violation::new("file.encrypted", &path, "文件设有密码", "请去掉密码后再压缩"));
        } else if entry.size() > limits.entry_bytes {
            problems.push(too_large(&path, limits.entry_bytes));
        } else if entry.size() > SMALL && entry.size() / limits.ratio > entry.compressed_size() {
            let told = format!("解压后是压缩时的 {} 倍以上，不像正常的文件", limits.ratio);
            problems.push(Violation::new("file.bomb", &path, told, "请拿掉这个文件再压缩"));
        } else if listed.iter().any(|(_, other)| *other == path) {
            problems.push(Violation::new("archive.twice", &path, "同一个文件出现了两次", "请重新压缩"));
        } else if !path.ends_with('/') {
            listed.push((index, path));
        }
    }
    if declared > limits.unpacked_bytes {
        problems.push(bomb(limits.unpacked_bytes));
    }
    if problems.is_empty() { Ok(listed) } else { Err(problems) }
}

/// A name within the archive as a path; a folder's ends with `/`.
fn path_of(raw: &[u8]) -> Result<String, Violation> {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => match GB18030.decode_without_bom_handling_and_without_replacement(raw) {
            Some(name) => name.into_owned(),
            None => {
                let shown = String::from_utf8_lossy(raw).into_owned();
                let told = "文件名既不是 UTF-8 也不是 GB18030";
                return Err(Violation::new("archive.name", shown, told, "请把文件改成英文名再压缩"));
            }
        },
    };
    let wrong = |told: &str, remedy: &str| Err(Violation::new("archive.path", name.clone(), told, remedy));
    if name.contains('\\') {
        return wrong("路径里有反斜杠", "请用系统自带的“压缩”功能重新压缩");
    }
    let drive = name.as_bytes().get(1) == Some(&b':');
    if name.starts_with('/') || drive {
        return wrong("路径不是从文件夹里开始的", "请压缩文件夹本身，不要带盘符或根目录");
    }
    if name.chars().any(char::is_control) {
        return wrong("文件名里有看不见的字符", "请改名后再压缩");
    }
    let parts = name.strip_suffix('/').unwrap_or(&name).split('/');
    if parts.into_iter().any(|part| part.is_empty() || part == "." || part == "..") {
        return wrong("路径指向文件夹以外", "请压缩文件夹本身，路径里不要有“..”");
    }
    Ok(name)
}

fn too_large(path: &str, most: u64) -> Violation {
    Violation::new("archive.entry", path, format!("文件超过上限 {} MB", most >> 20), "请拿掉这个文件，或拆小再压缩")
}

fn bomb(most: u64) -> Violation {
    let told = format!("全部文件解压后超过上限 {} MB", most >> 20);
    Violation::new("file.bomb", "file", told, "请拿掉与内容无关的大文件再压缩")
}

fn broken(path: &str, error: &ZipError) -> Violation {
    match error {
        ZipError::UnsupportedArchive(_) => {
            let told = format!("压缩的方式不认识：{error}");
            Violation::new("file.broken", path, told, "请用系统自带的“压缩”功能重新压缩成 .zip")
        }
        _ => Violation::new("file.broken", path, format!("压缩包已损坏：{error}"), "请重新压缩后再上传"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in files {
            writer.start_file(*path, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn codes(bytes: &[u8]) -> Vec<(String, String)> {
        let small =
            ArchiveLimits { entries: 5, entry_bytes: 4 << 20, unpacked_bytes: 6 << 20, ..ArchiveLimits::default() };
        let problems = unpack(bytes, small).unwrap_err();
        problems.into_iter().map(|one| (one.code, one.place)).collect()
    }

    fn one(code: &str, place: &str) -> Vec<(String, String)> {
        vec![(code.to_owned(), place.to_owned())]
    }

    /// The same archive with the name of its entry replaced, byte by byte, in both of its places.
    fn renamed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let mut renamed = bytes.to_vec();
        let mut at = 0;
        while let Some(found) = renamed[at..].windows(from.len()).position(|window| window == from) {
            renamed[at + found..at + found + from.len()].copy_from_slice(to);
            at += found + from.len();
        }
        renamed
    }

    #[test]
    fn files_come_back_under_their_names_whatever_windows_made_of_them() {
        let files = unpack(&packed(&[("a/b.txt", b"1"), ("甲.txt", b"2")]), ArchiveLimits::default()).unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["a/b.txt", "甲.txt"]);
        let (name, _, _) = GB18030.encode("方案.t");
        let windows = renamed(&packed(&[("abcdef", b"3")]), b"abcdef", &name);
        let files = unpack(&windows, ArchiveLimits::default()).unwrap();
        assert_eq!(files.get("方案.t").unwrap(), b"3");
    }

    #[test]
    fn what_leads_out_of_the_folder_is_refused_and_all_of_it_named() {
        let bytes = packed(&[("xx/a", b""), ("b", b""), ("c", b"")]);
        assert_eq!(codes(&renamed(&bytes, b"xx/a", b"../a")), one("archive.path", "../a"));
        assert_eq!(codes(&renamed(&bytes, b"xx/a", b"/x/a")), one("archive.path", "/x/a"));
        assert_eq!(codes(&renamed(&bytes, b"xx/a", b"xx\\a")), one("archive.path", "xx\\a"));
        assert_eq!(codes(&renamed(&bytes, b"xx/a", b"C:/a")), one("archive.path", "C:/a"));
        assert_eq!(codes(&renamed(&bytes, b"xx/a", &[0xFF; 4])).len(), 1);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        assert_eq!(codes(&writer.finish().unwrap().into_inner()), one("archive.link", "link"));
    }

    #[test]
    fn sizes_are_limited_and_counted() {
        assert_eq!(codes(b""), one("file.empty", "file"));
        assert_eq!(codes(b"Rar!\x1a\x07"), one("file.kind", "file"));
        assert_eq!(codes(&packed(&[])), one("file.empty", "file"));
        assert_eq!(codes(&packed(&[("a", &b""[..])])[..20]), one("file.broken", "file"));
        let names: Vec<String> = (0..6).map(|number| number.to_string()).collect();
        let six: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert_eq!(codes(&packed(&six)), one("file.entries", "file"));
        let zeros = vec![0; 5 << 20];
        assert_eq!(codes(&packed(&[("a", &zeros)])), one("archive.entry", "a"));
        assert_eq!(codes(&packed(&[("a", &zeros[..3 << 20])])), one("file.bomb", "a"));
        let mut noise = 1_u32;
        let noisy: Vec<u8> = (0..7 << 19)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8
            })
            .collect();
        assert_eq!(codes(&packed(&[("a", &noisy), ("b", &noisy)])), one("file.bomb", "file"));
    }

    #[test]
    fn an_archive_that_lies_about_its_sizes_is_counted_while_it_is_unpacked() {
        let zeros = vec![0; 5 << 20];
        let bytes = packed(&[("a", &zeros)]);
        let lying = renamed(&bytes, &(zeros.len() as u32).to_le_bytes(), &9_u32.to_le_bytes());
        assert_ne!(bytes, lying);
        assert!(unpack(&lying, ArchiveLimits { entry_bytes: 4 << 20, ..ArchiveLimits::default() }).is_err());
    }
}
