//! Signatures of functions in a short notation, and the check of arguments against them.
//!
//! Each parameter is a letter: `s` string, `i` and `l` integer, `f` float, `b` boolean, `a` any, `S` list of strings,
//! `I` list of integers, `F` list of floats, `A` list, `M` map, `T` time, `D` duration, `Z` time zone, `B` bytes, `o`
//! other. A trailing `*` repeats the last parameter any number of times.

use super::kind::Kind;

/// The parameters and result of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) parameters: &'static str,
    pub(super) result: char,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calling {
    /// By the engine, which checks the types: integers are accepted as floats, and `nil` is not converted.
    Checked,
    /// By Go reflection at run time: types must be identical, and `nil` is the zero value.
    Reflected,
}

/// The reason why arguments do not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mismatch {
    Count,
    /// The argument at this index should have the type of the letter.
    Argument(usize, char),
}

impl Signature {
    /// Checks the arguments.
    pub(super) fn fits(&self, arguments: &[Kind], calling: Calling) -> Result<(), Mismatch> {
        let (letters, variadic) = self.letters();
        let enough =
            if variadic { arguments.len() + 1 >= letters.len() } else { arguments.len() == letters.len() };
        if !enough {
            return Err(Mismatch::Count);
        }
        for (idx, argument) in arguments.iter().enumerate() {
            let letter = char::from(letters[idx.min(letters.len() - 1)]);
            if !fits(letter, argument, calling) {
                return Err(Mismatch::Argument(idx, letter));
            }
        }
        Ok(())
    }

    /// Describes the number of arguments in messages.
    pub(super) fn count(&self) -> String {
        let (letters, variadic) = self.letters();
        let least = letters.len() - usize::from(variadic);
        if variadic { format!("{least} or more arguments") } else { counted(least) }
    }

    fn letters(&self) -> (&'static [u8], bool) {
        match self.parameters.strip_suffix('*') {
            Some(letters) => (letters.as_bytes(), true),
            None => (self.parameters.as_bytes(), false),
        }
    }
}

pub(super) fn counted(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

fn fits(letter: char, argument: &Kind, calling: Calling) -> bool {
    if argument.is_unknown() {
        return true;
    }
    match (letter, argument) {
        ('a' | 'o', _)
        | ('s', Kind::Text)
        | ('i' | 'l', Kind::Integer)
        | ('f', Kind::Float)
        | ('b', Kind::Boolean)
        | ('S', Kind::Texts)
        | ('A', Kind::List(_))
        | ('M', Kind::Map | Kind::Names(_))
        | ('T', Kind::Time)
        | ('D', Kind::Duration)
        | ('Z', Kind::Location)
        | ('B', Kind::Bytes) => true,
        ('f', Kind::Integer) => calling == Calling::Checked,
        (_, Kind::Nothing) => calling == Calling::Reflected || letter == 'Z',
        _ => false,
    }
}

/// Returns the type of the letter.
pub(super) fn kind(letter: char) -> Kind {
    match letter {
        's' => Kind::Text,
        'i' | 'l' => Kind::Integer,
        'f' => Kind::Float,
        'b' => Kind::Boolean,
        'S' => Kind::Texts,
        'A' => Kind::list(),
        'M' => Kind::Map,
        'T' => Kind::Time,
        'D' => Kind::Duration,
        'Z' => Kind::Location,
        'B' => Kind::Bytes,
        'a' => Kind::Any,
        _ => Kind::Other,
    }
}

/// Describes the type of the letter in messages.
pub(super) fn expected(letter: char) -> &'static str {
    match letter {
        'I' | 'F' => "a list",
        _ => kind(letter).shown(),
    }
}
