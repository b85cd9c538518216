//! `depends`: the condition on other tasks under which a task starts.

use std::fmt;
use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::expression::{
    Access, BinaryOperator, Expression, Form, NodeId, SyntaxError, UnaryOperator, parse,
};

/// The condition under which a task starts: [`read`](Self::read) reads one, [`all`](Self::all), [`any`](Self::any) and
/// [`ended`](Self::ended) build one, and [`Display`](fmt::Display) prints it.
///
/// Operands of the same operator are flattened into one node with at least two operands, so that conditions with the
/// same text are equal.
///
/// ```
/// use kfp_argo::depends::{Depends, Outcome};
/// let ended = |task, outcome| Depends::ended(task, Some(outcome));
/// let either = Depends::any([ended("b", Outcome::Failed), ended("b", Outcome::Omitted)]);
/// let both = Depends::all([Some(ended("a-1", Outcome::Succeeded)), either].into_iter().flatten()).unwrap();
/// assert_eq!(both.to_string(), "a-1.Succeeded && (b.Failed || b.Omitted)");
/// assert_eq!(Depends::read("a-1.Succeeded&&(b.Failed||b.Omitted)"), Ok(both));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Depends {
    /// A task has ended.
    Ended(Dependency),
    /// The condition is false.
    Not(Box<Self>),
    /// All of them are true.
    All(Vec<Self>),
    /// One of them is true.
    Any(Vec<Self>),
}

/// A task that another task depends on.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The name of the task.
    pub task: String,
    /// The required outcome. By default, the task must have succeeded, been skipped or be a ready daemon.
    pub outcome: Option<Outcome>,
    /// The byte range of the name and outcome; empty if the condition was built.
    pub span: Range<usize>,
}

/// The outcome of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It succeeded.
    Succeeded,
    /// It failed.
    Failed,
    /// It ended with an error of the controller or the pod.
    Errored,
    /// Its `when` was false.
    Skipped,
    /// Its `depends` can no longer be true.
    Omitted,
    /// It is a ready daemon.
    Daemoned,
    /// At least one iteration of a loop succeeded.
    AnySucceeded,
    /// All iterations of a loop failed.
    AllFailed,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 8] = [
        Self::Succeeded,
        Self::Failed,
        Self::Errored,
        Self::Skipped,
        Self::Omitted,
        Self::Daemoned,
        Self::AnySucceeded,
        Self::AllFailed,
    ];

    /// Returns the outcome as written in a `depends`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Errored => "Errored",
            Self::Skipped => "Skipped",
            Self::Omitted => "Omitted",
            Self::Daemoned => "Daemoned",
            Self::AnySucceeded => "AnySucceeded",
            Self::AllFailed => "AllFailed",
        }
    }
}

impl PartialEq for Dependency {
    fn eq(&self, other: &Self) -> bool {
        self.task == other.task && self.outcome == other.outcome
    }
}

impl Eq for Dependency {}

impl Depends {
    /// Returns the condition that the task has ended, with the given outcome if there is one.
    pub fn ended(task: impl Into<String>, outcome: Option<Outcome>) -> Self {
        Self::Ended(Dependency { task: task.into(), outcome, span: 0..0 })
    }

    /// Returns the condition that the task has one of these outcomes; `None` if there are none.
    pub fn ended_as(task: &str, outcomes: impl IntoIterator<Item = Outcome>) -> Option<Self> {
        Self::any(outcomes.into_iter().map(|outcome| Self::ended(task, Some(outcome))))
    }

    /// Returns the conjunction of the conditions; `None` if there are none.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        let flat = conditions.into_iter().flat_map(|condition| match condition {
            Self::All(inner) => inner,
            other => vec![other],
        });
        Self::row(flat.collect(), Self::All)
    }

    /// Returns the disjunction of the conditions; `None` if there are none.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Option<Self> {
        let flat = conditions.into_iter().flat_map(|condition| match condition {
            Self::Any(inner) => inner,
            other => vec![other],
        });
        Self::row(flat.collect(), Self::Any)
    }

    fn row(mut conditions: Vec<Self>, join: impl FnOnce(Vec<Self>) -> Self) -> Option<Self> {
        if conditions.len() > 1 { Some(join(conditions)) } else { conditions.pop() }
    }

    /// Parses a condition. The controller accepts more than this parser, such as `==` between two outcomes.
    ///
    /// # Errors
    /// The controller cannot parse the text, or the text contains something other than task outcomes joined with `&&`,
    /// `||` and `!`.
    pub fn read(text: &str) -> Result<Self, SyntaxError> {
        let expression = expression(text)?;
        below(text, &expression, expression.root())
    }

    /// Returns the dependencies in source order, including duplicates.
    pub fn dependencies(&self) -> Vec<&Dependency> {
        match self {
            Self::Ended(dependency) => vec![dependency],
            Self::Not(inner) => inner.dependencies(),
            Self::All(inner) | Self::Any(inner) => inner.iter().flat_map(Self::dependencies).collect(),
        }
    }

    /// Returns the precedence of the condition.
    fn level(&self) -> u8 {
        match self {
            Self::Any(_) => 0,
            Self::All(_) => 1,
            Self::Not(_) | Self::Ended(_) => 2,
        }
    }

    /// Prints the condition, in parentheses if its precedence is lower than `least`.
    fn print(&self, f: &mut fmt::Formatter<'_>, least: u8) -> fmt::Result {
        if self.level() < least {
            return write!(f, "({self})");
        }
        match self {
            Self::Ended(Dependency { task, outcome: None, .. }) => f.write_str(task),
            Self::Ended(Dependency { task, outcome: Some(outcome), .. }) => {
                write!(f, "{task}.{}", outcome.word())
            }
            Self::Not(inner) => {
                f.write_str("!")?;
                inner.print(f, 2)
            }
            Self::All(inner) => print_row(f, " && ", inner, 2),
            // Parentheses are optional here, but help readers who do not know that `&&` binds more tightly.
            Self::Any(inner) => print_row(f, " || ", inner, 2),
        }
    }
}

