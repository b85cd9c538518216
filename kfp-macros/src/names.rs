//! Names in the spellings of Rust types and of components, and similar names.

/// `train_model` as `train-model`.
pub(crate) fn kebab(name: &str) -> String {
    name.trim_matches('_').replace('_', "-").to_lowercase()
}

/// `train_model` as `TrainModel`.
pub(crate) fn camel(name: &str) -> String {
    let mut text = String::new();
    for word in name.split('_') {
        let mut characters = word.chars();
        text.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(characters.as_str());
    }
    text
}

/// Whether the name is one of a component or pipeline: lower case letters, digits and `-`.
pub(crate) fn is_kebab(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with('-') && !name.ends_with('-')
}

/// The known name that was most likely meant.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let distances = known.iter().map(|known| (distance(name, known), *known));
    distances.filter(|(distance, _)| *distance <= allowed).min().map(|(_, known)| known)
}

/// The names in backticks, separated by commas.
pub(crate) fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The number of characters to insert, delete or replace.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (idx, from) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = idx + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
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
    fn spellings() {
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
        assert_eq!(nearest("foo", &known), None);
    }
}
