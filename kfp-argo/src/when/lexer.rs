//! Splits a condition into tokens, as govaluate does. Tags in quotes are part of the string.

use std::ops::Range;

use super::operator::{BinaryOperator, Precedence, PrefixOperator};
use super::token::{State, Token, TokenKind};
use super::tree::Form;
use crate::expression::SyntaxError;
use crate::tag::{Tag, TagKind, has_tag, tags};

type Lexed<T = ()> = Result<T, SyntaxError>;

/// Splits the text into tokens.
pub(super) fn tokens(text: &str) -> Lexed<Vec<Token>> {
    let tags: Result<Vec<Tag<'_>>, _> = tags(text).collect();
    let tags = tags.map_err(|unclosed| SyntaxError::new(unclosed.span, "unclosed tag"))?;
    let mut lexer = Lexer { text, tags, at: 0, tokens: Vec::new() };
    while lexer.token()? {}
    Ok(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t str,
    tags: Vec<Tag<'t>>,
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn token(&mut self) -> Lexed<bool> {
        let Some(first) = self.text[self.at..].chars().next() else { return Ok(false) };
        if let Some((kind, span)) = self.tag(self.at) {
            self.tag_with_letters(kind, span.end);
            return Ok(true);
        }
        match first {
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            '\'' | '"' => {
                let content = self.until(|c| matches!(c, '\'' | '"'), "unterminated string")?;
                self.enclosed(content, Form::Text);
            }
            '[' => {
                let content = self.until(|c| c == ']', "unclosed `[`")?;
                self.enclosed(content, Form::Word);
            }
            '(' => self.add(TokenKind::Open, self.at + 1),
            ')' => self.add(TokenKind::Close, self.at + 1),
            ',' => self.add(TokenKind::Binary(BinaryOperator::Separator), self.at + 1),
            _ if first.is_numeric() || first == '.' => self.number()?,
            _ if first.is_alphabetic() => self.word(),
            _ => self.symbol()?,
        }
        Ok(true)
    }

    fn tag(&self, at: usize) -> Option<(TagKind, Range<usize>)> {
        let idx = self.tags.binary_search_by_key(&at, |tag| tag.span().start).ok()?;
        Some((self.tags[idx].kind, self.tags[idx].span()))
    }

    fn add(&mut self, kind: TokenKind, end: usize) {
        self.tokens.push(Token { kind, span: self.at..end });
        self.at = end;
    }

    /// Returns the end of the characters that satisfy the predicate, starting here. Tags always satisfy it.
    fn end(&self, is: impl Fn(char) -> bool) -> usize {
        let mut at = self.at;
        while let Some(next) = self.text[at..].chars().next() {
            match self.tag(at) {
                Some((_, span)) => at = span.end,
                None if is(next) => at += next.len_utf8(),
                None => break,
            }
        }
        at
    }

    /// Reads a tag and the letters adjacent to it.
    fn tag_with_letters(&mut self, kind: TagKind, tag_end: usize) {
        let end = self.end(is_in_word);
        let kind = if end == tag_end { kind } else { TagKind::Simple };
        self.add_tag(kind, end);
    }

    fn add_tag(&mut self, kind: TagKind, end: usize) {
        let text = self.text[self.at..end].to_owned();
        self.add(TokenKind::Operand(Form::Tag { kind, text }), end);
    }

    /// Returns the range from after the opening character to the closing one. A backslash escapes the next character.
    fn until(&self, ends: impl Fn(char) -> bool, unclosed: &str) -> Lexed<Range<usize>> {
        let mut at = self.at + 1;
        while let Some(next) = self.text[at..].chars().next() {
            match (self.tag(at), next) {
                (Some((_, span)), _) => at = span.end,
                (None, '\\') => at += 1 + self.text[at + 1..].chars().next().map_or(0, char::len_utf8),
                (None, next) if ends(next) => return Ok(self.at + 1..at),
                (None, next) => at += next.len_utf8(),
            }
        }
        Err(SyntaxError::new(self.at..self.text.len(), unclosed))
    }

    fn enclosed(&mut self, content: Range<usize>, form: impl Fn(String) -> Form) {
        let operand = form(self.text[content.clone()].to_owned());
        self.add(TokenKind::Operand(operand), content.end + 1);
    }

    fn number(&mut self) -> Lexed {
        let rest = &self.text[self.at..];
        if let Some(rest) = rest.strip_prefix("0x") {
            // govaluate skips spaces before the digits.
            let digits = rest.trim_start();
            let length = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
            if length > 0 && length <= 16 {
                self.add_number(self.text.len() - digits.len() + length);
                return Ok(());
            }
        }
        let end = self.end(|c| c.is_numeric() || c == '.');
        let text = &self.text[self.at..end];
        if has_tag(text) {
            self.add_tag(TagKind::Simple, end);
        } else if text.parse::<f64>().is_ok() {
            self.add_number(end);
        } else {
            return Err(SyntaxError::new(self.at..end, format!("invalid number `{text}`")));
        }
        Ok(())
    }

    fn add_number(&mut self, end: usize) {
        let text = self.text[self.at..end].to_owned();
        self.add(TokenKind::Operand(Form::Number(text)), end);
    }

    fn word(&mut self) {
        let end = self.end(is_in_word);
        let kind = match &self.text[self.at..end] {
            "in" | "IN" => TokenKind::Binary(BinaryOperator::In),
            text if has_tag(text) => return self.add_tag(TagKind::Simple, end),
            text => TokenKind::Operand(word(text)),
        };
        self.add(kind, end);
    }

    fn symbol(&mut self) -> Lexed {
        let is_symbol = |c: char| {
            !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, '(' | ')' | '[' | ']' | '\'' | '"')
        };
        let mut end = self.at;
        for c in self.text[self.at..].chars() {
            if !is_symbol(c) || self.tag(end).is_some() {
                break;
            }
            end += c.len_utf8();
        }
        let end = end.max(self.at + 1);
        let text = &self.text[self.at..end];
        let before = self.tokens.last().map_or(State::Start, |token| token.kind.state());
        let prefix = PrefixOperator::read(text).filter(|_| before.can_precede(State::Prefix));
        let kind = match (prefix, BinaryOperator::read(text)) {
            (Some(prefix), _) => TokenKind::Prefix(prefix),
            // A comma among other symbols is part of the operator.
            (None, Some(operator)) if operator.precedence() > Precedence::List => TokenKind::Binary(operator),
            _ => {
                let message = format!("unknown operator `{text}`");
                return Err(SyntaxError::new(self.at..end, message));
            }
        };
        self.add(kind, end);
        Ok(())
    }
}

/// Returns the form of a word without tags that is not an operator.
pub(super) fn word(text: &str) -> Form {
    match text {
        "true" | "false" => Form::Boolean(text == "true"),
        _ if text.contains('.') => Form::Accessor(text.to_owned()),
        _ => Form::Word(text.to_owned()),
    }
}

pub(super) fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}
