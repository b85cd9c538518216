//! Conditions as trees.

use std::ops::Range;

use super::operator::{BinaryOperator, PrefixOperator};
use crate::tag::{TagKind, tags};

/// What a backslash precedes in a text.
const QUOTES: [char; 3] = ['\'', '"', '\\'];

/// A condition of `when`: [`parse`](super::parse()) reads one, the functions here build one, and
/// [`Display`](std::fmt::Display) prints it with the parentheses that it needs.
///
/// Nodes are in the order of their ends: operands come before what joins them, and the whole condition is the last one.
/// Parentheses are no nodes, and equality does not look at places.
///
/// ```
/// use kfp_argo::when::{BinaryOperator, Condition, parse};
/// let tag = Condition::tag("{{inputs.parameters.mode}}");
/// let condition = tag.binary(BinaryOperator::Equal, Condition::text("it's full"));
/// assert_eq!(condition.to_string(), r"{{inputs.parameters.mode}} == 'it\'s full'");
/// assert_eq!(parse(r#"({{inputs.parameters.mode}}) == "it\'s full""#)?, condition);
/// # Ok::<(), kfp_argo::expression::SyntaxError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Condition {
    pub(super) nodes: Vec<Node>,
    /// What the controller leaves out: all from the first operand that follows a `)` without an operator.
    pub(super) ignored: Option<Range<usize>>,
}

/// A part of a condition.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub form: Form,
    /// Where it is, with the parentheses around it; empty where the condition was built.
    pub span: Range<usize>,
}

/// Names a node of one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) usize);

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A tag without quotes, with the letters, digits and further tags that touch it.
    Tag {
        /// That of the tag, or [`TagKind::Simple`] where something touches it.
        kind: TagKind,
        /// As it is written.
        text: String,
    },
    /// A text in quotes, as it is written between them: with its escapes and tags.
    Text(String),
    /// A number, as it is written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A word without quotes, or in brackets, as it is written between them. It is a text.
    Word(String),
    /// A word with dots, which is a field of something that does not exist.
    Accessor(String),
    /// Nothing between parentheses, or before the `)`.
    Empty,
    /// An operator and its operand.
    Prefix(PrefixOperator, NodeId),
    /// An operator between two operands.
    Binary(NodeId, BinaryOperator, NodeId),
    /// A word with dots that is called.
    Call(String, NodeId),
}

impl Condition {
    /// The whole condition.
    pub fn root(&self) -> NodeId {
        NodeId(self.nodes.len() - 1)
    }

    /// A node of this condition.
    ///
    /// # Panics
    /// The node is one of another, larger condition.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// The form of a node of this condition.
    ///
    /// # Panics
    /// The node is one of another, larger condition.
    pub fn form(&self, id: NodeId) -> &Form {
        &self.node(id).form
    }

    /// All nodes, operands before what joins them.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The part of the text that the controller leaves out of what it evaluates, because no operator comes before it.
    pub fn ignored(&self) -> Option<Range<usize>> {
        self.ignored.clone()
    }

    /// A tag, which is written with its braces.
    pub fn tag(text: impl Into<String>) -> Self {
        let text = text.into();
        let kind = if text.starts_with("{{=") { TagKind::Expression } else { TagKind::Simple };
        Self::of(Form::Tag { kind, text })
    }

    /// A text. Tags in it are replaced before the controller reads it.
    pub fn text(text: &str) -> Self {
        let mut escaped_text = String::new();
        let mut from = 0;
        for tag in tags(text).map_while(Result::ok) {
            escaped_text += &escaped(&text[from..tag.span().start], &QUOTES);
            escaped_text += &text[tag.span()];
            from = tag.span().end;
        }
        Self::of(Form::Text(escaped_text + &escaped(&text[from..], &QUOTES)))
    }

    /// A word, which is a text.
    pub fn word(word: &str) -> Self {
        Self::of(Form::Word(escaped(word, &[']', '\\'])))
    }

    /// An integer.
    pub fn integer(number: u64) -> Self {
        Self::of(Form::Number(number.to_string()))
    }

    /// `true` or `false`.
    pub fn boolean(value: bool) -> Self {
        Self::of(Form::Boolean(value))
    }

    /// The operator before the condition.
    #[must_use]
    pub fn prefix(mut self, operator: PrefixOperator) -> Self {
        let operand = self.root();
        self.nodes.push(Node { form: Form::Prefix(operator, operand), span: 0..0 });
        self
    }

    /// The operator between two conditions.
    #[must_use]
    pub fn binary(mut self, operator: BinaryOperator, right: Self) -> Self {
        let (left, by) = (self.root(), self.nodes.len());
        self.nodes.extend(right.nodes.into_iter().map(|node| Node { form: node.form.shifted(by), ..node }));
        let form = Form::Binary(left, operator, self.root());
        self.nodes.push(Node { form, span: 0..0 });
        self
    }

    fn of(form: Form) -> Self {
        Self { nodes: vec![Node { form, span: 0..0 }], ignored: None }
    }
}

impl Form {
    fn shifted(self, by: usize) -> Self {
        let shift = |id: NodeId| NodeId(id.0 + by);
        match self {
            Self::Prefix(operator, operand) => Self::Prefix(operator, shift(operand)),
            Self::Binary(left, operator, right) => Self::Binary(shift(left), operator, shift(right)),
            Self::Call(name, arguments) => Self::Call(name, shift(arguments)),
            other => other,
        }
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.nodes.iter().map(|node| &node.form).eq(other.nodes.iter().map(|node| &node.form))
    }
}

impl Eq for Condition {}

fn escaped(text: &str, special: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if special.contains(&letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
