//! The crates can be packaged: they have metadata, and contain every file that they include.
//!
//! `.ci/run` packages them, which also checks their dependencies.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::Value;
use tests::repository::files;
use tests::workspace;

/// Packages that are not for users.
const INTERNAL: [&str; 2] = ["examples", "tests"];

/// Returns the packages for users, as cargo describes them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.filter(|package| !INTERNAL.contains(&package["name"].as_str().unwrap())).cloned().collect()
}

fn folder(package: &Value) -> PathBuf {
    Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap().to_owned()
}

#[test]
fn crates_have_the_metadata_of_a_registry() {
    let packages = packages();
    assert!(packages.len() >= 12, "{}", packages.len());
    for package in packages {
        let name = &package["name"];
        for key in ["description", "license", "readme", "rust_version"] {
            assert!(package[key].as_str().is_some_and(|text| !text.is_empty()), "{name}: {key}");
        }
        for file in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert!(folder(&package).join(file).is_file(), "{name}: {file}");
        }
        let keywords = package["keywords"].as_array().unwrap();
        assert!((1..=5).contains(&keywords.len()), "{name}: a registry accepts up to five keywords");
        assert!(!package["categories"].as_array().unwrap().is_empty(), "{name}");
        for dependency in package["dependencies"].as_array().unwrap() {
            let is_internal = dependency["path"].is_string();
            assert!(
                !is_internal || dependency["req"] != "*",
                "{name}: {} has no version",
                dependency["name"]
            );
        }
    }
}

/// Returns the path of a file that a source includes, relative to the folder of the crate, without `..` where possible.
fn included(crate_folder: &Path, source: &Path, path: &str) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in source.parent().unwrap().strip_prefix(crate_folder).unwrap().join(path).components() {
        match part {
            Component::ParentDir if whole.file_name().is_some() => {
                whole.pop();
            }
            part => whole.push(part),
        }
    }
    whole
}

#[test]
fn crates_contain_the_files_that_they_include() {
    let include = Regex::new(r#"include_(?:str|bytes)!\((?:concat!\()?"([^"]+)""#).unwrap();
    let sources = files(&["rs"], &[]);
    let mut count = 0;
    for package in packages() {
        let root = folder(&package);
        for path in sources.iter().filter(|path| path.starts_with(root.join("src"))) {
            let text = fs::read_to_string(path).unwrap();
            for found in include.captures_iter(&text) {
                let file = included(&root, path, &found[1]);
                let is_inside = !file.starts_with("..") && root.join(&file).exists();
                assert!(is_inside, "{} includes `{}`", path.display(), &found[1]);
                count += 1;
            }
        }
    }
    assert!(count >= 6, "{count}");
}
