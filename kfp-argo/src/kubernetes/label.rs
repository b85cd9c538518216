//! Keys and values of labels.

use super::name::is_object_name;

/// The maximum length of a value and of the name in a key.
const LONGEST: usize = 63;

/// Returns why the text is not a valid key, which is a name with an optional domain and `/` before it; `None` if it is
/// valid.
pub fn label_key_problem(key: &str) -> Option<&'static str> {
    let name = match key.split_once('/') {
        None => key,
        Some((domain, name)) if is_object_name(domain) => name,
        Some(_) => return Some("the part before `/` is not a valid domain"),
    };
    if name.is_empty() {
        return Some("the name is empty");
    }
    label_value_problem(name)
}

/// Returns why the text is not a valid value, which may be empty; `None` if it is valid.
pub fn label_value_problem(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return Some("it is longer than 63 characters");
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Some("only letters, digits, `-`, `_` and `.` are allowed");
    }
    let is_inner = |c: char| !c.is_ascii_alphanumeric();
    (text.starts_with(is_inner) || text.ends_with(is_inner))
        .then_some("it must start and end with a letter or digit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_validated_as_in_kubernetes() {
        for (key, is_fine) in [
            ("app", true),
            ("app.kubernetes.io/name", true),
            ("a_b.c-D", true),
            ("", false),
            ("/name", false),
            ("App.io/name", false),
            ("a/b/c", false),
            ("-a", false),
            ("a b", false),
        ] {
            assert_eq!(label_key_problem(key).is_none(), is_fine, "{key}");
        }
        for (value, is_fine) in [("", true), ("v1.2_3-4", true), ("a/b", false), ("x-", false), ("ü", false)]
        {
            assert_eq!(label_value_problem(value).is_none(), is_fine, "{value}");
        }
        assert!(label_value_problem(&"x".repeat(64)).is_some());
    }
}
