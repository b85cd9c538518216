//! Checks `when` conditions, which govaluate evaluates after tags are replaced.
//!
//! Tags are operands with unknown values. Only the syntax and simple comparisons are checked; conditions are not
//! evaluated.

mod date;

use std::ops::Range;

use kfp_argo::tag::{TagKind, has_tag, tags};
use kfp_argo::when::{BinaryOperator, Condition, Form, Node, Precedence, PrefixOperator, parse};
use kfp_diag::codes;

use super::problem::{Impact, Problem};
use super::status;

/// The advice that avoids govaluate altogether.
const ADVICE: &str = "use an expression for the whole condition: `{{= … }}`";

/// Checks a condition, except for the content of its tags.
///
/// ```
/// use kfp_lint::expression::{Impact, when};
/// assert!(when("{{=inputs.parameters.mode == 'full'}}").is_empty());
/// assert!(when("'{{inputs.parameters.mode}}' == 'full'").is_empty());
/// let problems = when("{{inputs.parameters.mode}} = full");
/// assert_eq!(problems[0].message, "unknown operator `=`");
/// assert_eq!(problems[0].impact, Impact::Rejected);
/// ```
pub fn when(text: &str) -> Vec<Problem> {
    if tags(text).any(|tag| tag.is_err()) || tags(text).flatten().any(|tag| tag.is_all_of(text.trim())) {
        // There is nothing else to check. Unclosed tags are reported elsewhere.
        return Vec::new();
    }
    let condition = match parse(text) {
        Ok(condition) => condition,
        Err(error) => {
            return vec![
                Problem::new(codes::WHEN_SYNTAX, Impact::Rejected, error.span, error.message).help(ADVICE),
            ];
        }
    };
    let binary = condition.nodes().iter().filter_map(|node| match node.form {
        Form::Binary(left, operator, right) => {
            Some(Binary { left: condition.node(left), operator, right: condition.node(right) })
        }
        _ => None,
    });
    let mut problems: Vec<Problem> = binary
        .flat_map(|binary| {
            let mut problems = comparison(&binary);
            problems.extend(computed(&binary));
            problems
        })
        .collect();
    problems.extend(condition.nodes().iter().filter_map(accessor));
    problems.extend(alone(&condition));
    problems.extend(condition.ignored().map(ignored));
    problems.sort_by_key(|problem| problem.span.start);
    problems
}

/// A binary operator and its operands.
struct Binary<'c> {
    left: &'c Node,
    operator: BinaryOperator,
    right: &'c Node,
}

impl Binary<'_> {
    fn span(&self) -> Range<usize> {
        self.left.span.start..self.right.span.end
    }
}

/// Reports a condition that is not a boolean because it compares nothing.
fn alone(condition: &Condition) -> Option<Problem> {
    let may_be = |node: &Node| match &node.form {
        Form::Tag { .. } | Form::Boolean(_) | Form::Prefix(PrefixOperator::Not, _) => true,
        Form::Binary(_, operator, _) => {
            matches!(operator.precedence(), Precedence::Or | Precedence::And | Precedence::Comparison)
        }
        // A name with dots is already reported.
        form => matches!(form, Form::Accessor(_) | Form::Call(..)),
    };
    let root = condition.node(condition.root());
    let wrong = root.form != Form::Empty && !condition.nodes().iter().any(may_be);
    wrong.then(|| {
        let message = "the condition is not a boolean";
        Problem::new(codes::WHEN_SYNTAX, Impact::Rejected, root.span.clone(), message)
            .help("compare the value, such as `'{{…}}' == 'true'`")
    })
}

fn ignored(span: Range<usize>) -> Problem {
    let message = "missing operator: the controller ignores the rest of the condition";
    Problem::new(codes::WHEN_SYNTAX, Impact::Hazard, span, message).help("add `&&` or `||` before it")
}

