//! Names in kebab case and camel case, and suggestions of similar names.

/// Converts `train_model` to `train-model`.
pub(crate) fn kebab(name: &str) -> String {
    name.trim_matches('_').replace('_', "-").to_lowercase()
}

/// Converts `train_model` to `TrainModel`.
pub(crate) fn camel(name: &str) -> String {
    let mut text = String::new();
    for word in name.split('_') {
        let mut characters = word.chars();
        text.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(characters.as_str());
    }
    text
}

/// Whether the name is a valid component or pipeline name: lowercase letters, digits and `-`.
pub(crate) fn is_kebab(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with('-') && !name.ends_with('-')
}

/// Returns the most similar known name, if one is similar.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let distances = known.iter().map(|known| (distance(name, known), *known));
    distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, known)| known)
}

/// Returns the names in backticks, separated by commas.
pub(crate) fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns the edit distance: insertions, deletions, replacements and swaps of adjacent characters.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for row in 1..=left.len() {
        let mut distances = vec![row];
        for column in 1..=right.len() {
            let replaced = rows[row - 1][column - 1] + usize::from(left[row - 1] != right[column - 1]);
            let mut least = replaced.min(rows[row - 1][column] + 1).min(distances[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && left[row - 1] == right[column - 2]
                && left[row - 2] == right[column - 1];
            if swapped {
                least = least.min(rows[row - 2][column - 2] + 1);
            }
            distances.push(least);
        }
        rows.push(distances);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_converted() {
        for (name, kebab_case, camel_case) in [
            ("train_model", "train-model", "TrainModel"),
            ("load2", "load2", "Load2"),
            ("_private", "private", "Private"),
            ("a_1", "a-1", "A1"),
        ] {
            assert_eq!((kebab(name), camel(name)), (kebab_case.to_owned(), camel_case.to_owned()));
            assert!(is_kebab(&kebab(name)));
        }
    }

    #[test]
    fn similar_names_are_found() {
        let known = ["image", "memory", "cache"];
        assert_eq!(nearest("imag", &known), Some("image"));
        assert_eq!(nearest("memmory", &known), Some("memory"));
        assert_eq!(nearest("iamge", &known), Some("image"));
        assert_eq!(nearest("foo", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
