//! Hostile files, passed to every command that reads.
//!
//! Reading any file must end, execute nothing, disclose nothing of other files, and print no control characters.
//! Each call has a timeout. The canaries are a file that appears when something is executed, and a string that is
//! printed when something is disclosed.

mod commands;
mod disclosure;
mod injection;
mod random;
mod scan;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tests::Programs;

/// The timeout of a call, long enough for a busy machine; most take a few milliseconds.
const TIMEOUT: Duration = Duration::from_secs(120);
/// A string that no output may contain.
const SECRET: &str = "canary-7f3a91";
/// The file that a program creates when it is executed.
const CANARY: &str = "canary";

/// A folder for one attack; `outside` is next to the folder that commands run in.
struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("cannot create a temporary folder");
        let sandbox = Self { root };
        fs::create_dir(sandbox.inside()).expect("the folder is new");
        fs::write(sandbox.root.path().join("outside.rs"), format!("{SECRET}\n"))
            .expect("the folder is writable");
        // The script that a shell runs when it is called with `export`.
        sandbox.script("export", "touch canary\n");
        sandbox
    }

    /// Returns the folder that commands run in.
    fn inside(&self) -> PathBuf {
        self.root.path().join("inside")
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.inside().join(name);
        fs::write(&path, content).expect("the folder is writable");
        path
    }

    fn script(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.write(name, content);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the file is ours");
        path
    }

    /// Creates a copy of the shell, which runs the script `export` if it is called as a pipeline binary.
    fn binary(&self, name: &str, mode: u32) -> PathBuf {
        let path = self.write(name, fs::read("/bin/sh").expect("there is a shell"));
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the file is ours");
        path
    }

    /// Runs kfpc with the arguments and asserts what must be true for every input.
    fn attack(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        let context = format!("{arguments:?}: {}", output_text(&output));
        assert!(!self.inside().join(CANARY).exists(), "executed by {context}");
        assert!(!context.contains(SECRET), "disclosed by {context}");
        for (channel, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            let text =
                std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("{channel} is not UTF-8: {context}"));
            // YAML output keeps bidirectional controls, which YAML counts as printable characters.
            let is_yaml = arguments[0] == "compile" && channel == "stdout";
            let raw = text
                .chars()
                .find(|character| is_control(*character) || !is_yaml && is_bidirectional(*character));
            assert_eq!(raw, None, "{channel} has a control character: {context}");
            let command = text.lines().find(|line| line.trim_start().starts_with("::"));
            let is_expected = arguments.contains(&"github");
            assert!(is_expected || command.is_none(), "{channel} has a workflow command: {context}");
        }
        assert!(output.status.code().is_some_and(|code| code <= 2), "{context}");
        output
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Programs::get().kfpc(&self.inside());
        command.args(arguments).env("KFP_TEST_CANARY", SECRET);
        finished(command).unwrap_or_else(|| panic!("{arguments:?} does not finish"))
    }
}

/// Returns whether a terminal may interpret the character.
fn is_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\t')
        || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Returns whether the character changes the direction of the text around it.
fn is_bidirectional(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the output of the command; kills the command and returns `None` if it takes too long.
fn finished(mut command: Command) -> Option<Output> {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("kfpc can be started");
    let id = Pid::from_child(&child);
    let (sender, receiver) = mpsc::channel();
    let waiting = thread::spawn(move || {
        // After a timeout, the receiver is gone.
        let _ = sender.send(child.wait_with_output());
    });
    let output = receiver.recv_timeout(TIMEOUT).ok();
    if output.is_none() {
        kill_process(id, Signal::KILL).expect("the process is our unreaped child");
    }
    waiting.join().expect("waiting does not panic");
    output.map(|output| output.expect("kfpc can be waited for"))
}

fn output_text(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}{}", output.status, text(&output.stdout), text(&output.stderr))
}

fn pipe(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o644), 0).expect("cannot create a pipe");
}

/// Creates a device like `/dev/zero`; returns false if that is not permitted.
fn device(path: &Path) -> bool {
    let number = rustix::fs::makedev(1, 5);
    mknodat(CWD, path, FileType::CharacterDevice, Mode::from_raw_mode(0o644), number).is_ok()
}
