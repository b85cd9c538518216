//! The log of an attempt: the output of the step, with secrets masked, up to a maximum size.
//!
//! The beginning and the end of a longer log are kept, and the bytes in between are only counted. Memory and disk usage
//! are bounded, whatever the step prints.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, PipeReader, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::files;
use crate::secret::{Mask, MaskedWriter};

/// The size of the beginning of a log that is kept, in bytes.
const HEAD: usize = 12 * 1024 * 1024;
/// The size of the end of a log that is kept, in bytes.
const TAIL: usize = 4 * 1024 * 1024;
/// The time for which output is read after the step has ended, if a process outside its group still writes.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// Copies the output of the pipe to the file, until all writers have closed the pipe.
///
/// Once `ended` is set, only output that is already in the pipe is read: a process that left the group of the step may
/// keep the pipe open forever.
pub(super) fn pump(mut pipe: PipeReader, file: File, mask: Mask, ended: &AtomicBool) -> io::Result<()> {
    let mut writer = MaskedWriter::new(&mask, CappedWriter::new(file, HEAD, TAIL));
    let mut buffer = vec![0; 64 * 1024];
    let mut deadline = None;
    loop {
        if !readable(&pipe)? {
            if ended.load(Ordering::Acquire) {
                break;
            }
            continue;
        }
        let count = pipe.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        writer.push(&buffer[..count])?;
        if ended.load(Ordering::Acquire)
            && Instant::now() > *deadline.get_or_insert_with(|| Instant::now() + DRAIN_TIMEOUT)
        {
            break;
        }
    }
    writer.finish()?.finish()
}

/// Waits a short time for output, and returns whether there is any.
fn readable(pipe: &PipeReader) -> io::Result<bool> {
    let timeout = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
    match poll(&mut [PollFd::new(pipe, PollFlags::IN)], Some(&timeout)) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Returns the last lines of a log of a step, of at most 16 KiB; none if there is no log.
///
/// Links and other special files are not read, as steps can replace their logs.
pub fn tail(path: &Path, lines: usize) -> Vec<String> {
    const WINDOW: u64 = 16 * 1024;
    let mut file = match files::open_file(path) {
        // A missing log has no lines.
        Ok(None) => return Vec::new(),
        Ok(Some(file)) => file,
        Err(error) => return vec![format!("[{}]", error.describe("the log", "a regular file"))],
    };
    let read = || -> io::Result<Vec<u8>> {
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(WINDOW)))?;
        files::read(file, WINDOW)
    };
    let bytes = read().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect()
}

/// Writes the beginning and the end of its input.
struct CappedWriter<W> {
    inner: W,
    head_left: usize,
    tail: VecDeque<u8>,
    tail_limit: usize,
    dropped: u64,
}

impl<W: Write> CappedWriter<W> {
    fn new(inner: W, head: usize, tail_limit: usize) -> Self {
        Self { inner, head_left: head, tail: VecDeque::new(), tail_limit, dropped: 0 }
    }

    fn finish(mut self) -> io::Result<()> {
        if self.dropped > 0 {
            writeln!(self.inner, "\n[{} bytes omitted]", self.dropped)?;
        }
        let (front, back) = self.tail.as_slices();
        self.inner.write_all(front)?;
        self.inner.write_all(back)?;
        self.inner.flush()
    }
}

impl<W: Write> Write for CappedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (head, rest) = bytes.split_at(bytes.len().min(self.head_left));
        self.inner.write_all(head)?;
        self.head_left -= head.len();
        self.tail.extend(rest);
        let excess = self.tail.len().saturating_sub(self.tail_limit);
        self.tail.drain(..excess);
        self.dropped += excess as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_and_the_end_are_kept() {
        for (text, expect) in [
            ("short", "short"),
            ("0123456789", "0123456789"),
            ("0123456789abcdef", "0123456\n[6 bytes omitted]\ndef"),
        ] {
            let mut kept = Vec::new();
            let mut writer = CappedWriter::new(&mut kept, 7, 3);
            for piece in text.as_bytes().chunks(4) {
                writer.write_all(piece).unwrap();
            }
            writer.finish().unwrap();
            assert_eq!(String::from_utf8(kept).unwrap(), expect);
        }
    }
}
