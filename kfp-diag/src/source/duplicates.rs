//! Reports duplicate keys.

use super::fault::{Fault, Problem};
use super::form;
use super::tree::{Duplicate, Tree};

/// The maximum number of reported duplicates, because each one scans the text for the line of the first key.
const REPORTED: usize = 100;

/// Returns a fault for each duplicate key, up to 100.
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
