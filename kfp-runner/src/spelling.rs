//! Suggestions for misspelled names.

/// Returns the name with the most similar spelling, if one is similar enough.
pub(crate) fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let limit = name.chars().count().div_ceil(3);
    names
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the edit distance: the number of characters to insert, remove or replace.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_names_are_suggested() {
        for (name, expect) in [
            ("learning_rat", Some("learning_rate")),
            ("Epochs", Some("epochs")),
            ("epohcs", Some("epochs")),
            ("model", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &["epochs", "learning_rate"]), expect, "{name}");
        }
    }
}
