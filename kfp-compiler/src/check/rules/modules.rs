//! The paths of Python modules are paths that Python can import, below the folder of the source.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, Place};

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

/// Whether the path consists of names that Python can import.
fn is_module(path: &str) -> bool {
    path.strip_suffix(".py").is_some_and(|path| path.split('/').all(is_name))
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with(|c: char| c.is_ascii_digit())
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
        ] {
            assert_eq!(is_module(path), expect, "{path}");
        }
    }
}
