//! Hiding secrets in what steps print.
//!
//! A secret is hidden as it stands, and each longer line of a secret that has several. What a step encodes
//! before it prints is not recognised.

use std::io::{self, Write};
use std::sync::Arc;

const STARS: &[u8] = b"***";

/// The lines of a secret that are long enough to be hidden by themselves.
const SHORTEST_LINE: usize = 8;

/// What is hidden.
#[derive(Clone, Default)]
pub(crate) struct Mask {
    /// The longest first, as one secret may be the beginning of another one.
    hidden: Arc<[Vec<u8>]>,
}

impl Mask {
    pub(crate) fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Self {
        let mut hidden: Vec<Vec<u8>> = Vec::new();
        for secret in secrets {
            let whole = secret.trim();
            hidden.push(whole.as_bytes().to_vec());
            let lines = whole.lines().map(str::trim).filter(|line| line.len() >= SHORTEST_LINE);
            hidden.extend(lines.map(|line| line.as_bytes().to_vec()));
        }
        hidden.retain(|text| !text.is_empty());
        hidden.sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
        hidden.dedup();
        Self { hidden: hidden.into() }
    }

    /// The text with every secret in it replaced.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut masked = Vec::with_capacity(text.len());
        self.write(text.as_bytes(), text.len(), &mut masked);
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// Appends the masked beginning of `bytes`, up to `end` or the end of a secret that starts before, and
    /// says how much of `bytes` that was.
    fn write(&self, bytes: &[u8], end: usize, masked: &mut Vec<u8>) -> usize {
        let mut position = 0;
        while position < end {
            let rest = &bytes[position..];
            if let Some(secret) = self.hidden.iter().find(|secret| rest.starts_with(secret)) {
                masked.extend_from_slice(STARS);
                position += secret.len();
            } else {
                masked.push(bytes[position]);
                position += 1;
            }
        }
        position
    }

    fn longest(&self) -> usize {
        self.hidden.first().map_or(0, Vec::len)
    }
}

/// Masks a stream: a secret is found also where it comes in pieces.
pub(crate) struct MaskedWriter<W> {
    mask: Mask,
    held: Vec<u8>,
    inner: W,
}

impl<W: Write> MaskedWriter<W> {
    pub(crate) fn new(mask: Mask, inner: W) -> Self {
        Self { mask, held: Vec::new(), inner }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.mask.hidden.is_empty() {
            return self.inner.write_all(bytes);
        }
        self.held.extend_from_slice(bytes);
        // The last bytes may be the beginning of a secret that goes on in the next piece.
        let end = (self.held.len() + 1).saturating_sub(self.mask.longest());
        self.write_held(end)
    }

    /// Writes what was held back, and gives back the inner writer.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.write_held(self.held.len())?;
        Ok(self.inner)
    }

    fn write_held(&mut self, end: usize) -> io::Result<()> {
        let mut masked = Vec::with_capacity(end);
        let written = self.mask.write(&self.held, end, &mut masked);
        self.held.drain(..written);
        self.inner.write_all(&masked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_the_stream_is_cut() {
        let mask = Mask::new(["token", "token-long", "first line\nsecond line", ""].into_iter());
        let text = "a token and a token-long, tok, second line, first line\nsecond line, tokentoken";
        let expect = "a *** and a ***, tok, ***, ***, ******";
        assert_eq!(mask.apply(text), expect);
        for size in 1..20 {
            let mut writer = MaskedWriter::new(mask.clone(), Vec::new());
            for piece in text.as_bytes().chunks(size) {
                writer.push(piece).unwrap();
            }
            assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), expect, "pieces of {size}");
        }
    }
}
