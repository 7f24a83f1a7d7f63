//! JSON with the line of every value, so that a problem can be shown where it is. Bounded in depth and in number of values; lists of
//! numbers, which tables of travel are, take eight bytes a number.

/// Deepest nesting.
const DEEPEST: usize = 32;
/// Most values besides numbers in plain lists.
const MOST_VALUES: usize = 5_000_000;
/// Most numbers in plain lists: a table of 12,000 places.
const MOST_NUMBERS: usize = 150_000_000;

/// A value and the line it begins on.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub line: usize,
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
    /// A list of numbers alone.
    Numbers(Vec<f64>),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Kind {
    /// Its name in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Truth(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Numbers(_) | Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Text that is not JSON: the line, and what is wrong.
pub type Broken = (usize, String);

/// Reads a text.
///
/// # Errors
/// When it is not JSON, or too deep or too large.
pub fn parse(text: &str) -> Result<Value, Broken> {
    let mut reader = Reader { bytes: text.as_bytes(), text, here: 0, line: 1, values: 0, numbers: 0 };
    let value = reader.value(0)?;
    reader.blank();
    match reader.peek() {
        None => Ok(value),
        Some(_) => reader.wrong("something stands behind the end of the value"),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    here: usize,
    line: usize,
    values: usize,
    numbers: usize,
}

impl Reader<'_> {
    fn wrong<T>(&self, what: &str) -> Result<T, Broken> {
        Err((self.line, what.to_owned()))
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.here).copied()
    }

    fn blank(&mut self) {
        while let Some(byte) = self.peek().filter(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            self.line += usize::from(byte == b'\n');
            self.here += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.here += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, Broken> {
        self.blank();
        self.values += 1;
        if depth > DEEPEST {
            return self.wrong("values are nested too deep");
        }
        if self.values > MOST_VALUES {
            return self.wrong("there are too many values");
        }
        let line = self.line;
        let kind = match self.peek() {
            None => return self.wrong("the text ends where a value should be"),
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(b't') => self.word("true", Kind::Truth(true))?,
            Some(b'f') => self.word("false", Kind::Truth(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(_) => return self.wrong("this is no value"),
        };
        Ok(Value { line, kind })
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Broken> {
        if self.bytes.get(self.here..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.here += word.len();
            return Ok(kind);
        }
        self.wrong("this is no value")
    }

    fn number(&mut self) -> Result<f64, Broken> {
        let from = self.here;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
            self.here += 1;
        }
        let digits = self.text.get(from..self.here).unwrap_or_default();
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => self.wrong("this is no finite number"),
        }
    }

    fn string(&mut self) -> Result<String, Broken> {
        self.here += 1;
        let mut made = String::new();
        let mut from = self.here;
        loop {
            match self.peek() {
                None | Some(b'\n') => return self.wrong("a text has no closing quote"),
                Some(b'"') => {
                    made.push_str(self.text.get(from..self.here).unwrap_or_default());
                    self.here += 1;
                    return Ok(made);
                }
                Some(b'\\') => {
                    made.push_str(self.text.get(from..self.here).unwrap_or_default());
                    made.push(self.escape()?);
                    from = self.here;
                }
                Some(byte) if byte < 0x20 => return self.wrong("a text holds a control character"),
                Some(_) => self.here += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Broken> {
        self.here += 1;
        let letter = self.peek();
        self.here += 1;
        match letter {
            Some(b'"') => Ok('"'),
            Some(b'\\') => Ok('\\'),
            Some(b'/') => Ok('/'),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.code_point(),
            _ => self.wrong("a text holds an escape that is none"),
        }
    }

    fn code_point(&mut self) -> Result<char, Broken> {
        let high = self.four()?;
        let code = if (0xd800..0xdc00).contains(&high) {
            if !(self.take(b'\\') && self.take(b'u')) {
                return self.wrong("half a character in a text");
            }
            let low = self.four()?;
            if !(0xdc00..0xe000).contains(&low) {
                return self.wrong("half a character in a text");
            }
            0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        char::from_u32(code).map_or_else(|| self.wrong("half a character in a text"), Ok)
    }

    fn four(&mut self) -> Result<u32, Broken> {
        let digits = self.text.get(self.here..self.here.saturating_add(4)).unwrap_or_default();
        self.here += 4;
        let all = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(code) if all => Ok(code),
            _ => self.wrong("a text holds an escape that is none"),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Kind, Broken> {
        self.here += 1;
        let mut numbers: Vec<f64> = Vec::new();
        let mut values: Vec<Value> = Vec::new();
        self.blank();
        if self.take(b']') {
            return Ok(Kind::List(values));
        }
        loop {
            self.blank();
            let plain = matches!(self.peek(), Some(b'-' | b'0'..=b'9'));
            if plain && values.is_empty() {
                self.numbers += 1;
                if self.numbers > MOST_NUMBERS {
                    return self.wrong("there are too many numbers");
                }
                let number = self.number()?;
                numbers.push(number);
            } else {
                let line = self.line;
                values.extend(numbers.drain(..).map(|number| Value { line, kind: Kind::Number(number) }));
                let value = self.value(depth + 1)?;
                values.push(value);
            }
            self.blank();
            if self.take(b']') {
                return Ok(if numbers.is_empty() { Kind::List(values) } else { Kind::Numbers(numbers) });
            }
            if !self.take(b',') {
                return self.wrong("a comma or `]` is missing in a list");
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Broken> {
        self.here += 1;
        let mut fields: Vec<(String, Value)> = Vec::new();
        self.blank();
        if self.take(b'}') {
            return Ok(Kind::Object(fields));
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return self.wrong("a field's name in quotes is missing");
            }
            let name = self.string()?;
            self.blank();
            if !self.take(b':') {
                return self.wrong("a colon is missing behind a field's name");
            }
            let value = self.value(depth + 1)?;
            // Few fields stand in one object, but nobody must be able to make looking through them slow.
            if fields.len() < 64 && fields.iter().any(|(known, _)| *known == name) {
                return self.wrong(&format!("the field `{name}` stands there twice"));
            }
            fields.push((name, value));
            self.blank();
            if self.take(b'}') {
                return Ok(Kind::Object(fields));
            }
            if !self.take(b',') {
                return self.wrong("a comma or `}` is missing in an object");
            }
        }
    }
}
