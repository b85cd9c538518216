//! A writer that masks secrets in the logs of running steps.

use std::io::{self, Write};

use kfp_model::{Mask, MaskStream};

/// Masks everything that is written, including secrets that span several writes.
pub(crate) struct MaskedWriter<W> {
    stream: MaskStream,
    masked: Vec<u8>,
    inner: W,
}

impl<W: Write> MaskedWriter<W> {
    pub(crate) fn new(mask: &Mask, inner: W) -> Self {
        Self { stream: mask.stream(), masked: Vec::new(), inner }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.push(bytes, &mut self.masked);
        self.write_masked()
    }

    /// Writes the bytes that were held back, and returns the inner writer.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.stream.finish(&mut self.masked);
        self.write_masked()?;
        Ok(self.inner)
    }

    fn write_masked(&mut self) -> io::Result<()> {
        let result = self.inner.write_all(&self.masked);
        self.masked.clear();
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_the_stream_is_cut() {
        let mask = Mask::new([("a", "token"), ("b", "token-long")]);
        for size in 1..20 {
            let mut writer = MaskedWriter::new(&mask, Vec::new());
            for piece in b"a token and a token-long, tok, tokentoken".chunks(size) {
                writer.push(piece).unwrap();
            }
            let written = String::from_utf8(writer.finish().unwrap()).unwrap();
            assert_eq!(written, "a *** and a ***, tok, ******", "pieces of {size}");
        }
    }
}
