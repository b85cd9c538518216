//! `kfpc completions`: the scripts are valid and include the commands.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::{Command, Output};

use tests::{Programs, workspace};

fn completions(shell: &str) -> Output {
    Programs::get().kfpc(workspace()).args(["completions", shell]).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn scripts_contain_commands_and_values() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = completions(shell);
        assert!(output.status.success(), "{shell}: {}", text(&output.stderr));
        let script = text(&output.stdout);
        for word in ["compile", "describe", "completions", "resume"] {
            assert!(script.contains(word), "the script for {shell} does not contain `{word}`");
        }
    }
}

#[test]
fn bash_completes_commands_and_formats() {
    let script = text(&completions("bash").stdout);
    let completed = |words: &str| {
        let script = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             _kfpc kfpc \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\necho ${{COMPREPLY[@]}}"
        );
        let output = Command::new("bash").args(["--norc", "-c", &script]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    };
    assert_eq!(completed("kfpc comp"), "compile completions");
    assert_eq!(completed("kfpc graph --format \"\""), "mermaid dot svg json");
}

#[test]
fn an_unknown_shell_is_reported_with_the_supported_ones() {
    let output = completions("tcsh");
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("'tcsh'") && message.contains("bash, elvish, fish"), "{message}");
}
