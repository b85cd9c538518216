//! Reading files that are named on the command line, including pipes, devices and standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use anyhow::{Context as _, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};

use super::open::regular;
use super::{LIMIT, shown};
use crate::printer::Printer;

/// How long to wait for data from a pipe before printing a message.
const PATIENCE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

/// Reads at most [`LIMIT`] bytes of the file.
pub(crate) fn read_named(path: &Path, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let name = shown(path);
    let metadata = fs::metadata(path).with_context(|| format!("cannot read `{name}`"))?;
    if metadata.is_dir() {
        bail!("cannot read `{name}`: it is a folder");
    }
    let file = open(path).with_context(|| format!("cannot read `{name}`"))?;
    read_open(&file, &name, printer)
}

/// Reads the file.
///
/// # Errors
/// The file has [`LIMIT`] bytes or more, or cannot be read.
pub(crate) fn read_whole(path: &Path, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let bytes = read_named(path, printer)?;
    if bytes.len() as u64 >= LIMIT {
        bail!("cannot read `{}`: it is larger than {} MiB", shown(path), LIMIT >> 20);
    }
    Ok(bytes)
}

/// Reads a regular file. Pipes and devices are refused without waiting for them.
///
/// # Errors
/// The file is not a regular one, has [`LIMIT`] bytes or more, or cannot be read.
pub(crate) fn read_regular(path: &Path, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let refused = |metadata: &fs::Metadata| match regular(metadata) {
        Err(unread) => bail!("cannot read `{}`: {unread}", shown(path)),
        Ok(()) => Ok(()),
    };
    refused(&fs::metadata(path).with_context(|| format!("cannot read `{}`", shown(path)))?)?;
    read_whole(path, printer)
}

/// Reads the file as UTF-8 text.
///
/// # Errors
/// The file has [`LIMIT`] bytes or more, is not UTF-8, or cannot be read.
pub(crate) fn read_text(path: &Path, printer: &Printer) -> anyhow::Result<String> {
    String::from_utf8(read_whole(path, printer)?)
        .with_context(|| format!("cannot read `{}`: it is not UTF-8 text", shown(path)))
}

/// Reads at most [`LIMIT`] bytes of standard input.
pub(crate) fn read_stdin(printer: &Printer) -> anyhow::Result<Vec<u8>> {
    let stdin = io::stdin().lock();
    wait(&stdin, "standard input", printer);
    bounded(stdin).context("cannot read standard input")
}

/// Reads at most [`LIMIT`] bytes of an open file, and prints a message if there is no data yet.
pub(crate) fn read_open(file: &File, name: &str, printer: &Printer) -> anyhow::Result<Vec<u8>> {
    wait(file, &format!("`{name}`"), printer);
    bounded(file).with_context(|| format!("cannot read `{name}`"))
}

/// Opens the file without waiting for a writer of a pipe, so that a message can be printed; reading waits.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Waits for data or the end of the file, and makes reads block afterwards.
fn wait(file: &impl AsFd, name: &str, printer: &Printer) {
    let ready =
        |timeout: Option<&Timespec>| poll(&mut [PollFd::new(file, PollFlags::IN)], timeout).unwrap_or(1) > 0;
    if !ready(Some(&PATIENCE)) {
        printer.info(format!("Waiting for data from {name}"));
        ready(None);
    }
    // Files whose flags cannot be read block anyway.
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
