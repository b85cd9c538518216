//! The step runtime has few dependencies, because it is part of every image.

use std::collections::BTreeSet;
use std::process::Command;

use tests::workspace;

/// The crates that the workspace crates of the runtime may depend on.
const ALLOWED: [&str; 5] = ["aho_corasick", "kfp_digest", "kfp_wire", "serde_json", "sha2"];

#[test]
fn the_step_runtime_has_few_dependencies() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "kfp-sdk", "--no-default-features", "--features", "runtime"])
        .args(["--edges", "normal", "--prefix", "depth", "--format", " {lib}"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // The path of crates from the root to the current line.
    let mut path: Vec<&str> = Vec::new();
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (depth, name) = (words.next().unwrap().parse().unwrap(), words.next().unwrap());
        path.truncate(depth);
        if path.last().is_some_and(|parent| parent.starts_with("kfp_")) {
            found.insert(name);
        }
        path.push(name);
    }
    assert_eq!(found, BTreeSet::from(ALLOWED));
}
