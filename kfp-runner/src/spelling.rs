//! The name that somebody may have meant.

/// The name that is spelled most like the given one, if any is close.
pub(crate) fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let limit = name.chars().count().div_ceil(3);
    names
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The number of letters to insert, remove or replace to make one text of the other.
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
    fn only_close_names_are_offered() {
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