/// Checks a comparison of two operands.
fn comparison(binary: &Binary<'_>) -> Vec<Problem> {
    let Binary { left, operator, right } = binary;
    if operator.precedence() != Precedence::Comparison {
        return Vec::new();
    }
    let mut problems: Vec<Problem> = [left, right].into_iter().filter_map(|node| date_like(node)).collect();
    problems.extend(never_equal(binary));
    problems.extend(unknown_status(binary));
    for (one, other) in [(left, right), (right, left)] {
        let Form::Tag { kind: TagKind::Simple, text } = &one.form else { continue };
        // A status is always a single word.
        let is_word = text.trim_end_matches('}').trim_end().ends_with(".status");
        if matches!(other.form, Form::Text(_) | Form::Word(_) | Form::Tag { .. }) && !is_word {
            let message = format!("the value of `{text}` is inserted into the condition without quotes");
            let problem = Problem::new(codes::WHEN_UNQUOTED, Impact::Hazard, one.span.clone(), message);
            problems.push(
                problem.help(format!(
                    "use `'{text}'`, or an expression for the whole condition: `{{{{= … }}}}`"
                )),
            );
        }
    }
    problems
}

fn date_like(node: &Node) -> Option<Problem> {
    let Form::Text(text) = &node.form else { return None };
    (!has_tag(text) && date::is_date(text)).then(|| {
        let message = format!("`{text}` is parsed as a date");
        Problem::new(codes::WHEN_DATE, Impact::Hazard, node.span.clone(), message).help(ADVICE)
    })
}

fn never_equal(binary: &Binary<'_>) -> Option<Problem> {
    let other = match (&binary.left.form, &binary.right.form) {
        (form, other) | (other, form) if is_text(form) => shown(other)?,
        _ => return None,
    };
    let problem = match binary.operator {
        BinaryOperator::In => return None,
        BinaryOperator::Equal | BinaryOperator::NotEqual => {
            let message = format!("a string is never equal to `{other}`");
            Problem::new(codes::WHEN_NEVER_EQUAL, Impact::Hazard, binary.span(), message)
        }
        operator => {
            let message = format!("cannot apply `{}` to a string and `{other}`", operator.symbol());
            Problem::new(codes::WHEN_NEVER_EQUAL, Impact::Fails, binary.span(), message)
        }
    };
    Some(problem.help(format!("put both or neither in quotes; or {ADVICE}")))
}

/// Reports a comparison of a status with a value that it never has.
fn unknown_status(binary: &Binary<'_>) -> Option<Problem> {
    let (name, status) = match (&binary.left.form, &binary.right.form) {
        (Form::Tag { kind: TagKind::Simple, text }, Form::Text(status) | Form::Word(status))
        | (Form::Text(status) | Form::Word(status), Form::Tag { kind: TagKind::Simple, text }) => {
            (text.trim_matches(['{', '}', ' ']), status)
        }
        (Form::Text(text), Form::Text(status) | Form::Word(status)) if text.starts_with("{{") => {
            (text.trim_matches(['{', '}', ' ']), status)
        }
        _ => return None,
    };
    let path: Vec<&str> = name.split('.').collect();
    let compares = matches!(binary.operator, BinaryOperator::Equal | BinaryOperator::NotEqual);
    if !compares || has_tag(status) || !status::is_status(&path) {
        return None;
    }
    let (message, help) = status::unknown(&path, status)?;
    Some(Problem::new(codes::EXPRESSION_NEVER_EQUAL, Impact::Hazard, binary.span(), message).help(help))
}

fn is_text(form: &Form) -> bool {
    matches!(form, Form::Text(_) | Form::Word(_))
}

/// Returns a number or boolean as written.
fn shown(form: &Form) -> Option<&str> {
    match form {
        Form::Number(text) => Some(text),
        Form::Boolean(true) => Some("true"),
        Form::Boolean(false) => Some("false"),
        _ => None,
    }
}

