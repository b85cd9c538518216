//! The source files that error messages quote.

use std::fs;
use std::path::Path;

use kfp_diag::World;

/// The sources of the package of the test and of the workspace around it.
pub(crate) struct PackageSources;

impl World for PackageSources {
    fn source(&self, path: &str) -> Option<String> {
        // Cargo runs tests in the folder of their package; the paths of rustc start at the workspace.
        let folder = std::env::current_dir().ok()?;
        folder.ancestors().find_map(|root: &Path| fs::read_to_string(root.join(path)).ok())
    }
}
