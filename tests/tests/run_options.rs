//! Options of `kfpc run` that are invalid: the message names the option and the part of it.

use tests::{Programs, workspace};

#[test]
fn invalid_options_are_named() {
    let document = workspace().join("tests/tests/documents/parameters.yaml");
    let folder = tempfile::tempdir().unwrap();
    for (arguments, expected) in [
        (
            &["-p", r#"trials=[{"rate": 1}, {"rate": 1, "kind": "slow"}]"#][..],
            "; expected one of `fast`, `Careful` or `null` in `trials[1].kind`, found `\"slow\"`",
        ),
        (&["-p", "table=[[1], [2, 0.5]]"], "; expected a 64-bit integer in `table[1][1]`, found `0.5`"),
        (&["-p", r#"limits={"cpu": "2"}"#], "; expected a float in `limits[\"cpu\"]`, found `\"2\"`"),
        (&["-p", "kind=slow"], "invalid argument `kind`: expected one of `fast`, `Careful`, found `slow`\n"),
        (&["-p", "kind"], "invalid `-p kind`: expected NAME=VALUE"),
        (&["-p", "kind=fast", "-p", "kind=fast"], "duplicate parameter `kind`"),
        (&["--param", "kind=fast"], "unknown option `--param`\nhelp: use `-p kind=fast`"),
        (&["--secret", "a/b=env:HOME", "--secret", "a/b=env:USER"], "duplicate `--secret a/b`"),
        (&["--config-map", "a/b=env:HOME", "--config-map", "a/b=env:USER"], "duplicate `--config-map a/b`"),
        (&["--approve", "gate", "--approve", "gate"], "duplicate `--approve gate`"),
    ] {
        let mut command = Programs::get().kfpc(folder.path());
        let output = command.arg("run").arg(&document).args(arguments).output().unwrap();
        let messages = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {messages}");
        assert!(messages.contains(expected), "{arguments:?}: {messages}");
    }
}
