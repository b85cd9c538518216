//! Pipeline binaries: which files kfpc executes, and asking one for its document.
//!
//! Reading must not execute anything that its reader does not expect to be a program. So only an executable binary is
//! run, and only where a person names it; never a script, and never a file that is named like a document.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::files::{is_document_name, shown};

/// The first bytes of a file that are looked at.
const HEAD: u64 = 4096;

/// The exit code of a pipeline binary that has reported why it writes no document.
const REPORTED: i32 = 1;

/// What the first bytes of a file say that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An ELF, Mach-O or PE program.
    Binary,
    /// A text that names its interpreter.
    Script,
    /// Anything else, which is read.
    Text,
}

impl Kind {
    /// The kind of an open file, which is read from its start.
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

/// A loader that does not know a file may hand it to a shell, so the whole header has to be one.
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
        // Java classes start alike, with a version in the place of a small number of architectures.
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

/// Refuses everything that is not an executable binary.
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

/// Refuses a binary that is named like a document, or that is not to be executed.
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

/// Asks a pipeline binary for the document of a pipeline and those that it calls, or of all that it has. Returns the
/// path of the binary and what it writes.
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
    if output.status.code() == Some(REPORTED) {
        bail!("`{name} export` failed, see the errors above");
    }
    if !output.status.success() {
        bail!(
            "`{name} export` failed with {}; expected a pipeline binary, whose `main` is `kfp_sdk::main!()`",
            output.status
        );
    }
    Ok((program, output.stdout))
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
    fn binaries_are_known_by_their_whole_header() {
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
    fn what_is_not_an_executable_binary_is_refused() {
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