/// Reports arithmetic on strings. Only `+` accepts strings.
fn computed(binary: &Binary<'_>) -> Option<Problem> {
    let computes = binary.operator.precedence() > Precedence::Comparison;
    let wrong = computes
        && binary.operator != BinaryOperator::Add
        && (is_text(&binary.left.form) || is_text(&binary.right.form));
    wrong.then(|| {
        let message = format!("`{}` expects numbers, found a string", binary.operator.symbol());
        not_quoted(binary.span(), message)
    })
}

/// Reports unquoted strings with dots.
fn accessor(node: &Node) -> Option<Problem> {
    let (Form::Accessor(name) | Form::Call(name, _)) = &node.form else { return None };
    let span = node.span.start..node.span.start + name.len();
    Some(not_quoted(span, format!("`{name}` is parsed as field access")))
}

fn not_quoted(span: Range<usize>, message: String) -> Problem {
    Problem::new(codes::WHEN_SYNTAX, Impact::Fails, span, message).help("put the string in quotes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let show =
            |problem: Problem| format!("{} `{}`: {}", problem.code, &text[problem.span], problem.message);
        when(text).into_iter().map(show).collect()
    }

    #[test]
    fn valid_conditions_have_no_problems() {
        for text in [
            "",
            "true",
            "{{inputs.parameters.flag}}",
            " {{=a == 'b'}} ",
            "'{{a}}' == 'b' && ('{{c}}' != \"d\" || !({{n}} > 5))",
            "{{=asInt(a)}} > 3",
            "{{n}} >= -1.5",
            "{{flag}} == true",
            "'{{a}}' in ('b', 'c')",
            "'{{a}}' =~ '^b.*$'",
            "heads == heads",
            "5 * 2 == 10",
            "{{n}} > 1 ? true : false",
            "{{tasks.a.status}} == Succeeded",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn problems_are_reported() {
        for (text, expected) in [
            ("'a' = 'b'", "KFP0983 `=`: unknown operator `=`"),
            ("'a' === 'b'", "KFP0983 `===`: unknown operator `===`"),
            ("'{{a}}' == 'b' and true", "KFP0983 `and`: missing operator before `and`"),
            ("'{{a}}' == 'b", "KFP0983 `'b`: unterminated string"),
            ("('{{a}}' == 'b'", "KFP0983 `(`: unclosed `(`"),
            ("'a' == 'b')", "KFP0983 `)`: unmatched `)`"),
            ("'{{a}}' ==", "KFP0983 ``: unexpected end of condition"),
            ("'{{a}}' 'b'", "KFP0983 `'b'`: missing operator before a string"),
            ("!'{{a}}'", "KFP0983 `'{{a}}'`: cannot negate a string"),
            ("a.txt == 'a'", "KFP0983 `a.txt`: `a.txt` is parsed as field access"),
            ("my-value == 'a'", "KFP0983 `my-value`: `-` expects numbers, found a string"),
            ("1.2.3 == 'a'", "KFP0983 `1.2.3`: invalid number `1.2.3`"),
            ("'{{a}}'", "KFP0983 `'{{a}}'`: the condition is not a boolean"),
            (
                "{{a}} == heads",
                "KFP0984 `{{a}}`: the value of `{{a}}` is inserted into the condition without quotes",
            ),
            (
                "'x' != {{a}}",
                "KFP0984 `{{a}}`: the value of `{{a}}` is inserted into the condition without quotes",
            ),
            ("'{{a}}' == '2024-01-31'", "KFP0985 `'2024-01-31'`: `2024-01-31` is parsed as a date"),
            ("'{{a}}' == 5", "KFP0986 `'{{a}}' == 5`: a string is never equal to `5`"),
            ("'{{a}}' == true", "KFP0986 `'{{a}}' == true`: a string is never equal to `true`"),
            (
                "('{{a}}' == 'b') 'c'",
                "KFP0983 `'c'`: missing operator: the controller ignores the rest of the condition",
            ),
            ("('{{a}}') == 5", "KFP0986 `('{{a}}') == 5`: a string is never equal to `5`"),
            ("'{{a}}' > 5", "KFP0986 `'{{a}}' > 5`: cannot apply `>` to a string and `5`"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }
}