fn print_row(f: &mut fmt::Formatter<'_>, operator: &str, conditions: &[Depends], least: u8) -> fmt::Result {
    for (idx, condition) in conditions.iter().enumerate() {
        if idx > 0 {
            f.write_str(operator)?;
        }
        condition.print(f, least)?;
    }
    Ok(())
}

impl fmt::Display for Depends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f, 0)
    }
}

impl Serialize for Depends {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Parses the text as the controller does: `-` is part of a name and not an operator. Spans refer to the text.
///
/// # Errors
/// The controller cannot parse the text.
pub fn expression(text: &str) -> Result<Expression, SyntaxError> {
    parse(&text.replace('-', "_"))
}

/// Converts a node to a condition. Long chains of the same operator are converted without recursion.
fn below(text: &str, expression: &Expression, id: NodeId) -> Result<Depends, SyntaxError> {
    let span = &expression.node(id).span;
    let invalid = |span: &Range<usize>| {
        SyntaxError::new(span.clone(), "expected task outcomes joined with `&&`, `||` and `!`")
    };
    match expression.form(id) {
        Form::Name(_) => named(text, span.clone(), None).ok_or_else(|| invalid(span)),
        Form::Member { base, property, access: Access::Field, optional: false } => {
            let (base, word) = (expression.node(*base), expression.form(*property));
            let known = |outcome: &Outcome| matches!(word, Form::Text(word) if word == outcome.word());
            let outcome = Outcome::ALL.into_iter().find(known);
            match (&base.form, outcome) {
                (Form::Name(_), Some(_)) => match named(text, base.span.clone(), outcome) {
                    Some(Depends::Ended(task)) => {
                        Ok(Depends::Ended(Dependency { span: span.clone(), ..task }))
                    }
                    _ => Err(invalid(span)),
                },
                _ => Err(invalid(span)),
            }
        }
        Form::Unary { operator: UnaryOperator::Not, operand } => {
            Ok(Depends::Not(Box::new(below(text, expression, *operand)?)))
        }
        Form::Binary { operator: operator @ (BinaryOperator::And | BinaryOperator::Or), .. } => {
            let (mut operands, mut first) = (Vec::new(), id);
            while let Form::Binary { operator: other, left, right, .. } = expression.form(first)
                && other == operator
            {
                operands.push(*right);
                first = *left;
            }
            operands.push(first);
            let operands = operands.into_iter().rev().map(|operand| below(text, expression, operand));
            let operands: Vec<Depends> = operands.collect::<Result<_, _>>()?;
            let joined = if *operator == BinaryOperator::And {
                Depends::all(operands)
            } else {
                Depends::any(operands)
            };
            joined.ok_or_else(|| invalid(span))
        }
        _ => Err(invalid(span)),
    }
}

/// Returns the task with the name at the span. The controller finds names that start with a letter or digit.
fn named(text: &str, span: Range<usize>, outcome: Option<Outcome>) -> Option<Depends> {
    let task = text
        .get(span.clone())
        .filter(|task| task.starts_with(|first: char| first.is_ascii_alphanumeric()))?;
    Some(Depends::Ended(Dependency { task: task.to_owned(), outcome, span }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn conditions_are_parsed_with_spans() {
        let read = Depends::read("a-b.Succeeded || !c").unwrap();
        let found: Vec<_> =
            read.dependencies().into_iter().map(|one| (one.task.as_str(), one.span.clone())).collect();
        assert_eq!(found, [("a-b", 0..13), ("c", 18..19)]);
        for text in [
            "a == b",
            "a.b.Failed",
            "a.succeeded",
            "a['Failed']",
            "a?.Failed",
            "-a",
            "1",
            "a ? b : c",
            "",
            "a b",
        ] {
            assert!(Depends::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn nested_conditions_are_flattened() {
        for (text, expected) in [
            ("(a && b) && (c && d)", "a && b && c && d"),
            ("a || (b && c) || d", "a || (b && c) || d"),
            ("a && b || c", "(a && b) || c"),
            ("!(a && b)", "!(a && b)"),
            ("!(!(a))", "!!a"),
        ] {
            assert_eq!(Depends::read(text).unwrap().to_string(), expected);
        }
    }

    fn conditions() -> impl Strategy<Value = Depends> {
        let task = select(vec!["a", "b-1", "train-model", "x"]);
        let outcome = prop::option::of(select(Outcome::ALL.to_vec()));
        let ended = (task, outcome).prop_map(|(task, outcome)| Depends::ended(task, outcome));
        ended.prop_recursive(5, 40, 4, |inner| {
            let some = prop::collection::vec(inner.clone(), 1..5);
            prop_oneof![
                inner.prop_map(|inner| Depends::Not(Box::new(inner))),
                some.clone().prop_filter_map("some", Depends::all),
                some.prop_filter_map("some", Depends::any),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(condition in conditions()) {
            let text = condition.to_string();
            prop_assert_eq!(Depends::read(&text), Ok(condition), "{}", text);
        }
    }
}
