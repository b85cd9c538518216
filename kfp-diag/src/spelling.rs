//! Finds similar names, and formats lists of names for messages.

use strsim::osa_distance;

/// The maximum number of names that a message lists. The rest is only counted.
const LISTED: usize = 8;

/// The maximum length in bytes of a name that is compared. Longer names are not typed by hand.
const COMPARED: usize = 200;

/// The maximum number of candidates that a name is compared with.
pub const CANDIDATES: usize = 500;

/// Returns the candidate with the most similar spelling, or `None` if no candidate is similar enough. A candidate that
/// is equal to the name is not a suggestion.
pub fn nearest<'a, S: AsRef<str> + ?Sized + 'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    if name.len() > COMPARED {
        return None;
    }
    let (normal_name, letters_of_name) = (normal(name), letters(name));
    candidates
        .into_iter()
        .take(CANDIDATES)
        .map(AsRef::as_ref)
        .filter(|candidate| *candidate != name && candidate.len().abs_diff(name.len()) <= 4 * allowed)
        // Each edit changes at most two letters, so most candidates can be skipped cheaply.
        .filter(|candidate| (letters(candidate) ^ letters_of_name).count_ones() as usize <= 2 * allowed)
        .map(|candidate| (osa_distance(&normal_name, &normal(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns the most similar candidate for a name whose components are separated by dots, such as
/// `inputs.parameters.rows`. Each component that differs must be similar.
pub fn nearest_path<'a, S: AsRef<str> + ?Sized + 'a>(
    path: &str,
    candidates: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let is_near = |candidate: &&str| {
        let mut pairs = path.split('.').zip(candidate.split('.'));
        path.matches('.').count() == candidate.matches('.').count()
            && pairs.all(|(component, other)| component == other || nearest(component, [other]).is_some())
    };
    let near = candidates.into_iter().take(CANDIDATES).map(AsRef::as_ref).filter(is_near);
    near.filter(|candidate| *candidate != path)
        .min_by_key(|candidate| (osa_distance(path, candidate), *candidate))
}

/// Formats names in backticks, joined as in a sentence: `` `a`, `b` and `c` ``.
pub fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let mut rest = names.into_iter();
    let mut names: Vec<String> =
        rest.by_ref().take(LISTED).map(|name| format!("`{}`", name.as_ref())).collect();
    let more = rest.count();
    if more > 0 {
        names.truncate(LISTED - 1);
        names.push(format!("{} more", more + 1));
    }
    match names.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Formats names with their noun: `no inputs`, `` the input `a` ``, `` the inputs `a` and `b` ``.
pub fn having<S: AsRef<str>>(noun: &str, names: impl IntoIterator<Item = S>) -> String {
    let mut names = names.into_iter();
    match (names.next(), names.next()) {
        (None, _) => format!("no {noun}s"),
        (Some(only), None) => format!("the {noun} `{}`", only.as_ref()),
        (Some(first), Some(second)) => {
            format!("the {noun}s {}", list([first, second].into_iter().chain(names)))
        }
    }
}

/// Formats a number with its noun: `1 task`, `2 tasks`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Removes `_`, `-` and spaces, and converts to lowercase: differences in these are not counted as edits.
fn normal(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Returns a bit set of the letters and digits in the name, ignoring case. Other characters share bits.
fn letters(name: &str) -> u64 {
    let bit = |c: char| match c.to_ascii_lowercase() {
        c @ 'a'..='z' => u32::from(c) - u32::from('a'),
        c @ '0'..='9' => u32::from(c) - u32::from('0') + 26,
        c => 36 + u32::from(c) % 28,
    };
    let counted = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    counted.flat_map(char::to_lowercase).fold(0, |acc, c| acc | 1 << bit(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_names_are_found() {
        let names = ["learning_rate", "batch_size", "epochs"];
        for (name, expected) in [
            ("learning-rate", Some("learning_rate")),
            ("LearningRate", Some("learning_rate")),
            ("batch_szie", Some("batch_size")),
            ("epoch", Some("epochs")),
            ("momentum", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &names), expected, "{name}");
        }
    }

    #[test]
    fn similar_paths_differ_in_similar_components() {
        let paths = ["workflow.labels.json", "inputs.parameters.rows", "tasks.load.outputs.result"];
        for (path, expected) in [
            ("workflow.labels.team", None),
            ("workflow.lables.json", Some(paths[0])),
            ("input.parameters.row", Some(paths[1])),
            ("inputs.parameters", None),
            ("tasks.laod.output.result", Some(paths[2])),
            ("tasks.load.outputs.result", None),
            ("inputs.artifacts.rows", None),
        ] {
            assert_eq!(nearest_path(path, &paths), expected, "{path}");
        }
    }

    #[test]
    fn names_are_joined_as_in_a_sentence() {
        assert_eq!(list::<&str>([]), "none");
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        let many: Vec<String> = (0..10).map(|idx| idx.to_string()).collect();
        assert!(list(&many).ends_with("`6` and 3 more"));
    }
}
