//! Mistakes that rustc or a macro refuses, one in each file of `ui/`, with the texts that people see.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The compiler whose texts are expected; others differ in words and layout.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_are_told_as_expected() {
    let compiler = version_of_compiler();
    if !compiler.starts_with(COMPILER) {
        println!("skipped: the texts are those of {COMPILER}x, and this is {compiler}");
        return;
    }
    // The cases are compiled in a crate of their own, `tests/trybuild/kfp-sdk` in the target folder, and it is from
    // there that the path of a Python file counts.
    let beside_the_crates = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tests");
    fs::create_dir_all(&beside_the_crates).unwrap();
    fs::copy("tests/ui/train.py", beside_the_crates.join("train.py")).unwrap();
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

fn version_of_compiler() -> String {
    let program = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(program).arg("--version").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
