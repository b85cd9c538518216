//! Names with `-` in expressions, where `inputs.parameters.max-rows` subtracts `rows` from `inputs.parameters.max`.

use std::ops::Range;

/// The first components of the names of variables.
const ROOTS: [&str; 6] = ["inputs", "outputs", "tasks", "steps", "workflow", "item"];

/// Returns the range of the dotted name with `-` at that position of the expression; `None` if there is none, or if it
/// subtracts another variable.
pub(crate) fn hyphenated(expression: &str, at: usize) -> Option<Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let (before, after) = (expression.get(..at)?, expression.get(at..)?);
    let start = before.trim_end_matches(is_part).len();
    let end = at + after.len() - after.trim_start_matches(is_part).len();
    let name = expression[start..end].trim_end_matches(['.', '-']);
    let root = name.split('.').next().filter(|root| ROOTS.contains(root))?;
    let is_variable = |rest: &str| {
        let first = rest.split(['.', '-']).next().unwrap_or_default();
        first.is_empty() || ROOTS.contains(&first)
    };
    let mut subtracted = name.split('-').skip(1).peekable();
    let is_name = subtracted.peek().is_some() && root.len() < name.len() && !subtracted.any(is_variable);
    is_name.then(|| start..start + name.len())
}

/// Returns the dotted name as it is written in an expression: `inputs.parameters['max-rows']`.
pub(crate) fn in_expression(name: &str) -> String {
    let plain = |component: &str| component.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut written = String::new();
    for (idx, component) in name.split('.').enumerate() {
        match (idx, plain(component)) {
            (0, _) => written.push_str(component),
            (_, true) => written.push_str(&format!(".{component}")),
            (_, false) => written.push_str(&format!("['{component}']")),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_hyphens_are_found() {
        for (expression, at, expected) in [
            ("asInt(inputs.parameters.max-rows) > 2", 6, Some("inputs.parameters['max-rows']")),
            ("tasks.a-b.outputs.parameters.c-d == ''", 0, Some("tasks['a-b'].outputs.parameters['c-d']")),
            ("steps.step-1.status", 10, Some("steps['step-1'].status")),
            ("inputs.parameters.max - rows", 0, None),
            ("item.a-item.b", 0, None),
            ("inputs.parameters.max", 0, None),
            ("now-rows", 0, None),
        ] {
            let found = hyphenated(expression, at).map(|span| in_expression(&expression[span]));
            assert_eq!(found.as_deref(), expected, "{expression}");
        }
    }
}
