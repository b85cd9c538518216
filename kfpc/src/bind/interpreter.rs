//! Python, which knows best what a Python source says. The source is parsed and not run.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::description::Description;

/// The program that describes a source.
const DESCRIBE: &str = include_str!("describe.py");

/// Lets the interpreter describe the source.
pub(super) fn describe(interpreter: &Path, source: Vec<u8>) -> anyhow::Result<Description> {
    let shown = interpreter.display();
    let mut child = Command::new(interpreter)
        .args(["-I", "-c", DESCRIBE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to start `{shown}`: say where Python is with `--python PATH`"))?;
    let mut input = child.stdin.take();
    // A source may be larger than what a pipe holds, so somebody else writes it.
    let writer = std::thread::spawn(move || {
        if let Some(input) = &mut input {
            // An interpreter that has ended says why by its exit code.
            let _ = input.write_all(&source);
        }
    });
    let output = child.wait_with_output().with_context(|| format!("failed to wait for `{shown}`"))?;
    let _ = writer.join();
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{shown}` could not read the source: {}; Python 3.8 or newer is needed",
            message.trim().lines().last().unwrap_or("it said nothing")
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("`{shown}` told nothing that can be used"))
}
