//! Random changes and runs, compared with a model of the cache.

use std::collections::BTreeSet;
use std::fs;

use fastrand::Rng;
use serde_json::json;
use tests::attack::{rounds, seed};

use super::fixture::{Fixture, overwrite};

/// The inputs of the key of `make` that the attack changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    data: u64,
    text: u64,
    variable: u64,
    program: u64,
}

#[test]
fn random_changes_never_produce_a_wrong_result() {
    let mut random = Rng::with_seed(seed());
    let mut fixture = Fixture::new(false);
    let programs =
        [fs::read_to_string(fixture.folder.path().join("steps")).unwrap(), Fixture::other_program()];
    let mut key = Key { data: 0, text: 0, variable: 0, program: 0 };
    // The keys that have a result, and the contents of intact files. Equal files are stored once, so the result of
    // one key repairs those of others.
    let (mut keys, mut intact) = (BTreeSet::new(), BTreeSet::new());
    for round in 0..rounds(25) {
        let change = random.u64(..6);
        match change {
            0 => key.data = random.u64(..3),
            1 => key.text = random.u64(..3),
            2 => key.variable = random.u64(..2),
            3 => key.program = random.u64(..2),
            4 => {
                if let Some(content) = intact.pop_last() {
                    let files = fixture.cached_files();
                    let file =
                        files.iter().find(|file| fs::read_to_string(file).unwrap() == content).unwrap();
                    overwrite(file, "corrupted");
                }
            }
            _ => {}
        }
        fixture.write_data(&format!("data-{}", key.data));
        fixture.task(1)["kind"]["call"]["arguments"]["text"] =
            json!({"constant": format!("text-{}", key.text)});
        fixture.task(1)["policy"]["environment"]["A"] = json!({"literal": key.variable.to_string()});
        fixture.write_program(&programs[usize::try_from(key.program).unwrap()]);
        let content = format!("text-{}:data-{}", key.text, key.data);
        let (is_known, is_intact) = (!keys.insert(key.clone()), !intact.insert(content.clone()));
        let (text, hit) = fixture.outcome();
        let context = format!("seed {}, round {round}, change {change}, {key:?}", seed());
        assert_eq!(text, format!("{content} {}", content.len()), "{context}");
        assert_eq!(hit.starts_with('+'), is_known && is_intact, "{context}: {:?}", fixture.notices);
    }
}
