//! The catalogue of mistakes: every row has a program or document that shows the mistake, and a test of the
//! message.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use kfp_diag::Code;
use tests::workspace;

/// The main numbers of the mistakes; each must have a row.
const NUMBERS: std::ops::RangeInclusive<u32> = 1..=43;

/// The first number and the title of each section.
const PARTS: [(u32, &str); 4] =
    [(1, "In programs"), (18, "In graphs"), (32, "Names, limits and the target"), (41, "In documents")];

/// A mistake.
struct Row {
    /// The main number, with a suffix that makes it unique.
    number: String,
    mistake: String,
    /// The program or document, relative to the root of the workspace.
    shown_by: String,
    /// `R` for a rustc error, `C` for a checker error, `W` for a checker warning, `-` for something that is not a
    /// mistake.
    stage: String,
    /// The code, or a part of the message.
    reported_as: String,
    /// The file and the name of the test.
    test: String,
}

impl Row {
    /// Returns the number without its suffix.
    fn main_number(&self) -> u32 {
        self.number.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
    }

    /// Returns the file with the message: a snapshot or an expected compile error, otherwise the file that shows
    /// the mistake.
    fn evidence(&self) -> PathBuf {
        let path = workspace().join(&self.shown_by);
        let beside = ["stderr", "snap"].map(|extension| path.with_extension(extension));
        beside.into_iter().find(|path| path.is_file()).unwrap_or(path)
    }
}

fn catalogue() -> Vec<Row> {
    let text = fs::read_to_string(workspace().join("tests/mistakes/catalogue.tsv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("number\tmistake\tshown by\tstage\treported as\ttest"));
    lines
        .map(|line| {
            let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
            let count = cells.len();
            let Ok([number, mistake, shown_by, stage, reported_as, test]) = <[String; 6]>::try_from(cells)
            else {
                panic!("{count} cells in `{line}`");
            };
            Row { number, mistake, shown_by, stage, reported_as, test }
        })
        .collect()
}

#[test]
fn every_mistake_has_a_row() {
    let rows = catalogue();
    let numbers: BTreeSet<u32> = rows.iter().map(Row::main_number).collect();
    assert_eq!(numbers, NUMBERS.collect());
    let distinct: BTreeSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    assert_eq!(distinct.len(), rows.len(), "duplicate number");
    assert!(rows.is_sorted_by_key(Row::main_number), "rows are not sorted by number");
}

#[test]
fn every_row_matches_the_message() {
    for row in catalogue() {
        let Row { number, shown_by, stage, reported_as, .. } = &row;
        assert!(workspace().join(shown_by).is_file(), "{number}: no file {shown_by}");
        assert!(["R", "C", "W", "-"].contains(&stage.as_str()), "{number}: stage `{stage}`");
        if reported_as.starts_with("KFP") {
            assert!(Code::parse(reported_as).is_some(), "{number}: unknown code {reported_as}");
        }
        let evidence = row.evidence();
        let text = fs::read_to_string(&evidence).unwrap();
        let message = match (stage.as_str(), reported_as.starts_with("KFP")) {
            ("W", true) => format!("warning[{reported_as}]"),
            ("C", true) => format!("error[{reported_as}]"),
            _ => reported_as.clone(),
        };
        assert!(
            !message.is_empty() && text.contains(&message),
            "{number}: no `{message}` in {}",
            evidence.display()
        );
    }
}

#[test]
fn every_row_has_a_test() {
    for Row { number, test, shown_by, .. } in catalogue() {
        let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{number}: no test in `{test}`"));
        let text = fs::read_to_string(workspace().join(file)).unwrap_or_else(|_| panic!("{number}: {file}"));
        let function = format!("\nfn {name}(");
        let found = text.replace("\n    fn ", "\nfn ").contains(&function);
        assert!(found, "{number}: no test `{name}` in {file}");
        // Files in these folders are tested by the test of the folder.
        let homes = [
            ("kfp-sdk/tests/ui/", "kfp-sdk/tests/compile_fail.rs"),
            ("kfp-compiler/tests/diagnostics/", "kfp-compiler/tests/diagnostics.rs"),
            ("kfp-compiler/tests/lowering/", "kfp-compiler/tests/lowering/main.rs"),
            ("kfp-lint/tests/manifests/", "kfp-lint/tests/manifests.rs"),
            ("kfp-sdk/tests/it/snapshots/it__problems__", "kfp-sdk/tests/it/problems.rs"),
        ];
        for (folder, home) in homes {
            assert!(
                !shown_by.starts_with(folder) || file == home,
                "{number}: {shown_by} is not tested by {file}"
            );
        }
    }
}

/// Returns all snapshots of the repository, concatenated.
fn snapshots() -> String {
    let mut texts = String::new();
    let mut folders = vec![workspace().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !name.starts_with('.') && name != "target" {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "snap") {
                texts.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    texts
}

#[test]
fn every_code_appears_in_a_snapshot() {
    let snapshots = snapshots();
    let unseen: Vec<Code> = Code::all().filter(|code| !snapshots.contains(&format!("[{code}]"))).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

/// Returns the catalogue as a Markdown page.
fn page() -> String {
    let mut page = "# Mistakes that kfpc catches\n\nEach of these is rejected before anything is emitted, at the \
        earliest possible stage: by rustc, or by `kfpc check`. Rows of the stage `note` explain something that is \
        not a mistake.\n"
        .to_owned();
    for row in catalogue() {
        let first = row.number.trim_start_matches(|c: char| c.is_ascii_digit());
        let begins = first.is_empty() || first == "a" || first == "a1" || first == "1";
        if let Some((_, title)) = PARTS.iter().find(|(number, _)| begins && *number == row.main_number()) {
            page.push_str(&format!(
                "\n## {title}\n\n| | mistake | stage | reported as | shown by |\n|---|---|---|---|---|\n"
            ));
        }
        let Row { number, mistake, shown_by, stage, reported_as, .. } = &row;
        let stage = match stage.as_str() {
            "R" => "rustc",
            "C" => "error",
            "W" => "warning",
            _ => "note",
        };
        let reported_as = match (stage, reported_as.starts_with("KFP")) {
            ("note", _) => String::new(),
            (_, true) => format!("[{reported_as}](codes.md)"),
            _ => reported_as.replace('|', "\\|"),
        };
        let file = shown_by.rsplit('/').next().unwrap();
        page.push_str(&format!(
            "| {number} | {mistake} | {stage} | {reported_as} | [{file}](../{shown_by}) |\n"
        ));
    }
    page
}

#[test]
fn the_page_of_mistakes_is_up_to_date() {
    let path = workspace().join("docs/mistakes.md");
    if std::env::var_os("KFPC_UPDATE_DOCS").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page(), "docs/mistakes.md is out of date: run this test with KFPC_UPDATE_DOCS=1");
}
