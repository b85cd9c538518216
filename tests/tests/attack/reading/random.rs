//! Random files in random folders: names, kinds and first bytes are mixed.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use tests::attack::{rounds, seed};

use super::commands::{COMMANDS, OTHER, with_source};
use super::{Ground, pipe};

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

/// The generator `SplitMix64`.
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).expect("it is below a number of this type")
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn name(&mut self) -> String {
        let (stem, extension) = (self.one(&STEMS), self.one(&EXTENSIONS));
        if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
    }

    fn content(&mut self) -> Vec<u8> {
        let mut content = [self.one(&STARTS), OTHER.as_bytes()].concat();
        for _ in 0..self.below(4) {
            let (at, byte) = (self.below(content.len()), self.below(256));
            content[at] = u8::try_from(byte).expect("it is below 256");
        }
        content
    }
}

/// Makes something of a random kind; `true` if it is a regular file.
fn make(path: &Path, random: &mut Random) -> bool {
    if path.symlink_metadata().is_ok() {
        return false;
    }
    match random.below(8) {
        0 => pipe(path),
        1 => symlink(random.one(&TARGETS), path).expect("the name is free"),
        2 => fs::create_dir(path).expect("the name is free"),
        _ => {
            fs::write(path, random.content()).expect("the name is free");
            let mode = random.one(&[0o644, 0o755, 0]);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the file is ours");
            return true;
        }
    }
    false
}

#[test]
fn random_files_are_read_to_the_end() {
    for round in 0..u64::from(rounds(8)) {
        let mut random = Random(seed().wrapping_mul(1 << 32).wrapping_add(round));
        eprintln!("seed {}, round {round}", seed());
        let ground = Ground::new();
        ground.write("other.yaml", OTHER);
        let names: Vec<String> = (0..8).map(|_| random.name()).collect();
        let regular: Vec<&String> =
            names.iter().filter(|name| make(&ground.inside().join(name), &mut random)).collect();
        let format = random.one(&["text", "short", "json", "sarif", "github"]);
        ground.attack(&["check", "--format", format, "."]);
        for name in regular {
            let path = format!("./{name}");
            ground.attack(&with_source(random.one(&COMMANDS), &path));
        }
    }
}
