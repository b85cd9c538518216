//! Checks that `docs/codes.md` matches the table of codes.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot continue fails")]

use std::fs;
use std::path::Path;

use kfp_diag::{Code, explain};

/// The title of each stage, by the prefix of its codes.
const STAGES: [(&str, &str); 9] = [
    ("KFP01", "Reading documents"),
    ("KFP02", "Unresolved names"),
    ("KFP03", "Type errors"),
    ("KFP04", "Scopes, order and regions"),
    ("KFP05", "Names"),
    ("KFP06", "Lowering to Argo"),
    ("KFP07", "Policies"),
    ("KFP08", "Local runs"),
    ("KFP09", "Argo manifests"),
];

fn page() -> String {
    let mut page =
        "# Codes\n\nEvery diagnostic has a code. `kfpc explain CODE` prints the same explanation. \
        To silence a warning, use `kfpc check --allow CODE`.\n"
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
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes.md");
    if std::env::var_os("KFPC_UPDATE_DOCS").is_some() {
        fs::write(&path, page()).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page(), "docs/codes.md is stale: run this test with KFPC_UPDATE_DOCS=1");
}

#[test]
fn every_code_belongs_to_a_stage() {
    for code in Code::all() {
        assert!(STAGES.iter().any(|(stage, _)| code.as_str().starts_with(stage)), "{code}");
    }
}
