//! From words to a tree, as the engine of Argo (expr-lang 1.17) does it.
//!
//! The forms are those of the engine with all of its corners, because what it cannot read is never evaluated, and
//! what it can read must not be refused. Only depth is bounded here and not there.

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

/// Most nodes that the engine compiles.
const MAX_NODES: usize = crate::limits::EXPRESSION;

/// How deeply forms may be nested. People stay below ten.
const MAX_DEPTH: usize = 150;

/// Longest text that is read, in bytes: with less than this, nothing takes long.
const MAX_LENGTH: usize = 256 * 1024;

/// Reads an expression, which stands without braces around it.
///
/// ```
/// use kfp_argo::expression::parse;
/// assert!(parse("asInt(retries) < 3 && lastRetry.status != 'Error'").is_ok());
/// let error = parse("retries = 3").unwrap_err();
/// assert_eq!((error.message.as_str(), error.span), ("`=` joins nothing here", 8..9));
/// ```
///
/// # Errors
/// The engine cannot read the text, or it exceeds the [limits](SyntaxError::beyond_limits) of this reader.
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
    /// The last one is the end, and stays the current one.
    tokens: Vec<Token>,
    at: usize,
    nodes: Vec<Node>,
    /// How many nodes the engine would have made.
    parts: usize,
    /// How many predicates are open: inside of them there is `#`.
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

    /// Goes over the word if it is the next one.
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
        Err(if closes && error.help.is_none() { error.help(format!("`{value}` is missing")) } else { error })
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
            let message = format!("the expression has more than {MAX_NODES} parts");
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

    /// From the beginning of a node to the end of the word before the current one.
    fn span_from(&self, start: usize) -> Range<usize> {
        let end = self.at.checked_sub(1).map_or(start, |before| self.tokens[before].span.end);
        start..end.max(start)
    }

    /// Reads something one level deeper.
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

    /// The error that the current word cannot stand where it does.
    fn unexpected(&self) -> SyntaxError {
        let token = self.current();
        let span = token.span.clone();
        if token.kind == TokenKind::End {
            return SyntaxError::new(span, "the expression ends too early");
        }
        let (message, help) = match (token.kind, token.value.as_str()) {
            (TokenKind::Operator, "=") => {
                ("`=` joins nothing here".to_owned(), Some("two values are compared by `==`"))
            }
            (TokenKind::Operator, "&") => ("`&` joins nothing".to_owned(), Some("`and` is written `&&`")),
            (TokenKind::Operator, "|") => {
                ("`|` must be followed by a call".to_owned(), Some("`or` is written `||`"))
            }
            (TokenKind::Bracket, "{") => (
                "unexpected `{`".to_owned(),
                Some("a tag cannot stand in an expression: name the variable without braces"),
            ),
            (TokenKind::Text | TokenKind::Bytes, _) => ("no text can stand here".to_owned(), None),
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
    fn limits_hold() {
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
    fn long_sums_are_no_deep_ones() {
        assert!(parse(&vec!["a"; 4_000].join(" + ")).is_ok());
        assert!(parse(&format!("a{}", ".b".repeat(4_000))).is_ok());
        let error = parse(&vec!["a"; 6_000].join(" + ")).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.beyond_limits),
            ("the expression has more than 10000 parts", false)
        );
    }
}
