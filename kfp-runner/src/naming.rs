//! Names of files and folders that are derived from names that users chose.

use std::fmt::Write as _;

/// The maximum length of a name that is not shortened; file systems allow 255 bytes.
const MAX_LENGTH: usize = 100;

/// Returns a name for a file or folder: distinct for distinct names, and safe in every path.
///
/// Characters other than letters, digits, `-` and `_` are percent-encoded. A name that is too long is truncated and
/// made unique by its digest.
pub(crate) fn segment(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    if text.len() > MAX_LENGTH {
        let digest = kfp_compiler::digest::sha256_hex(name.as_bytes());
        text.truncate(MAX_LENGTH - 17);
        text = format!("{text}.{}", &digest[..16]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_distinct() {
        for (name, expect) in [
            ("train-model_2", "train-model_2"),
            ("../x", "%2E%2E%2Fx"),
            ("a b", "a%20b"),
            ("é", "%C3%A9"),
            ("%", "%25"),
        ] {
            assert_eq!(segment(name), expect);
        }
        let (left, right) = (segment(&"x".repeat(300)), segment(&"x".repeat(301)));
        assert!(left.len() <= MAX_LENGTH && left != right, "{left} {right}");
    }
}
