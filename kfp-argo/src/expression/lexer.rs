//! Splits the text of an expression into tokens.

use super::literal::{self, QuoteProblem};
use super::syntax::SyntaxError;
use super::token::{KEYWORDS, Token, TokenKind, is_in_name};

/// Splits the text into tokens. The last token is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut lexer = Lexer { text, at: 0, start: 0, tokens: Vec::new() };
    while lexer.token()? {}
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    start: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    /// Reads one token, or space or a comment. Returns `false` at the end.
    fn token(&mut self) -> Result<bool, SyntaxError> {
        self.start = self.at;
        let Some(character) = self.next() else {
            self.emit(TokenKind::End);
            return Ok(false);
        };
        match character {
            _ if character.is_whitespace() => {}
            '\'' | '"' => self.quoted(TokenKind::Text)?,
            '`' => self.backquoted()?,
            'b' | 'B' if matches!(self.peek(), Some('\'' | '"')) => {
                self.next();
                self.quoted(TokenKind::Bytes)?;
            }
            '0'..='9' => self.number()?,
            '.' if self.peek().is_some_and(|next| next.is_ascii_digit()) => self.number()?,
            '/' if self.peek() == Some('/') => self.skip_line(),
            '/' if self.peek() == Some('*') => self.skip_comment()?,
            '(' | '[' | '{' | ')' | ']' | '}' => self.emit(TokenKind::Bracket),
            '#' => self.pointer(),
            '?' => self.operator(".?"),
            '|' => self.operator("|"),
            ':' => self.operator(":"),
            '.' => self.operator("."),
            '&' | '!' | '=' | '*' | '<' | '>' => self.operator("&=*"),
            ',' | ';' | '%' | '+' | '-' | '^' | '/' => self.emit(TokenKind::Operator),
            _ if is_in_name(character) => self.word(),
            _ => return Err(self.error(format!("unexpected character `{character}`"))),
        }
        Ok(true)
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn accept(&mut self, accepted: impl Fn(char) -> bool) -> bool {
        let is = self.peek().is_some_and(accepted);
        if is {
            self.next();
        }
        is
    }

    fn emit(&mut self, kind: TokenKind) {
        let value = self.text[self.start..self.at].to_owned();
        self.emit_value(kind, value);
    }

    fn emit_value(&mut self, kind: TokenKind, value: String) {
        self.tokens.push(Token { kind, value, span: self.start..self.at });
    }

    /// Reads an operator that may have one of these characters as its second character.
    fn operator(&mut self, second: &str) {
        self.accept(|next| second.contains(next));
        self.emit(TokenKind::Operator);
    }

    fn word(&mut self) {
        while self.accept(is_in_name) {}
        let is_keyword = KEYWORDS.contains(&&self.text[self.start..self.at]);
        self.emit(if is_keyword { TokenKind::Operator } else { TokenKind::Identifier });
    }

    /// Reads `#` and the name directly after it.
    fn pointer(&mut self) {
        self.operator("#");
        self.start = self.at;
        while self.accept(is_in_name) {}
        if self.start < self.at {
            self.emit(TokenKind::Identifier);
        }
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        self.at = self.start;
        if !self.scan_number() {
            self.next();
            return Err(self.error("invalid number".to_owned()));
        }
        self.emit(TokenKind::Number);
        Ok(())
    }

    fn scan_number(&mut self) -> bool {
        let mut base = 10;
        if self.accept(|next| next == '0') {
            for (letter, of) in [('x', 16), ('o', 8), ('b', 2)] {
                if self.accept(|next| next.eq_ignore_ascii_case(&letter)) {
                    base = of;
                    break;
                }
            }
        }
        let digit = |next: char| next == '_' || next.is_digit(base);
        while self.accept(digit) {}
        let end = self.at;
        if self.accept(|next| next == '.') {
            if self.peek() == Some('.') {
                // Two dots are a range.
                self.at = end;
                return true;
            }
            while self.accept(digit) {}
        }
        if self.accept(|next| matches!(next, 'e' | 'E')) {
            self.accept(|next| matches!(next, '+' | '-'));
            while self.accept(digit) {}
        }
        !self.peek().is_some_and(is_in_name)
    }

    /// Reads a quoted string after its opening quote.
    fn quoted(&mut self, kind: TokenKind) -> Result<(), SyntaxError> {
        let opening = self.at - 1;
        match literal::quoted(&self.text[opening..], kind == TokenKind::Bytes) {
            Ok((value, length)) => {
                self.at = opening + length;
                self.emit_value(kind, value);
                Ok(())
            }
            Err((problem, at)) => {
                let end = if problem == QuoteProblem::NoEnd { usize::MAX } else { opening + at + 1 };
                let span = opening + at..self.text.len().min(end);
                Err(SyntaxError::new(span, problem.message()).help(problem.help()))
            }
        }
    }

    fn backquoted(&mut self) -> Result<(), SyntaxError> {
        match literal::backquoted(&self.text[self.start..]) {
            Some((value, length)) => {
                self.at = self.start + length;
                self.emit_value(TokenKind::Text, value);
                Ok(())
            }
            None => {
                let span = self.start..self.text.len();
                Err(SyntaxError::new(span, "unterminated string in backquotes"))
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
    }

    fn skip_comment(&mut self) -> Result<(), SyntaxError> {
        // The search starts after `/*`, whose second character has not been read yet.
        let rest = &self.text[self.at + 1..];
        match rest.find("*/") {
            Some(end) => {
                self.at += 1 + end + "*/".len();
                Ok(())
            }
            None => Err(self.error("unterminated comment".to_owned())),
        }
    }

    fn error(&self, message: String) -> SyntaxError {
        SyntaxError::new(self.start..self.at, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match tokens(text) {
            Ok(tokens) => {
                let shown = tokens.iter().map(|token| match token.kind {
                    TokenKind::End => "end".to_owned(),
                    TokenKind::Identifier => token.value.clone(),
                    kind => format!("{:.1}:{}", format!("{kind:?}"), token.value),
                });
                shown.collect::<Vec<_>>().join(" ")
            }
            Err(error) => format!("{} at {:?}", error.message, error.span),
        }
    }

    #[test]
    fn tokens_are_distinguished() {
        for (text, expected) in [
            ("", "end"),
            ("a.b_c$1", "a O:. b_c$1 end"),
            ("1..2", "N:1 O:.. N:2 end"),
            ("1.5e-3 .5 1. 0xF_f 0b11 0o7", "N:1.5e-3 N:.5 N:1. N:0xF_f N:0b11 N:0o7 end"),
            ("a?.b??c?d:e", "a O:?. b O:?? c O:? d O:: e end"),
            ("a || b|c && !d", "a O:|| b O:| c O:&& O:! d end"),
            ("#acc + # ## x", "O:# acc O:+ O:# O:## x end"),
            ("a not in b", "a O:not O:in b end"),
            ("x // rest\ny /* z */ w", "x y w end"),
            ("/**/1", "N:1 end"),
            ("'a' \"b\" `c``d` b'e'", "T:a T:b T:c`d B:e end"),
            ("[(", "B:[ B:( end"),
            ("äö", "äö end"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn errors_have_spans() {
        for (text, expected) in [
            ("a @ b", "unexpected character `@` at 2..3"),
            ("12ab", "invalid number at 0..3"),
            ("'ab", "unterminated string at 0..3"),
            ("'a\nb'", "line break in a string at 2..3"),
            ("x + `ab", "unterminated string in backquotes at 4..7"),
            ("1 /* 2", "unterminated comment at 2..3"),
            ("'a\\d'", "unknown escape `\\d` at 2..3"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
