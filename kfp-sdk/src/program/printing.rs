//! Prints data to standard output, and errors to standard error.

use std::io::{self, Write as _};

/// Prints data. Write errors, such as a closed pipe, are returned without a message.
pub(super) fn data(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}

/// Prints an error.
pub(super) fn error(message: &str) {
    // If standard error is closed, the error cannot be reported anywhere.
    let _ = writeln!(io::stderr().lock(), "error: {message}");
}
