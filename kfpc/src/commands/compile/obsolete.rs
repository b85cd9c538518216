//! Compiled workflows in a folder whose pipeline no longer exists.
//!
//! Only files that kfpc wrote are found: they have the annotation with the name of their pipeline.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use kfp_compiler::lower::PIPELINE_ANNOTATION;
use kfp_diag::source::manifests;

use crate::files::{LIMIT, is_document_name, open_below, shown};

/// A compiled workflow of a pipeline that no longer exists.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Obsolete {
    pub(super) path: PathBuf,
    /// The name of the pipeline.
    pub(super) pipeline: String,
}

/// Finds obsolete workflows in the folder, but not below it. Files that cannot be read are ignored.
pub(super) fn find(folder: &Path, exists: impl Fn(&str) -> bool) -> Vec<Obsolete> {
    let Ok(root) = folder.canonicalize() else { return Vec::new() };
    let mut names: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    let obsolete = |name| {
        let path = folder.join(&name);
        let pipeline = pipeline(&root, &root.join(name))?;
        (!exists(&pipeline)).then_some(Obsolete { path, pipeline })
    };
    names.into_iter().filter_map(obsolete).collect()
}

/// Returns the name of the pipeline that a file was compiled from.
fn pipeline(root: &Path, path: &Path) -> Option<String> {
    if !is_document_name(path) {
        return None;
    }
    let mut bytes = Vec::new();
    let (_, file) = open_below(root, path).ok()?;
    file.take(LIMIT).read_to_end(&mut bytes).ok()?;
    // Most other files need not be parsed.
    if !bytes.utf8_chunks().any(|chunk| chunk.valid().contains(PIPELINE_ANNOTATION)) {
        return None;
    }
    let file = manifests(&shown(path), &bytes).ok()?;
    let [workflow] = file.tree.items() else { return None };
    let path = ["metadata", "annotations", PIPELINE_ANNOTATION];
    let pipeline = path.into_iter().try_fold(workflow, |tree, key| Some(&tree.get(key)?.value))?;
    pipeline.text().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_compiled_workflows_of_missing_pipelines_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let compiled = |pipeline: &str| {
            format!("kind: Workflow\nmetadata: {{annotations: {{{PIPELINE_ANNOTATION}: {pipeline}}}}}\n")
        };
        for (name, text) in [
            ("gone.yaml", compiled("gone")),
            (
                "renamed.json",
                format!("{{\"metadata\": {{\"annotations\": {{\"{PIPELINE_ANNOTATION}\": \"old\"}}}}}}"),
            ),
            ("kept.yaml", compiled("kept")),
            ("by-hand.yaml", "kind: Workflow\nmetadata: {name: gone}\n".to_owned()),
            ("mentioned.yaml", format!("# {PIPELINE_ANNOTATION}: gone\nkind: ConfigMap\n")),
            ("several.yaml", format!("{}---\n{}", compiled("gone"), compiled("gone"))),
            ("invalid.yaml", format!("{PIPELINE_ANNOTATION}: [")),
            ("notes.txt", compiled("gone")),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let found = find(folder.path(), |name| name == "kept");
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|obsolete| {
                (obsolete.path.file_name().unwrap().to_str().unwrap(), obsolete.pipeline.as_str())
            })
            .collect();
        assert_eq!(found, [("gone.yaml", "gone"), ("renamed.json", "old")]);
        assert_eq!(find(&folder.path().join("missing"), |_| false), []);
    }
}
