//! JSON as FEEL values. Numbers keep every digit, which is why this does not go by way of binary floating point.

use dsntk_feel::context::FeelContext;
use dsntk_feel::{Name, values::Value};
use dsntk_feel_number::FeelNumber;

/// Brackets that may stand within one another.
const DEEPEST: usize = 128;

/// Why a text is not the JSON that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Byte of the text at which it shows.
    pub at: usize,
    /// What is wrong.
    pub what: String,
}

impl Fault {
    fn new(at: usize, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }
}

/// The text of a JSON object as a context.
pub(crate) fn context(text: &str) -> Result<FeelContext, Fault> {
    match value(text)? {
        Value::Context(context) => Ok(context),
        _ => Err(Fault::new(0, "the context is not a JSON object")),
    }
}

/// The text of a JSON value, all of it.
pub(crate) fn value(text: &str) -> Result<Value, Fault> {
    let mut reader = Reader { text: text.strip_prefix('\u{feff}').unwrap_or(text), at: 0 };
    let value = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.fault("text after the end of the JSON")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::new(self.at, what)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn taken(&mut self, sign: u8) -> bool {
        self.space();
        let found = self.peek() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, Fault> {
        if depth > DEEPEST {
            return Err(self.fault(format!("the JSON is more than {DEEPEST} deep")));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.text().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.word(),
            None => Err(self.fault("the JSON ends too soon")),
        }
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let words = [("true", Value::Boolean(true)), ("false", Value::Boolean(false)), ("null", Value::Null(None))];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("this is no JSON value"))
    }

    fn object(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut context = FeelContext::new();
        if self.taken(b'}') {
            return Ok(Value::Context(context));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.fault("a name in quotes must stand here"));
            }
            let name = name(&self.text()?);
            if !self.taken(b':') {
                return Err(self.fault("`:` must stand here"));
            }
            let value = self.value(depth + 1)?;
            if context.contains_entry(&name) {
                return Err(self.fault(format!("the name `{name}` stands twice")));
            }
            context.set_entry(&name, value);
            if self.taken(b'}') {
                return Ok(Value::Context(context));
            }
            if !self.taken(b',') {
                return Err(self.fault("`,` or `}` must stand here"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        if self.taken(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.taken(b']') {
                return Ok(Value::List(items));
            }
            if !self.taken(b',') {
                return Err(self.fault("`,` or `]` must stand here"));
            }
        }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let rest = self.rest();
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && !"+-.eE".contains(letter)).unwrap_or(rest.len());
        let written = rest.get(..end).unwrap_or_default();
        // The shape is JSON's; the digits are read exactly, to 34 significant ones.
        let exponent = written.split_once(['e', 'E']).map_or("0", |(_, exponent)| exponent);
        let small = exponent.parse::<i32>().is_ok_and(|exponent| exponent.abs() <= 6_000);
        let number = written.parse::<f64>().ok().filter(|_| small && written.len() <= 200);
        let number = number.and_then(|_| written.parse::<FeelNumber>().ok());
        let number =
            number.ok_or_else(|| self.fault(format!("`{}` is no number", written.get(..40).unwrap_or(written))))?;
        self.at += end;
        Ok(Value::Number(number))
    }

    fn text(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(end) = rest.find(['"', '\\']) else { return Err(self.fault("a text is opened and never closed")) };
            out.push_str(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            if rest.as_bytes().get(end) == Some(&b'"') {
                return Ok(out);
            }
            let letter = self.escaped()?;
            out.push(letter);
        }
    }

    /// What stands after a backslash.
    fn escaped(&mut self) -> Result<char, Fault> {
        let sign = self.peek();
        self.at += 1;
        Ok(match sign {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first).ok_or_else(|| self.fault("half of a pair of code units"));
                }
                if !self.rest().starts_with("\\u") {
                    return Err(self.fault("half of a pair of code units"));
                }
                self.at += 2;
                let second = self.unit()?;
                let code = second.checked_sub(0xdc00).map(|low| 0x10000 + ((first - 0xd800) << 10) + low);
                return code.and_then(char::from_u32).ok_or_else(|| self.fault("half of a pair of code units"));
            }
            _ => return Err(self.fault("an unknown escape after `\\`")),
        })
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        unit.ok_or_else(|| self.fault("four hexadecimal digits must stand after `\\u`"))
    }
}

/// A key as the library knows names: several words with single spaces.
pub(crate) fn name(key: &str) -> Name {
    Name::from(key.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_and_faults_are_named() {
        let text = |json: &str| crate::write::value(&value(json).unwrap());
        assert_eq!(text("0.1234567890123456789012345678901234"), "0.1234567890123456789012345678901234");
        assert_eq!(
            text("{\"a b\": [1, -2.50, \"x\\u4e2d\\ud83d\\ude00\\n\"], \"c\": null}"),
            "{\"a b\":[1,-2.50,\"x中😀\\n\"],\"c\":null}"
        );
        for broken in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,\"a\":2}",
            "01x",
            "1e99999",
            "\"\\q\"",
            "\"\\ud800\"",
            "nul",
            "[1] 2",
            "-",
            "\"a",
        ] {
            assert!(value(broken).is_err(), "{broken}");
        }
        assert!(value(&"[".repeat(1_000_000)).is_err());
        assert!(context("[]").is_err());
    }
}
