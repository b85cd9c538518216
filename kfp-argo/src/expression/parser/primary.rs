//! Parses operands: literals, names, parentheses and unary operators.

use super::operators::unary;
use super::{Form, Parsed, Parser, SyntaxError, Token, TokenKind};

impl Parser {
    pub(super) fn primary(&mut self) -> Parsed {
        let token = self.current().clone();
        if let Some(operator) = unary(&token) {
            self.advance()?;
            let operand = self.expression(operator.precedence())?;
            let span = token.span.start..self.span(operand).end;
            let node = self.add(span, Form::Unary { operator, operand })?;
            return self.postfix(node);
        }
        if token.is_bracket("(") {
            self.advance()?;
            let inner = self.sequence()?;
            self.expect(TokenKind::Bracket, ")")?;
            return self.postfix(inner);
        }
        if self.predicates > 0 && (token.is_operator("#") || token.is_operator(".")) {
            return self.pointer(&token);
        }
        if token.is_operator("::") {
            self.advance()?;
            let callee = self.name()?;
            let call = self.call(&callee, Vec::new())?;
            return self.postfix(call);
        }
        self.secondary(token)
    }

    /// Parses `#`, the item of a predicate, which can be omitted before a dot.
    fn pointer(&mut self, token: &Token) -> Parsed {
        let mut name = String::new();
        if token.is_operator("#") {
            self.advance()?;
            if self.current().kind == TokenKind::Identifier {
                name = self.advance()?.value;
            }
        }
        let node = self.add(token.span.clone(), Form::Pointer(name))?;
        self.postfix(node)
    }

    fn secondary(&mut self, token: Token) -> Parsed {
        let node = match token.kind {
            TokenKind::Identifier => match token.value.as_str() {
                // Only an operator can follow these three.
                "true" => return self.constant(Form::Boolean(true)),
                "false" => return self.constant(Form::Boolean(false)),
                "nil" => return self.constant(Form::Nil),
                _ => {
                    self.advance()?;
                    if self.is_bracket("(") {
                        self.call(&token, Vec::new())?
                    } else {
                        self.add(token.span, Form::Name(token.value))?
                    }
                }
            },
            TokenKind::Number => {
                let number = number(&token)?;
                return self.constant(number);
            }
            TokenKind::Text => self.constant(Form::Text(token.value))?,
            // Each character is a byte.
            TokenKind::Bytes => {
                let bytes = token.value.chars().filter_map(|byte| u8::try_from(byte).ok()).collect();
                self.constant(Form::Bytes(bytes))?
            }
            TokenKind::Bracket if token.value == "[" => self.list()?,
            TokenKind::Bracket if token.value == "{" => self.map()?,
            TokenKind::Bracket | TokenKind::Operator | TokenKind::End => return Err(self.unexpected()),
        };
        self.postfix(node)
    }

    fn constant(&mut self, form: Form) -> Parsed {
        let span = self.advance()?.span;
        self.add(span, form)
    }
}

fn number(token: &Token) -> Result<Form, SyntaxError> {
    let digits = token.value.replace('_', "").to_ascii_lowercase();
    let integer = |digits: &str, base| i64::from_str_radix(digits, base).ok().map(Form::Integer);
    let number = if let Some(digits) = digits.strip_prefix("0x") {
        integer(digits, 16)
    } else if digits.contains(['.', 'e']) {
        digits.parse().ok().filter(|number: &f64| number.is_finite()).map(Form::Float)
    } else if let Some(digits) = digits.strip_prefix("0b") {
        integer(digits, 2)
    } else if let Some(digits) = digits.strip_prefix("0o") {
        integer(digits, 8)
    } else {
        integer(&digits, 10)
    };
    number.ok_or_else(|| {
        SyntaxError::new(token.span.clone(), format!("invalid 64-bit number `{}`", token.value))
    })
}
