//! Checks `depends`, the condition on earlier tasks that a task waits for.

use std::ops::Range;

use kfp_argo::depends::{Outcome, expression};
use kfp_argo::expression::{BinaryOperator, Expression, Form, NodeId, UnaryOperator, is_reserved};
use kfp_diag::codes;
use kfp_diag::spelling::{list, nearest};

use super::problem::{Impact, Problem};

/// A task that a `depends` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name of the task.
    pub task: String,
    /// The required result. Without one, a task must have succeeded, been skipped or be a daemon; omitted tasks do not
    /// count.
    pub result: Option<String>,
    /// The byte range of the name and result.
    pub span: Range<usize>,
}

/// A checked `depends`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Depends {
    /// The dependencies in source order, including duplicates.
    pub dependencies: Vec<Dependency>,
    /// The problems. Whether the tasks exist is not checked.
    pub problems: Vec<Problem>,
}

/// Checks a `depends`.
///
/// ```
/// use kfp_lint::expression::depends;
/// let found = depends("(a-b.Succeeded || c) && !d.Failed");
/// assert!(found.problems.is_empty());
/// let names: Vec<_> = found.dependencies.iter().map(|one| (one.task.as_str(), one.result.as_deref())).collect();
/// assert_eq!(names, [("a-b", Some("Succeeded")), ("c", None), ("d", Some("Failed"))]);
/// assert_eq!(depends("a b").problems[0].message, "missing operator before `b`");
/// ```
pub fn depends(text: &str) -> Depends {
    let dependencies = dependencies(text);
    let mut problems: Vec<Problem> = dependencies.iter().filter_map(problem).collect();
    if problems.is_empty() {
        match expression(text) {
            Ok(expression) => problems = forms(&expression, &dependencies),
            Err(error) if error.beyond_limits => {}
            Err(error) => {
                let found = text.get(error.span.clone()).unwrap_or_default();
                let is_name = found.starts_with(|sign: char| sign.is_alphanumeric());
                let digits =
                    dependencies.iter().find(|one| one.task.starts_with(|sign: char| sign.is_ascii_digit()));
                let problem = match digits {
                    Some(one) => {
                        wrong(one.span.clone(), format!("task name `{}` starts with a digit", one.task))
                            .help("use a name that starts with a letter")
                    }
                    None if is_name => wrong(error.span, format!("missing operator before `{found}`"))
                        .help("join tasks with `&&` or `||`"),
                    None => Problem { help: error.help, ..wrong(error.span, error.message) },
                };
                problems.push(problem);
            }
        }
    }
    Depends { dependencies, problems }
}

fn wrong(span: Range<usize>, message: impl Into<String>) -> Problem {
    Problem::new(codes::DEPENDS_SYNTAX, Impact::Rejected, span, message)
}

/// Finds names as Argo does: letters, digits and `-`, and a result after a dot.
fn dependencies(text: &str) -> Vec<Dependency> {
    let is_in_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if !first.is_ascii_alphanumeric() {
            at += first.len_utf8();
            continue;
        }
        let length = |from: usize, is: &dyn Fn(char) -> bool| {
            text[from..].find(|sign: char| !is(sign)).map_or(text.len(), |end| from + end)
        };
        let end = length(at, &is_in_name);
        let mut dependency = Dependency { task: text[at..end].to_owned(), result: None, span: at..end };
        if text[end..].starts_with('.') {
            // A misspelled result is still a result.
            let after = length(end + 1, &|sign: char| sign.is_ascii_alphanumeric());
            if after > end + 1 {
                dependency.result = Some(text[end + 1..after].to_owned());
                dependency.span.end = after;
            }
        }
        at = dependency.span.end;
        found.push(dependency);
    }
    found
}

