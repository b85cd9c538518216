//! Mutually exclusive conditions, such as those of branches.
//!
//! Conditions become formulas of terms, `&&` and negation; `||` and `!=` are negations. Equal parts of all conditions
//! are one node, so comparing them is comparing numbers.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

use kfp_argo::expression::{self, Expression};
use kfp_argo::tag::{TagKind, tags};
use kfp_argo::when;

/// The conditions of the tasks of a template.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// Operands come before their operators.
    nodes: Vec<Node>,
    numbers: HashMap<Node, usize>,
    /// The condition of each task; `None` if there is none or Argo cannot parse it.
    of_tasks: Vec<Option<Condition>>,
}

/// A part of a formula.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Node {
    /// A condition without `!`, `&&`, `||` and `!=`, as printed, in the language of expressions or of `when`.
    Term(Language, String),
    And([Literal; 2]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Language {
    /// The content of a single tag `{{=…}}`.
    Expression,
    /// A condition with tags.
    When,
}

/// The number of a node, and the value that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Literal {
    node: usize,
    value: bool,
}

#[derive(Debug)]
struct Condition {
    whole: Literal,
    /// Everything that is true whenever the condition is true, sorted.
    facts: Vec<Literal>,
    /// All nodes of the condition, sorted, so operands come first.
    nodes: Vec<usize>,
}

impl Conditions {
    /// Parses the `when` of each task.
    pub(super) fn of<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> Self {
        let mut conditions = Self::default();
        for text in texts {
            let whole = text.and_then(|text| conditions.read(text.trim()));
            let condition = whole.map(|whole| conditions.condition(whole));
            conditions.of_tasks.push(condition);
        }
        conditions
    }

    /// Returns whether at most one of the conditions of two tasks is true, as far as this follows from the operators of
    /// formulas.
    pub(super) fn exclude(&self, task: usize, other: usize) -> bool {
        match (&self.of_tasks[task], &self.of_tasks[other]) {
            (Some(one), Some(other)) => {
                // The arms of a branch have contradicting facts, so whole formulas are rarely compared.
                one.denies(other) || self.contradicts(one, other) || self.contradicts(other, one)
            }
            _ => false,
        }
    }

    fn read(&mut self, text: &str) -> Option<Literal> {
        let only = tags(text).next().and_then(Result::ok).filter(|tag| tag.span() == (0..text.len()));
        match only {
            Some(tag) if tag.kind == TagKind::Expression => {
                expression::parse(tag.content).ok().map(|tree| self.add(&tree))
            }
            _ => when::parse(text).ok().map(|tree| self.add(&tree)),
        }
    }

    /// Adds the nodes of a tree, and returns its root.
    fn add<T: Tree>(&mut self, tree: &T) -> Literal {
        let (mut order, mut open) = (Vec::new(), vec![tree.top()]);
        while let Some(id) = open.pop() {
            let operation = tree.operation(id);
            match operation {
                Operation::Not(operand) => open.push(operand),
                Operation::And(operands) | Operation::Or(operands) => open.extend(operands),
                Operation::Equal(_) | Operation::Different(_) | Operation::Other => {}
            }
            order.push((id, operation));
        }
        let mut literals: HashMap<T::Id, Literal> = HashMap::new();
        for (id, operation) in order.into_iter().rev() {
            let equality =
                |[left, right]: [T::Id; 2]| format!("{} == {}", tree.printed(left), tree.printed(right));
            let literal = match operation {
                Operation::Not(operand) => literals[&operand].negated(),
                Operation::And(operands) => self.node(Node::And(operands.map(|id| literals[&id]))),
                Operation::Or(operands) => {
                    self.node(Node::And(operands.map(|id| literals[&id].negated()))).negated()
                }
                Operation::Equal(operands) => self.node(Node::Term(T::LANGUAGE, equality(operands))),
                Operation::Different(operands) => {
                    self.node(Node::Term(T::LANGUAGE, equality(operands))).negated()
                }
                Operation::Other => self.node(Node::Term(T::LANGUAGE, tree.printed(id).to_string())),
            };
            literals.insert(id, literal);
        }
        literals[&tree.top()]
    }

