//! `docs/codes.md` is the table of codes as a page.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use kfp_diag::{Code, explain};

/// What the first digits of a code say.
const STAGES: [(&str, &str); 9] = [
    ("KFP01", "Texts that are no pipeline document"),
    ("KFP02", "Names that lead nowhere"),
    ("KFP03", "Values of the wrong type"),
    ("KFP04", "Graphs that make no sense"),
    ("KFP05", "Names"),
    ("KFP06", "Lowering to Argo"),
    ("KFP07", "Policies"),
    ("KFP08", "Runs on this machine"),
    ("KFP09", "Manifests of Argo"),
];

fn page() -> String {
    let mut page = "# Codes\n\nEvery diagnostic has a code. `kfpc explain CODE` prints what stands here; \
        `kfpc check --allow CODE` leaves a warning out.\n"
        .to_owned();
    for (stage, title) in STAGES {
        let codes: Vec<Code> = Code::all().filter(|code| code.as_str().starts_with(stage)).collect();
        if codes.is_empty() {
            continue;
        }
        page.push_str(&format!("\n## {title}\n"));
        for code in codes {
            let text = explain(code);
            let (_, text) = text.split_once("\n\n").unwrap();
            page.push_str(&format!("\n### {code}: {}\n\n{text}", code.title()));
        }
    }
    page
}

#[test]
fn the_page_of_codes_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes.md");
    if std::env::var_os("KFPC_UPDATE_DOCS").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page(), "docs/codes.md is stale: run this test with KFPC_UPDATE_DOCS=1");
}

#[test]
fn every_code_is_of_a_stage() {
    for code in Code::all() {
        assert!(STAGES.iter().any(|(stage, _)| code.as_str().starts_with(stage)), "{code}");
    }
}
