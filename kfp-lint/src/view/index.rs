//! Finding things by their names.

use std::collections::HashMap;

/// Names that are faster looked through than put into a map.
const FEW: usize = 12;

/// The place of each name in a list; of equal names, that of the first.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    /// For lists that are not short.
    places: Option<HashMap<&'a str, usize>>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(names: impl ExactSizeIterator<Item = &'a str> + DoubleEndedIterator) -> Self {
        let places =
            (names.len() > FEW).then(|| names.enumerate().rev().map(|(idx, name)| (name, idx)).collect());
        Self { places }
    }

    /// The item of that name. The list is the one that the index was made of.
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
