//! Random files in random folders, with mixed names, kinds and first bytes.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use fastrand::Rng;
use tests::attack::{rounds, seed};

use super::commands::{COMMANDS, OTHER, with_source};
use super::{Sandbox, pipe};

const STEMS: [&str; 10] =
    ["a", "b c", "\u{1b}[2J", "x\u{202e}y", "n\nl", "::error::e", "##[group]g", "ä", "%0A,b:c", "-"];
const EXTENSIONS: [&str; 6] = ["yaml", "JSON", "yml", "rs", "txt", ""];
const STARTS: [&[u8]; 9] = [
    b"",
    b"#!/bin/sh\ntouch canary\n",
    b"\x7fELF\x02\x01\x01",
    b"MZ",
    b"\xca\xfe\xba\xbe",
    b"\xff\xfe",
    b"{",
    b"- ",
    b"argoproj.io/ schema_version\n",
];
const TARGETS: [&str; 6] = ["../outside.rs", "/dev/zero", "nowhere", ".", "..", "/proc/self/environ"];

fn one<T: Copy>(random: &mut Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}

fn name(random: &mut Rng) -> String {
    let (stem, extension) = (one(random, &STEMS), one(random, &EXTENSIONS));
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

fn content(random: &mut Rng) -> Vec<u8> {
    let mut content = [one(random, &STARTS), OTHER.as_bytes()].concat();
    for _ in 0..random.usize(..4) {
        let at = random.usize(..content.len());
        content[at] = random.u8(..);
    }
    content
}

/// Creates a random kind of file; returns true for a regular file.
fn make(path: &Path, random: &mut Rng) -> bool {
    if path.symlink_metadata().is_ok() {
        return false;
    }
    match random.usize(..8) {
        0 => pipe(path),
        1 => symlink(one(random, &TARGETS), path).expect("the name is free"),
        2 => fs::create_dir(path).expect("the name is free"),
        _ => {
            fs::write(path, content(random)).expect("the name is free");
            let mode = one(random, &[0o644, 0o755, 0]);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the file is ours");
            return true;
        }
    }
    false
}

#[test]
fn reading_random_files_finishes() {
    for round in 0..u64::from(rounds(8)) {
        let mut random = Rng::with_seed(seed().wrapping_mul(1 << 32).wrapping_add(round));
        eprintln!("seed {}, round {round}", seed());
        let sandbox = Sandbox::new();
        sandbox.write("other.yaml", OTHER);
        let names: Vec<String> = (0..8).map(|_| name(&mut random)).collect();
        let regular: Vec<&String> =
            names.iter().filter(|name| make(&sandbox.inside().join(name), &mut random)).collect();
        let format = one(&mut random, &["text", "short", "json", "sarif", "github"]);
        sandbox.attack(&["check", "--format", format, "."]);
        for name in regular {
            let path = format!("./{name}");
            sandbox.attack(&with_source(one(&mut random, &COMMANDS), &path));
        }
    }
}
