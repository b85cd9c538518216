//! `kfpc compile --check`: whether committed workflows are up to date.
//!
//! A file is up to date if its text is the compiled one, line endings aside. The difference of a stale file is the one
//! that `kfpc diff` prints.

use std::path::{Path, PathBuf};

use kfp_compiler::diff::{diff_manifests, text as difference_text};
use kfp_diag::printable::printable;
use kfp_diag::source::manifests;

use super::obsolete::Obsolete;
use crate::Outcome;
use crate::files::{in_one_line, read_regular, shown};
use crate::printer::Printer;

/// Compares the files with the texts that they should contain, and prints how they differ. `command` updates them.
/// Obsolete files should not exist.
pub(super) fn check(
    files: &[(PathBuf, String)],
    obsolete: &[Obsolete],
    command: &str,
    printer: &Printer,
) -> Outcome {
    let mut stale = 0;
    for (path, expected) in files {
        match difference(path, expected, printer) {
            None => printer.info(format!("Up to date: {}", in_one_line(path))),
            Some(difference) => {
                stale += 1;
                printer.text(&format!("stale: {}\n{}", in_one_line(path), indented(&difference)));
            }
        }
    }
    for Obsolete { path, pipeline } in obsolete {
        let (path, pipeline) = (in_one_line(path), printable(pipeline));
        printer.text(&format!("stale: {path}\n  the pipeline `{pipeline}` no longer exists\n"));
    }
    if stale == 0 && obsolete.is_empty() {
        return Outcome::Success;
    }
    let subject = match (stale + obsolete.len(), files.len() + obsolete.len()) {
        (1, 1) => "the committed workflow is stale".to_owned(),
        (1, all) => format!("1 of {all} committed workflows is stale"),
        (stale, all) => format!("{stale} of {all} committed workflows are stale"),
    };
    let mut text = format!("error: {subject}\n");
    if stale > 0 {
        text.push_str(&format!("help: run `{command}` with the same arguments and commit the result\n"));
    }
    if !obsolete.is_empty() {
        text.push_str("help: remove the workflows of pipelines that no longer exist\n");
    }
    printer.say(&text);
    Outcome::Failed
}

/// Returns how the file differs from the text that it should contain, if it does.
fn difference(path: &Path, expected: &str, printer: &Printer) -> Option<String> {
    if matches!(path.try_exists(), Ok(false)) {
        return Some("the file does not exist\n".to_owned());
    }
    let found = match read_regular(path, printer) {
        Ok(bytes) => bytes,
        Err(error) => return Some(format!("{error:#}\n")),
    };
    if lines_of(&found).eq(lines_of(expected.as_bytes())) {
        return None;
    }
    let name = shown(path);
    let (Ok(before), Ok(after)) = (manifests(&name, &found), manifests(&name, expected.as_bytes())) else {
        return Some("the file is not a valid manifest\n".to_owned());
    };
    Some(match difference_text(&diff_manifests(&before, &after)) {
        text if text.is_empty() => "the files differ only in comments, formatting or order\n".to_owned(),
        text => text,
    })
}

/// Returns the lines without their endings, which Git may convert.
fn lines_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::arguments::Color;
    use crate::files::LIMIT;

    #[test]
    fn differences_are_those_of_the_manifests() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let expected = "kind: Workflow\nmetadata: {generateName: a-}\nspec: {entrypoint: main}\n";
        let printer = Printer::new(Color::Never.into(), true, false);
        let of = |found: &str| {
            fs::write(&path, found).unwrap();
            difference(&path, expected, &printer)
        };
        assert_eq!(difference(&path, expected, &printer).unwrap(), "the file does not exist\n");
        assert_eq!(of(expected), None);
        assert_eq!(of(&expected.replace('\n', "\r\n")), None);
        let changed = of(&expected.replace("main", "other")).unwrap();
        assert!(changed.contains("spec.entrypoint: other → main"), "{changed}");
        assert!(of(&format!("# edited\n{expected}")).unwrap().starts_with("the files differ only"));
        assert_eq!(of("a: [").unwrap(), "the file is not a valid manifest\n");
        assert!(of("").is_some());
        fs::File::create(&path).unwrap().set_len(LIMIT).unwrap();
        let large = difference(&path, expected, &printer).unwrap();
        assert!(large.contains("it is larger than 32 MiB"), "{large}");
    }
}
