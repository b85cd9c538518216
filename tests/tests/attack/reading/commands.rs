//! Files that look like programs, passed to every command.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::symlink;
use std::process::Stdio;

use tests::Programs;

use super::{CANARY, Sandbox, output_text, pipe};

/// Every command that reads a source; `SOURCE` is its placeholder.
pub(super) const COMMANDS: [&[&str]; 20] = [
    &["check", "SOURCE"],
    &["check", "SOURCE", "--format", "short"],
    &["check", "SOURCE", "--format", "json"],
    &["check", "SOURCE", "--format", "sarif"],
    &["check", "SOURCE", "--format", "github"],
    &["compile", "SOURCE", "--image", "a:1"],
    &["compile", "SOURCE", "--image", "a:1", "--format", "json"],
    &["compile", "SOURCE", "--stats", "--message-format", "github"],
    &["describe", "SOURCE"],
    &["describe", "SOURCE", "--format", "json"],
    &["graph", "SOURCE"],
    &["graph", "SOURCE", "--format", "dot"],
    &["graph", "SOURCE", "--format", "svg"],
    &["graph", "SOURCE", "--format", "json"],
    &["diff", "SOURCE", "other.yaml"],
    &["diff", "other.yaml", "SOURCE", "--format", "markdown"],
    &["diff", "SOURCE", "SOURCE", "--format", "json"],
    &["run", "SOURCE"],
    &["run", "other.yaml", "--params", "SOURCE"],
    &["bind", "SOURCE"],
];

/// Returns each command once: the format does not affect what is executed or opened.
pub(super) fn each_command() -> impl Iterator<Item = &'static [&'static str]> {
    COMMANDS.into_iter().filter(|command| !command.contains(&"--format"))
}

/// A document with one pipeline that does nothing.
pub(super) const OTHER: &str =
    "schema_version: 1\ncomponents: {}\npipelines:\n- {name: other, root: {tasks: []}}\n";

/// Returns the arguments of a command for this source.
pub(super) fn with_source<'a>(command: &[&'a str], source: &'a str) -> Vec<&'a str> {
    command.iter().map(|word| if *word == "SOURCE" { source } else { *word }).collect()
}

#[test]
fn only_executable_binaries_are_executed() {
    let sandbox = Sandbox::new();
    sandbox.write("other.yaml", OTHER);
    for name in ["script", "script.yaml", "script.JSON", "script.yml"] {
        sandbox.script(name, "#!/bin/sh\ntouch canary\n");
    }
    // A loader that does not recognize these files would pass them to a shell.
    sandbox.script(
        "elf",
        "\u{7f}ELF\ntouch canary\n                                                          \n",
    );
    sandbox.script("pe", "MZ\ntouch canary\n");
    sandbox.script("mach-o", b"\xca\xfe\xba\xbe\ntouch canary\n");
    sandbox.script("plain", "touch canary\n");
    sandbox.binary("binary.yaml", 0o755);
    sandbox.binary("binary.Json", 0o755);
    sandbox.binary("not-executable", 0o644);
    symlink("binary.yaml", sandbox.inside().join("link")).unwrap();
    symlink("script", sandbox.inside().join("link-to-script")).unwrap();
    for source in [
        "script",
        "script.yaml",
        "script.JSON",
        "script.yml",
        "elf",
        "pe",
        "mach-o",
        "plain",
        "binary.yaml",
        "binary.Json",
        "not-executable",
        "link",
        "link-to-script",
    ] {
        for command in each_command() {
            let output = sandbox.attack(&with_source(command, source));
            assert_ne!(output.status.code(), Some(0), "{command:?} {source}");
        }
        let output = sandbox.attack(&["run", "other.yaml", "--binary", source]);
        assert_eq!(output.status.code(), Some(2), "{source}: {}", output_text(&output));
    }
    let output = sandbox.attack(&["check", "script"]);
    assert!(output_text(&output).contains("kfpc does not run scripts"), "{}", output_text(&output));
}

#[test]
fn an_executable_binary_that_is_named_is_executed() {
    let sandbox = Sandbox::new();
    sandbox.binary("binary", 0o755);
    let output = sandbox.run(&["check", "binary"]);
    assert!(sandbox.inside().join(CANARY).exists(), "{}", output_text(&output));
}

#[test]
fn waiting_for_a_named_pipe_is_reported() {
    let sandbox = Sandbox::new();
    let path = sandbox.inside().join("pipe.yaml");
    pipe(&path);
    let mut command = Programs::get().kfpc(&sandbox.inside());
    command.args(["check", "pipe.yaml"]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "Waiting for data from `pipe.yaml`");
    let mut writer = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    writer.write_all(OTHER.as_bytes()).unwrap();
    drop(writer);
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(child.wait().unwrap().success(), "{rest:?}");
}

#[test]
fn endless_files_are_read_up_to_a_limit() {
    let sandbox = Sandbox::new();
    sandbox.write("other.yaml", OTHER);
    for command in each_command() {
        let output = sandbox.attack(&with_source(command, "/dev/zero"));
        assert_ne!(output.status.code(), Some(0), "{command:?}");
    }
}
