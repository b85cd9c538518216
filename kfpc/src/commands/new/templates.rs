//! The files of a new crate, from the templates in `kfpc/templates/new`.

use super::name::CrateName;
use super::sdk::Sdk;

/// A template: the path in the crate, and the text with placeholders such as `__NAME__`.
type Template = (&'static str, &'static str);

/// The languages of the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Training in Python, other steps in Rust.
    Both,
    /// All steps in Python.
    Python,
    /// All steps in Rust.
    Rust,
}

macro_rules! template {
    ($path:literal, $file:literal) => {
        ($path, include_str!(concat!("../../../templates/new/", $file)))
    };
}

/// The files of every crate.
const COMMON: [Template; 6] = [
    template!("Cargo.toml", "Cargo.toml.in"),
    template!("README.md", "README.md.in"),
    template!(".gitignore", "gitignore"),
    template!(".github/workflows/ci.yml", "ci.yml"),
    template!("src/main.rs", "main.rs"),
    template!("src/tests.rs", "tests.rs"),
];
/// The settings, and the image of Rust steps.
const WITH_IMAGE: [Template; 3] = [
    template!("kfpc.toml", "kfpc.toml.in"),
    template!("Dockerfile", "Dockerfile"),
    template!(".dockerignore", "dockerignore"),
];
/// The settings of a crate without Rust steps.
const WITHOUT_IMAGE: [Template; 1] = [template!("kfpc.toml", "kfpc-python.toml.in")];

const PREPARE_RUST: [Template; 1] = [template!("src/prepare.rs", "rust/prepare.rs")];
const TRAIN_RUST: [Template; 1] = [template!("src/train.rs", "rust/train.rs")];
const PUBLISH_RUST: [Template; 1] = [template!("src/publish.rs", "rust/publish.rs")];
const PREPARE_PYTHON: [Template; 2] = [
    template!("src/prepare.rs", "python/prepare.rs"),
    template!("components/prepare.py", "python/prepare.py"),
];
const TRAIN_PYTHON: [Template; 2] =
    [template!("src/train.rs", "python/train.rs"), template!("components/train.py", "python/train.py")];
const PUBLISH_PYTHON: [Template; 2] = [
    template!("src/publish.rs", "python/publish.rs"),
    template!("components/publish.py", "python/publish.py"),
];

/// Returns the files of a crate: their paths and texts.
pub(super) fn files(language: Language, name: &CrateName, sdk: &Sdk) -> Vec<(&'static str, String)> {
    let parts: &[&[Template]] = match language {
        Language::Both => &[&COMMON, &WITH_IMAGE, &PREPARE_RUST, &TRAIN_PYTHON, &PUBLISH_RUST],
        Language::Rust => &[&COMMON, &WITH_IMAGE, &PREPARE_RUST, &TRAIN_RUST, &PUBLISH_RUST],
        Language::Python => &[&COMMON, &WITHOUT_IMAGE, &PREPARE_PYTHON, &TRAIN_PYTHON, &PUBLISH_PYTHON],
    };
    let pipeline = name.pipeline();
    let values = [
        ("__NAME__", name.as_str()),
        ("__PIPELINE__", &pipeline),
        ("__RUST_VERSION__", env!("CARGO_PKG_RUST_VERSION")),
        ("__SDK__", &sdk.dependency("kfp-sdk")),
        ("__TESTING__", &sdk.dependency("kfp-testing")),
        ("__INSTALL__", &sdk.install()),
    ];
    let fill = |(path, text): &Template| {
        let mut text = (*text).to_owned();
        for (placeholder, value) in values {
            text = text.replace(placeholder, value);
        }
        (*path, text)
    };
    parts.iter().copied().flatten().map(fill).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn no_placeholder_is_left() {
        let name = CrateName::of(Path::new("my_training")).unwrap();
        let sdk = Sdk::of(None, Some("https://example.com/kfpc")).unwrap();
        for language in [Language::Both, Language::Python, Language::Rust] {
            let files = files(language, &name, &sdk);
            for (path, text) in &files {
                let rest = text.replace("__pycache__", "");
                assert!(!rest.contains("__") && text.ends_with('\n'), "{path}:\n{text}");
            }
            let has_image = files.iter().any(|(path, _)| *path == "Dockerfile");
            assert_eq!(has_image, language != Language::Python);
        }
    }
}
