//! Runs a program in the interpreter, with limits on its time and its output.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde::de::DeserializeOwned;

/// The maximum duration of a program. Interpreters start slowly on busy machines.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The maximum size of the output in bytes.
const LIMIT: u64 = 64 * 1024 * 1024;
/// The maximum number of bytes that are read of error messages.
const MESSAGE_LIMIT: u64 = 64 * 1024;

/// Runs the program in the isolated mode of the interpreter, which imports neither packages nor files of the current
/// folder, and returns its output. `help` says how to select another interpreter.
///
/// # Errors
/// The interpreter cannot be started, fails, exceeds a limit, or writes something else.
pub(crate) fn ask<T: DeserializeOwned>(
    interpreter: &Path,
    program: &str,
    input: Vec<u8>,
    help: &str,
) -> anyhow::Result<T> {
    let shown = interpreter.display();
    let mut child = Command::new(interpreter)
        .args(["-I", "-S", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`: {help}"))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    // The input may be larger than the buffer of the pipe, so another thread writes it.
    thread::spawn(move || {
        // If the interpreter has exited, its exit code is checked below.
        stdin.map(|mut stdin| stdin.write_all(&input))
    });
    let messages = thread::spawn(move || {
        let mut message = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = stderr.by_ref().take(MESSAGE_LIMIT).read_to_end(&mut message);
            let _ = io::copy(&mut stderr, &mut io::sink());
        }
        message
    });
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(LIMIT).read_to_end(&mut output);
        }
        sender.send(output)
    });
    let Ok(output) = receiver.recv_timeout(TIMEOUT) else {
        let _ = child.kill();
        let _ = child.wait();
        bail!("`{shown}` did not finish within {} s", TIMEOUT.as_secs());
    };
    let status = child.wait().with_context(|| format!("cannot wait for `{shown}`"))?;
    if !status.success() {
        let message = messages.join().unwrap_or_default();
        let message = String::from_utf8_lossy(&message);
        bail!(
            "`{shown}` failed to parse the source: {}; expected Python 3.8 or newer",
            message.trim().lines().last().unwrap_or("no error message")
        );
    }
    serde_json::from_slice(&output).with_context(|| format!("unexpected output of `{shown}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_interpreter_are_reported() {
        let failed = |interpreter: &str| {
            ask::<bool>(Path::new(interpreter), "", Vec::new(), "set `python`")
                .map_err(|error| format!("{error:#}"))
        };
        assert!(
            failed("/nowhere/python3")
                .unwrap_err()
                .starts_with("cannot start `/nowhere/python3`: set `python`: ")
        );
        assert!(
            failed("false").unwrap_err().starts_with("`false` failed to parse the source: no error message")
        );
        assert!(failed("true").unwrap_err().starts_with("unexpected output of `true`"));
    }
}