    fn node(&mut self, node: Node) -> Literal {
        let next = self.nodes.len();
        let node = *self.numbers.entry(node).or_insert_with_key(|node| {
            self.nodes.push(node.clone());
            next
        });
        Literal { node, value: true }
    }

    fn condition(&self, whole: Literal) -> Condition {
        let (mut facts, mut open) = (BTreeSet::new(), vec![whole]);
        while let Some(literal) = open.pop() {
            if facts.insert(literal)
                && let (Node::And(operands), true) = (&self.nodes[literal.node], literal.value)
            {
                open.extend(operands);
            }
        }
        let (mut nodes, mut open) = (BTreeSet::new(), vec![whole.node]);
        while let Some(node) = open.pop() {
            if nodes.insert(node)
                && let Node::And(operands) = &self.nodes[node]
            {
                open.extend(operands.map(|operand| operand.node));
            }
        }
        Condition { whole, facts: facts.into_iter().collect(), nodes: nodes.into_iter().collect() }
    }

    /// Returns whether the other condition is false whenever the first one is true.
    fn contradicts(&self, one: &Condition, other: &Condition) -> bool {
        // For each node of the other condition, whether it cannot be false and whether it cannot be true.
        let mut impossible = vec![[false; 2]; other.nodes.len()];
        let position =
            |node: usize| other.nodes.binary_search(&node).expect("a condition has all its operands");
        for (idx, node) in other.nodes.iter().enumerate() {
            for value in [false, true] {
                let literal = Literal { node: *node, value };
                let cannot_be =
                    |literal: Literal| impossible[position(literal.node)][usize::from(literal.value)];
                let by_operands = match &self.nodes[*node] {
                    Node::Term(..) => false,
                    Node::And(operands) if value => operands.iter().any(|operand| cannot_be(*operand)),
                    Node::And(operands) => operands.iter().all(|operand| cannot_be(operand.negated())),
                };
                impossible[idx][usize::from(value)] = by_operands || one.implies(literal.negated());
            }
        }
        impossible[position(other.whole.node)][usize::from(other.whole.value)]
    }
}

impl Condition {
    /// Whether the literal is true whenever the condition is true.
    fn implies(&self, literal: Literal) -> bool {
        self.facts.binary_search(&literal).is_ok()
    }

    /// Whether a fact of this condition is the negation of one of the other condition.
    fn denies(&self, other: &Self) -> bool {
        let (few, many) = if self.facts.len() < other.facts.len() { (self, other) } else { (other, self) };
        few.facts.iter().any(|fact| many.implies(fact.negated()))
    }
}

impl Literal {
    fn negated(self) -> Self {
        Self { value: !self.value, ..self }
    }
}

/// What a node of a tree does.
#[derive(Debug, Clone, Copy)]
enum Operation<I> {
    Not(I),
    And([I; 2]),
    Or([I; 2]),
    Equal([I; 2]),
    Different([I; 2]),
    Other,
}

/// A parsed condition, in either of Argo's languages.
trait Tree {
    type Id: Copy + Eq + std::hash::Hash;
    const LANGUAGE: Language;

    fn top(&self) -> Self::Id;
    fn operation(&self, id: Self::Id) -> Operation<Self::Id>;
    fn printed(&self, id: Self::Id) -> impl Display;
}

impl Tree for Expression {
    type Id = expression::NodeId;
    const LANGUAGE: Language = Language::Expression;

    fn top(&self) -> Self::Id {
        self.root()
    }

