//! Lookup by name.

use std::collections::HashMap;

/// The maximum length of lists for which a linear search is faster than a map.
const FEW: usize = 12;

/// The index of each name in a list; for duplicates, the index of the first.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    /// `None` for short lists.
    places: Option<HashMap<&'a str, usize>>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(names: impl ExactSizeIterator<Item = &'a str> + DoubleEndedIterator) -> Self {
        let places =
            (names.len() > FEW).then(|| names.enumerate().rev().map(|(idx, name)| (name, idx)).collect());
        Self { places }
    }

    /// Returns the item with that name. `list` must be the list that the index was created from.
    pub(crate) fn find<'l, T>(
        &self,
        name: &str,
        list: &'l [T],
        name_of: impl Fn(&T) -> &str,
    ) -> Option<&'l T> {
        match &self.places {
            Some(places) => places.get(name).and_then(|idx| list.get(*idx)),
            None => list.iter().find(|item| name_of(item) == name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_names_is_found_in_short_and_long_lists() {
        for count in [2, 2 * FEW] {
            let mut list: Vec<(String, usize)> = (0..count).map(|idx| (format!("n{idx}"), idx)).collect();
            list.push(("n1".to_owned(), count));
            let index = Index::of(list.iter().map(|(name, _)| name.as_str()));
            let find = |name: &str| index.find(name, &list, |(name, _)| name).map(|(_, idx)| *idx);
            assert_eq!((find("n0"), find("n1"), find("other")), (Some(0), Some(1), None));
        }
    }
}
