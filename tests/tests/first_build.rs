//! What the first `cargo test` of a project with pipelines builds: no C code, which would be most of the time, and as few
//! crates as possible.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::process::Command;

use tests::workspace;

/// The crates that compile or link C code.
const C_CODE: [&str; 6] = ["bindgen", "cc", "cmake", "libsqlite3-sys", "pkg-config", "rusqlite"];

/// The crates of a new project: the SDK and the crate for tests of pipelines.
const PROJECT: [&str; 4] = ["--package", "kfp-sdk", "--package", "kfp-testing"];

/// The maximum number of crates that a new project builds, including those of this workspace.
const MOST: usize = 64;

/// Returns the names and versions of the crates that are built for packages, without those for their own tests.
fn dependencies(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let name = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    text.lines().filter(|line| !line.is_empty()).map(name).collect()
}

fn c_code(arguments: &[&str]) -> Vec<String> {
    let is_c = |crate_name: &String| C_CODE.contains(&crate_name.split(' ').next().unwrap());
    dependencies(arguments).into_iter().filter(is_c).collect()
}

#[test]
fn tests_of_pipelines_need_no_c_compiler() {
    assert_eq!(c_code(&PROJECT), [""; 0]);
    assert_eq!(c_code(&["--package", "kfp-runner", "--no-default-features"]), [""; 0]);
    let kfpc = c_code(&["--package", "kfpc"]);
    assert!(
        kfpc.iter().any(|name| name.starts_with("libsqlite3-sys ")),
        "runs are stored in SQLite: {kfpc:?}"
    );
}

#[test]
fn tests_of_pipelines_build_few_crates() {
    let crates = dependencies(&PROJECT);
    assert!(crates.len() <= MOST, "{} crates, more than {MOST}: {crates:#?}", crates.len());
}
