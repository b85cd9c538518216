//! Runs Python's parser on a source. The source is not executed.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::description::Description;

/// The program that describes a source.
const DESCRIBE: &str = include_str!("describe.py");

/// Has the interpreter describe the source.
pub(super) fn describe(interpreter: &Path, source: Vec<u8>) -> anyhow::Result<Description> {
    let shown = interpreter.display();
    let mut child = Command::new(interpreter)
        .args(["-I", "-c", DESCRIBE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`: pass the path of Python with `--python PATH`"))?;
    let mut input = child.stdin.take();
    // The source may be larger than the buffer of the pipe, so another thread writes it.
    let writer = std::thread::spawn(move || {
        if let Some(input) = &mut input {
            // If the interpreter has exited, its exit code is checked below.
            let _ = input.write_all(&source);
        }
    });
    let output = child.wait_with_output().with_context(|| format!("cannot wait for `{shown}`"))?;
    let _ = writer.join();
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{shown}` failed to parse the source: {}; expected Python 3.8 or newer",
            message.trim().lines().last().unwrap_or("no error message")
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("unexpected output of `{shown}`"))
}
