//! Files that people hand in as evidence. What a file is, is read from its first bytes, not from its name.

/// Most bytes of a file that is handed in.
pub const HANDED_MAX: usize = 20 << 20;
/// Endings of the names of files that can be handed in, as a form asks for them.
pub const HANDED_ENDINGS: &str = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx";
/// Characters of a file name that are kept.
const NAME_MAX: usize = 120;

/// What files may be: first bytes, media type, endings of the name.
const KINDS: [(&[u8], &str, &[&str]); 4] = [
    (b"%PDF-", "application/pdf", &["pdf"]),
    (b"\xff\xd8\xff", "image/jpeg", &["jpg", "jpeg"]),
    (b"\x89PNG\r\n\x1a\n", "image/png", &["png"]),
    (b"PK\x03\x04", "application/octet-stream", &["docx", "xlsx"]),
];

/// The media type of a file that is handed in.
///
/// # Errors
/// What is wrong with it, and what to do.
pub fn handed_media(name: &str, bytes: &[u8]) -> Result<&'static str, (&'static str, &'static str)> {
    if bytes.is_empty() {
        return Err(("文件是空的", "重新选择文件"));
    }
    if bytes.len() > HANDED_MAX {
        return Err(("文件超过 20 MB", "压缩或拆开后再上传"));
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let known = KINDS.iter().find(|(first, _, endings)| bytes.starts_with(first) && endings.contains(&ending.as_str()));
    known.map(|(_, media, _)| *media).ok_or((
        "文件的内容和后缀不符，或不是能收的种类",
        "可收 PDF、JPG、PNG、Word（docx）、Excel（xlsx）；改后缀不能改变种类",
    ))
}

/// A name without a path and without control characters; never a place to write to.
#[must_use]
pub fn handed_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control() && *letter != '"').collect();
    let letters: Vec<char> = kept.trim().chars().collect();
    // The end of a long name holds its ending.
    letters.iter().skip(letters.len().saturating_sub(NAME_MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(handed_media("a.pdf", b"%PDF-1.7 ..."), Ok("application/pdf"));
        assert_eq!(handed_media("a.JPG", b"\xff\xd8\xff\xe0"), Ok("image/jpeg"));
        for (name, bytes) in
            [("a.pdf", b"<html>".as_slice()), ("a.exe", b"MZ"), ("a.html", b"%PDF-"), ("a.pdf", b""), ("pdf", b"%PDF-")]
        {
            assert!(handed_media(name, bytes).is_err(), "{name}");
        }
        assert!(handed_media("a.pdf", &[b"%PDF-".to_vec(), vec![b' '; HANDED_MAX]].concat()).is_err());
    }

    #[test]
    fn a_name_is_never_a_path() {
        assert_eq!(handed_name("C:\\temp\\..\\申请书.pdf"), "申请书.pdf");
        assert_eq!(handed_name("../../etc/passwd\u{0}.pdf"), "passwd.pdf");
        assert_eq!(handed_name(&format!("{}.pdf", "长".repeat(300))).chars().count(), NAME_MAX);
    }
}
