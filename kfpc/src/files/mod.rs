//! Reading files, with a limit on their size.
//!
//! Files on the command line may be of any kind, including pipes ([`named`]). Files that a folder or document refers to
//! must be regular files below a known folder ([`open_below`]).

mod excerpts;
mod named;
mod names;
mod open;

pub(crate) use excerpts::Excerpts;
pub(crate) use named::{read_named, read_open, read_stdin, read_text, read_whole};
pub(crate) use names::{is_document_name, shown};
pub(crate) use open::{Unread, open_below};

/// The maximum number of bytes that are read of a file: one more than the readers of documents accept, so that they can
/// report a file that is too large.
pub(crate) const LIMIT: u64 = 32 * 1024 * 1024 + 1;
