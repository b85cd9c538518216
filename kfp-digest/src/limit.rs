//! The limit that bounds the time to compute the digest of an artifact.

/// The size of the largest artifacts that get a digest.
///
/// ```
/// use kfp_digest::Limit;
/// assert_eq!(Limit::of_variable(None), Limit::default());
/// assert_eq!(Limit::of_variable(Some("4096")), Limit::of_bytes(4096));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The maximum total size of the files in bytes. With 0, no artifact gets a digest, not even an empty one.
    pub bytes: u64,
    /// The maximum number of files, folders and links in a folder.
    pub entries: usize,
}

impl Limit {
    /// Returns the default limit with another number of bytes.
    pub fn of_bytes(bytes: u64) -> Self {
        Self { bytes, ..Self::default() }
    }

    /// Returns the limit that the environment variable [`DIGEST_LIMIT_VARIABLE`](kfp_wire::DIGEST_LIMIT_VARIABLE) sets
    /// as a number of bytes. Returns the default if it is not set or not a number.
    pub fn of_variable(value: Option<&str>) -> Self {
        value.and_then(|text| text.parse().ok()).map_or_else(Self::default, Self::of_bytes)
    }
}

impl Default for Limit {
    /// 10 GiB and 100,000 entries.
    fn default() -> Self {
        Self { bytes: 10 << 30, entries: 100_000 }
    }
}
