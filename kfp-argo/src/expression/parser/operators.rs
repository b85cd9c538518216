//! Parses operators by precedence, `let`, `if` and sequences.

use super::{Form, NodeId, Parsed, Parser, SyntaxError, Token, TokenKind};
use crate::expression::operator::{BinaryOperator, UnaryOperator};

/// The operator between two operands.
struct Joint {
    token: Token,
    kind: JointKind,
    /// Whether there is a `not` before it.
    is_negated: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum JointKind {
    /// `|`, which passes the left operand as the first argument of a function.
    Pipe,
    Operator(BinaryOperator),
}

impl JointKind {
    fn read(symbol: &str) -> Option<Self> {
        if symbol == "|" { Some(Self::Pipe) } else { BinaryOperator::read(symbol).map(Self::Operator) }
    }

    fn precedence(self) -> u16 {
        match self {
            Self::Pipe => 0,
            Self::Operator(operator) => operator.precedence(),
        }
    }
}

/// Returns the unary operator of the token.
pub(super) fn unary(token: &Token) -> Option<UnaryOperator> {
    UnaryOperator::read(&token.value).filter(|_| token.kind == TokenKind::Operator)
}

fn order(token: &Token) -> Option<BinaryOperator> {
    let operator = BinaryOperator::read(&token.value).filter(|operator| operator.is_order());
    operator.filter(|_| token.kind == TokenKind::Operator)
}

impl Parser {
    /// Parses expressions separated by `;`. The value is that of the last one.
    pub(super) fn sequence(&mut self) -> Parsed {
        let first = self.expression(0)?;
        let mut nodes = vec![first];
        while self.skip(TokenKind::Operator, ";")? {
            if self.current().kind == TokenKind::End {
                break;
            }
            nodes.push(self.expression(0)?);
        }
        if nodes.len() == 1 {
            return Ok(first);
        }
        let span = self.span_from(self.span(first).start);
        self.add(span, Form::Sequence(nodes))
    }

    /// Parses an expression whose operators have at least that precedence.
    pub(super) fn expression(&mut self, precedence: u16) -> Parsed {
        self.deeper(|parser| {
            if precedence == 0 && parser.is_operator("let") {
                return parser.variable();
            }
            if precedence == 0 && parser.is_operator("if") {
                return parser.choice();
            }
            let first = parser.primary()?;
            let joined = parser.joined(first, precedence)?;
            if precedence == 0 { parser.ternary(joined) } else { Ok(joined) }
        })
    }

    fn joined(&mut self, mut left: NodeId, precedence: u16) -> Parsed {
        let mut before = None;
        while self.current().kind == TokenKind::Operator {
            let Some(Joint { token, kind, is_negated }) = self.joint(precedence)? else { break };
            let coalesce = JointKind::Operator(BinaryOperator::Coalesce);
            match kind {
                JointKind::Pipe => {
                    let callee = self.name()?;
                    left = self.call(&callee, vec![left])?;
                }
                _ if before == Some(coalesce) && kind != coalesce => {
                    let message = format!("cannot mix `??` and `{}` without parentheses", token.value);
                    let error = SyntaxError::new(token.span, message);
                    return Err(error.help("add parentheses, such as `(a ?? b)`"));
                }
                JointKind::Operator(operator) if operator.is_order() => {
                    left = self.comparisons(left, operator, token)?;
                }
                JointKind::Operator(operator) => {
                    let precedence = operator.precedence();
                    let least = if operator.is_right_associative() { precedence } else { precedence + 1 };
                    let right = self.expression(least)?;
                    left = self.binary(left, operator, &token, right)?;
                    if is_negated {
                        let span = self.span(left);
                        left = self.add(span, Form::Unary { operator: UnaryOperator::Not, operand: left })?;
                    }
                }
            }
            before = Some(kind);
        }
        Ok(left)
    }

    /// Reads the next operator, including a preceding `not`, if it has at least that precedence.
    fn joint(&mut self, precedence: u16) -> Parsed<Option<Joint>> {
        let start = self.at;
        let is_negated = self.skip(TokenKind::Operator, "not")?;
        let token = self.current().clone();
        if is_negated
            && !matches!(token.value.as_str(), "contains" | "matches" | "startsWith" | "endsWith" | "in")
        {
            return Err(self.unexpected());
        }
        match JointKind::read(&token.value).filter(|kind| kind.precedence() >= precedence) {
            Some(kind) => {
                self.advance()?;
                Ok(Some(Joint { token, kind, is_negated }))
            }
            None => {
                self.at = start;
                Ok(None)
            }
        }
    }

    fn binary(&mut self, left: NodeId, operator: BinaryOperator, token: &Token, right: NodeId) -> Parsed {
        let span = self.span(left).start..self.span(right).end;
        self.add(span, Form::Binary { operator, left, right, operator_span: token.span.clone() })
    }

    /// `a < b < c` means `a < b && b < c`.
    fn comparisons(&mut self, mut left: NodeId, mut operator: BinaryOperator, mut token: Token) -> Parsed {
        let mut all: Option<NodeId> = None;
        loop {
            let right = self.expression(operator.precedence() + 1)?;
            let one = self.binary(left, operator, &token, right)?;
            let joined = match all {
                None => one,
                Some(all) => self.binary(all, BinaryOperator::And, &token, one)?,
            };
            let Some(next) = order(self.current()) else { return Ok(joined) };
            (all, left, operator, token) = (Some(joined), right, next, self.advance()?);
        }
    }

    fn ternary(&mut self, mut condition: NodeId) -> Parsed {
        while self.skip(TokenKind::Operator, "?")? {
            let then = if self.is_operator(":") { condition } else { self.expression(0)? };
            self.expect(TokenKind::Operator, ":")?;
            let otherwise = self.expression(0)?;
            let span = self.span(condition).start..self.span(otherwise).end;
            condition = self.add(span, Form::Conditional { condition, then, otherwise })?;
        }
        Ok(condition)
    }

    fn variable(&mut self) -> Parsed {
        self.expect(TokenKind::Operator, "let")?;
        let name = self.name()?;
        self.expect(TokenKind::Operator, "=")?;
        let value = self.expression(0)?;
        self.expect(TokenKind::Operator, ";")?;
        let body = self.sequence()?;
        self.add(name.span, Form::Let { name: name.value, value, body })
    }

    fn choice(&mut self) -> Parsed {
        self.deeper(|parser| {
            let start = parser.expect(TokenKind::Operator, "if")?.span.start;
            let condition = parser.expression(0)?;
            let then = parser.block()?;
            parser.expect(TokenKind::Operator, "else")?;
            let otherwise = if parser.is_operator("if") { parser.choice()? } else { parser.block()? };
            let span = parser.span_from(start);
            Ok(parser.push(span, Form::Conditional { condition, then, otherwise }))
        })
    }

    /// Parses expressions in braces.
    pub(super) fn block(&mut self) -> Parsed {
        self.expect(TokenKind::Bracket, "{")?;
        let body = self.sequence()?;
        self.expect(TokenKind::Bracket, "}")?;
        Ok(body)
    }
}
