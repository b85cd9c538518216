//! Argo's own examples: none is rejected, except those listed with the reason.

use std::collections::{BTreeMap, BTreeSet};

/// Each line contains a file, a code and the reason.
const REFUSED: &str = include_str!("refused.txt");

#[test]
fn only_listed_examples_of_argo_are_rejected() {
    let Some(examples) = crate::argo_examples() else {
        println!("skipped: KFP_TEST_ARGO_EXAMPLES is not set to a folder with Argo's examples");
        return;
    };
    let listed: BTreeSet<(String, String)> = REFUSED
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let (file, code, reason) = (words.next(), words.next(), words.next());
            assert!(reason.is_some_and(|reason| reason.len() > 20), "no reason in `{line}`");
            (file.unwrap().to_owned(), code.unwrap().to_owned())
        })
        .collect();
    let mut refused: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut refuse = |name: &str, line: String| {
        let code = line.split(' ').next().unwrap().to_owned();
        refused.entry((name.to_owned(), code)).or_default().push(line);
    };
    let (mut names, mut files) = (Vec::new(), Vec::new());
    for (name, file) in examples {
        match file {
            Ok(file) => {
                names.push(name);
                files.push(file);
            }
            Err(reason) => refuse(&name, reason),
        }
    }
    for (name, found) in names.iter().zip(kfp_lint::lint(&files)) {
        for line in crate::refusals(&found) {
            refuse(name, line);
        }
    }
    let unexpected: Vec<String> = refused
        .iter()
        .filter(|(key, _)| !listed.contains(*key))
        .map(|((name, _), lines)| format!("{name}\n  {}", lines.join("\n  ")))
        .collect();
    assert!(unexpected.is_empty(), "{} examples rejected:\n{}", unexpected.len(), unexpected.join("\n"));
    let outdated: Vec<_> = listed.iter().filter(|key| !refused.contains_key(*key)).collect();
    assert!(outdated.is_empty(), "listed, but no longer rejected: {outdated:?}");
    println!("{} examples, {} rejected as listed", names.len(), refused.len());
}
