//! A view of a stream: its bytes after some encodings are reversed, searched for patterns.

use std::collections::VecDeque;

use aho_corasick::automaton::StateID;

use super::decode::{Decoder, Encoding, Unit};
use super::patterns::{Ends, Found, Patterns};

/// The encodings that each view reverses, from the outside in. The first view is the unchanged stream.
pub(super) const CHAINS: [&[Encoding]; 8] = {
    use Encoding::{Backslash, Form, Percent, Wrapped};
    [
        &[],
        &[Backslash],
        &[Backslash, Backslash],
        &[Percent],
        &[Form],
        &[Backslash, Form],
        &[Form, Backslash],
        &[Backslash, Wrapped],
    ]
};

/// The length of the shortest pattern that is matched across spaces and line breaks.
const SHORTEST_WRAPPED: usize = 16;

/// The source range of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) secret: usize,
}

/// A stream with some encodings reversed.
#[derive(Debug, Clone)]
pub(super) struct View {
    chain: &'static [Encoding],
    decoders: Vec<Decoder>,
    state: StateID,
    /// The last decoded bytes that may belong to a pattern, and one more.
    recent: VecDeque<Unit>,
    /// A short secret that counts if the next byte does not continue the word.
    candidate: Option<Hit>,
    shortest: usize,
}

impl View {
    /// Creates the view of the unchanged stream.
    pub(super) fn plain(patterns: &Patterns) -> Self {
        Self {
            chain: CHAINS[0],
            decoders: Vec::new(),
            state: patterns.start(),
            recent: VecDeque::new(),
            candidate: None,
            shortest: 0,
        }
    }

    /// Creates a view with other encodings that continues from the current position.
    pub(super) fn fork(&self, chain: &'static [Encoding]) -> Self {
        let is_wrapped = chain.contains(&Encoding::Wrapped);
        Self {
            chain,
            decoders: chain.iter().copied().map(Decoder::new).collect(),
            shortest: if is_wrapped { SHORTEST_WRAPPED } else { 0 },
            candidate: self.candidate.filter(|_| !is_wrapped),
            ..self.clone()
        }
    }

    /// Returns whether the view still differs from the plain one.
    pub(super) fn differs(&self, plain: &Self, patterns: &Patterns) -> bool {
        let depth = patterns.depth(self.state);
        self.state != plain.state
            || self.candidate != plain.candidate
            || self.decoders.iter().any(|decoder| decoder.pending().is_some())
            || !self.recent.iter().rev().take(depth + 1).eq(plain.recent.iter().rev().take(depth + 1))
    }

    /// Searches the next bytes of the stream, the first of which is at `position`.
    pub(super) fn feed(&mut self, bytes: &[u8], position: u64, patterns: &Patterns, hits: &mut Vec<Hit>) {
        if self.chain.is_empty() {
            for (start, byte) in (position..).zip(bytes) {
                self.search(Unit { byte: *byte, start, end: start + 1 }, patterns, hits);
            }
            return;
        }
        let (mut units, mut decoded) = (Vec::new(), Vec::new());
        for (start, byte) in (position..).zip(bytes) {
            units.push(Unit { byte: *byte, start, end: start + 1 });
            for decoder in &mut self.decoders {
                units.drain(..).for_each(|unit| decoder.feed(unit, &mut decoded));
                std::mem::swap(&mut units, &mut decoded);
            }
            units.drain(..).for_each(|unit| self.search(unit, patterns, hits));
        }
    }

    /// Searches the bytes that are left at the end of the stream.
    pub(super) fn finish(&mut self, patterns: &Patterns, hits: &mut Vec<Hit>) {
        let (mut units, mut decoded) = (Vec::new(), Vec::new());
        for decoder in &mut self.decoders {
            units.drain(..).for_each(|unit| decoder.feed(unit, &mut decoded));
            decoder.finish(&mut decoded);
            std::mem::swap(&mut units, &mut decoded);
        }
        for unit in units {
            self.search(unit, patterns, hits);
        }
        hits.extend(self.candidate.take());
    }

    /// Returns the source position of the first byte that may still become part of a secret.
    pub(super) fn pending(&self, patterns: &Patterns) -> Option<u64> {
        let depth = patterns.depth(self.state);
        let partial = (depth > 0).then(|| self.recent.get(self.recent.len().checked_sub(depth)?)).flatten();
        let held = self.decoders.iter().filter_map(Decoder::pending);
        held.chain(partial.map(|unit| unit.start)).chain(self.candidate.map(|hit| hit.start)).min()
    }

    fn search(&mut self, unit: Unit, patterns: &Patterns, hits: &mut Vec<Hit>) {
        if let Some(candidate) = self.candidate.take()
            && !is_part_of_word(unit.byte)
        {
            hits.push(candidate);
        }
        self.state = patterns.next(self.state, unit.byte);
        if self.recent.len() > patterns.longest() {
            self.recent.pop_front();
        }
        self.recent.push_back(unit);
        let Ends { whole, word } = patterns.ends(self.state);
        hits.extend(whole.filter(|found| found.length >= self.shortest).and_then(|found| self.hit(found)));
        let word = word.filter(|found| self.shortest == 0 && self.begins_word(found.length));
        self.candidate = word.and_then(|found| self.hit(found));
    }

    fn hit(&self, found: Found) -> Option<Hit> {
        let first = self.recent.get(self.recent.len().checked_sub(found.length)?)?;
        Some(Hit { start: first.start, end: self.recent.back()?.end, secret: found.secret })
    }

    /// Returns whether a word begins with the last `length` bytes.
    fn begins_word(&self, length: usize) -> bool {
        let before = self.recent.len().checked_sub(length + 1).and_then(|idx| self.recent.get(idx));
        before.is_none_or(|unit| !is_part_of_word(unit.byte))
    }
}

fn is_part_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}
