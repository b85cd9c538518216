//! Quoted strings and their values.

/// An error in a quoted string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteProblem {
    NoEnd,
    LineEnd,
    /// An unknown escape: a backslash before this character.
    Escape(char),
    /// Too few digits after a backslash, or an invalid character code.
    Digits,
}

impl QuoteProblem {
    pub(super) fn message(self) -> String {
        match self {
            Self::NoEnd => "unterminated string".to_owned(),
            Self::LineEnd => "line break in a string".to_owned(),
            Self::Escape(character) => format!("unknown escape `\\{character}`"),
            Self::Digits => "invalid character code after the backslash".to_owned(),
        }
    }

    pub(super) fn help(self) -> &'static str {
        match self {
            Self::NoEnd => "close it with the same quote",
            Self::LineEnd => "use `\\n`, or put the string in backquotes",
            Self::Escape(_) => "double the backslash, or put the string in backquotes",
            Self::Digits => "use `\\xHH`, `\\uHHHH`, `\\u{H}` or three octal digits",
        }
    }
}

/// Reads a quoted string. Returns its value and its length in bytes, or an error and its position. In a byte string,
/// each character of the value is one byte.
pub(super) fn quoted(text: &str, bytes: bool) -> Result<(String, usize), (QuoteProblem, usize)> {
    let mut characters = Characters { text, at: 0 };
    let quote = characters.next().unwrap_or('\'');
    let mut value = String::new();
    loop {
        let at = characters.at;
        match characters.next() {
            None => return Err((QuoteProblem::NoEnd, 0)),
            Some('\n') => return Err((QuoteProblem::LineEnd, at)),
            Some(character) if character == quote => return Ok((value, characters.at)),
            // The engine reads a carriage return as a line feed.
            Some('\r') => value.push('\n'),
            Some('\\') => {
                value.push(escaped(&mut characters, quote, bytes).map_err(|problem| (problem, at))?);
            }
            Some(character) if bytes => {
                let mut buffer = [0; 4];
                value.extend(character.encode_utf8(&mut buffer).bytes().map(char::from));
            }
            Some(character) => value.push(character),
        }
    }
}

/// Reads a string in backquotes, in which a doubled backquote is a literal one.
pub(super) fn backquoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != '`' {
            value.push(character);
        } else if characters.next_if(|(_, next)| *next == '`').is_some() {
            value.push('`');
        } else {
            return Some((value, at + 1));
        }
    }
    None
}

struct Characters<'t> {
    text: &'t str,
    at: usize,
}

impl Characters<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.text[self.at..].chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Reads a number with `count` digits.
    fn digits(&mut self, base: u32, count: usize) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + count)?;
        let valid = digits.chars().all(|digit| digit.is_digit(base));
        self.at += count;
        u32::from_str_radix(digits, base).ok().filter(|_| valid)
    }

    /// Reads a hexadecimal number in braces.
    fn braced(&mut self) -> Option<u32> {
        let digits = &self.text[self.at + 1..];
        let digits = &digits[..digits.find('}')?];
        let valid = (1..=6).contains(&digits.len()) && digits.chars().all(|digit| digit.is_ascii_hexdigit());
        self.at += digits.len() + "{}".len();
        u32::from_str_radix(digits, 16).ok().filter(|_| valid)
    }
}

fn escaped(characters: &mut Characters<'_>, quote: char, bytes: bool) -> Result<char, QuoteProblem> {
    let Some(character) = characters.next() else { return Err(QuoteProblem::NoEnd) };
    let number = match character {
        'a' => return Ok('\u{7}'),
        'b' => return Ok('\u{8}'),
        'f' => return Ok('\u{c}'),
        'n' => return Ok('\n'),
        'r' => return Ok('\r'),
        't' => return Ok('\t'),
        'v' => return Ok('\u{b}'),
        '\\' => return Ok('\\'),
        _ if character == quote => return Ok(quote),
        '0'..='3' => {
            characters.at -= 1;
            characters.digits(8, 3)
        }
        'x' => characters.digits(16, 2),
        'u' if !bytes && characters.text[characters.at..].starts_with('{') => characters.braced(),
        'u' if !bytes => characters.digits(16, 4),
        'U' if !bytes => characters.digits(16, 8),
        _ => return Err(QuoteProblem::Escape(character)),
    };
    let number = number.filter(|number| *number <= 0x10_FFFF).ok_or(QuoteProblem::Digits)?;
    // Surrogates become the replacement character.
    Ok(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        for (text, expected) in [
            (r"'plain'", "plain"),
            (r#""it's""#, "it's"),
            (r"'it\'s \\ \n \t'", "it's \\ \n \t"),
            (r"'\x41\u0042\U00000043\u{44}\u{1F680}\105'", "ABCD🚀E"),
            (r"'\ud800'", "\u{fffd}"),
            ("'a\rb'", "a\nb"),
        ] {
            assert_eq!(quoted(text, false), Ok((expected.to_owned(), text.len())), "{text}");
        }
    }

    #[test]
    fn invalid_escapes_are_rejected() {
        use QuoteProblem::{Digits, Escape, LineEnd, NoEnd};
        for (text, bytes, expected) in [
            ("'a", false, (NoEnd, 0)),
            ("'a\\", false, (NoEnd, 2)),
            ("'a\n'", false, (LineEnd, 2)),
            (r#"'\"'"#, false, (Escape('"'), 1)),
            (r"'\d'", false, (Escape('d'), 1)),
            (r"'\X41'", false, (Escape('X'), 1)),
            (r"'\x4'", false, (Digits, 1)),
            (r"'\477'", false, (Escape('4'), 1)),
            (r"'\u{}'", false, (Digits, 1)),
            (r"'\u{1234567}'", false, (Digits, 1)),
            (r"'\U00110000'", false, (Digits, 1)),
            (r"'\u0041'", true, (Escape('u'), 1)),
        ] {
            assert_eq!(quoted(text, bytes), Err(expected), "{text}");
        }
    }

    #[test]
    fn doubled_backquotes_are_decoded() {
        for (text, expected) in [
            ("`a\\n\n'`", Some("a\\n\n'")),
            ("``", Some("")),
            ("````", Some("`")),
            ("`a``b`", Some("a`b")),
            ("`a``", None),
            ("`", None),
        ] {
            let expected = expected.map(|expected| (expected.to_owned(), text.len()));
            assert_eq!(backquoted(text), expected, "{text}");
        }
    }
}
