//! Parses what follows an operand: `.field`, `?.field`, `[index]`, `[from:to]` and method calls.

use std::ops::Range;

use super::{Access, Form, NodeId, Parsed, Parser, SyntaxError, Token, TokenKind};
use crate::expression::token::is_field_name;

impl Parser {
    pub(super) fn postfix(&mut self, mut node: NodeId) -> Parsed {
        loop {
            let optional = self.is_operator("?.");
            if optional || self.is_operator(".") {
                self.advance()?;
                node = if optional && self.is_bracket("[") {
                    self.index(node, true)?
                } else {
                    self.field(node, optional)?
                };
            } else if self.is_bracket("[") {
                node = self.index(node, false)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn field(&mut self, node: NodeId, optional: bool) -> Parsed {
        let name = self.current().clone();
        if !is_field(&name) {
            let message = format!("expected a field name, found {}", name.shown());
            return Err(
                SyntaxError::new(name.span, message).help("use `['a-b']` for a name with other characters")
            );
        }
        self.advance()?;
        let property = self.add(name.span.clone(), Form::Text(name.value))?;
        // An optional access skips the rest of the path.
        let (base, is_chain) = match self.nodes[node.0 as usize].form {
            Form::Chain(inner) => (inner, true),
            _ => (node, false),
        };
        let access = if self.is_bracket("(") { Access::Method } else { Access::Field };
        let span = self.path_span(node, name.span.end);
        let mut node = self.add(span, Form::Member { base, property, access, optional })?;
        if access == Access::Method {
            let arguments = self.arguments(Vec::new())?;
            let span = self.path_span(node, 0);
            node = self.add(span, Form::Call { callee: node, arguments })?;
        }
        if is_chain || optional { self.chain(node) } else { Ok(node) }
    }

    fn index(&mut self, node: NodeId, optional: bool) -> Parsed {
        self.expect(TokenKind::Bracket, "[")?;
        let from = if self.is_operator(":") { None } else { Some(self.expression(0)?) };
        if let Some(property) = from.filter(|_| !self.is_operator(":")) {
            self.expect(TokenKind::Bracket, "]")?;
            let span = self.path_span(node, 0);
            let access = Access::Index;
            let member = self.add(span, Form::Member { base: node, property, access, optional })?;
            return if optional { self.chain(member) } else { Ok(member) };
        }
        self.expect(TokenKind::Operator, ":")?;
        let to = if self.is_bracket("]") { None } else { Some(self.expression(0)?) };
        self.expect(TokenKind::Bracket, "]")?;
        let span = self.path_span(node, 0);
        self.add(span, Form::Slice { base: node, from, to })
    }

    fn chain(&mut self, node: NodeId) -> Parsed {
        let span = self.span(node);
        self.add(span, Form::Chain(node))
    }

    /// Returns the span of the path read so far.
    fn path_span(&self, node: NodeId, end: usize) -> Range<usize> {
        let read = self.span_from(self.span(node).start);
        read.start..read.end.max(end)
    }
}

/// Returns whether the token is a field name. Keywords are allowed.
fn is_field(token: &Token) -> bool {
    match token.kind {
        TokenKind::Identifier => true,
        TokenKind::Operator => is_field_name(&token.value),
        _ => false,
    }
}
