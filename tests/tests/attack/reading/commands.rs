//! Files that look like programs, given to every command.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::symlink;
use std::process::Stdio;

use tests::Programs;

use super::{CANARY, Ground, pipe, shown};

/// Every command that reads a source, with the source in the place of `SOURCE`.
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

/// The commands once each: the format makes no difference to what is executed or opened.
pub(super) fn each_command() -> impl Iterator<Item = &'static [&'static str]> {
    COMMANDS.into_iter().filter(|command| !command.contains(&"--format"))
}

/// A document with one pipeline that does nothing.
pub(super) const OTHER: &str =
    "schema_version: 1\ncomponents: {}\npipelines:\n- {name: other, root: {tasks: []}}\n";

/// The arguments of a command for this source.
pub(super) fn with_source<'a>(command: &[&'a str], source: &'a str) -> Vec<&'a str> {
    command.iter().map(|word| if *word == "SOURCE" { source } else { *word }).collect()
}

#[test]
fn nothing_that_looks_like_a_program_is_executed_unless_it_is_an_executable_binary() {
    let ground = Ground::new();
    ground.write("other.yaml", OTHER);
    for name in ["script", "script.yaml", "script.JSON", "script.yml"] {
        ground.script(name, "#!/bin/sh\ntouch canary\n");
    }
    // A loader that does not know these files would hand them to a shell.
    ground.script(
        "elf",
        "\u{7f}ELF\ntouch canary\n                                                          \n",
    );
    ground.script("pe", "MZ\ntouch canary\n");
    ground.script("mach-o", b"\xca\xfe\xba\xbe\ntouch canary\n");
    ground.script("plain", "touch canary\n");
    ground.binary("binary.yaml", 0o755);
    ground.binary("binary.Json", 0o755);
    ground.binary("not-executable", 0o644);
    symlink("binary.yaml", ground.inside().join("link")).unwrap();
    symlink("script", ground.inside().join("link-to-script")).unwrap();
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
            let output = ground.attack(&with_source(command, source));
            assert_ne!(output.status.code(), Some(0), "{command:?} {source}");
        }
        let output = ground.attack(&["run", "other.yaml", "--binary", source]);
        assert_eq!(output.status.code(), Some(2), "{source}: {}", shown(&output));
    }
    let output = ground.attack(&["check", "script"]);
    assert!(shown(&output).contains("kfpc does not run scripts"), "{}", shown(&output));
}

#[test]
fn an_executable_binary_that_is_named_is_executed_and_the_canary_sings() {
    let ground = Ground::new();
    ground.binary("binary", 0o755);
    let output = ground.run(&["check", "binary"]);
    assert!(ground.inside().join(CANARY).exists(), "{}", shown(&output));
}

#[test]
fn a_pipe_that_is_named_is_waited_for_aloud() {
    let ground = Ground::new();
    let path = ground.inside().join("pipe.yaml");
    pipe(&path);
    let mut command = Programs::get().kfpc(&ground.inside());
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
fn files_without_an_end_are_read_to_a_limit() {
    let ground = Ground::new();
    ground.write("other.yaml", OTHER);
    for command in each_command() {
        let output = ground.attack(&with_source(command, "/dev/zero"));
        assert_ne!(output.status.code(), Some(0), "{command:?}");
    }
}
