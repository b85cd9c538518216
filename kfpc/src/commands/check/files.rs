//! The files of a folder that may hold documents or manifests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// How the names of such files end.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// The files in YAML and JSON, in the folder and below it, in the order of their names. Hidden ones are left out,
/// and so are folders that are links, which might lead in circles.
pub(super) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, &mut found)?;
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let failed = || format!("failed to read the folder `{}`", folder.display());
    let entries = fs::read_dir(folder).with_context(failed)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<PathBuf>, _>>()
        .with_context(failed)?;
    paths.sort();
    for path in paths {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            if !path.is_symlink() {
                collect(&path, found)?;
            }
        } else if path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known))
        {
            // Annotations of code hosts name files as the repository does.
            found.push(path.strip_prefix(".").map_or_else(|_| path.clone(), Path::to_owned));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_the_order_of_their_names() {
        let root = tempfile::tempdir().unwrap();
        for name in ["b.yaml", "a/c.yml", "a/.hidden/d.yaml", ".e.yaml", "f.json", "g.txt"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = files(root.path()).unwrap();
        let names: Vec<&Path> = found.iter().map(|path| path.strip_prefix(root.path()).unwrap()).collect();
        assert_eq!(names, ["a/c.yml", "b.yaml", "f.json"].map(Path::new));
    }
}
