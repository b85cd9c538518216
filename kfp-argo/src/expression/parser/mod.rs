//! Parses tokens into a tree, as the engine of Argo (expr-lang 1.17) does.
//!
//! The grammar matches the engine in every detail, because expressions that it rejects are never evaluated, and
//! expressions that it accepts must not be rejected. Only the depth limit is specific to this parser.

mod call;
mod collection;
mod operators;
mod postfix;
mod primary;

use std::ops::Range;

use super::lexer;
use super::syntax::SyntaxError;
use super::token::{Token, TokenKind};
use super::tree::{Access, Expression, Form, Node, NodeId};

/// The maximum number of nodes that the engine compiles.
const MAX_NODES: usize = crate::limits::EXPRESSION;

/// The maximum nesting depth. Hand-written expressions stay below ten.
const MAX_DEPTH: usize = 150;

/// The maximum length in bytes, which bounds the parsing time.
const MAX_LENGTH: usize = 256 * 1024;

/// Parses an expression without the braces of a tag.
///
/// ```
/// use kfp_argo::expression::parse;
/// assert!(parse("asInt(retries) < 3 && lastRetry.status != 'Error'").is_ok());
/// let error = parse("retries = 3").unwrap_err();
/// assert_eq!((error.message.as_str(), error.span), ("unexpected `=`", 8..9));
/// ```
///
/// # Errors
/// The engine cannot parse the text, or it exceeds the [limits](SyntaxError::beyond_limits) of this parser.
pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
    if text.len() > MAX_LENGTH {
        let message = format!("the expression is longer than {} KiB", MAX_LENGTH / 1024);
        return Err(SyntaxError::limit(0..text.len(), message));
    }
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser { tokens, at: 0, nodes: Vec::new(), parts: 0, predicates: 0, depth: 0 };
    let root = parser.sequence()?;
    if parser.current().kind != TokenKind::End {
        return Err(parser.unexpected());
    }
    Ok(Expression { nodes: parser.nodes, root })
}

type Parsed<T = NodeId> = Result<T, SyntaxError>;

struct Parser {
    /// The tokens. The last one is the end, which is never consumed.
    tokens: Vec<Token>,
    at: usize,
    nodes: Vec<Node>,
    /// The number of nodes that the engine would create.
    parts: usize,
    /// The number of open predicates, in which `#` is available.
    predicates: usize,
    depth: usize,
}

impl Parser {
    fn current(&self) -> &Token {
        &self.tokens[self.at]
    }

    fn advance(&mut self) -> Parsed<Token> {
        let token = self.current().clone();
        if self.at + 1 == self.tokens.len() {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(token)
    }

    fn is_operator(&self, value: &str) -> bool {
        self.current().is_operator(value)
    }

    fn is_bracket(&self, value: &str) -> bool {
        self.current().is_bracket(value)
    }

    /// Skips the token if it is the next one.
    fn skip(&mut self, kind: TokenKind, value: &str) -> Parsed<bool> {
        let is = self.current().is(kind, value);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    fn expect(&mut self, kind: TokenKind, value: &str) -> Parsed<Token> {
        if self.current().is(kind, value) {
            return self.advance();
        }
        let error = self.unexpected();
        let closes = matches!(value, ")" | "]" | "}");
        Err(if closes && error.help.is_none() { error.help(format!("add `{value}`")) } else { error })
    }

    fn name(&mut self) -> Parsed<Token> {
        if self.current().kind == TokenKind::Identifier { self.advance() } else { Err(self.unexpected()) }
    }

    fn add(&mut self, span: Range<usize>, form: Form) -> Parsed {
        self.count(&span)?;
        Ok(self.push(span, form))
    }

    fn count(&mut self, span: &Range<usize>) -> Parsed<()> {
        self.parts += 1;
        if self.parts > MAX_NODES {
            let message = format!("the expression has more than {MAX_NODES} nodes");
            return Err(SyntaxError::new(span.clone(), message));
        }
        Ok(())
    }

    /// Adds a node that the engine does not count.
    fn push(&mut self, span: Range<usize>, form: Form) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        self.nodes.push(Node { span, form });
        id
    }

    fn span(&self, id: NodeId) -> Range<usize> {
        self.nodes[id.0 as usize].span.clone()
    }

    /// Returns the span from `start` to the end of the previous token.
    fn span_from(&self, start: usize) -> Range<usize> {
        let end = self.at.checked_sub(1).map_or(start, |before| self.tokens[before].span.end);
        start..end.max(start)
    }

    /// Parses one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("the expression is nested more than {MAX_DEPTH} levels deep");
            return Err(SyntaxError::limit(self.current().span.clone(), message));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Returns an error about the current token.
    fn unexpected(&self) -> SyntaxError {
        let token = self.current();
        let span = token.span.clone();
        if token.kind == TokenKind::End {
            return SyntaxError::new(span, "unexpected end of expression");
        }
        let (message, help) = match (token.kind, token.value.as_str()) {
            (TokenKind::Operator, "=") => {
                ("unexpected `=`".to_owned(), Some("use `==` to compare two values"))
            }
            (TokenKind::Operator, "&") => ("invalid operator `&`".to_owned(), Some("use `&&`")),
            (TokenKind::Operator, "|") => {
                ("expected a function call after `|`".to_owned(), Some("use `||` for a logical or"))
            }
            (TokenKind::Bracket, "{") => (
                "unexpected `{`".to_owned(),
                Some("tags are not allowed in an expression: use the variable without braces"),
            ),
            (TokenKind::Text | TokenKind::Bytes, _) => ("unexpected string".to_owned(), None),
            _ => (format!("unexpected {}", token.shown()), None),
        };
        let error = SyntaxError::new(span, message);
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_enforced() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH - 1)).is_ok());
        let signs = "-".repeat(100_000);
        let choices = "a ? b : ".repeat(10_000);
        let otherwise = "if a { b } else ".repeat(10_000);
        for text in
            [&nested(MAX_DEPTH), &nested(100_000), &signs, &choices, &otherwise, &"x".repeat(MAX_LENGTH + 1)]
        {
            let error = parse(text).unwrap_err();
            assert!(error.beyond_limits, "{}: {}", &text[..20], error.message);
        }
    }

    #[test]
    fn long_chains_are_not_deep() {
        assert!(parse(&vec!["a"; 4_000].join(" + ")).is_ok());
        assert!(parse(&format!("a{}", ".b".repeat(4_000))).is_ok());
        let error = parse(&vec!["a"; 6_000].join(" + ")).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.beyond_limits),
            ("the expression has more than 10000 nodes", false)
        );
    }
}
