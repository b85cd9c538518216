//! Conditions of `when`: what govaluate reads after the tags are replaced.
//!
//! Tags are operands whose value is not known. Only form and simple comparisons are looked at; the whole is
//! evaluated nowhere.

mod date;
mod token;

use std::ops::Range;

use kfp_argo::tag::{Tag, TagKind, tags};
use kfp_diag::codes;

use super::problem::{Gravity, Problem};
use token::{Token, TokenKind, tokens};

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
    let found: Vec<Tag<'_>> = tags(text).map_while(Result::ok).collect();
    if found.iter().any(|tag| tag.is_all_of(text.trim())) || tags(text).any(|tag| tag.is_err()) {
        // There is nothing else to read; texts with open tags are told of elsewhere.
        return Vec::new();
    }
    let tokens = match tokens(text, &found) {
        Ok(tokens) => tokens,
        Err(problem) => return vec![problem],
    };
    let mut problems = order(&tokens, text.len());
    if problems.is_empty() {
        problems = tokens.windows(3).flat_map(comparison).chain(accessors(&tokens)).collect();
        problems.extend(alone(&tokens));
    }
    problems
}

/// A condition that compares nothing is no boolean.
fn alone(tokens: &[Token]) -> Option<Problem> {
    let may_be = |token: &Token| match &token.kind {
        TokenKind::Tag(_) | TokenKind::Boolean | TokenKind::Comparator | TokenKind::Logical => true,
        TokenKind::Prefix => token.text == "!",
        // A word with dots is told of already.
        kind => *kind == TokenKind::Accessor,
    };
    let (first, last) = (tokens.first()?, tokens.last()?);
    let wrong = !tokens.iter().any(may_be);
    wrong.then(|| {
        let span = first.span.start..last.span.end;
        let problem =
            Problem::new(codes::WHEN_SYNTAX, Gravity::Refused, span, "the condition gives no boolean");
        problem.help("compare it with something")
    })
}

/// The first word that cannot stand where it does.
fn order(tokens: &[Token], end: usize) -> Vec<Problem> {
    let refuse = |span: Range<usize>, message: String| {
        vec![Problem::new(codes::WHEN_SYNTAX, Gravity::Refused, span, message).help(ADVICE)]
    };
    let (mut before, mut depth) = (TokenKind::Start, Vec::new());
    for token in tokens {
        if !before.can_precede(&token.kind) {
            let message = match (&before, &token.kind) {
                (TokenKind::Prefix, TokenKind::Text { .. }) => "a text cannot be negated".to_owned(),
                _ if before.is_operand() && token.kind.is_operand() => {
                    format!("there is no operator before {}", token.shown)
                }
                _ => format!("{} cannot stand here", token.shown),
            };
            return refuse(token.span.clone(), message);
        }
        match token.kind {
            TokenKind::Open => depth.push(token.span.clone()),
            TokenKind::Close if depth.pop().is_none() => {
                return refuse(token.span.clone(), "a `)` closes nothing".to_owned());
            }
            _ => {}
        }
        before = token.kind.clone();
    }
    if let Some(open) = depth.pop() {
        return refuse(open, "a `(` is not closed".to_owned());
    }
    if !before.can_end() && !tokens.is_empty() {
        return refuse(end..end, "the condition ends too early".to_owned());
    }
    Vec::new()
}

/// What is wrong where two operands are compared.
fn comparison(window: &[Token]) -> Vec<Problem> {
    let [left, operator, right] = window else { return Vec::new() };
    if operator.kind != TokenKind::Comparator || !left.kind.is_operand() || !right.kind.is_operand() {
        return Vec::new();
    }
    let mut problems: Vec<Problem> = [left, right].into_iter().filter_map(date_like).collect();
    if let Some(problem) = never_equal(left, operator, right) {
        problems.push(problem);
    }
    for (one, other) in [(left, right), (right, left)] {
        let texts = matches!(other.kind, TokenKind::Text { .. } | TokenKind::Word | TokenKind::Tag(_));
        // How something ended is always one word.
        let is_word = one.text.trim_end_matches('}').trim_end().ends_with(".status");
        if one.kind == TokenKind::Tag(TagKind::Simple) && texts && !is_word {
            let message = format!("the value of {} becomes a part of the condition", one.shown);
            let problem = Problem::new(codes::WHEN_UNQUOTED, Gravity::Hazard, one.span.clone(), message);
            problems.push(
                problem.help(format!(
                    "write '{}' in quotes, or the whole condition as `{{{{= … }}}}`",
                    one.text
                )),
            );
        }
    }
    problems
}

fn date_like(token: &Token) -> Option<Problem> {
    let TokenKind::Text { has_tags: false } = token.kind else { return None };
    date::is_date(&token.text).then(|| {
        let message = format!("`{}` is taken for a date", token.text);
        Problem::new(codes::WHEN_DATE, Gravity::Hazard, token.span.clone(), message).help(ADVICE)
    })
}

fn never_equal(left: &Token, operator: &Token, right: &Token) -> Option<Problem> {
    let is_text = |token: &Token| matches!(token.kind, TokenKind::Text { .. } | TokenKind::Word);
    let is_other = |token: &Token| matches!(token.kind, TokenKind::Number | TokenKind::Boolean);
    let mixed = is_text(left) && is_other(right) || is_other(left) && is_text(right);
    if !mixed || operator.text == "in" {
        return None;
    }
    let span = left.span.start..right.span.end;
    let other = if is_other(left) { left } else { right };
    let problem = if matches!(operator.text.as_str(), "==" | "!=") {
        let message = format!("a text is never equal to {}", other.shown);
        Problem::new(codes::WHEN_NEVER_EQUAL, Gravity::Hazard, span, message)
    } else {
        let message = format!("`{}` cannot stand between a text and {}", operator.text, other.shown);
        Problem::new(codes::WHEN_NEVER_EQUAL, Gravity::Fails, span, message)
    };
    Some(problem.help(format!("put both in quotes, or none of them; or {ADVICE}")))
}

/// Words with dots, and words with signs between them, are no texts.
fn accessors(tokens: &[Token]) -> Vec<Problem> {
    let problem = |span: Range<usize>, message: String| {
        Problem::new(codes::WHEN_SYNTAX, Gravity::Fails, span, message).help("put the text in quotes")
    };
    let dotted = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Accessor)
        .map(|token| problem(token.span.clone(), format!("{} is read as a field of something", token.shown)));
    let signs = tokens.windows(3).filter_map(|window| {
        let [left, sign, right] = window else { return None };
        let text = |token: &Token| matches!(token.kind, TokenKind::Text { .. } | TokenKind::Word);
        let wrong = sign.kind == TokenKind::Modifier && sign.text != "+" && (text(left) || text(right));
        wrong.then(|| {
            let message = format!("`{}` takes numbers, and stands beside a text", sign.text);
            problem(left.span.start..right.span.end, message)
        })
    });
    dotted.chain(signs).collect()
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
            ("'{{a}}' > 5", "KFP0986 `'{{a}}' > 5`: `>` cannot stand between a text and `5`"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }
}
