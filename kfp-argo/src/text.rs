//! Strings with tags, which most fields of Argo's objects accept.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::expression::{Expression, SyntaxError, parse};
use crate::tag::{TagKind, tags};

/// The prefix of variables for template inputs.
const INPUTS: &str = "inputs.parameters.";

/// A string with tags: [`read`](Self::read) parses one, and [`Display`](fmt::Display) prints it.
///
/// ```
/// use kfp_argo::expression::Expression;
/// use kfp_argo::text::Text;
/// let text = Text::literal("run-").and(Text::variable("workflow.name")).and(Text::expression(Expression::map([])));
/// assert_eq!(text.to_string(), "run-{{workflow.name}}{{={} }}");
/// assert_eq!(Text::read(&text.to_string()), Ok(text));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// No two literals are adjacent, and none is empty.
    pieces: Vec<Piece>,
}

/// A piece of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal characters. Argo would read `{{` in them as a tag.
    Literal(String),
    /// `{{name}}`: the value of a variable, such as `inputs.parameters.rate`.
    Variable(String),
    /// `{{=…}}`: the value of an expression.
    Expression(Expression),
}

/// An error about a tag that Argo cannot parse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagError {
    /// The tag is unclosed.
    Unclosed,
    /// The tag contains an invalid expression.
    Expression(SyntaxError),
}

impl Text {
    /// Returns a literal text. It must not contain `{{`, or end with `{` before a tag.
    pub fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { pieces: if text.is_empty() { Vec::new() } else { vec![Piece::Literal(text)] } }
    }

    /// Returns a tag that reads a variable.
    pub fn variable(name: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Variable(name.into())] }
    }

    /// Returns a tag that evaluates an expression.
    pub fn expression(expression: Expression) -> Self {
        Self { pieces: vec![Piece::Expression(expression)] }
    }

    /// Returns this text followed by another one.
    pub fn and(mut self, rest: impl Into<Self>) -> Self {
        self.push(rest.into());
        self
    }

    /// Appends another text.
    pub fn push(&mut self, rest: Self) {
        for piece in rest.pieces {
            match (self.pieces.last_mut(), piece) {
                (Some(Piece::Literal(last)), Piece::Literal(next)) => last.push_str(&next),
                (_, piece) => self.pieces.push(piece),
            }
        }
    }

    /// Returns the pieces in order. No two literals are adjacent.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Renames inputs of the template: where a tag reads the input `name` and `rename` returns another name for it, the
    /// tag reads that input instead.
    ///
    /// ```
    /// use kfp_argo::text::Text;
    /// let mut text = Text::read("{{inputs.parameters.a}} of {{=inputs.parameters['a']}}").unwrap();
    /// text.rename_inputs(|name| Some(format!("{name}-1")));
    /// assert_eq!(text.to_string(), "{{inputs.parameters.a-1}} of {{=inputs.parameters['a-1']}}");
    /// ```
    pub fn rename_inputs(&mut self, rename: impl Fn(&str) -> Option<String>) {
        for piece in &mut self.pieces {
            match piece {
                Piece::Literal(_) => {}
                Piece::Variable(variable) => {
                    if let Some(name) = variable.strip_prefix(INPUTS).and_then(&rename) {
                        *variable = format!("{INPUTS}{name}");
                    }
                }
                Piece::Expression(expression) => expression.rename_inputs(&rename),
            }
        }
    }

    /// Returns the literal text; `None` if it contains tags.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Returns the expression; `None` if the text is not a single tag `{{=…}}`.
    pub fn as_expression(&self) -> Option<&Expression> {
        match self.pieces.as_slice() {
            [Piece::Expression(expression)] => Some(expression),
            _ => None,
        }
    }

    /// Parses a string as Argo does.
    ///
    /// # Errors
    /// A tag is unclosed, or contains an invalid expression.
    pub fn read(text: &str) -> Result<Self, TagError> {
        let (mut read, mut end) = (Self::default(), 0);
        for tag in tags(text) {
            let tag = tag.map_err(|_| TagError::Unclosed)?;
            read.push(Self::literal(&text[end..tag.span().start]));
            read.push(match tag.kind {
                TagKind::Simple => Self::variable(tag.name()),
                TagKind::Expression => Self::expression(parse(tag.content).map_err(TagError::Expression)?),
            });
            end = tag.span().end;
        }
        Ok(read.and(Self::literal(&text[end..])))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::literal(text)
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::literal(text)
    }
}

impl From<Expression> for Text {
    fn from(expression: Expression) -> Self {
        Self::expression(expression)
    }
}

impl FromIterator<Self> for Text {
    fn from_iter<I: IntoIterator<Item = Self>>(parts: I) -> Self {
        parts.into_iter().fold(Self::default(), Self::and)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Variable(name) => write!(f, "{{{{{name}}}}}")?,
                Piece::Expression(expression) => {
                    let text = expression.to_string();
                    // A final brace would be read as part of `}}`.
                    let space = if text.ends_with('}') { " " } else { "" };
                    write!(f, "{{{{={text}{space}}}}}")?;
                }
            }
        }
        Ok(())
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_literal() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn invalid_tags_are_rejected() {
        assert_eq!(Text::read("{{a"), Err(TagError::Unclosed));
        assert!(matches!(Text::read("x {{=1 +}}"), Err(TagError::Expression(_))));
        assert_eq!(Text::read("a").unwrap().as_literal(), Some("a"));
        assert_eq!(Text::read("").unwrap(), Text::default());
    }

    fn pieces() -> impl Strategy<Value = Text> {
        let expressions = prop_oneof![
            "\\PC{0,6}".prop_map(Expression::text),
            Just(Expression::map([("a", Expression::map([]))])),
            Just(Expression::name("item").index(Expression::list([]))),
        ];
        prop_oneof![
            "[a-z} .]{0,5}".prop_map(Text::literal),
            Just(Text::literal("{a")),
            "[a-z]{1,3}[.][a-z-]{1,3}".prop_map(Text::variable),
            expressions.prop_map(Text::expression),
        ]
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(parts in prop::collection::vec(pieces(), 0..6)) {
            let text: Text = parts.into_iter().collect();
            prop_assert_eq!(Text::read(&text.to_string()), Ok(text.clone()), "{}", text);
        }
    }
}
