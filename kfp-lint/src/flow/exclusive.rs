//! Mutually exclusive conditions, such as those of branches.

use kfp_argo::expression::{self, Expression};
use kfp_argo::tag::{TagKind, tags};
use kfp_argo::when;

/// The parts of a `when` that are joined with `&&`.
#[derive(Debug)]
pub(super) enum Conjunction {
    /// Of a single tag `{{=…}}`.
    Expression(Parts<Expression>),
    /// Of a condition with tags.
    Condition(Parts<when::Condition>),
}

impl Conjunction {
    /// Parses a condition; `None` if Argo cannot.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let only = tags(text).next().and_then(Result::ok).filter(|tag| tag.span() == (0..text.len()));
        match only {
            Some(tag) if tag.kind == TagKind::Expression => {
                expression::parse(tag.content).ok().map(|tree| Self::Expression(Parts::of(tree)))
            }
            _ => when::parse(text).ok().map(|tree| Self::Condition(Parts::of(tree))),
        }
    }

    /// Returns whether at most one of the conditions is true: a part of one is the negation of a part of the other.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Expression(one), Self::Expression(other)) => one.excludes(other),
            (Self::Condition(one), Self::Condition(other)) => one.excludes(other),
            _ => false,
        }
    }
}

/// A tree, and its parts that are joined with `&&`.
#[derive(Debug)]
pub(super) struct Parts<T: Tree> {
    tree: T,
    parts: Vec<Part<T::Id>>,
}

/// A part without its negations.
#[derive(Debug)]
enum Part<I> {
    /// A condition, and whether it is negated.
    Any(I, bool),
    /// A comparison of two values, and whether they must differ.
    Comparison([I; 2], bool),
}

impl<T: Tree> Parts<T> {
    fn of(tree: T) -> Self {
        let (mut parts, mut open) = (Vec::new(), vec![(tree.top(), false)]);
        while let Some((id, is_negated)) = open.pop() {
            match tree.operation(id) {
                Operation::Not(operand) => open.push((operand, !is_negated)),
                Operation::And(operands) if !is_negated => open.extend(operands.map(|id| (id, false))),
                Operation::Equal(operands) => parts.push(Part::Comparison(operands, is_negated)),
                Operation::Different(operands) => parts.push(Part::Comparison(operands, !is_negated)),
                Operation::And(_) | Operation::Other => parts.push(Part::Any(id, is_negated)),
            }
        }
        Self { tree, parts }
    }

    fn excludes(&self, other: &Self) -> bool {
        let are_equal = |one: &T::Id, two: &T::Id| self.tree.has_equal(*one, &other.tree, *two);
        self.parts.iter().any(|one| {
            other.parts.iter().any(|two| match (one, two) {
                (Part::Any(one, negated), Part::Any(two, other_negated)) => {
                    negated != other_negated && are_equal(one, two)
                }
                (Part::Comparison(ones, differ), Part::Comparison(twos, other_differ)) => {
                    differ != other_differ && ones.iter().zip(twos).all(|(one, two)| are_equal(one, two))
                }
                _ => false,
            })
        })
    }
}

/// What a node of a tree does.
#[derive(Debug)]
pub(super) enum Operation<I> {
    Not(I),
    And([I; 2]),
    Equal([I; 2]),
    Different([I; 2]),
    Other,
}

/// A parsed condition, in either of Argo's languages.
pub(super) trait Tree {
    type Id: Copy + std::fmt::Debug;

    fn top(&self) -> Self::Id;
    fn operation(&self, id: Self::Id) -> Operation<Self::Id>;
    fn has_equal(&self, id: Self::Id, other: &Self, other_id: Self::Id) -> bool;
}

impl Tree for Expression {
    type Id = expression::NodeId;

    fn top(&self) -> Self::Id {
        self.root()
    }

    fn operation(&self, id: Self::Id) -> Operation<Self::Id> {
        use expression::{BinaryOperator, Form, UnaryOperator};
        match self.form(id) {
            Form::Unary { operator: UnaryOperator::Not, operand } => Operation::Not(*operand),
            Form::Binary { operator: BinaryOperator::And, left, right, .. } => {
                Operation::And([*left, *right])
            }
            Form::Binary { operator: BinaryOperator::Equal, left, right, .. } => {
                Operation::Equal([*left, *right])
            }
            Form::Binary { operator: BinaryOperator::NotEqual, left, right, .. } => {
                Operation::Different([*left, *right])
            }
            _ => Operation::Other,
        }
    }

    fn has_equal(&self, id: Self::Id, other: &Self, other_id: Self::Id) -> bool {
        Self::has_equal(self, id, other, other_id)
    }
}

impl Tree for when::Condition {
    type Id = when::NodeId;

    fn top(&self) -> Self::Id {
        self.root()
    }

    fn operation(&self, id: Self::Id) -> Operation<Self::Id> {
        use when::{BinaryOperator, Form, PrefixOperator};
        match self.form(id) {
            Form::Prefix(PrefixOperator::Not, operand) => Operation::Not(*operand),
            Form::Binary(left, BinaryOperator::And, right) => Operation::And([*left, *right]),
            Form::Binary(left, BinaryOperator::Equal, right) => Operation::Equal([*left, *right]),
            Form::Binary(left, BinaryOperator::NotEqual, right) => Operation::Different([*left, *right]),
            _ => Operation::Other,
        }
    }

    fn has_equal(&self, id: Self::Id, other: &Self, other_id: Self::Id) -> bool {
        Self::has_equal(self, id, other, other_id)
    }
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
            ("{{=a > 1}}", "{{=not(a>1)}}", true),
            ("{{=a == 'x'}}", "{{=a != \"x\"}}", true),
            ("{{=!a}}", "{{=!!a}}", true),
            ("{{=a +}}", "{{=!(a +)}}", false),
            ("{{a}} == x && {{b}} > 1", "!({{a}} == x)", true),
            ("{{a}} == x", "{{a}} != 'x'", false),
            ("{{a}} == x", "{{a}}!=x", true),
            ("{{a}} == x || {{b}}", "!({{a}} == x)", false),
            ("{{=a}}", "!({{=a}})", false),
            ("", "", false),
        ] {
            let exclude = |one: &str, other: &str| match (Conjunction::read(one), Conjunction::read(other)) {
                (Some(one), Some(other)) => one.excludes(&other),
                _ => false,
            };
            assert_eq!(exclude(left, right), expected, "{left} and {right}");
            assert_eq!(exclude(right, left), expected, "{right} and {left}");
        }
    }
}
