//! Imports of modules next to a source, which the step must contain.
//!
//! Only modules that exist as files are known to be missing: others may be in the image.

use std::collections::BTreeSet;

use kfp_diag::{Diagnostic, codes};

use super::facts::{Facts, Import};
use super::sources::Source;

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    let mut missing = Vec::new();
    for import in &facts.imports {
        match folder(import) {
            None => found.push(relative(source, import)),
            Some(folder) if source.is_here && !is_installed(source, import) => {
                missing.extend(missing_file(source, &folder, import).map(|file| (import, file)));
            }
            Some(_) => {}
        }
    }
    let listed: BTreeSet<&str> = missing.iter().map(|(_, file)| entry(file)).collect();
    let mut is_first = true;
    for (import, file) in &missing {
        found.push(not_shipped(source, import, file, &listed, is_first));
        is_first = false;
    }
}

/// Returns the folder in which the module is searched, relative to that of the source; `None` for a relative import in
/// a file that is not in a package.
fn folder(import: &Import) -> Option<String> {
    if import.level == 0 {
        return Some(String::new());
    }
    let parts: Vec<&str> = import.position.module_path.as_deref()?.split('/').collect();
    let depth = parts.len().checked_sub(import.level).filter(|depth| *depth > 0)?;
    Some(parts[..depth].iter().map(|part| format!("{part}/")).collect())
}

/// Whether Python or a package of the step has the module.
fn is_installed(source: &Source<'_>, import: &Import) -> bool {
    let normal = |name: &str| name.to_ascii_lowercase().replace('-', "_");
    let first = normal(import.module.split('.').next().unwrap_or_default());
    let name = |package: &String| {
        let end = package.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'));
        normal(&package[..end.unwrap_or(package.len())])
    };
    import.is_standard || import.level == 0 && source.packages.iter().any(|package| name(package) == first)
}

/// Returns the file that the import needs and the step lacks, if it exists on this machine.
fn missing_file(source: &Source<'_>, folder: &str, import: &Import) -> Option<String> {
    let path = format!("{folder}{}", import.module.replace('.', "/"));
    let of_names = import.names.iter().map(|name| format!("{}/{name}", path.trim_end_matches('/')));
    let mut all = vec![path.clone()];
    // Names can be modules, or attributes of the module itself.
    if path.is_empty() || path.ends_with('/') || is_folder(source, &path) {
        all.extend(of_names.map(|path| path.trim_start_matches('/').to_owned()));
    }
    let missing = |path: String| {
        let candidates = [format!("{path}.py"), format!("{path}/__init__.py")];
        if candidates.iter().any(|file| source.modules.contains_key(file)) {
            return None;
        }
        candidates.into_iter().find(|file| source.files.is_file(&source.beside(file)))
    };
    all.into_iter().filter(|path| !path.is_empty() && !path.ends_with('/')).find_map(missing)
}

/// Whether the path is a folder of modules, in the step or on this machine.
fn is_folder(source: &Source<'_>, path: &str) -> bool {
    let prefix = format!("{path}/");
    source.modules.keys().any(|module| module.starts_with(&prefix))
        || !source.files.is_file(&source.beside(&format!("{path}.py")))
}

/// Returns the item of `modules` that adds the file: the file itself, or the folder that contains it.
fn entry(file: &str) -> &str {
    file.find('/').map_or(file, |end| &file[..=end])
}

fn not_shipped(
    source: &Source<'_>,
    import: &Import,
    file: &str,
    listed: &BTreeSet<&str>,
    is_first: bool,
) -> Diagnostic {
    let module = file.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
    let message = format!(
        "{} imports `{module}`, which is not among the modules of `{}`",
        source.name(&import.position),
        source.component.name
    );
    let error = source
        .error(codes::PYTHON_IMPORT, &import.position, message)
        .label(format!("`{file}` is next to the source, but not part of the step"));
    let item = entry(file);
    let is_in_listed_folder = source.modules.keys().any(|module| entry(module) == item);
    if is_in_listed_folder {
        return error.help(format!(
            "save the Rust file, so that cargo includes `{file}`, or add `\"{file}\"` to `modules`"
        ));
    }
    if !source.modules.is_empty() {
        return error.help(format!("add `\"{item}\"` to `modules`"));
    }
    let items: Vec<String> = listed.iter().map(|item| format!("\"{item}\"")).collect();
    let argument = format!("modules = [{}]", items.join(", "));
    let help = format!("add `{argument}` to the component");
    match source.declared.filter(|_| is_first) {
        Some(location) => {
            let literal = format!("\"{}\"", source.file);
            error.replace_at(help, location.clone(), &literal, &format!("{literal}, {argument}"))
        }
        None => error.help(help),
    }
}

fn relative(source: &Source<'_>, import: &Import) -> Diagnostic {
    let dots = ".".repeat(import.level);
    let message =
        format!("relative import in {}, which is not part of a package", source.name(&import.position));
    let error = source
        .error(codes::PYTHON_IMPORT, &import.position, message)
        .label(format!("`from {dots}{}` fails when the step starts", import.module));
    if import.module.is_empty() {
        return match import.names.as_slice() {
            [name] => error.replace(
                format!("use `import {name}`"),
                &format!("from {dots} import {name}"),
                &format!("import {name}"),
            ),
            _ => error.help("import the modules by their names"),
        };
    }
    error.replace(
        format!("use `from {} import …`", import.module),
        &format!("from {dots}{}", import.module),
        &format!("from {}", import.module),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn import(level: usize, module_path: Value) -> Import {
        let import = json!({
            "line": 1, "column": 1, "module": "a", "level": level, "names": [], "is_standard": false,
            "module_path": module_path,
        });
        serde_json::from_value(import).unwrap()
    }

    #[test]
    fn relative_imports_need_a_package() {
        for (level, path, expected) in [
            (0, json!(null), Some("")),
            (0, json!("lib/tables.py"), Some("")),
            (1, json!(null), None),
            (1, json!("helpers.py"), None),
            (1, json!("lib/tables.py"), Some("lib/")),
            (2, json!("lib/tables.py"), None),
            (2, json!("lib/io/tables.py"), Some("lib/")),
        ] {
            assert_eq!(folder(&import(level, path.clone())).as_deref(), expected, "{level} {path}");
        }
    }

    #[test]
    fn files_in_folders_are_added_with_their_folder() {
        assert_eq!(["helpers.py", "lib/a.py", "lib/b/c.py"].map(entry), ["helpers.py", "lib/", "lib/"]);
    }
}
