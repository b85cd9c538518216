//! Pipeline binaries: which files kfpc executes, and exporting their documents.
//!
//! Reading a file must not execute it unexpectedly. So kfpc executes binaries only, if they are named on the command
//! line, and never scripts or files with the extension of a document.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::Outcome;
use crate::advice::advised;
use crate::files::{is_document_name, shown};
use crate::reported::Reported;

/// The number of bytes at the start of a file that determine its kind.
const HEAD: u64 = 4096;

/// The exit code of a pipeline binary that reported why it cannot export a document.
const REPORTED: i32 = 1;

/// The kind of a file, from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An ELF, Mach-O or PE program.
    Binary,
    /// A string that starts with `#!`.
    Script,
    /// Anything else, which is read as a document.
    Text,
}

impl Kind {
    /// Returns the kind of an open file, which is read from its start.
    pub(crate) fn of(file: &File) -> io::Result<Self> {
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head)?;
        Ok(Self::of_bytes(&head))
    }

    fn of_bytes(head: &[u8]) -> Self {
        if is_elf(head) || is_mach_o(head) || is_pe(head) {
            Self::Binary
        } else if head.starts_with(b"#!") {
            Self::Script
        } else {
            Self::Text
        }
    }
}

/// Checks the whole header, as a system may pass a file that it cannot load to a shell.
fn is_elf(head: &[u8]) -> bool {
    let kind = |idx: usize| head.get(idx).is_some_and(|byte| matches!(byte, 1 | 2));
    let [is_executable, is_shared] = [2, 3].map(|kind| match head.get(16..18) {
        Some([low, high]) => [*low, *high] == [kind, 0] || [*low, *high] == [0, kind],
        _ => false,
    });
    head.len() >= 52
        && head.starts_with(b"\x7fELF")
        && kind(4)
        && kind(5)
        && head[6] == 1
        && (is_executable || is_shared)
}

fn is_mach_o(head: &[u8]) -> bool {
    let Some((magic, rest)) = head.split_first_chunk::<4>() else { return false };
    match u32::from_be_bytes(*magic) {
        0xfeed_face | 0xfeed_facf | 0xcefa_edfe | 0xcffa_edfe => head.len() >= 28,
        // Java classes start with the same bytes, followed by a version instead of a small number of architectures.
        0xcafe_babe => {
            rest.first_chunk::<4>().is_some_and(|count| (1..20).contains(&u32::from_be_bytes(*count)))
        }
        _ => false,
    }
}

fn is_pe(head: &[u8]) -> bool {
    let offset =
        head.get(0x3c..0x40).and_then(<[u8]>::first_chunk::<4>).map(|bytes| u32::from_le_bytes(*bytes));
    let header = offset.and_then(|offset| head.get(usize::try_from(offset).ok()?..));
    head.starts_with(b"MZ") && header.is_some_and(|header| header.starts_with(b"PE\0\0"))
}

/// Returns an error unless the file is an executable binary.
pub(crate) fn verify(path: &Path) -> anyhow::Result<()> {
    let name = shown(path);
    let metadata = fs::metadata(path).with_context(|| format!("cannot run `{name}`"))?;
    if !metadata.is_file() {
        bail!("cannot run `{name}`: it is not a regular file");
    }
    let file = File::open(path).with_context(|| format!("cannot run `{name}`"))?;
    match Kind::of(&file).with_context(|| format!("cannot read `{name}`"))? {
        Kind::Binary => verify_binary(path, &metadata),
        Kind::Script => bail!("cannot run `{name}`: it is a script, and kfpc runs executable binaries only"),
        Kind::Text => bail!("cannot run `{name}`: it is not an executable binary"),
    }
}

/// Returns an error for a binary with the extension of a document, or without execute permission.
fn verify_binary(path: &Path, metadata: &Metadata) -> anyhow::Result<()> {
    let name = shown(path);
    if is_document_name(path) || fs::canonicalize(path).is_ok_and(|resolved| is_document_name(&resolved)) {
        bail!("cannot run `{name}`: it is a binary with the name of a document; if you trust it, rename it");
    }
    if metadata.permissions().mode() & 0o111 == 0 {
        bail!("cannot run `{name}`: it is not executable; if you trust it, run `chmod +x` on it");
    }
    Ok(())
}

/// Executes a pipeline binary to export the document of a pipeline and those that it calls, or of all its pipelines.
/// Returns the absolute path of the binary and the document.
pub(crate) fn export(
    program: &Path,
    metadata: &Metadata,
    pipeline: Option<&str>,
) -> anyhow::Result<(PathBuf, Vec<u8>)> {
    verify_binary(program, metadata)?;
    let name = shown(program);
    let program = std::path::absolute(program)?;
    let output = Command::new(&program)
        .arg("export")
        .args(pipeline)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run `{name}`"))?;
    match output.status.code() {
        Some(0) => Ok((program, output.stdout)),
        // The binary has printed the error.
        Some(REPORTED) => Err(Reported(Outcome::Reported).into()),
        _ => Err(advised(
            format!("`{name} export` failed with {}", output.status),
            "pass a pipeline binary, whose `main` is `kfp_sdk::main!()`",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pe() -> Vec<u8> {
        let mut bytes = vec![0; 0x80];
        bytes[..2].copy_from_slice(b"MZ");
        bytes[0x3c] = 0x40;
        bytes[0x40..0x44].copy_from_slice(b"PE\0\0");
        bytes
    }

    #[test]
    fn binaries_are_recognized_by_their_whole_header() {
        let program = std::env::current_exe().unwrap();
        assert_eq!(Kind::of(&File::open(&program).unwrap()).unwrap(), Kind::Binary);
        assert_eq!(Kind::of_bytes(&pe()), Kind::Binary);
        assert_eq!(Kind::of_bytes(&[b"\xcf\xfa\xed\xfe".as_slice(), &[0; 28]].concat()), Kind::Binary);
        assert_eq!(Kind::of_bytes(b"\xca\xfe\xba\xbe\0\0\0\x02"), Kind::Binary);
        for text in [
            &b"\x7fELF\ntouch canary\n                                                      "[..],
            b"MZ\ntouch canary\n",
            b"\xca\xfe\xba\xbe\0\0\0\x34",
            b"",
            b"{}",
        ] {
            assert_eq!(Kind::of_bytes(text), Kind::Text, "{text:?}");
        }
        assert_eq!(Kind::of_bytes(b"#!/bin/sh\n"), Kind::Script);
    }

    #[test]
    fn only_executable_binaries_are_accepted() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8], mode: u32| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        for (path, why) in [
            (write("a.JSON", &pe(), 0o755), "it is a binary with the name of a document"),
            (write("a", &pe(), 0o644), "it is not executable"),
            (write("b", b"#!/bin/sh\n", 0o755), "it is a script"),
            (write("c", b"touch canary", 0o755), "it is not an executable binary"),
            (folder.path().to_owned(), "it is not a regular file"),
        ] {
            let error = verify(&path).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        std::os::unix::fs::symlink("a.JSON", folder.path().join("link")).unwrap();
        assert!(verify(&folder.path().join("link")).is_err());
        verify(&write("d", &pe(), 0o755)).unwrap();
    }
}
