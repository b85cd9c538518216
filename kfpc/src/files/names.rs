//! Names of files: how they are displayed, and their extensions.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use kfp_diag::printable::printable;

/// The extensions of documents and manifests.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Returns whether the extension is that of a document, ignoring case.
pub(crate) fn is_document_name(path: &Path) -> bool {
    path.extension().is_some_and(|found| EXTENSIONS.iter().any(|known| found.eq_ignore_ascii_case(known)))
}

/// Returns the path as text; bytes that are not UTF-8 become `\xFF`.
pub(crate) fn shown(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// Returns the path as one line of text, with line breaks and control characters escaped.
pub(crate) fn in_one_line(path: &Path) -> String {
    printable(&shown(path)).into_owned()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn invalid_utf8_is_escaped() {
        assert_eq!(shown(Path::new(OsStr::from_bytes(b"a\xff\xc3\xa4.yaml"))), "a\\xFFä.yaml");
        assert_eq!(in_one_line(Path::new(OsStr::from_bytes(b"a\n\xff.yaml"))), "a\\n\\xFF.yaml");
    }

    #[test]
    fn extensions_are_compared_without_case() {
        for (name, is_document) in [("a.YAML", true), ("b.Json", true), ("c.yml", true), ("yaml", false)] {
            assert_eq!(is_document_name(Path::new(name)), is_document, "{name}");
        }
    }
}
