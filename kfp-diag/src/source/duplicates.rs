//! Keys that appear twice in one map.

use super::fault::{Fault, Problem};
use super::form;
use super::tree::{Duplicate, Tree};

/// Duplicates that are reported: finding the line of the first key takes a look at the whole text.
const REPORTED: usize = 100;

/// Returns a fault for each key that appears twice in one map, for the first 100 of them.
pub fn duplicates(tree: &Tree, text: &str) -> Vec<Fault> {
    let fault = |duplicate: Duplicate<'_>| {
        let first_line = form::line(text, &duplicate.first);
        let problem = Problem::DuplicateKey { key: duplicate.key.to_owned(), first_line };
        let steps: Vec<_> = duplicate.place.steps().collect();
        let fault = Fault::new(problem).at(&duplicate.second);
        steps.iter().rev().fold(fault, Fault::within)
    };
    tree.duplicates().into_iter().take(REPORTED).map(fault).collect()
}
