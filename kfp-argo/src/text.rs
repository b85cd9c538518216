//! Strings with tags in them, which most fields of Argo's objects take.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::expression::{Expression, SyntaxError, parse};
use crate::tag::{TagKind, tags};

/// What the names of variables for the inputs of a template start with.
const INPUTS: &str = "inputs.parameters.";

/// A string that Argo completes: [`read`](Self::read) reads one, and [`Display`](fmt::Display) prints it.
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
    /// No two literals are side by side, and none is empty.
    pieces: Vec<Piece>,
}

/// A piece of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters that stay as they are. Argo takes `{{` in them for a tag.
    Literal(String),
    /// `{{name}}`: the value of a variable, such as `inputs.parameters.rate`.
    Variable(String),
    /// `{{=…}}`: the value of an expression.
    Expression(Expression),
}

/// The text has a tag that Argo cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagError {
    /// The tag has no end.
    Unclosed,
    /// The tag is `{{=…}}` around something that is no expression.
    Expression(SyntaxError),
}

impl Text {
    /// Characters that stay as they are, as long as there is no `{{` in them, and no `{` at the end before a tag.
    pub fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { pieces: if text.is_empty() { Vec::new() } else { vec![Piece::Literal(text)] } }
    }

    /// The value of a variable.
    pub fn variable(name: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Variable(name.into())] }
    }

    /// The value of an expression.
    pub fn expression(expression: Expression) -> Self {
        Self { pieces: vec![Piece::Expression(expression)] }
    }

    /// This text with another one behind it.
    pub fn and(mut self, rest: impl Into<Self>) -> Self {
        self.push(rest.into());
        self
    }

    /// Adds another text behind this one.
    pub fn push(&mut self, rest: Self) {
        for piece in rest.pieces {
            match (self.pieces.last_mut(), piece) {
                (Some(Piece::Literal(last)), Piece::Literal(next)) => last.push_str(&next),
                (_, piece) => self.pieces.push(piece),
            }
        }
    }

    /// The pieces, in their order. No two literals are side by side.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Renames inputs of the template: where a tag reads the input `name` and `rename` returns another name for it, the tag
    /// reads that input instead.
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

    /// The characters of a text without tags.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The expression of a text that is one tag `{{=…}}`.
    pub fn as_expression(&self) -> Option<&Expression> {
        match self.pieces.as_slice() {
            [Piece::Expression(expression)] => Some(expression),
            _ => None,
        }
    }

    /// Reads a string as Argo does.
    ///
    /// # Errors
    /// A tag has no end, or an expression in a tag cannot be read.
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
                    // A brace at the end would belong to the end of the tag.
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
    fn tags_that_cannot_be_read_are_refused() {
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
