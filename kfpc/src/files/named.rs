//! Reading a file that a person names: any file, also a pipe, a device or standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use anyhow::{Context as _, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};

use super::{LIMIT, shown};
use crate::printer::Printer;

/// How long a pipe may have no data before it is said that kfpc waits for some.
const PATIENCE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// Reads the file; at most [`LIMIT`] bytes.
pub(crate) fn read_named(path: &Path, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let name = shown(path);
    let metadata = fs::metadata(path).with_context(|| format!("cannot read `{name}`"))?;
    if metadata.is_dir() {
        bail!("cannot read `{name}`: it is a folder");
    }
    let file = open(path).with_context(|| format!("cannot read `{name}`"))?;
    read_open(&file, &name, printer)
}

/// Reads the file; one with more than [`LIMIT`] bytes is refused.
pub(crate) fn read_whole(path: &Path, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let bytes = read_named(path, printer)?;
    if bytes.len() as u64 >= LIMIT {
        bail!("cannot read `{}`: it is larger than {} MiB", shown(path), LIMIT >> 20);
    }
    Ok(bytes)
}

/// Reads the file as text; one with more than [`LIMIT`] bytes is refused.
pub(crate) fn read_text(path: &Path, printer: &Printer) -> anyhow::Result<String> {
    String::from_utf8(read_whole(path, printer)?)
        .with_context(|| format!("cannot read `{}`: it is not UTF-8 text", shown(path)))
}

/// Reads standard input; at most [`LIMIT`] bytes.
pub(crate) fn read_stdin(printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let stdin = io::stdin().lock();
    wait(&stdin, "standard input", printer);
    bounded(stdin).context("cannot read standard input")
}

/// Reads the open file, for whose data it says that it waits.
pub(crate) fn read_open(file: &File, name: &str, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    wait(file, &format!("`{name}`"), printer);
    bounded(file).with_context(|| format!("cannot read `{name}`"))
}

/// Opens without waiting for the other end of a pipe, so that it can be said that there is none; reading waits.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Waits until there is data or the end of it, and lets reads block afterwards.
fn wait(file: &impl AsFd, name: &str, printer: &Printer) {
    let ready =
        |timeout: Option<&Timespec>| poll(&mut [PollFd::new(file, PollFlags::IN)], timeout).unwrap_or(1) > 0;
    if !ready(Some(&PATIENCE)) {
        printer.info(format!("Waiting for data from {name}"));
        ready(None);
    }
    // Standard input and what cannot be asked for its flags block anyway.
    if let Ok(flags) = rustix::fs::fcntl_getfl(file)
        && flags.contains(OFlags::NONBLOCK)
    {
        let _ = rustix::fs::fcntl_setfl(file, flags - OFlags::NONBLOCK);
    }
}

fn bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}
