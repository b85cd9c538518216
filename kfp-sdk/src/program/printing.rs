//! Output of the program: data to standard output, all the rest to standard error.

use std::io::{self, Write as _};

/// Prints data. A reader that has gone away is no failure of ours to explain.
pub(super) fn data(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// Prints an error for people.
pub(super) fn error(message: &str) {
    // There is nowhere left to say that standard error is closed.
    let _ = writeln!(io::stderr().lock(), "error: {message}");
}
