//! Reading files, with a limit on their size, and writing them.
//!
//! Files on the command line may be of any kind, including pipes ([`named`]). Files that a folder or document refers to
//! must be regular files below a known folder ([`open_below`]). Files are written in one step ([`write_file`]).

mod excerpts;
mod named;
mod names;
mod open;
mod write;

pub(crate) use excerpts::Excerpts;
pub(crate) use named::{read_named, read_open, read_regular, read_stdin, read_text, read_whole};
pub(crate) use names::{in_one_line, is_document_name, shown};
pub(crate) use open::{Unread, open_below};
pub(crate) use write::{Unwritten, write_file};

/// The maximum number of bytes that are read of a file: one more than the readers of documents accept, so that they can
/// report a file that is too large.
pub(crate) const LIMIT: u64 = 32 * 1024 * 1024 + 1;
