//! Checks that the files of a crate have no import cycles.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use tests::workspace;

/// The crates that must not contain import cycles.
const WITHOUT: [&str; 12] = [
    "kfp-argo",
    "kfp-compiler",
    "kfp-diag",
    "kfp-digest",
    "kfp-lint",
    "kfp-macros",
    "kfp-model",
    "kfp-runner",
    "kfp-sdk",
    "kfp-testing",
    "kfp-wire",
    "kfpc",
];

/// The path of a module from the root of its crate.
type Module = Vec<String>;

/// Returns the source of each module, without unit tests, comments and line breaks.
fn modules(source: &Path) -> BTreeMap<Module, String> {
    let (mut modules, mut folders) = (BTreeMap::new(), vec![(source.to_owned(), Module::new())]);
    while let Some((folder, module)) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let below: Module = module.iter().cloned().chain([name.clone()]).collect();
            if path.is_dir() {
                folders.push((path, below));
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").map(str::trim);
                let code: Vec<&str> = lines.filter(|line| !line.starts_with("//")).collect();
                let is_folder = ["lib", "main", "mod"].contains(&name.as_str());
                modules.insert(if is_folder { module.clone() } else { below }, code.join(" "));
            }
        }
    }
    modules
}

/// Returns the paths that start with `crate`, `self` and `super`, with braces expanded.
fn paths(code: &str) -> Vec<Vec<String>> {
    let is_start = |start: usize| {
        !code[..start].ends_with(|character: char| character.is_alphanumeric() || "_:".contains(character))
    };
    let starts = ["crate::", "self::", "super::"]
        .into_iter()
        .flat_map(|word| code.match_indices(word).map(|(start, _)| start))
        .filter(|start| is_start(*start));
    let mut found = Vec::new();
    for start in starts {
        let mut rest = &code[start..];
        follow(&mut rest, &[], &mut found);
    }
    found
}

/// Adds the paths at the start of the text, prefixed with `before`, and advances the text past them.
fn follow(text: &mut &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let mut steps = before.to_vec();
    loop {
        let end = text
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(text.len());
        steps.push(text[..end].to_owned());
        *text = &text[end..];
        let Some(rest) = text.strip_prefix("::") else { break };
        *text = rest;
        if let Some(rest) = rest.strip_prefix('{') {
            *text = rest;
            while !text.is_empty() && !text.starts_with('}') {
                *text = text.trim_start_matches([' ', ',', '*']);
                if !text.starts_with('}') {
                    follow(text, &steps, found);
                    // The name after `as` is not part of the path.
                    let next = text.find([',', '}']).unwrap_or(text.len());
                    *text = &text[next..];
                }
            }
            *text = text.get(1..).unwrap_or_default();
            return;
        }
    }
    found.push(steps);
}

/// Returns the module that a path in a module refers to.
fn target(modules: &BTreeMap<Module, String>, from: &Module, path: &[String]) -> Module {
    let mut base = from.clone();
    let mut steps = path.iter();
    for step in steps.by_ref() {
        match step.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
            }
            step => {
                base.push(step.to_owned());
                break;
            }
        }
    }
    base.extend(steps.cloned());
    while !modules.contains_key(&base) {
        base.pop();
    }
    base
}

/// Returns the part of the graph that remains after repeatedly removing modules without incoming or outgoing
/// imports.
fn cycles(mut imports: BTreeMap<Module, BTreeSet<Module>>) -> BTreeMap<Module, BTreeSet<Module>> {
    loop {
        let named: BTreeSet<Module> = imports.values().flatten().cloned().collect();
        let count = imports.len();
        imports.retain(|module, below| named.contains(module) && !below.is_empty());
        if imports.len() == count {
            return imports;
        }
        let left: BTreeSet<Module> = imports.keys().cloned().collect();
        for below in imports.values_mut() {
            below.retain(|module| left.contains(module));
        }
    }
}

fn imports(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let of = |(module, code): (&Module, &String)| {
        let targets = paths(code).into_iter().map(|path| target(modules, module, &path));
        (module.clone(), targets.filter(|target| target != module).collect())
    };
    modules.iter().map(of).collect()
}

#[test]
fn files_have_no_import_cycles() {
    let mut found = Vec::new();
    for name in WITHOUT {
        let modules = modules(&workspace().join(name).join("src"));
        for (module, below) in cycles(imports(&modules)) {
            let below: Vec<String> = below.iter().map(|module| module.join("/")).collect();
            found.push(format!("{name}: {} imports {}", module.join("/"), below.join(", ")));
        }
    }
    assert!(found.is_empty(), "import cycles:\n{}", found.join("\n"));
}

#[test]
fn finds_imports() {
    let modules: BTreeMap<Module, String> = [
        (vec![], "mod a; mod b;"),
        (vec!["a"], "use crate::b::{self, c::{D as E, f}, g}; use std::fs;"),
        (vec!["b"], "pub use self::c::D; fn f() { super::a::f(mycrate::a) }"),
        (vec!["b", "c"], "struct D;"),
    ]
    .map(|(module, code): (Vec<&str>, &str)| {
        (module.into_iter().map(str::to_owned).collect(), code.to_owned())
    })
    .into();
    let shown = |imports: BTreeMap<Module, BTreeSet<Module>>| -> Vec<String> {
        let targets = |below: &BTreeSet<Module>| {
            below.iter().map(|module| module.join("/")).collect::<Vec<_>>().join(" ")
        };
        imports.iter().map(|(module, below)| format!("{} > {}", module.join("/"), targets(below))).collect()
    };
    assert_eq!(shown(imports(&modules)), [" > ", "a > b b/c", "b > a b/c", "b/c > "]);
    assert_eq!(shown(cycles(imports(&modules))), ["a > b", "b > a"]);
}
