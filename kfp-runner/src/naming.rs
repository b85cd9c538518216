//! Names of files and folders made of names that users chose.

use std::fmt::Write as _;

/// The longest name that is kept as it is; file systems allow 255 bytes.
const LONGEST: usize = 100;

/// A name for a file or folder: different for different names, and harmless in every path.
///
/// What is neither letter, digit, `-` nor `_` is written as `%` and its hexadecimal bytes. A name that is too
/// long is cut and told apart by its digest.
pub(crate) fn segment(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a string takes everything");
        }
    }
    if text.len() > LONGEST {
        let digest = kfp_compiler::digest::sha256_hex(name.as_bytes());
        text.truncate(LONGEST - 17);
        text = format!("{text}.{}", &digest[..16]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless_and_differ() {
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
        assert!(left.len() <= LONGEST && left != right, "{left} {right}");
    }
}
