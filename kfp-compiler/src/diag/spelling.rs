//! The nearest right spelling of a name, and lists of names, for messages.

/// Most names that a message lists; the rest is counted.
const LISTED: usize = 8;

/// Characters of names that are compared, and names that are compared with one: beyond that nobody mistyped.
const COMPARED: usize = 200;
const CANDIDATES: usize = 2_000;

/// The candidate that the name was most likely meant to be.
pub fn nearest<'a, S: AsRef<str> + ?Sized + 'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a S>,
) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    if name.len() > COMPARED {
        return None;
    }
    candidates
        .into_iter()
        .take(CANDIDATES)
        .map(AsRef::as_ref)
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 4 * allowed)
        .map(|candidate| (distance(&normal(name), &normal(candidate)), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The names in backticks, joined as in a sentence: `` `a`, `b` and `c` ``.
pub fn list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    if names.len() > LISTED {
        let more = names.len() - (LISTED - 1);
        names.truncate(LISTED - 1);
        names.push(format!("{more} more"));
    }
    match names.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// What something has: `no inputs`, `` the input `a` ``, `` the inputs `a` and `b` ``.
pub fn having<S: AsRef<str>>(noun: &str, names: impl IntoIterator<Item = S>) -> String {
    let names: Vec<S> = names.into_iter().collect();
    match names.as_slice() {
        [] => format!("no {noun}s"),
        [only] => format!("the {noun} `{}`", only.as_ref()),
        _ => format!("the {noun}s {}", list(names)),
    }
}

/// The number with its noun: `1 task`, `2 tasks`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `_`, `-` and blanks are the same slip of memory, and so is the case of letters.
fn normal(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let replaced = previous[column] + usize::from(from != to);
            let mut best = replaced.min(previous[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *from == right[column - 1] && left[row - 1] == *to {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_guesses_are_not() {
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
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(list::<&str>([]), "none");
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
        let many: Vec<String> = (0..10).map(|idx| idx.to_string()).collect();
        assert!(list(&many).ends_with("`6` and 3 more"));
    }
}
