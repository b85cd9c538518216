//! Masks a stream that arrives in pieces.

use std::fmt;
use std::sync::Arc;

use super::STARS;
use super::patterns::Patterns;
use super::view::{CHAINS, Hit, View};

/// Masks a stream of bytes that arrives in pieces, including secrets that span several pieces.
///
/// Bytes that may be the beginning of a secret are held back until enough of the stream has arrived.
///
/// ```
/// use kfp_wire::Mask;
/// let mask = Mask::new([("slack/url", "hunter2")]);
/// let (mut stream, mut masked) = (mask.stream(), Vec::new());
/// stream.push(b"the password is hun", &mut masked);
/// assert_eq!(masked, b"the password is ");
/// stream.push(b"ter2\n", &mut masked);
/// stream.finish(&mut masked);
/// assert_eq!(masked, b"the password is ***\n");
/// ```
pub struct MaskStream {
    /// `None` if there are no secrets.
    search: Option<Search>,
}

struct Search {
    patterns: Arc<Patterns>,
    plain: View,
    /// The views of the chains after the first; `None` while a view does not differ from the plain one.
    others: Vec<Option<View>>,
    /// Bytes that were pushed and not yet written.
    held: Vec<u8>,
    /// The position of the first held byte in the stream.
    position: u64,
    /// Secrets that were found and not yet written.
    hits: Vec<Hit>,
    /// The end of the last secret that was written.
    masked_to: u64,
    found: Option<usize>,
}

impl MaskStream {
    pub(super) fn new(patterns: Option<Arc<Patterns>>) -> Self {
        Self { search: patterns.map(Search::new) }
    }

    /// Accepts the next bytes and appends to `masked` everything that can be written.
    pub fn push(&mut self, bytes: &[u8], masked: &mut Vec<u8>) {
        match &mut self.search {
            Some(search) => search.push(bytes, masked),
            None => masked.extend_from_slice(bytes),
        }
    }

    /// Ends the stream and appends the bytes that were held back to `masked`.
    pub fn finish(&mut self, masked: &mut Vec<u8>) {
        if let Some(search) = &mut self.search {
            search.finish(masked);
        }
    }

    /// Returns the index of the first secret that was found.
    pub(super) fn found(&self) -> Option<usize> {
        self.search.as_ref()?.found
    }
}

impl fmt::Debug for MaskStream {
    /// Omits the bytes that are held back, as they may be part of a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MaskStream").finish_non_exhaustive()
    }
}

impl Search {
    fn new(patterns: Arc<Patterns>) -> Self {
        Self {
            plain: View::plain(&patterns),
            others: vec![None; CHAINS.len() - 1],
            patterns,
            held: Vec::new(),
            position: 0,
            hits: Vec::new(),
            masked_to: 0,
            found: None,
        }
    }

    fn push(&mut self, bytes: &[u8], masked: &mut Vec<u8>) {
        let position = self.position + self.held.len() as u64;
        for (view, chain) in self.others.iter_mut().zip(&CHAINS[1..]) {
            let is_triggered =
                || bytes.iter().any(|byte| chain.iter().any(|step| step.is_triggered_by(*byte)));
            if view.is_none() && is_triggered() {
                *view = Some(self.plain.fork(chain));
            }
        }
        self.plain.feed(bytes, position, &self.patterns, &mut self.hits);
        for slot in &mut self.others {
            if let Some(view) = slot {
                view.feed(bytes, position, &self.patterns, &mut self.hits);
                if !view.differs(&self.plain, &self.patterns) {
                    *slot = None;
                }
            }
        }
        self.held.extend_from_slice(bytes);
        let views = self.others.iter().flatten().chain([&self.plain]);
        let pending = views.filter_map(|view| view.pending(&self.patterns)).min();
        self.write(pending.unwrap_or(position + bytes.len() as u64), masked);
    }

    fn finish(&mut self, masked: &mut Vec<u8>) {
        for view in self.others.iter_mut().flatten().chain([&mut self.plain]) {
            view.finish(&self.patterns, &mut self.hits);
        }
        self.write(self.position + self.held.len() as u64, masked);
    }

    /// Writes everything before `end`, and secrets that start before it.
    fn write(&mut self, end: u64, masked: &mut Vec<u8>) {
        self.hits.sort_unstable();
        let count = self.hits.partition_point(|hit| hit.start < end);
        let mut position = self.position;
        for hit in self.hits.drain(..count) {
            self.found.get_or_insert(hit.secret);
            if hit.start >= self.masked_to {
                masked.extend_from_slice(part(&self.held, self.position, position, hit.start));
                masked.extend_from_slice(STARS);
            }
            self.masked_to = self.masked_to.max(hit.end);
            position = position.max(hit.end);
        }
        masked.extend_from_slice(part(&self.held, self.position, position, end));
        let end = position.max(end);
        let written = usize::try_from(end - self.position).unwrap_or(self.held.len()).min(self.held.len());
        self.held.drain(..written);
        self.position = end;
    }
}

/// Returns the bytes between the stream positions `start` and `end`, where `base` is the position of the first byte.
fn part(bytes: &[u8], base: u64, start: u64, end: u64) -> &[u8] {
    let idx = |position: u64| usize::try_from(position.saturating_sub(base)).unwrap_or(usize::MAX);
    bytes.get(idx(start)..idx(end)).unwrap_or_default()
}
