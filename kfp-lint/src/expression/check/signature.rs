//! What functions take and give, in a short notation, and whether arguments fit it.
//!
//! One letter stands for each parameter: `s` text, `i` and `l` whole numbers, `f` number, `b` boolean, `a`
//! anything, `S` texts, `I` whole numbers in a list, `F` numbers in a list, `A` list, `M` map, `T` time,
//! `D` duration, `Z` time zone, `B` bytes, `o` something else. A `*` at the end allows any number of the last.

use super::kind::Kind;

/// What a function takes and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) parameters: &'static str,
    pub(super) result: char,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calling {
    /// By the engine, which has checked the types: whole numbers do for numbers, `nil` stands for itself.
    Checked,
    /// By Go's reflection while the expression is evaluated: types are the same, `nil` stands for zero.
    Reflected,
}

/// Why arguments do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Misfit {
    Count,
    /// The argument of this index should be of the kind that the letter stands for.
    Argument(usize, char),
}

impl Signature {
    /// Whether the arguments fit.
    pub(super) fn fits(&self, arguments: &[Kind], calling: Calling) -> Result<(), Misfit> {
        let (letters, variadic) = self.letters();
        let enough =
            if variadic { arguments.len() + 1 >= letters.len() } else { arguments.len() == letters.len() };
        if !enough {
            return Err(Misfit::Count);
        }
        for (idx, argument) in arguments.iter().enumerate() {
            let letter = char::from(letters[idx.min(letters.len() - 1)]);
            if !fits(letter, argument, calling) {
                return Err(Misfit::Argument(idx, letter));
            }
        }
        Ok(())
    }

    /// How many arguments it takes, for messages.
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

/// What the letter stands for.
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

/// The letter in words, for messages.
pub(super) fn wanted(letter: char) -> &'static str {
    match letter {
        'I' | 'F' => "a list",
        _ => kind(letter).shown(),
    }
}
