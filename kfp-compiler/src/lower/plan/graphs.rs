//! Graphs that are equal in everything but their names.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Template;
use super::text::signature;

/// The graphs that were made so far, by everything but their names.
#[derive(Default)]
pub(in crate::lower) struct Graphs {
    first: HashMap<String, String>,
}

impl Graphs {
    /// The name of the graph before this one that is equal to it. Origins count, which tell failures apart.
    pub(in crate::lower) fn earlier(&mut self, template: &Template) -> Option<&str> {
        match self.first.entry(signature(template)) {
            Entry::Occupied(first) => Some(first.into_mut()),
            Entry::Vacant(free) => {
                free.insert(template.name.clone());
                None
            }
        }
    }

    /// Leaves the first one of the templates out where it is equal to one before. Gives the name of the one that
    /// is there.
    pub(in crate::lower) fn take_in(&mut self, templates: &mut Vec<Template>) -> String {
        match self.earlier(&templates[0]).map(str::to_owned) {
            Some(first) => {
                templates.remove(0);
                first
            }
            None => templates[0].name.clone(),
        }
    }
}
