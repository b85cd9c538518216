//! Compile errors: each file in `ui/` contains one mistake, and its `.stderr` file the expected messages.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// The compiler version of the expected messages; other versions word and format messages differently.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn compile_errors_match() {
    let compiler = version_of_compiler();
    if !compiler.starts_with(COMPILER) {
        println!("skipped: the expected messages are those of {COMPILER}x, not of {compiler}");
        return;
    }
    // trybuild compiles the cases in a separate crate, `tests/trybuild/kfp-sdk` in the target folder, and paths of
    // Python files are relative to it.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tests");
    fs::create_dir_all(&folder).unwrap();
    fs::copy("tests/ui/train.py", folder.join("train.py")).unwrap();
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

fn version_of_compiler() -> String {
    let program = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(program).arg("--version").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
