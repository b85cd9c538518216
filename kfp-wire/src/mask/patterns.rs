//! The patterns of a mask: secrets and their lines, in plain form, in hexadecimal digits and in base64.
//!
//! Encodings that keep most characters, such as JSON escapes, are decoded by a view instead.

use std::collections::HashMap;
use std::fmt;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use crate::value;

/// Secrets with fewer bytes are matched as whole words only.
const SHORTEST: usize = 4;

/// Lines of a secret with fewer bytes are not matched separately.
const SHORTEST_LINE: usize = 8;

/// The patterns of all secrets, as an automaton.
pub(super) struct Patterns {
    automaton: NFA,
    start: StateID,
    texts: Vec<Pattern>,
    /// The number of bytes of a pattern that have been matched in each state.
    depths: HashMap<StateID, usize>,
    /// The names and values of the secrets.
    secrets: Vec<(String, String)>,
    longest: usize,
}

/// The properties of one pattern.
struct Pattern {
    length: usize,
    /// The index of the secret.
    secret: usize,
    is_word: bool,
}

/// A pattern that ends at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) length: usize,
    pub(super) secret: usize,
}

/// The patterns that end at a position.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ends {
    /// The longest one.
    pub(super) whole: Option<Found>,
    /// One that counts only if it is a whole word.
    pub(super) word: Option<Found>,
}

impl Patterns {
    /// Builds the patterns of the secrets. Returns `None` if no secret has a value.
    pub(super) fn new<'s>(secrets: impl IntoIterator<Item = (&'s str, &'s str)>) -> Option<Self> {
        let secrets: Vec<(String, String)> = secrets
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let mut texts: Vec<Vec<u8>> = Vec::new();
        let mut patterns = Vec::new();
        let mut add = |text: Vec<u8>, secret: usize, is_word: bool| {
            patterns.push(Pattern { length: text.len(), secret, is_word });
            texts.push(text);
        };
        for (secret, (_, value)) in secrets.iter().enumerate() {
            if value.len() < SHORTEST {
                add(value.as_bytes().to_vec(), secret, true);
                continue;
            }
            let lines =
                value.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE && line != value);
            for text in std::iter::once(value.as_str()).chain(lines) {
                for form in forms(text) {
                    add(form, secret, false);
                }
            }
        }
        if texts.is_empty() {
            return None;
        }
        let automaton = NFA::builder().match_kind(MatchKind::Standard).prefilter(false).build(&texts).ok()?;
        let start = automaton.start_state(Anchored::No).ok()?;
        let mut depths = HashMap::new();
        for text in &texts {
            let mut state = start;
            for (idx, byte) in text.iter().enumerate() {
                state = automaton.next_state(Anchored::No, state, *byte);
                depths.insert(state, idx + 1);
            }
        }
        let longest = texts.iter().map(Vec::len).max().unwrap_or_default();
        Some(Self { automaton, start, texts: patterns, depths, secrets, longest })
    }

    pub(super) fn start(&self) -> StateID {
        self.start
    }

    pub(super) fn next(&self, state: StateID, byte: u8) -> StateID {
        self.automaton.next_state(Anchored::No, state, byte)
    }

    /// Returns the number of preceding bytes that may be the beginning of a pattern.
    pub(super) fn depth(&self, state: StateID) -> usize {
        self.depths.get(&state).copied().unwrap_or_default()
    }

    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Returns the patterns that end in the state.
    pub(super) fn ends(&self, state: StateID) -> Ends {
        let mut ends = Ends::default();
        if !self.automaton.is_match(state) {
            return ends;
        }
        for idx in 0..self.automaton.match_len(state) {
            let Pattern { length, secret, is_word } =
                self.texts[self.automaton.match_pattern(state, idx).as_usize()];
            let longest = if is_word { &mut ends.word } else { &mut ends.whole };
            if longest.is_none_or(|found| found.length < length) {
                *longest = Some(Found { length, secret });
            }
        }
        ends
    }

    /// Returns the name of a secret.
    pub(super) fn name(&self, secret: usize) -> &str {
        self.secrets.get(secret).map_or("", |(name, _)| name)
    }

    /// Returns the name of the secret whose value equals the text.
    pub(super) fn equal_to(&self, text: &str) -> Option<&str> {
        self.secrets.iter().find(|(_, value)| value == text).map(|(name, _)| name.as_str())
    }
}

impl fmt::Debug for Patterns {
    /// Shows the names of the secrets only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.secrets.iter().map(|(name, _)| name)).finish()
    }
}

/// Returns the forms of a secret that are matched without decoding.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let mut forms = vec![bytes.to_vec()];
    forms.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes());
    forms.push(bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes());
    // Text that is encoded as base64 is often JSON.
    let canonical = value::encode(&text.into());
    let usual = serde_json::Value::from(text).to_string();
    for encoded in [text, inside(&usual), inside(&canonical)] {
        for alphabet in [STANDARD, URL_SAFE] {
            forms.extend((0..3).map(|before| base64_inside(encoded.as_bytes(), before, alphabet)));
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Strips the quotes of a JSON string.
fn inside(json: &str) -> &str {
    json.get(1..json.len() - 1).unwrap_or_default()
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Returns the characters of base64 that depend on `bytes` only, if `before` other bytes precede them in their group.
fn base64_inside(bytes: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let bit = |idx: usize| bytes[idx / 8] >> (7 - idx % 8) & 1;
    // The bits up to the first character that has no bits of the preceding bytes.
    let skipped = (before * 8).div_ceil(6) * 6 - before * 8;
    let count = (bytes.len() * 8 - skipped) / 6;
    let character = |idx: usize| {
        let first = skipped + idx * 6;
        let sextet = (first..first + 6).fold(0, |acc, idx| acc << 1 | bit(idx));
        alphabet[usize::from(sextet)]
    };
    (0..count).map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_at_each_position_in_a_group() {
        let inside =
            |text: &str, before| String::from_utf8(base64_inside(text.as_bytes(), before, STANDARD)).unwrap();
        // `Zm9vYmFy`, `AGZvb2Jhcg==` and `AABmb29iYXI=` encode `foobar` after zero, one and two NUL bytes.
        assert_eq!(inside("foobar", 0), "Zm9vYmFy");
        assert_eq!(inside("foobar", 1), "Zvb2Jhc");
        assert_eq!(inside("foobar", 2), "mb29iYX");
        assert_eq!(base64_inside(&[0xfb, 0xff], 0, URL_SAFE), b"-_".to_vec());
    }
}