    fn operation(&self, id: Self::Id) -> Operation<Self::Id> {
        use expression::{BinaryOperator as Binary, Form, UnaryOperator};
        match self.form(id) {
            Form::Unary { operator: UnaryOperator::Not, operand } => Operation::Not(*operand),
            Form::Binary { operator, left, right, .. } => match operator {
                Binary::And => Operation::And([*left, *right]),
                Binary::Or => Operation::Or([*left, *right]),
                Binary::Equal => Operation::Equal([*left, *right]),
                Binary::NotEqual => Operation::Different([*left, *right]),
                _ => Operation::Other,
            },
            _ => Operation::Other,
        }
    }

    fn printed(&self, id: Self::Id) -> impl Display {
        self.display(id)
    }
}

impl Tree for when::Condition {
    type Id = when::NodeId;
    const LANGUAGE: Language = Language::When;

    fn top(&self) -> Self::Id {
        self.root()
    }

    fn operation(&self, id: Self::Id) -> Operation<Self::Id> {
        use when::{BinaryOperator as Binary, Form, PrefixOperator};
        match self.form(id) {
            Form::Prefix(PrefixOperator::Not, operand) => Operation::Not(*operand),
            Form::Binary(left, operator, right) => match operator {
                Binary::And => Operation::And([*left, *right]),
                Binary::Or => Operation::Or([*left, *right]),
                Binary::Equal => Operation::Equal([*left, *right]),
                Binary::NotEqual => Operation::Different([*left, *right]),
                _ => Operation::Other,
            },
            _ => Operation::Other,
        }
    }

    fn printed(&self, id: Self::Id) -> impl Display {
        self.display(id)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

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
            ("{{=(a) && (b)}}", "{{=!(a && b)}}", true),
            ("{{=a && b && c}}", "{{=a && !(b && c)}}", true),
            ("{{=a && (b || c)}}", "{{=a && !(b || c)}}", true),
            ("{{=(a || b) && c}}", "{{=!((a || b) && c)}}", true),
            ("{{=a || b}}", "{{=!a && !b}}", true),
            ("{{=a || b}}", "{{=!a}}", false),
            ("{{=!(a && b)}}", "{{=a}}", false),
            ("{{=!(a || b)}}", "{{=b}}", true),
            ("{{=a}}", "{{=a}}", false),
            ("{{=a > 1}}", "{{=not(a>1)}}", true),
            ("{{=a == 'x'}}", "{{=a != \"x\"}}", true),
            ("{{=!a}}", "{{=!!a}}", true),
            ("{{=a +}}", "{{=!(a +)}}", false),
            ("{{a}} == x && {{b}} > 1", "!({{a}} == x)", true),
            ("{{a}} == x", "{{a}} != 'x'", false),
            ("{{a}} == x", "{{a}}!=x", true),
            ("{{a}} == x && {{b}} > 1", "!({{a}} == x && {{b}} > 1)", true),
            ("{{a}} == x || {{b}}", "!({{a}} == x)", false),
            ("{{=a}}", "!({{=a}})", false),
            ("", "", false),
        ] {
            let exclude = |one, other| Conditions::of([Some(one), Some(other)].into_iter()).exclude(0, 1);
            assert_eq!(exclude(left, right), expected, "{left} and {right}");
            assert_eq!(exclude(right, left), expected, "{right} and {left}");
        }
    }

    #[test]
    fn the_arms_of_a_large_branch_are_compared_quickly() {
        let arm = |idx: usize| {
            let before: String = (0..idx).map(|before| format!("!(a > {before}) && ")).collect();
            format!("{{{{={before}a > {idx}}}}}")
        };
        let arms: Vec<String> = (0..200).map(arm).collect();
        let start = Instant::now();
        let conditions = Conditions::of(arms.iter().map(|arm| Some(arm.as_str())));
        let pairs = (0..arms.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
        assert!(pairs.into_iter().all(|(one, other)| conditions.exclude(one, other)));
        // Comparing whole formulas for each pair would take a minute; this takes a fraction of a second, even without
        // optimizations.
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}
