//! The paths of Python modules are paths that Python can import, below the folder of the source.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, Place};

/// The maximum length of a name in bytes, so that a file system with names of 255 bytes can store it with the suffixes of
/// Python's own files.
const LENGTH: usize = 200;
/// The maximum number of names in a path.
const LEVELS: usize = 16;
/// The keywords, which `import` does not accept as names.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let (kind, modules) = match &component.implementation {
        Implementation::Python(step) => ("python", &step.modules),
        Implementation::Notebook(step) => ("notebook", &step.modules),
        Implementation::Rust(_) | Implementation::Container(_) => return,
    };
    let place = place.key("implementation").key(kind).key("modules");
    for path in modules.keys().filter(|path| !is_module(path)) {
        let message = format!("invalid path `{path}` of a Python module");
        found.push(
            Diagnostic::error(codes::MODULE_PATH, &place.key(path), message)
                .label(format!("`{}` cannot import it", component.name))
                .help("use the path of a `.py` file relative to the source, such as `helpers.py` or `lib/io.py`"),
        );
    }
}

/// Whether the path consists of names that Python can import, and file systems can store it.
fn is_module(path: &str) -> bool {
    let names = path.strip_suffix(".py").map(|path| path.split('/'));
    path.matches('/').count() < LEVELS && names.is_some_and(|mut names| names.all(is_name))
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || c == '_';
    let is_identifier = !name.is_empty() && name.chars().all(allowed) && !name.starts_with(char::is_numeric);
    is_identifier && name.len() <= LENGTH && !KEYWORDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_modules_are_valid() {
        for (path, expect) in [
            ("helpers.py", true),
            ("lib/__init__.py", true),
            ("lib/größe.py", true),
            ("../helpers.py", false),
            ("/tmp/helpers.py", false),
            ("./helpers.py", false),
            ("lib//a.py", false),
            ("lib/2.py", false),
            ("my-lib/a.py", false),
            ("helpers", false),
            (".py", false),
            ("lib\\a.py", false),
            ("a.b.py", false),
            ("", false),
            ("class.py", false),
            ("lib/None/a.py", false),
            ("match.py", true),
            ("classes.py", true),
            ("²a.py", false),
        ] {
            assert_eq!(is_module(path), expect, "{path}");
        }
        for (length, levels, expect) in [(200, 1, true), (201, 1, false), (1, 16, true), (1, 17, false)] {
            let path = vec!["a".repeat(length); levels].join("/") + ".py";
            assert_eq!(is_module(&path), expect, "{path}");
        }
    }
}
