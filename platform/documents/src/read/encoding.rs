//! Which encoding a text file is in. Chinese Excel saves CSV as GB18030 (its superset of GBK) unless
//! told otherwise, so a file that is not UTF-8 is tried as that, and refused when it is neither.

use std::io::{self, Read};
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, DecoderResult, GB18030, UTF_8, UTF_16BE, UTF_16LE};
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

/// Finds the encoding of a whole text, reading it once to its end.
///
/// # Errors
/// `file.encoding` when it is none we read, with the row at which the best guess ends; `file.kind` when it is no text;
/// `file.read` when it cannot be read.
pub(super) fn detect<R: Read>(reader: &mut R, start: &[u8]) -> Result<Encoding, Violation> {
    let (marked, guesses) = match start {
        [0xFF, 0xFE, ..] => (true, vec![Encoding::Utf16Le]),
        [0xFE, 0xFF, ..] => (true, vec![Encoding::Utf16Be]),
        _ => (false, vec![Encoding::Utf8, Encoding::Gb18030]),
    };
    let mut tries: Vec<Try> = guesses.into_iter().map(Try::new).collect();
    let mut farthest = (0, Encoding::Utf8);
    let mut chunk = vec![0; CHUNK];
    let mut text = String::with_capacity(4 * CHUNK);
    let mut offset = 0;
    loop {
        let count = reader.read(&mut chunk).map_err(|error| unread(&error))?;
        let bytes = chunk.get(..count).unwrap_or_default();
        if !marked && bytes.contains(&0) {
            return Err(not_text(offset));
        }
        tries.retain_mut(|one| {
            let fits = one.fits(bytes, count == 0, &mut text);
            if !fits && one.lines >= farthest.0 {
                farthest = (one.lines, one.encoding);
            }
            fits
        });
        match tries.first() {
            None => return Err(unknown(farthest.0 + 1, farthest.1)),
            Some(first) if count == 0 => return Ok(first.encoding),
            Some(_) => offset += count as u64,
        }
    }
}

/// An encoding that the text may be in, as far as it was read.
struct Try {
    encoding: Encoding,
    decoder: Decoder,
    /// Line feeds before the place that was reached.
    lines: u64,
}

impl Try {
    fn new(encoding: Encoding) -> Self {
        Self { encoding, decoder: encoding.decoder(), lines: 0 }
    }

    /// Whether the next bytes fit; counts the lines up to the first that do not.
    fn fits(&mut self, bytes: &[u8], last: bool, text: &mut String) -> bool {
        let mut rest = bytes;
        loop {
            text.clear();
            let (result, read) = self.decoder.decode_to_string_without_replacement(rest, text, last);
            self.lines += text.bytes().filter(|byte| *byte == b'\n').count() as u64;
            match result {
                DecoderResult::InputEmpty => return true,
                DecoderResult::Malformed(..) => return false,
                DecoderResult::OutputFull => rest = rest.get(read..).unwrap_or_default(),
            }
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

fn unknown(row: u64, encoding: Encoding) -> Violation {
    let known = match encoding {
        Encoding::Utf8 | Encoding::Gb18030 => "既不是 UTF-8 也不是 GB18030".to_owned(),
        marked => format!("文件注明是 {}，这里却不是", marked.name()),
    };
    Violation::new(
        "file.encoding",
        format!("row {row}"),
        format!("第 {row} 行的文字编码无法辨认：{known}"),
        "请用 Excel 或 WPS 打开，核对这一行后另存为“CSV UTF-8（逗号分隔）”或 .xlsx",
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
    fn the_row_with_a_wrong_byte_is_named() {
        let rows = "王芳,殷行街道\n".repeat(20_000);
        let row_of = |bytes: &[u8]| detect(&mut &*bytes, bytes).map_err(|one| one.place);
        // The best guess counts: what was UTF-8 for 20,000 rows is not called broken GB18030 in the second.
        for (mut bytes, wrong) in
            [(rows.clone().into_bytes(), &[0xFF, 0xFF][..]), (GB18030.encode(&rows).0.into_owned(), &[0xFF, 0xFF][..])]
        {
            bytes.extend(wrong);
            assert_eq!(row_of(&bytes), Err("row 20001".into()));
        }
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(rows.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(row_of(&wide), Ok(Encoding::Utf16Le));
        wide.extend([0x00, 0xD8, b'a', 0]);
        assert_eq!(row_of(&wide), Err("row 20001".into()));
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
