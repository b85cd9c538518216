//! Condition trees.

use std::ops::Range;

use super::operator::{BinaryOperator, PrefixOperator};
use crate::tag::{TagKind, tags};

/// The characters that are escaped with a backslash in a string.
const QUOTES: [char; 3] = ['\'', '"', '\\'];

/// A `when` condition: [`parse`](super::parse()) parses one, the functions of this type build one, and
/// [`Display`](std::fmt::Display) prints it with the required parentheses.
///
/// Nodes are sorted by end position: operands come before their operator, and the root is the last node. Parentheses
/// are not nodes, and equality ignores spans.
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
    /// The part that the controller ignores: everything from the first operand that follows a `)` without an operator.
    pub(super) ignored: Option<Range<usize>>,
}

/// A part of a condition.
#[derive(Debug, Clone)]
pub struct Node {
    /// The form of the node.
    pub form: Form,
    /// The byte range, including parentheses; empty if the condition was built.
    pub span: Range<usize>,
}

/// The index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) usize);

/// The form of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A tag without quotes, with adjacent letters, digits and tags.
    Tag {
        /// The kind of the tag; [`TagKind::Simple`] if something is adjacent to it.
        kind: TagKind,
        /// The tag as written.
        text: String,
    },
    /// A quoted string as written, with its escapes and tags.
    Text(String),
    /// A number as written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A word without quotes or in brackets, as written. Its value is a string.
    Word(String),
    /// A word with dots, which is parsed as a field of a missing variable.
    Accessor(String),
    /// A missing operand.
    Empty,
    /// A prefix operator and its operand.
    Prefix(PrefixOperator, NodeId),
    /// A binary operator and its operands.
    Binary(NodeId, BinaryOperator, NodeId),
    /// A call of a word with dots.
    Call(String, NodeId),
}

impl Condition {
    /// Returns the root node.
    pub fn root(&self) -> NodeId {
        NodeId(self.nodes.len() - 1)
    }

    /// Returns the node with that id.
    ///
    /// # Panics
    /// The id belongs to another, larger condition.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Returns the form of a node.
    ///
    /// # Panics
    /// The id belongs to another, larger condition.
    pub fn form(&self, id: NodeId) -> &Form {
        &self.node(id).form
    }

    /// Returns all nodes, operands before operators.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns the part of the text that the controller ignores because an operator is missing before it.
    pub fn ignored(&self) -> Option<Range<usize>> {
        self.ignored.clone()
    }

    /// Returns a tag, whose text includes its braces.
    pub fn tag(text: impl Into<String>) -> Self {
        let text = text.into();
        let kind = if text.starts_with("{{=") { TagKind::Expression } else { TagKind::Simple };
        Self::of(Form::Tag { kind, text })
    }

    /// Returns a string. Tags in it are replaced before the condition is evaluated.
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

    /// Returns a word, whose value is a string.
    pub fn word(word: &str) -> Self {
        Self::of(Form::Word(escaped(word, &[']', '\\'])))
    }

    /// Returns an integer.
    pub fn integer(number: u64) -> Self {
        Self::of(Form::Number(number.to_string()))
    }

    /// Returns `true` or `false`.
    pub fn boolean(value: bool) -> Self {
        Self::of(Form::Boolean(value))
    }

    /// Applies a prefix operator.
    #[must_use]
    pub fn prefix(mut self, operator: PrefixOperator) -> Self {
        let operand = self.root();
        self.nodes.push(Node { form: Form::Prefix(operator, operand), span: 0..0 });
        self
    }

    /// Applies a binary operator.
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
        let mut open = vec![(self.root(), other.root())];
        while let Some((one, two)) = open.pop() {
            match (self.form(one), other.form(two)) {
                (Form::Prefix(operator, one), Form::Prefix(other, two)) if operator == other => {
                    open.push((*one, *two));
                }
                (Form::Binary(left, operator, right), Form::Binary(other_left, other, other_right))
                    if operator == other =>
                {
                    open.extend([(*left, *other_left), (*right, *other_right)]);
                }
                (Form::Call(name, one), Form::Call(other, two)) if name == other => open.push((*one, *two)),
                (Form::Prefix(..) | Form::Binary(..) | Form::Call(..), _) => return false,
                (one, two) if one == two => {}
                _ => return false,
            }
        }
        true
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
