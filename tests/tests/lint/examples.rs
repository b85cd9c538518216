//! The examples that come with Argo: none is refused, but those that are listed with the reason.

use std::collections::{BTreeMap, BTreeSet};

/// Each line names a file, a code and the reason.
const REFUSED: &str = include_str!("refused.txt");

#[test]
fn examples_of_argo_are_refused_for_a_reason_only() {
    let Some(examples) = crate::argo_examples() else {
        println!("skipped: KFP_TEST_ARGO_EXAMPLES names no folder with the examples of Argo");
        return;
    };
    let listed: BTreeSet<(String, String)> = REFUSED
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let (file, code, reason) = (words.next(), words.next(), words.next());
            assert!(reason.is_some_and(|reason| reason.len() > 20), "`{line}` gives no reason");
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
    assert!(unexpected.is_empty(), "{} refused:\n{}", unexpected.len(), unexpected.join("\n"));
    let idle: Vec<_> = listed.iter().filter(|key| !refused.contains_key(*key)).collect();
    assert!(idle.is_empty(), "listed, but not refused any more: {idle:?}");
    println!("{} examples, {} refused for a reason", names.len(), refused.len());
}
