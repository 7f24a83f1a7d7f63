//! Which encoding a text file is in. Chinese Excel saves CSV as GB18030 (its superset of GBK) unless
//! told otherwise, so a file that is not UTF-8 is tried as that, and refused when it is neither.

use std::io::{self, Read};
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use vocabulary::Violation;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// The encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// GB18030, which contains GBK and GB 2312.
    Gb18030,
    /// UTF-16, low byte first: Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// The name users know.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    pub(super) fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gb18030 => GB18030,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
        .new_decoder_with_bom_removal()
    }
}

/// Finds the encoding of a whole text, reading it once.
///
/// # Errors
/// `file.encoding` when it is none we read; `file.read` when it cannot be read.
pub(super) fn detect<R: Read>(reader: &mut R, start: &[u8]) -> Result<Encoding, Violation> {
    match start {
        [0xFF, 0xFE, ..] => return Ok(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Ok(Encoding::Utf16Be),
        _ => {}
    }
    let mut tries: Vec<(Encoding, Decoder)> =
        [Encoding::Utf8, Encoding::Gb18030].into_iter().map(|encoding| (encoding, encoding.decoder())).collect();
    let mut chunk = vec![0; CHUNK];
    let mut text = String::with_capacity(4 * CHUNK);
    let mut offset = 0;
    let mut bad = 0;
    loop {
        let count = reader.read(&mut chunk).map_err(|error| unread(&error))?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if bytes.contains(&0) {
            return Err(not_text(offset));
        }
        tries.retain_mut(|(_, decoder)| decodes(decoder, bytes, count == 0, &mut text));
        if tries.is_empty() {
            bad = offset.max(bad);
            return Err(unknown(bad));
        }
        if count == 0 {
            break;
        }
        offset += count as u64;
    }
    tries.first().map(|(encoding, _)| *encoding).ok_or_else(|| unknown(bad))
}

fn decodes(decoder: &mut Decoder, bytes: &[u8], last: bool, text: &mut String) -> bool {
    let mut rest = bytes;
    loop {
        text.clear();
        let (result, read, errors) = decoder.decode_to_string(rest, text, last);
        if errors {
            return false;
        }
        rest = rest.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return true;
        }
    }
}

/// A reader that gives UTF-8 whatever it reads.
pub(super) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// What of `input` is not decoded yet.
    waiting: Range<usize>,
    /// Text that is decoded; what of it was given away already.
    output: String,
    given: usize,
    /// The inner reader has ended; the decoder has given its last character.
    ended: bool,
    done: bool,
}

impl<R: Read> Transcoded<R> {
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            decoder: encoding.decoder(),
            input: vec![0; CHUNK],
            waiting: 0..0,
            output: String::with_capacity(CHUNK),
            given: 0,
            ended: false,
            done: false,
        }
    }

    /// Decodes the next piece into `output`.
    fn decode_more(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() && !self.ended {
            let count = self.inner.read(&mut self.input)?;
            self.waiting = 0..count;
            self.ended = count == 0;
        }
        self.output.clear();
        self.given = 0;
        let input = self.input.get(self.waiting.clone()).unwrap_or_default();
        let (result, read, _) = self.decoder.decode_to_string(input, &mut self.output, self.ended);
        self.waiting.start += read;
        self.done = self.ended && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given >= self.output.len() && !self.done {
            self.decode_more()?;
        }
        let mut rest = self.output.as_bytes().get(self.given..).unwrap_or_default();
        let count = rest.read(out)?;
        self.given += count;
        Ok(count)
    }
}

pub(super) fn unread(error: &io::Error) -> Violation {
    Violation::new("file.read", "file", format!("文件读取失败：{error}"), "请重新上传")
}

fn unknown(offset: u64) -> Violation {
    Violation::new(
        "file.encoding",
        format!("byte {offset}"),
        "文字编码既不是 UTF-8 也不是 GB18030，无法辨认",
        "请用 Excel 或 WPS 打开后另存为“CSV UTF-8（逗号分隔）”或 .xlsx",
    )
}

fn not_text(offset: u64) -> Violation {
    Violation::new(
        "file.kind",
        format!("byte {offset}"),
        "这不是表格文件：内容不是文字，也不是 .xlsx",
        "请上传 .xlsx 或 .csv 文件",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(bytes: &[u8]) -> Result<Encoding, String> {
        detect(&mut &*bytes, bytes).map_err(|one| one.code)
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "姓名,街道\n王芳,殷行街道\n";
        assert_eq!(detected(text.as_bytes()), Ok(Encoding::Utf8));
        assert_eq!(detected(format!("\u{FEFF}{text}").as_bytes()), Ok(Encoding::Utf8));
        assert_eq!(detected(&GB18030.encode(text).0), Ok(Encoding::Gb18030));
        assert_eq!(detected(b"plain"), Ok(Encoding::Utf8));
        assert_eq!(detected(&[0xFF, 0xFE, b'a', 0]), Ok(Encoding::Utf16Le));
        assert_eq!(detected(&[b'a', 0xFF, 0xFF, b'b']), Err("file.encoding".into()));
        assert_eq!(detected(&[b'a', 0, 1, 2]), Err("file.kind".into()));
    }

    #[test]
    fn a_character_across_two_chunks_is_not_torn() {
        for encoding in [UTF_8, GB18030] {
            let text = format!("{}王芳", "甲".repeat(CHUNK / 2 - 1));
            let (bytes, _, _) = encoding.encode(&text);
            let found = detect(&mut &*bytes, &bytes).unwrap();
            let mut back = String::new();
            Transcoded::new(&*bytes, found).read_to_string(&mut back).unwrap();
            assert!(back == text);
        }
    }
}
