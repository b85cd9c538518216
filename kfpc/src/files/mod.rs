//! Files from outside: read with a bound on their size, and never without an end.
//!
//! What a person names on the command line may be any file, a pipe too ([`named`]). What a folder or a document names
//! must be a regular file below a known folder ([`open_below`]).

mod excerpts;
mod named;
mod names;
mod open;

pub(crate) use excerpts::Excerpts;
pub(crate) use named::{read_named, read_open, read_stdin, read_text, read_whole};
pub(crate) use names::{is_document_name, shown};
pub(crate) use open::{Unread, open_below};

/// The most bytes that are read of a file: one more than the readers of documents accept, so that they can tell that
/// there were too many.
pub(crate) const LIMIT: u64 = 32 * 1024 * 1024 + 1;
