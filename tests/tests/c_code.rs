//! The crates for tests of pipelines contain no C code, because it would be most of the time of a first `cargo test`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::process::Command;

use tests::workspace;

/// The crates that compile or link C code.
const C_CODE: [&str; 6] = ["bindgen", "cc", "cmake", "libsqlite3-sys", "pkg-config", "rusqlite"];

/// Returns the names of the crates that are built for a package, without those for its own tests.
fn dependencies(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

fn c_code(arguments: &[&str]) -> Vec<String> {
    dependencies(arguments).into_iter().filter(|name| C_CODE.contains(&name.as_str())).collect()
}

#[test]
fn tests_of_pipelines_need_no_c_compiler() {
    assert_eq!(c_code(&["--package", "kfp-testing"]), [""; 0]);
    assert_eq!(c_code(&["--package", "kfp-runner", "--no-default-features"]), [""; 0]);
    assert!(
        c_code(&["--package", "kfpc"]).contains(&"libsqlite3-sys".to_owned()),
        "runs are stored in SQLite"
    );
}
