//! Decodes a stream of bytes, keeping the source range of each.
//!
//! Bytes that are not part of an escape pass unchanged, so a decoder need not know where encoded text begins.

/// A byte and the range of the source that it was decoded from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) byte: u8,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// An encoding that a decoder reverses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Backslash escapes, as in JSON, Rust and Python.
    Backslash,
    /// Percent-encoding.
    Percent,
    /// Percent-encoding with `+` for a space.
    Form,
    /// Spaces and line breaks between the characters.
    Wrapped,
}

impl Encoding {
    /// Returns whether decoding can change text that contains `byte`.
    pub(super) fn is_triggered_by(self, byte: u8) -> bool {
        match self {
            Self::Backslash => byte == b'\\',
            Self::Percent => byte == b'%',
            Self::Form => matches!(byte, b'%' | b'+'),
            Self::Wrapped => byte.is_ascii_whitespace(),
        }
    }
}

/// Decodes one byte at a time.
#[derive(Debug, Clone)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// The bytes of an incomplete escape.
    held: Vec<Unit>,
}

/// The result of decoding an escape or its beginning.
#[derive(Debug, PartialEq, Eq)]
enum Escape {
    Incomplete,
    Invalid,
    Byte(u8),
    Character(char),
}

impl Decoder {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { encoding, held: Vec::new() }
    }

    /// Returns the start of the incomplete escape, if there is one.
    pub(super) fn pending(&self) -> Option<u64> {
        self.held.first().map(|unit| unit.start)
    }

    /// Decodes the next byte and appends everything that is complete.
    pub(super) fn feed(&mut self, unit: Unit, decoded: &mut Vec<Unit>) {
        if self.held.is_empty() {
            match (self.encoding, unit.byte) {
                (Encoding::Backslash, b'\\') | (Encoding::Percent | Encoding::Form, b'%') => {
                    self.held.push(unit);
                }
                (Encoding::Form, b'+') => decoded.push(Unit { byte: b' ', ..unit }),
                (Encoding::Wrapped, byte) if byte.is_ascii_whitespace() => {}
                _ => decoded.push(unit),
            }
            return;
        }
        self.held.push(unit);
        match self.escape() {
            Escape::Incomplete => {}
            Escape::Invalid => self.reject_first(decoded),
            Escape::Byte(byte) => self.complete(&[byte], decoded),
            Escape::Character(character) => {
                self.complete(character.encode_utf8(&mut [0; 4]).as_bytes(), decoded);
            }
        }
    }

    /// Appends an incomplete escape unchanged.
    pub(super) fn finish(&mut self, decoded: &mut Vec<Unit>) {
        while !self.held.is_empty() {
            self.reject_first(decoded);
        }
    }

    fn complete(&mut self, bytes: &[u8], decoded: &mut Vec<Unit>) {
        let (Some(first), Some(last)) = (self.held.first(), self.held.last()) else { return };
        let (start, end) = (first.start, last.end);
        decoded.extend(bytes.iter().map(|byte| Unit { byte: *byte, start, end }));
        self.held.clear();
    }

    /// Passes the first byte through, as it does not start an escape, and decodes the others again.
    fn reject_first(&mut self, decoded: &mut Vec<Unit>) {
        let held = std::mem::take(&mut self.held);
        let Some((first, rest)) = held.split_first() else { return };
        decoded.push(*first);
        for unit in rest {
            self.feed(*unit, decoded);
        }
    }

    fn escape(&self) -> Escape {
        let bytes: Vec<u8> = self.held.iter().skip(1).map(|unit| unit.byte).collect();
        match self.encoding {
            Encoding::Backslash => backslash(&bytes),
            Encoding::Percent | Encoding::Form => digits(&bytes, 2, byte_of),
            Encoding::Wrapped => Escape::Invalid,
        }
    }
}

