//! The space that files take on disk.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The unit of [`MetadataExt::blocks`](std::os::unix::fs::MetadataExt::blocks), in bytes.
const BLOCK: u64 = 512;

/// Returns the size of a file, or of a folder with everything in it, in bytes. Parts that cannot be read count as empty.
pub(crate) fn size(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else { return 0 };
    // Some file systems store small files without a block.
    let own = (metadata.blocks() * BLOCK).max(if metadata.is_file() { metadata.len().min(BLOCK) } else { 0 });
    let entries = if metadata.is_dir() { fs::read_dir(path).ok() } else { None };
    own + entries.into_iter().flatten().flatten().map(|entry| size(&entry.path())).sum::<u64>()
}
