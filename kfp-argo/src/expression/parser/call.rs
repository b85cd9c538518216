//! Parses calls, with predicates for functions that have them.

use super::{Form, NodeId, Parsed, Parser, SyntaxError, Token, TokenKind};
use crate::expression::builtin;
use crate::expression::signature::Argument::{self, OptionalPredicate, OptionalValue, Predicate, Value};
use crate::expression::signature::with_predicate;

impl Parser {
    /// Parses a call after the function name. In a pipe, the first argument is already there.
    pub(super) fn call(&mut self, callee: &Token, mut arguments: Vec<NodeId>) -> Parsed {
        let piped = arguments.first().map(|first| self.span(*first).start);
        if let Some(kinds) = with_predicate(&callee.value) {
            self.predicate_arguments(callee, &kinds[arguments.len()..], &mut arguments)?;
        } else {
            arguments = self.arguments(arguments)?;
        }
        let span = self.span_from(piped.unwrap_or(callee.span.start));
        if builtin::is_builtin(&callee.value) {
            return self.add(span, Form::Builtin { name: callee.value.clone(), arguments });
        }
        let callee = self.add(callee.span.clone(), Form::Name(callee.value.clone()))?;
        self.add(span, Form::Call { callee, arguments })
    }

    fn predicate_arguments(
        &mut self,
        callee: &Token,
        kinds: &[Argument],
        arguments: &mut Vec<NodeId>,
    ) -> Parsed<()> {
        self.expect(TokenKind::Bracket, "(")?;
        for (idx, kind) in kinds.iter().enumerate() {
            if self.is_bracket(")") {
                if matches!(kind, OptionalPredicate | OptionalValue) {
                    break;
                }
                let message = format!("missing arguments of `{}`", callee.value);
                return Err(SyntaxError::new(self.current().span.clone(), message));
            }
            if idx > 0 {
                self.expect(TokenKind::Operator, ",")?;
            }
            arguments.push(match kind {
                Value | OptionalValue => self.expression(0)?,
                Predicate | OptionalPredicate => self.predicate()?,
            });
        }
        self.skip(TokenKind::Operator, ",")?;
        self.expect(TokenKind::Bracket, ")")?;
        Ok(())
    }

    fn predicate(&mut self) -> Parsed {
        let start = self.current().span.start;
        self.predicates += 1;
        let body = if self.is_bracket("{") {
            self.block()?
        } else {
            let body = self.expression(0)?;
            if self.is_operator(";") {
                let error =
                    SyntaxError::new(self.current().span.clone(), "`;` is only allowed in braces here");
                return Err(error.help("put the predicate in `{ … }`"));
            }
            body
        };
        self.predicates -= 1;
        let span = self.span_from(start);
        self.add(span, Form::Predicate(body))
    }

    /// Parses arguments in parentheses, and appends them to `arguments`.
    pub(super) fn arguments(&mut self, mut arguments: Vec<NodeId>) -> Parsed<Vec<NodeId>> {
        arguments.extend(self.between("(", ")", |parser| parser.expression(0))?);
        Ok(arguments)
    }
}
