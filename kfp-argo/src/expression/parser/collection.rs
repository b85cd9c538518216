//! Parses lists and maps.

use super::{Form, NodeId, Parsed, Parser, SyntaxError, TokenKind};

impl Parser {
    pub(super) fn list(&mut self) -> Parsed {
        let start = self.current().span.start;
        let nodes = self.between("[", "]", |parser| parser.expression(0))?;
        let span = self.span_from(start);
        self.add(span, Form::List(nodes))
    }

    pub(super) fn map(&mut self) -> Parsed {
        let start = self.current().span.start;
        let pairs = self.between("{", "}", |parser| {
            let key = parser.key()?;
            parser.expect(TokenKind::Operator, ":")?;
            let value = parser.expression(0)?;
            // The engine counts each pair as a node.
            parser.count(&parser.span(value))?;
            Ok((key, value))
        })?;
        let span = self.span_from(start);
        self.add(span, Form::Map(pairs))
    }

    /// Parses comma-separated items in brackets, with an optional trailing comma.
    pub(super) fn between<T>(
        &mut self,
        opening: &str,
        closing: &str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect(TokenKind::Bracket, opening)?;
        let mut items = Vec::new();
        while !self.is_bracket(closing) {
            if !items.is_empty() {
                self.expect(TokenKind::Operator, ",")?;
                if self.is_bracket(closing) {
                    break;
                }
            }
            items.push(item(self)?);
        }
        self.expect(TokenKind::Bracket, closing)?;
        Ok(items)
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
                let message = format!("expected a map key, found {}", token.shown());
                let error = SyntaxError::new(token.span, message);
                Err(error.help("use a name, a string, a number, or an expression in parentheses"))
            }
        }
    }
}
