//! Rules of the repository that no compiler knows.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use tests::workspace;

/// The most lines of a file, its unit tests aside.
const LONGEST_FILE: usize = 500;
/// The most lines of a function.
const LONGEST_FUNCTION: usize = 80;

fn files(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![workspace().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir()
                && !name.starts_with('.')
                && !["target", "ui", "sources"].contains(&name.as_str())
            {
                folders.push(path);
            } else if path.extension().is_some_and(|other| other == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace()).unwrap().display().to_string()
}

/// Where each case is a test of its own, `main` lists the tests: an attribute would compile to nothing there.
#[test]
fn files_that_list_their_tests_have_no_other_tests() {
    let mut lists = 0;
    for path in files("rs") {
        let text = fs::read_to_string(&path).unwrap();
        if text.lines().any(|line| line.starts_with("use libtest_mimic::")) {
            lists += 1;
            let hidden = text.lines().any(|line| line.trim() == "#[test]");
            assert!(!hidden, "{} has tests that never run", shown(&path));
        }
    }
    assert!(lists >= 6, "{lists} files list their tests");
}

/// The lines of a file before its unit tests.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| *line != "#[cfg(test)]")
}

#[test]
fn every_module_says_what_it_is_for() {
    for path in files("rs") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not start with a module doc", shown(&path));
    }
}

#[test]
fn files_and_functions_stay_small() {
    let mut long = Vec::new();
    for path in files("rs") {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = code(&text).collect();
        if lines.len() > LONGEST_FILE {
            long.push(format!("{} has {} lines", shown(&path), lines.len()));
        }
        long.extend(long_functions(&lines).into_iter().map(|name| format!("{}: {name}", shown(&path))));
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Formatted code ends a function with a brace at the indentation of its first line.
fn long_functions(lines: &[&str]) -> Vec<String> {
    let mut long = Vec::new();
    for (first, line) in lines.iter().enumerate() {
        let name = line.trim_start();
        let is_function = name.starts_with("fn ") || (name.starts_with("pub") && name.contains(" fn "));
        if !is_function || !lines[first..].iter().take(12).any(|line| line.ends_with('{')) {
            continue;
        }
        let end = format!("{}}}", &line[..line.len() - name.len()]);
        let length = lines[first..].iter().position(|line| *line == end).unwrap_or(0);
        if length > LONGEST_FUNCTION {
            long.push(format!("{length} lines: {name}"));
        }
    }
    long
}

#[test]
fn nothing_is_left_undone_or_silenced() {
    for path in files("rs") {
        if path.ends_with("tests/tests/rules.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for word in ["todo!(", "unimplemented!(", "#[ignore", "dbg!("] {
            assert!(!text.contains(word), "{}: {word}", shown(&path));
        }
        // What macros write has lints of its users to keep quiet, which may or may not be there.
        let is_macro = shown(&path).starts_with("kfp-macros/src");
        let silenced = !is_macro && text.lines().any(|line| line.trim_start().starts_with("#[allow("));
        assert!(!silenced, "{}: use #[expect(.., reason = ..)]", shown(&path));
    }
}

#[test]
fn one_file_names_each_of_the_large_libraries() {
    for (library, homes) in [
        ("petgraph", &["kfp-diag/src/graph.rs"][..]),
        ("annotate_snippets", &["kfp-diag/src/report/text.rs"][..]),
    ] {
        for path in files("rs").into_iter().filter(|path| shown(path).contains("/src/")) {
            let names = fs::read_to_string(&path).unwrap().contains(&format!("{library}::"));
            assert!(!names || homes.contains(&shown(&path).as_str()), "{} names {library}", shown(&path));
        }
    }
}

#[test]
fn texts_end_with_one_newline_and_have_no_trailing_spaces() {
    for extension in ["rs", "py", "md", "toml"] {
        for path in files(extension) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", shown(&path));
            let trailing = text.lines().position(|line| line.ends_with(' '));
            assert!(trailing.is_none(), "{}:{}", shown(&path), trailing.unwrap_or(0) + 1);
        }
    }
}

/// Argo's languages, as they are written; and what looks into a text that was printed.
const PRINTED: [&str; 17] = [
    "{{{{=",
    "{{=",
    "{{{{inputs",
    "{{{{tasks",
    "{{{{workflow",
    "{{{{pod",
    "tasks['",
    "parameters['",
    "fromJSON(",
    "toJson(",
    ".Succeeded\"",
    "\" && \"",
    "\" || \"",
    "to_string().contains",
    "to_string().starts_with",
    "to_string().ends_with",
    "to_string() ==",
];

/// Expressions, tags and `depends` are trees until they are printed, and `kfp-argo` alone prints them.
#[test]
fn lowering_builds_trees_and_reads_no_text_of_argo() {
    let mut found = Vec::new();
    for path in files("rs").into_iter().filter(|path| shown(path).starts_with("kfp-compiler/src/lower/")) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = code(&text).filter(|line| !line.trim_start().starts_with("//"));
        for (line, printed) in lines.flat_map(|line| PRINTED.map(|printed| (line, printed))) {
            if line.contains(printed) {
                found.push(format!("{}: `{printed}` in {}", shown(&path), line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The stages of lowering, in their order.
const STAGES: [&str; 5] = ["analyse", "plan", "build", "passes", "print"];

#[test]
fn no_stage_of_lowering_names_a_later_one() {
    let mut found = Vec::new();
    for path in files("rs") {
        let name = shown(&path);
        let Some(below) = name.strip_prefix("kfp-compiler/src/lower/") else { continue };
        let Some(stage) = STAGES.iter().position(|stage| below.starts_with(&format!("{stage}/"))) else {
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        for line in code(&text) {
            let later = STAGES[stage + 1..].iter().filter(|later| line.contains(&format!("lower::{later}")));
            found.extend(later.map(|later| format!("{name} names {later}: {}", line.trim())));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
