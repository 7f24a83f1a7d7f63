//! The wire format of protocol buffers: fields with a number and a value, read from a piece of memory without copying.

/// The bytes are not what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Torn;

/// A value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A whole number.
    Number(u64),
    /// A text, a message or a list.
    Bytes(&'a [u8]),
    /// Something of fixed length that nobody here asks for.
    Fixed,
}

impl<'a> Value<'a> {
    /// The bytes, or nothing.
    pub fn bytes(self) -> &'a [u8] {
        if let Self::Bytes(bytes) = self { bytes } else { &[] }
    }

    /// The number, or 0.
    pub fn number(self) -> u64 {
        if let Self::Number(number) = self { number } else { 0 }
    }
}

/// The fields of a message, one after another.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next field; `None` at the end.
    pub fn next(&mut self) -> Result<Option<(u64, Value<'a>)>, Torn> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.rest)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.rest)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.rest)?;
                Value::Bytes(self.take(usize::try_from(length).map_err(|_| Torn)?)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Torn),
        };
        Ok(Some((key >> 3, value)))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Torn> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Torn)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// A list of whole numbers packed one behind another.
#[derive(Debug, Clone)]
pub(super) struct Packed<'a> {
    rest: &'a [u8],
}

impl<'a> Packed<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next number; `None` at the end.
    pub fn next(&mut self) -> Result<Option<u64>, Torn> {
        if self.rest.is_empty() { Ok(None) } else { varint(&mut self.rest).map(Some) }
    }

    /// The next number that may be negative.
    pub fn signed(&mut self) -> Result<Option<i64>, Torn> {
        Ok(self.next()?.map(zigzag))
    }
}

/// A number written with its sign in the last bit.
pub(super) fn zigzag(number: u64) -> i64 {
    ((number >> 1) as i64) ^ -((number & 1) as i64)
}

/// A number of seven bits a byte.
fn varint(rest: &mut &[u8]) -> Result<u64, Torn> {
    let mut number = 0;
    for (at, byte) in rest.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            *rest = rest.get(at + 1..).unwrap_or_default();
            return Ok(number);
        }
    }
    Err(Torn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_fields() {
        let mut packed = Packed::new(&[0x03, 0xac, 0x02, 0x01, 0x80]);
        assert_eq!((packed.next(), packed.next(), packed.signed()), (Ok(Some(3)), Ok(Some(300)), Ok(Some(-1))));
        assert_eq!(packed.next(), Err(Torn), "a number that never ends");
        let mut fields = Fields::new(&[0x08, 0x07, 0x12, 0x02, b'a', b'b', 0x0d, 0, 0, 0, 0, 0x12, 0x09]);
        assert_eq!(fields.next(), Ok(Some((1, Value::Number(7)))));
        assert_eq!(fields.next(), Ok(Some((2, Value::Bytes(b"ab")))));
        assert_eq!(fields.next(), Ok(Some((1, Value::Fixed))));
        assert_eq!(fields.next(), Err(Torn), "longer than what is left");
        assert_eq!(varint(&mut [0xff; 12].as_slice()), Err(Torn));
    }
}
