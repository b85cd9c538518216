//! Operators by precedence, `let`, `if`, and what follows one another.

use super::{Form, NodeId, Parsed, Parser, SyntaxError, Token, TokenKind};

/// An operator between two operands.
struct Joint {
    operator: Token,
    binding: (u16, bool),
    /// The `not` before it.
    negation: Option<String>,
}

/// How tightly an operator binds, and whether a row of them is read from the right.
fn binary(operator: &str) -> Option<(u16, bool)> {
    let precedence = match operator {
        "|" => 0,
        "or" | "||" => 10,
        "and" | "&&" => 15,
        "==" | "!=" | "<" | ">" | ">=" | "<=" | "in" | "matches" | "contains" | "startsWith" | "endsWith" => {
            20
        }
        ".." => 25,
        "+" | "-" => 30,
        "*" | "/" | "%" => 60,
        "**" | "^" => return Some((100, true)),
        "??" => 500,
        _ => return None,
    };
    Some((precedence, false))
}

pub(super) fn unary(operator: &Token) -> Option<u16> {
    match operator.value.as_str() {
        "not" | "!" => Some(50),
        "-" | "+" => Some(90),
        _ => None,
    }
    .filter(|_| operator.kind == TokenKind::Operator)
}

fn is_order(operator: &Token) -> bool {
    operator.kind == TokenKind::Operator && matches!(operator.value.as_str(), "<" | ">" | ">=" | "<=")
}

impl Parser {
    /// Expressions with `;` between them. The value is that of the last one.
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

    /// Whatever binds at least as tightly as that.
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
        let mut before = String::new();
        while self.current().kind == TokenKind::Operator {
            let Some(Joint { operator, binding, negation }) = self.operator(precedence)? else { break };
            if operator.value == "|" {
                let callee = self.name()?;
                left = self.call(&callee, vec![left])?;
            } else if before == "??" && operator.value != "??" {
                let message = format!("`??` and `{}` need parentheses", operator.value);
                let error = SyntaxError::new(operator.span, message);
                return Err(error.help("write `(a ?? b)` around the one that comes first"));
            } else if is_order(&operator) {
                left = self.comparisons(left, operator.clone(), binding.0)?;
            } else {
                let right = self.expression(if binding.1 { binding.0 } else { binding.0 + 1 })?;
                left = self.binary(left, &operator, right)?;
                if let Some(negation) = negation {
                    let span = self.span(left);
                    left = self.add(span, Form::Unary { operator: negation, operand: left })?;
                }
            }
            before = operator.value;
        }
        Ok(left)
    }

    /// The next operator if it binds tightly enough, with the `not` before it. Otherwise nothing is read.
    fn operator(&mut self, precedence: u16) -> Parsed<Option<Joint>> {
        let start = self.at;
        let negation = self.skip(TokenKind::Operator, "not")?.then(|| "not".to_owned());
        if negation.is_some()
            && !matches!(
                self.current().value.as_str(),
                "contains" | "matches" | "startsWith" | "endsWith" | "in"
            )
        {
            return Err(self.unexpected());
        }
        let operator = self.current().clone();
        match binary(&operator.value).filter(|binding| binding.0 >= precedence) {
            Some(binding) => {
                self.advance()?;
                Ok(Some(Joint { operator, binding, negation }))
            }
            None => {
                self.at = start;
                Ok(None)
            }
        }
    }

    fn binary(&mut self, left: NodeId, operator: &Token, right: NodeId) -> Parsed {
        let span = self.span(left).start..self.span(right).end;
        let (operator, operator_span) = (operator.value.clone(), operator.span.clone());
        self.add(span, Form::Binary { operator, left, right, operator_span })
    }

    /// `a < b < c` means `a < b && b < c`.
    fn comparisons(&mut self, mut left: NodeId, mut operator: Token, precedence: u16) -> Parsed {
        let mut all: Option<NodeId> = None;
        loop {
            let right = self.expression(precedence + 1)?;
            let one = self.binary(left, &operator, right)?;
            let joined = match all {
                None => one,
                Some(all) => {
                    let and = Token { value: "&&".to_owned(), ..operator };
                    self.binary(all, &and, one)?
                }
            };
            if !is_order(self.current()) {
                return Ok(joined);
            }
            (all, left, operator) = (Some(joined), right, self.advance()?);
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

    /// Expressions in braces.
    pub(super) fn block(&mut self) -> Parsed {
        self.expect(TokenKind::Bracket, "{")?;
        let body = self.sequence()?;
        self.expect(TokenKind::Bracket, "}")?;
        Ok(body)
    }
}
