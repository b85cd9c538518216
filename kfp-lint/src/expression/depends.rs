//! `depends`: which tasks must have ended how before a task begins.

use std::ops::Range;

use kfp_argo::depends::{Outcome, expression};
use kfp_argo::expression::{BinaryOperator, Expression, Form, NodeId, UnaryOperator, is_reserved};
use kfp_diag::codes;
use kfp_diag::spelling::{list, nearest};

use super::problem::{Gravity, Problem};

/// A task that a `depends` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name of the task.
    pub task: String,
    /// The result that is asked for. Without one, succeeded, skipped and daemoned are all right, and omitted is
    /// not.
    pub result: Option<String>,
    /// The bytes that name it, with its result.
    pub span: Range<usize>,
}

/// What a `depends` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Depends {
    /// The tasks, in the order in which they stand; one that is named twice is told twice.
    pub dependencies: Vec<Dependency>,
    /// What is wrong. Whether the tasks exist is not looked at.
    pub problems: Vec<Problem>,
}

/// Reads a `depends`.
///
/// ```
/// use kfp_lint::expression::depends;
/// let found = depends("(a-b.Succeeded || c) && !d.Failed");
/// assert!(found.problems.is_empty());
/// let names: Vec<_> = found.dependencies.iter().map(|one| (one.task.as_str(), one.result.as_deref())).collect();
/// assert_eq!(names, [("a-b", Some("Succeeded")), ("c", None), ("d", Some("Failed"))]);
/// assert_eq!(depends("a b").problems[0].message, "there is no operator before `b`");
/// ```
pub fn depends(text: &str) -> Depends {
    let dependencies = dependencies(text);
    let mut problems: Vec<Problem> = dependencies.iter().filter_map(problem).collect();
    if problems.is_empty() {
        match expression(text) {
            Ok(expression) => problems = forms(&expression, &dependencies),
            Err(error) if error.beyond_limits => {}
            Err(error) => {
                let word = text.get(error.span.clone()).unwrap_or_default();
                let is_name = word.starts_with(|sign: char| sign.is_alphanumeric());
                let digits =
                    dependencies.iter().find(|one| one.task.starts_with(|sign: char| sign.is_ascii_digit()));
                let problem = match digits {
                    Some(one) => {
                        wrong(one.span.clone(), format!("the name `{}` begins with a digit", one.task))
                            .help("give the task a name that begins with a letter")
                    }
                    None if is_name => wrong(error.span, format!("there is no operator before `{word}`"))
                        .help("join tasks by `&&` or `||`"),
                    None => Problem { help: error.help, ..wrong(error.span, error.message) },
                };
                problems.push(problem);
            }
        }
    }
    Depends { dependencies, problems }
}

fn wrong(span: Range<usize>, message: impl Into<String>) -> Problem {
    Problem::new(codes::DEPENDS_SYNTAX, Gravity::Refused, span, message)
}

/// Names, as Argo finds them: letters, digits and `-`, and behind a dot a result that begins with a capital.
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
            // A result that is spelt wrong is one all the same.
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
            "Error" => "write `Errored`".to_owned(),
            "Success" | "Successful" | "Completed" => "write `Succeeded`".to_owned(),
            _ => {
                let outcomes = Outcome::ALL.map(Outcome::word);
                match nearest(result, &outcomes) {
                    Some(near) => format!("write `{near}`"),
                    None => format!("the results are {}", list(outcomes)),
                }
            }
        };
        let message = format!("`{result}` is no result of a task");
        return Some(Problem::new(codes::DEPENDS_RESULT, Gravity::Refused, span, message).help(help));
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
            let message = format!("`{task}` is a word of the language of `depends`");
            Problem::new(codes::DEPENDS_WORD, Gravity::Refused, span, message)
                .help("give the task another name")
        };
        return is_reserved(task).then(problem);
    }
    Some(wrong(span, format!("`{task}` is read as the name of a task")).help(format!("write `{operator}`")))
}

/// Everything but results that are joined.
fn forms(expression: &Expression, dependencies: &[Dependency]) -> Vec<Problem> {
    let mut problems = Vec::new();
    // What is read as a name must be one as Argo finds them: without blanks around the dot, and no `-` first.
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
                    wrong(span, "this is no result of a task")
                        .help("join results as `a.Succeeded` by `&&`, `||` and `!`"),
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
    fn what_works_is_left_alone() {
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
    fn others_are_told_of() {
        for (text, expected) in [
            ("a b", "KFP0987 `b`: there is no operator before `b` (join tasks by `&&` or `||`)"),
            ("a &", "KFP0987 `&`: `&` joins nothing (`and` is written `&&`)"),
            ("a &&", "KFP0987 ``: the expression ends too early ()"),
            ("(a || b", "KFP0987 ``: the expression ends too early (`)` is missing)"),
            ("a and b", "KFP0987 `and`: `and` is read as the name of a task (write `&&`)"),
            (
                "1a.Succeeded",
                "KFP0987 `1a.Succeeded`: the name `1a` begins with a digit (give the task a name that begins with a letter)",
            ),
            (
                "a + b",
                "KFP0987 `a + b`: this is no result of a task (join results as `a.Succeeded` by `&&`, `||` and `!`)",
            ),
            (
                "a .Failed",
                "KFP0987 `a .Failed`: this is no result of a task (join results as `a.Succeeded` by `&&`, `||` and `!`)",
            ),
            (
                "a||-b",
                "KFP0987 `-b`: this is no result of a task (join results as `a.Succeeded` by `&&`, `||` and `!`)",
            ),
            ("a.succeeded", "KFP0988 `a.succeeded`: `succeeded` is no result of a task (write `Succeeded`)"),
            ("a.Error", "KFP0988 `a.Error`: `Error` is no result of a task (write `Errored`)"),
            (
                "if.Succeeded",
                "KFP0989 `if.Succeeded`: `if` is a word of the language of `depends` (give the task another name)",
            ),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }
}
