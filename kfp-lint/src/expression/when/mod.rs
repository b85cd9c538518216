//! Conditions of `when`: what govaluate reads after the tags are replaced.
//!
//! Tags are operands whose value is not known. Only form and simple comparisons are looked at; the whole is
//! evaluated nowhere.

mod date;

use std::ops::Range;

use kfp_argo::tag::{TagKind, has_tag, tags};
use kfp_argo::when::{BinaryOperator, Condition, Form, Node, Precedence, PrefixOperator, parse};
use kfp_diag::codes;

use super::problem::{Gravity, Problem};

/// The advice that ends all trouble with govaluate.
const ADVICE: &str = "write the whole condition as an expression: `{{= … }}`";

/// What is wrong with a condition, apart from what stands in its tags.
///
/// ```
/// use kfp_lint::expression::{Gravity, when};
/// assert!(when("{{=inputs.parameters.mode == 'full'}}").is_empty());
/// assert!(when("'{{inputs.parameters.mode}}' == 'full'").is_empty());
/// let problems = when("{{inputs.parameters.mode}} = full");
/// assert_eq!(problems[0].message, "`=` is no operator of `when`");
/// assert_eq!(problems[0].gravity, Gravity::Refused);
/// ```
pub fn when(text: &str) -> Vec<Problem> {
    if tags(text).any(|tag| tag.is_err()) || tags(text).flatten().any(|tag| tag.is_all_of(text.trim())) {
        // There is nothing else to read; texts with open tags are reported elsewhere.
        return Vec::new();
    }
    let condition = match parse(text) {
        Ok(condition) => condition,
        Err(error) => {
            return vec![
                Problem::new(codes::WHEN_SYNTAX, Gravity::Refused, error.span, error.message).help(ADVICE),
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

/// Two operands and what stands between them.
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

/// A condition that compares nothing is no boolean.
fn alone(condition: &Condition) -> Option<Problem> {
    let may_be = |node: &Node| match &node.form {
        Form::Tag { .. } | Form::Boolean(_) | Form::Prefix(PrefixOperator::Not, _) => true,
        Form::Binary(_, operator, _) => {
            matches!(operator.precedence(), Precedence::Or | Precedence::And | Precedence::Comparison)
        }
        // A word with dots is reported already.
        form => matches!(form, Form::Accessor(_) | Form::Call(..)),
    };
    let root = condition.node(condition.root());
    let wrong = root.form != Form::Empty && !condition.nodes().iter().any(may_be);
    wrong.then(|| {
        let message = "the condition gives no boolean";
        Problem::new(codes::WHEN_SYNTAX, Gravity::Refused, root.span.clone(), message)
            .help("compare it with something")
    })
}

fn ignored(span: Range<usize>) -> Problem {
    let message = "the controller ignores the rest of the condition, as no operator comes before it";
    Problem::new(codes::WHEN_SYNTAX, Gravity::Hazard, span, message).help("write `&&` or `||` before it")
}

/// What is wrong where two operands are compared.
fn comparison(binary: &Binary<'_>) -> Vec<Problem> {
    let Binary { left, operator, right } = binary;
    if operator.precedence() != Precedence::Comparison {
        return Vec::new();
    }
    let mut problems: Vec<Problem> = [left, right].into_iter().filter_map(|node| date_like(node)).collect();
    problems.extend(never_equal(binary));
    for (one, other) in [(left, right), (right, left)] {
        let Form::Tag { kind: TagKind::Simple, text } = &one.form else { continue };
        // How something ended is always one word.
        let is_word = text.trim_end_matches('}').trim_end().ends_with(".status");
        if matches!(other.form, Form::Text(_) | Form::Word(_) | Form::Tag { .. }) && !is_word {
            let message = format!("the value of `{text}` becomes a part of the condition");
            let problem = Problem::new(codes::WHEN_UNQUOTED, Gravity::Hazard, one.span.clone(), message);
            problems.push(
                problem.help(format!("write '{text}' in quotes, or the whole condition as `{{{{= … }}}}`")),
            );
        }
    }
    problems
}

fn date_like(node: &Node) -> Option<Problem> {
    let Form::Text(text) = &node.form else { return None };
    (!has_tag(text) && date::is_date(text)).then(|| {
        let message = format!("`{text}` is taken for a date");
        Problem::new(codes::WHEN_DATE, Gravity::Hazard, node.span.clone(), message).help(ADVICE)
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
            let message = format!("a text is never equal to `{other}`");
            Problem::new(codes::WHEN_NEVER_EQUAL, Gravity::Hazard, binary.span(), message)
        }
        operator => {
            let message = format!("`{}` cannot stand between a text and `{other}`", operator.symbol());
            Problem::new(codes::WHEN_NEVER_EQUAL, Gravity::Fails, binary.span(), message)
        }
    };
    Some(problem.help(format!("put both in quotes, or none of them; or {ADVICE}")))
}

fn is_text(form: &Form) -> bool {
    matches!(form, Form::Text(_) | Form::Word(_))
}

/// A number or boolean, as it is written.
fn shown(form: &Form) -> Option<&str> {
    match form {
        Form::Number(text) => Some(text),
        Form::Boolean(true) => Some("true"),
        Form::Boolean(false) => Some("false"),
        _ => None,
    }
}

/// Operators that compute take numbers; only `+` joins texts.
fn computed(binary: &Binary<'_>) -> Option<Problem> {
    let computes = binary.operator.precedence() > Precedence::Comparison;
    let wrong = computes
        && binary.operator != BinaryOperator::Add
        && (is_text(&binary.left.form) || is_text(&binary.right.form));
    wrong.then(|| {
        let message = format!("`{}` takes numbers, and stands beside a text", binary.operator.symbol());
        not_quoted(binary.span(), message)
    })
}

/// Words with dots are no texts.
fn accessor(node: &Node) -> Option<Problem> {
    let (Form::Accessor(name) | Form::Call(name, _)) = &node.form else { return None };
    let span = node.span.start..node.span.start + name.len();
    Some(not_quoted(span, format!("`{name}` is read as a field of something")))
}

fn not_quoted(span: Range<usize>, message: String) -> Problem {
    Problem::new(codes::WHEN_SYNTAX, Gravity::Fails, span, message).help("put the text in quotes")
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
    fn conditions_that_work_are_left_alone() {
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
    fn others_are_told_of() {
        for (text, expected) in [
            ("'a' = 'b'", "KFP0983 `=`: `=` is no operator of `when`"),
            ("'a' === 'b'", "KFP0983 `===`: `===` is no operator of `when`"),
            ("'{{a}}' == 'b' and true", "KFP0983 `and`: there is no operator before `and`"),
            ("'{{a}}' == 'b", "KFP0983 `'b`: a text has no end"),
            ("('{{a}}' == 'b'", "KFP0983 `(`: a `(` is not closed"),
            ("'a' == 'b')", "KFP0983 `)`: a `)` closes nothing"),
            ("'{{a}}' ==", "KFP0983 ``: the condition ends too early"),
            ("'{{a}}' 'b'", "KFP0983 `'b'`: there is no operator before a text"),
            ("!'{{a}}'", "KFP0983 `'{{a}}'`: a text cannot be negated"),
            ("a.txt == 'a'", "KFP0983 `a.txt`: `a.txt` is read as a field of something"),
            ("my-value == 'a'", "KFP0983 `my-value`: `-` takes numbers, and stands beside a text"),
            ("1.2.3 == 'a'", "KFP0983 `1.2.3`: `1.2.3` is no number"),
            ("'{{a}}'", "KFP0983 `'{{a}}'`: the condition gives no boolean"),
            ("{{a}} == heads", "KFP0984 `{{a}}`: the value of `{{a}}` becomes a part of the condition"),
            ("'x' != {{a}}", "KFP0984 `{{a}}`: the value of `{{a}}` becomes a part of the condition"),
            ("'{{a}}' == '2024-01-31'", "KFP0985 `'2024-01-31'`: `2024-01-31` is taken for a date"),
            ("'{{a}}' == 5", "KFP0986 `'{{a}}' == 5`: a text is never equal to `5`"),
            ("'{{a}}' == true", "KFP0986 `'{{a}}' == true`: a text is never equal to `true`"),
            (
                "('{{a}}' == 'b') 'c'",
                "KFP0983 `'c'`: the controller ignores the rest of the condition, as no operator comes before it",
            ),
            ("('{{a}}') == 5", "KFP0986 `('{{a}}') == 5`: a text is never equal to `5`"),
            ("'{{a}}' > 5", "KFP0986 `'{{a}}' > 5`: `>` cannot stand between a text and `5`"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }
}
