//! The size of files and folders.

use std::fs;
use std::path::Path;

/// Returns the size of a file, or of all files in a folder, in bytes. Parts that cannot be read count as empty.
pub(crate) fn size(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}
