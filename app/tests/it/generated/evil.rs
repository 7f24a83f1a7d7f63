//! Values nobody should send: each once broke some server.

use super::chance::Chance;

/// Words for a query, a form or a path.
const WORDS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1",
    "00",
    "+1",
    "1e9",
    "1e400",
    "-1e-400",
    "NaN",
    "Infinity",
    "null",
    "undefined",
    "true",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "79228162514264337593543950335",
    "79228162514264337593543950336",
    "0.00000000000000000000000000001",
    "7922816251426433759354395033.5",
    "1,000",
    "１２３",
    "0x10",
    "2025-02-30",
    "0000-00-00",
    "9999-12-31",
    "2025-13",
    "2025-00",
    "0000-01",
    "+262142-12-31",
    "-262143-01-01",
    "99999-12",
    "2025-09-30T00:00:00Z",
    "2025-9",
    "20250230",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{0000}",
    "..",
    "../../etc/passwd",
    "'; DROP TABLE person; --",
    "\" OR \"\"=\"",
    "%",
    "_",
    "\\",
    "%25%00",
    "<script>alert(1)</script>",
    "${7*7}",
    "=cmd|' /C calc'!A0",
    "\u{202e}txt.exe",
    "\u{0}",
    "a\u{0}b",
    "\u{feff}",
    "👩‍👩‍👧‍👦",
    "\u{10ffff}",
];

/// Pieces of JSON, some of which are none.
const PIECES: &[&str] = &[
    "null",
    "true",
    "0",
    "-0",
    "1e400",
    "-1e400",
    "1e-400",
    "1e999999999",
    "123456789012345678901234567890",
    "0.1e1",
    "9223372036854775808",
    "-9223372036854775809",
    "79228162514264337593543950335",
    "01",
    "+1",
    ".5",
    "NaN",
    "Infinity",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\uffff\"",
    "\"a\\u0000b\"",
    "\"\t\"",
    "\"\\x\"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "{\"\":null}",
    "{\"a\":1,\"a\":2}",
    "{\"__proto__\":{}}",
    "[1,]",
    "{,}",
    "undefined",
    "\"2025-02-30\"",
    "\"0000-00-00\"",
    "\"9999-99-99\"",
    "\"2025-09-31\"",
    "\"\u{feff}\"",
    "'a'",
];

/// A word nobody should send.
pub fn word(chance: &mut Chance) -> Vec<u8> {
    match chance.below(14) {
        0 => "长".repeat(1 + chance.below(3_000)).into_bytes(),
        1 => "a".repeat(chance.below(20_000)).into_bytes(),
        2 => "9".repeat(1 + chance.below(400)).into_bytes(),
        3 => chance.bytes(40),
        4 => vec![0xC3, 0x28, 0xFF, 0xFE],
        _ => WORDS[chance.below(WORDS.len())].as_bytes().to_vec(),
    }
}

/// A piece of JSON nobody should send.
pub fn json(chance: &mut Chance) -> Vec<u8> {
    match chance.below(16) {
        0 => "[".repeat(1 + chance.below(20_000)).into_bytes(),
        1 => {
            let depth = 1 + chance.below(600);
            format!("{}1{}", "[".repeat(depth), "]".repeat(depth)).into_bytes()
        }
        2 => "{\"a\":".repeat(1 + chance.below(5_000)).into_bytes(),
        3 => format!("\"{}\"", "长".repeat(chance.below(30_000))).into_bytes(),
        4 => vec![b'"', 0xFF, 0xC0, 0x80, b'"'],
        5 => chance.bytes(60),
        6 => format!("\"{}\"", quoted(&word(chance))).into_bytes(),
        _ => PIECES[chance.below(PIECES.len())].as_bytes().to_vec(),
    }
}

fn quoted(word: &[u8]) -> String {
    let text = serde_json::to_string(&String::from_utf8_lossy(word)).unwrap();
    text.trim_matches('"').to_owned()
}

/// A file that is called a table and is none, or a small broken one.
pub fn file(chance: &mut Chance) -> Vec<u8> {
    match chance.below(6) {
        0 => Vec::new(),
        1 => b"PK\x03\x04".iter().copied().chain(chance.bytes(200)).collect(),
        2 => "姓名,证件号\n".bytes().chain(chance.bytes(400)).collect(),
        3 => format!("姓名,{}\n张三,1\n", "栏,".repeat(chance.below(2_000))).into_bytes(),
        4 => b"%PDF-1.4\n".iter().copied().chain(chance.bytes(100)).collect(),
        _ => chance.bytes(2_000),
    }
}

/// Percent signs for every byte that is no letter or digit; now and then for none, as careless programs do.
pub fn escaped(bytes: &[u8], chance: &mut Chance) -> String {
    let careless = chance.once_in(12);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let loose = |byte: u8| careless && byte.is_ascii_graphic() && !matches!(byte, b'#' | b'?');
    bytes
        .iter()
        .map(|byte| if plain(*byte) || loose(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