fn problem(dependency: &Dependency) -> Option<Problem> {
    let span = dependency.span.clone();
    if let Some(result) = dependency
        .result
        .as_deref()
        .filter(|result| !Outcome::ALL.iter().any(|outcome| outcome.word() == *result))
    {
        let help = match result {
            "Error" => "use `Errored`".to_owned(),
            "Success" | "Successful" | "Completed" => "use `Succeeded`".to_owned(),
            _ => {
                let outcomes = Outcome::ALL.map(Outcome::word);
                match nearest(result, &outcomes) {
                    Some(near) => format!("use `{near}`"),
                    None => format!("use one of {}", list(outcomes)),
                }
            }
        };
        let message = format!("unknown task result `{result}`");
        return Some(Problem::new(codes::DEPENDS_RESULT, Impact::Rejected, span, message).help(help));
    }
    let task = dependency.task.as_str();
    let operator = match task {
        "and" => "&&",
        "or" => "||",
        "not" => "!",
        _ => "",
    };
    if operator.is_empty() || dependency.result.is_some() {
        let problem = || {
            let message = format!("task name `{task}` is a keyword in `depends`");
            Problem::new(codes::DEPENDS_WORD, Impact::Rejected, span, message).help("rename the task")
        };
        return is_reserved(task).then(problem);
    }
    Some(wrong(span, format!("`{task}` is parsed as a task name")).help(format!("use `{operator}`")))
}

/// Reports everything except results joined by operators.
fn forms(expression: &Expression, dependencies: &[Dependency]) -> Vec<Problem> {
    let mut problems = Vec::new();
    // A name must be written as Argo finds it: without spaces around the dot, and no leading `-`.
    let is_named = |id: NodeId| dependencies.iter().any(|one| one.span == expression.node(id).span);
    let mut open: Vec<NodeId> = vec![expression.root()];
    while let Some(id) = open.pop() {
        match expression.form(id) {
            Form::Name(_) | Form::Member { .. } if is_named(id) => {}
            Form::Unary { operator: UnaryOperator::Not, .. }
            | Form::Conditional { .. }
            | Form::Binary {
                operator:
                    BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Equal | BinaryOperator::NotEqual,
                ..
            } => open.extend(expression.children(id)),
            _ => {
                let span = expression.node(id).span.clone();
                problems.push(
                    wrong(span, "expected a task result")
                        .help("use results such as `a.Succeeded`, joined with `&&`, `||` and `!`"),
                );
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let show = |problem: &Problem| {
            let help = problem.help.as_deref().unwrap_or_default();
            format!("{} `{}`: {} ({help})", problem.code, &text[problem.span.clone()], problem.message)
        };
        depends(text).problems.iter().map(show).collect()
    }

    #[test]
    fn valid_depends_have_no_problems() {
        for text in [
            "a",
            "a-b.Succeeded",
            "a && (b.Failed || !c.Skipped)",
            "!(a) && b1.AnySucceeded",
            "a.Failed == b.Failed",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn problems_are_reported() {
        for (text, expected) in [
            ("a b", "KFP0987 `b`: missing operator before `b` (join tasks with `&&` or `||`)"),
            ("a &", "KFP0987 `&`: invalid operator `&` (use `&&`)"),
            ("a &&", "KFP0987 ``: unexpected end of expression ()"),
            ("(a || b", "KFP0987 ``: unexpected end of expression (add `)`)"),
            ("a and b", "KFP0987 `and`: `and` is parsed as a task name (use `&&`)"),
            (
                "1a.Succeeded",
                "KFP0987 `1a.Succeeded`: task name `1a` starts with a digit (use a name that starts with a letter)",
            ),
            (
                "a + b",
                "KFP0987 `a + b`: expected a task result (use results such as `a.Succeeded`, joined with `&&`, `||` and `!`)",
            ),
            (
                "a .Failed",
                "KFP0987 `a .Failed`: expected a task result (use results such as `a.Succeeded`, joined with `&&`, `||` and `!`)",
            ),
            (
                "a||-b",
                "KFP0987 `-b`: expected a task result (use results such as `a.Succeeded`, joined with `&&`, `||` and `!`)",
            ),
            ("a.succeeded", "KFP0988 `a.succeeded`: unknown task result `succeeded` (use `Succeeded`)"),
            ("a.Error", "KFP0988 `a.Error`: unknown task result `Error` (use `Errored`)"),
            (
                "if.Succeeded",
                "KFP0989 `if.Succeeded`: task name `if` is a keyword in `depends` (rename the task)",
            ),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }
}
