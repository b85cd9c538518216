//! Mutually exclusive conditions, such as those of branches.

/// Returns whether the text of the conditions shows that at most one of them is true.
pub(super) fn are_exclusive(left: &str, right: &str) -> bool {
    let (left, right) = (conjuncts(left), conjuncts(right));
    let negates = |all: &[&str], other: &str| {
        all.iter().filter_map(|one| one.strip_prefix('!')).any(|negated| bare(negated) == other)
    };
    left.iter().any(|one| negates(&right, one)) || right.iter().any(|one| negates(&left, one))
}

/// Splits a condition at `&&` and strips parentheses around each part.
fn conjuncts(condition: &str) -> Vec<&str> {
    let condition = condition.trim();
    let inner = condition.strip_prefix("{{=").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(condition);
    let mut found = Vec::new();
    let mut open = vec![bare(inner)];
    while let Some(part) = open.pop() {
        match split(part) {
            Some((left, right)) => open.extend([bare(left), bare(right)]),
            None => found.push(part),
        }
    }
    found
}

/// Splits at the first `&&` outside parentheses and strings; `None` if there is an operator that binds less tightly.
fn split(text: &str) -> Option<(&str, &str)> {
    let mut found = None;
    for (idx, depth) in depths(text) {
        let rest = &text[idx..];
        if depth == 0 && (rest.starts_with("||") || rest.starts_with('?')) {
            return None;
        }
        if depth == 0 && found.is_none() && rest.starts_with("&&") {
            found = Some((&text[..idx], &text[idx + 2..]));
        }
    }
    found
}

/// Strips surrounding spaces and parentheses.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let closes_early = depths(text).any(|(idx, depth)| depth == 0 && idx > 0 && idx + 1 < text.len());
        if closes_early {
            break;
        }
        text = inner.trim();
    }
    text
}

/// Returns the position of every character outside strings, with the number of open brackets after it.
fn depths(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let (mut depth, mut quote, mut is_escaped) = (0_usize, None, false);
    text.char_indices().filter_map(move |(idx, c)| {
        if let Some(end) = quote {
            let ends = c == end && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            quote = (!ends).then_some(end);
            return None;
        }
        match c {
            '\'' | '"' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        quote.is_none().then_some((idx, depth))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_branches_are_exclusive() {
        for (left, right, expected) in [
            ("{{=a > 1}}", "{{=!(a > 1)}}", true),
            ("{{=a > 1}}", "{{=(!(a > 1)) && (b || c)}}", true),
            ("{{=(!(a > 1)) && (b || c)}}", "{{=(!(a > 1)) && (!(b || c))}}", true),
            ("{{=a['(&&'] == ')' && b}}", "{{=!(a['(&&'] == ')')}}", true),
            ("{{=a > 1}}", "{{=!(a > 2)}}", false),
            ("{{=a > 1}}", "{{=!(a > 1) || b}}", false),
            ("{{=(a) && (b)}}", "{{=!(a && b)}}", false),
            ("{{=a}}", "{{=a}}", false),
            ("", "", false),
        ] {
            assert_eq!(are_exclusive(left, right), expected, "{left} and {right}");
            assert_eq!(are_exclusive(right, left), expected, "{right} and {left}");
        }
    }
}
