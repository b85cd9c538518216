//! Lists and maps.

use super::{Form, NodeId, Parsed, Parser, SyntaxError, TokenKind};

impl Parser {
    pub(super) fn list(&mut self) -> Parsed {
        let start = self.expect(TokenKind::Bracket, "[")?.span.start;
        let mut nodes = Vec::new();
        while !self.is_bracket("]") {
            if !nodes.is_empty() {
                self.expect(TokenKind::Operator, ",")?;
                if self.is_bracket("]") {
                    break;
                }
            }
            nodes.push(self.expression(0)?);
        }
        self.expect(TokenKind::Bracket, "]")?;
        let span = self.span_from(start);
        self.add(span, Form::List(nodes))
    }

    pub(super) fn map(&mut self) -> Parsed {
        let start = self.expect(TokenKind::Bracket, "{")?.span.start;
        let mut pairs = Vec::new();
        while !self.is_bracket("}") {
            if !pairs.is_empty() {
                self.expect(TokenKind::Operator, ",")?;
                if self.is_bracket("}") {
                    break;
                }
            }
            let key = self.key()?;
            self.expect(TokenKind::Operator, ":")?;
            let value = self.expression(0)?;
            // The engine counts a pair as a part of its own.
            self.count(&self.span(value))?;
            pairs.push((key, value));
        }
        self.expect(TokenKind::Bracket, "}")?;
        let span = self.span_from(start);
        self.add(span, Form::Map(pairs))
    }

    fn key(&mut self) -> Parsed<NodeId> {
        let token = self.current().clone();
        match token.kind {
            TokenKind::Number | TokenKind::Text | TokenKind::Identifier => {
                self.advance()?;
                self.add(token.span, Form::Text(token.value))
            }
            TokenKind::Bracket if token.value == "(" => self.expression(0),
            _ if token.is_bracket("{") => Err(self.unexpected()),
            _ => {
                let message = format!("{} is no key of a map", token.shown());
                let error = SyntaxError::new(token.span, message);
                Err(error.help("a key is a name, a text, a number, or an expression in parentheses"))
            }
        }
    }
}