/// Decodes what follows a backslash.
fn backslash(bytes: &[u8]) -> Escape {
    match bytes {
        [] | [b'u'] => Escape::Incomplete,
        [byte @ (b'"' | b'\'' | b'\\' | b'/')] => Escape::Byte(*byte),
        [b'n'] => Escape::Byte(b'\n'),
        [b'r'] => Escape::Byte(b'\r'),
        [b't'] => Escape::Byte(b'\t'),
        [b'b'] => Escape::Byte(8),
        [b'f'] => Escape::Byte(12),
        [b'v'] => Escape::Byte(11),
        [b'a'] => Escape::Byte(7),
        [b'x', rest @ ..] => digits(rest, 2, byte_of),
        [b'U', rest @ ..] => digits(rest, 8, char::from_u32),
        [b'u', b'{', rest @ ..] => match rest.split_last() {
            Some((b'}', inner)) => digits(inner, inner.len(), char::from_u32),
            _ if rest.len() <= 6 => digits(rest, rest.len() + 1, char::from_u32),
            _ => Escape::Invalid,
        },
        [b'u', a, b, c, d, rest @ ..] => match number(&[*a, *b, *c, *d]) {
            Some(high @ 0xd800..0xdc00) => low_surrogate(high, rest),
            Some(code) if rest.is_empty() => char::from_u32(code).map_or(Escape::Invalid, Escape::Character),
            _ => Escape::Invalid,
        },
        [b'u', rest @ ..] => digits(rest, 4, char::from_u32),
        _ => Escape::Invalid,
    }
}

/// Decodes the second half of a character that JSON writes as two escapes.
fn low_surrogate(high: u32, bytes: &[u8]) -> Escape {
    match bytes {
        [] | [b'\\'] => Escape::Incomplete,
        [b'\\', b'u', rest @ ..] => digits(rest, 4, |low| {
            let low = (0xdc00..0xe000).contains(&low).then_some(low)?;
            char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
        }),
        _ => Escape::Invalid,
    }
}

/// Decodes `count` hexadecimal digits.
fn digits<T: Into<Meaning>>(bytes: &[u8], count: usize, meaning: impl Fn(u32) -> Option<T>) -> Escape {
    if bytes.len() < count {
        return if bytes.iter().all(u8::is_ascii_hexdigit) { Escape::Incomplete } else { Escape::Invalid };
    }
    match number(bytes).and_then(meaning).map(Into::into) {
        Some(Meaning::Byte(byte)) => Escape::Byte(byte),
        Some(Meaning::Character(character)) => Escape::Character(character),
        None => Escape::Invalid,
    }
}

/// A byte, or a character that may be encoded as several bytes.
enum Meaning {
    Byte(u8),
    Character(char),
}

impl From<u8> for Meaning {
    fn from(byte: u8) -> Self {
        Self::Byte(byte)
    }
}

impl From<char> for Meaning {
    fn from(character: char) -> Self {
        Self::Character(character)
    }
}

fn byte_of(code: u32) -> Option<u8> {
    u8::try_from(code).ok()
}

fn number(digits: &[u8]) -> Option<u32> {
    let is_hexadecimal = digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_hexadecimal)?;
    u32::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(encoding: Encoding, text: &str) -> String {
        let mut decoder = Decoder::new(encoding);
        let mut decoded = Vec::new();
        for (idx, byte) in (0..).zip(text.bytes()) {
            decoder.feed(Unit { byte, start: idx, end: idx + 1 }, &mut decoded);
        }
        decoder.finish(&mut decoded);
        String::from_utf8(decoded.into_iter().map(|unit| unit.byte).collect()).unwrap()
    }

    #[test]
    fn escapes_are_decoded_and_other_bytes_pass_unchanged() {
        for (text, expect) in [
            (r#"a\"b\\c\/d\n\t\u0024"#, "a\"b\\c/d\n\t$"),
            (r"\u00e9 \u00E9 \xc3\xa9 \u{e9} \u{1F980} \ud83e\udd80 \U0001f980", "é é é é 🦀 🦀 🦀"),
            (
                r"\q \u12 \u{} \u{1234567} \ud83e\n \ud83e! \",
                "\\q \\u12 \\u{} \\u{1234567} \\ud83e\n \\ud83e! \\",
            ),
            (r"\\\\n", r"\\n"),
            (r"\x4\x41", r"\x4A"),
        ] {
            assert_eq!(decode(Encoding::Backslash, text), expect, "{text}");
        }
        assert_eq!(decode(Encoding::Percent, "a%2fb%2Fc+%zz%4%41%"), "a/b/c+%zz%4A%");
        assert_eq!(decode(Encoding::Form, "a+b%2Bc"), "a b+c");
        assert_eq!(decode(Encoding::Wrapped, "ab\r\n  cd e"), "abcde");
    }
}
