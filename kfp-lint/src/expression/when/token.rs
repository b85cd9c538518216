//! The words of a condition.

use std::ops::Range;

use kfp_argo::tag::{Tag, TagKind, has_tag};
use kfp_diag::codes;

use super::{ADVICE, Gravity, Problem};

/// What a word is to govaluate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Before the first word.
    Start,
    /// A tag that stands for itself.
    Tag(TagKind),
    /// A text in quotes.
    Text {
        has_tags: bool,
    },
    Number,
    Boolean,
    /// A word without quotes, which Argo makes a text of.
    Word,
    /// A word with dots.
    Accessor,
    Comparator,
    Logical,
    Modifier,
    Prefix,
    Ternary,
    Separator,
    Open,
    Close,
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// The word; of a text what stands between the quotes.
    pub(super) text: String,
    /// How messages call it.
    pub(super) shown: String,
    pub(super) span: Range<usize>,
}

impl TokenKind {
    pub(super) fn is_operand(&self) -> bool {
        matches!(
            self,
            Self::Tag(_) | Self::Text { .. } | Self::Number | Self::Boolean | Self::Word | Self::Accessor
        )
    }

    /// Whether govaluate takes the other kind after this one.
    pub(super) fn can_precede(&self, next: &Self) -> bool {
        use TokenKind::{
            Close, Comparator, Logical, Modifier, Open, Prefix, Separator, Start, Ternary, Text,
        };
        match self {
            Start => next.is_operand() || matches!(next, Prefix | Open),
            Open => next.is_operand() || matches!(next, Prefix | Open | Close),
            Close => !matches!(next, Prefix | Self::Accessor),
            Prefix => {
                next.is_operand() && !matches!(next, Text { .. } | Self::Word) || matches!(next, Open | Close)
            }
            Modifier | Comparator | Logical => next.is_operand() || matches!(next, Prefix | Open | Close),
            Ternary => next.is_operand() || matches!(next, Prefix | Open | Separator),
            Separator => next.is_operand() || matches!(next, Prefix | Open),
            Self::Accessor => {
                matches!(next, Open | Modifier | Comparator | Logical | Close | Ternary | Separator)
            }
            _ => matches!(next, Modifier | Comparator | Logical | Close | Ternary | Separator),
        }
    }

    pub(super) fn can_end(&self) -> bool {
        self.is_operand() || *self == Self::Close
    }
}

/// Splits a condition into words. Tags in quotes belong to their text.
pub(super) fn tokens(text: &str, tags: &[Tag<'_>]) -> Result<Vec<Token>, Problem> {
    let mut reader = Reader { text, tags, at: 0, tokens: Vec::new() };
    while reader.token()? {}
    Ok(reader.tokens)
}

struct Reader<'t> {
    text: &'t str,
    tags: &'t [Tag<'t>],
    at: usize,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn token(&mut self) -> Result<bool, Problem> {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(false) };
        let start = self.at;
        if first.is_whitespace() {
            self.at += first.len_utf8();
        } else if self.tag(start).is_some() {
            self.glued();
        } else if matches!(first, '\'' | '"') {
            self.quoted()?;
        } else if first == '[' {
            self.bracketed()?;
        } else if first.is_numeric() || first == '.' {
            self.number()?;
        } else if first.is_alphabetic() {
            self.word();
        } else {
            match first {
                ',' => self.add(TokenKind::Separator, start + 1),
                '(' => self.add(TokenKind::Open, start + 1),
                ')' => self.add(TokenKind::Close, start + 1),
                _ => self.symbol()?,
            }
        }
        Ok(true)
    }

    fn tag(&self, at: usize) -> Option<(TagKind, Range<usize>)> {
        self.tags.iter().find(|tag| tag.span().start == at).map(|tag| (tag.kind, tag.span()))
    }

    fn add(&mut self, kind: TokenKind, end: usize) {
        let text = self.text[self.at..end].to_owned();
        let shown = format!("`{text}`");
        self.tokens.push(Token { kind, text, shown, span: self.at..end });
        self.at = end;
    }

    fn error(&self, span: Range<usize>, message: String) -> Problem {
        Problem::new(codes::WHEN_SYNTAX, Gravity::Refused, span, message).help(ADVICE)
    }

    /// The end of what satisfies the condition, beginning here; a tag counts as satisfying it.
    fn end(&self, is: impl Fn(char) -> bool) -> usize {
        let mut at = self.at;
        while let Some(next) = self.text[at..].chars().next() {
            if let Some((_, span)) = self.tag(at) {
                at = span.end;
            } else if is(next) {
                at += next.len_utf8();
            } else {
                break;
            }
        }
        at
    }

    /// A tag, with whatever letters stand directly beside it.
    fn glued(&mut self) {
        let Some((kind, span)) = self.tag(self.at) else { return };
        let end = self.end(is_in_word);
        let kind = if end == span.end { kind } else { TagKind::Simple };
        self.add(TokenKind::Tag(kind), end);
    }

    fn quoted(&mut self) -> Result<(), Problem> {
        let start = self.at;
        let mut at = start + 1;
        let mut has_tags = false;
        loop {
            if let Some((_, span)) = self.tag(at) {
                (has_tags, at) = (true, span.end);
                continue;
            }
            // Either quote ends a text, whichever it begins with.
            match self.text[at..].chars().next() {
                None => return Err(self.error(start..self.text.len(), "a text has no end".to_owned())),
                Some('\'' | '"') => break,
                Some('\\') => at += 1 + self.text[at + 1..].chars().next().map_or(0, char::len_utf8),
                Some(other) => at += other.len_utf8(),
            }
        }
        let text = self.text[start + 1..at].to_owned();
        let kind = TokenKind::Text { has_tags };
        self.at = at + 1;
        self.tokens.push(Token { kind, text, shown: "a text".to_owned(), span: start..self.at });
        Ok(())
    }

    /// A word in brackets, which may hold any sign.
    fn bracketed(&mut self) -> Result<(), Problem> {
        match self.text[self.at..].find(']') {
            Some(length) => {
                self.add(TokenKind::Word, self.at + length + 1);
                Ok(())
            }
            None => Err(self.error(self.at..self.text.len(), "a `[` is not closed".to_owned())),
        }
    }

    fn number(&mut self) -> Result<(), Problem> {
        let rest = &self.text[self.at..];
        if let Some(behind) = rest.strip_prefix("0x") {
            // Blanks before the digits are passed over.
            let digits = behind.trim_start();
            let length = digits.find(|sign: char| !sign.is_ascii_hexdigit()).unwrap_or(digits.len());
            if length > 0 && length <= 16 {
                self.add(TokenKind::Number, self.text.len() - digits.len() + length);
                return Ok(());
            }
        }
        let end = self.end(|sign| sign.is_numeric() || sign == '.');
        let text = &self.text[self.at..end];
        if has_tag(text) {
            self.add(TokenKind::Tag(TagKind::Simple), end);
        } else if text.parse::<f64>().is_ok() {
            self.add(TokenKind::Number, end);
        } else {
            return Err(self.error(self.at..end, format!("`{text}` is no number")));
        }
        Ok(())
    }

    fn word(&mut self) {
        let end = self.end(is_in_word);
        let kind = match &self.text[self.at..end] {
            "true" | "false" => TokenKind::Boolean,
            "in" | "IN" => TokenKind::Comparator,
            text if has_tag(text) => TokenKind::Tag(TagKind::Simple),
            text if text.contains('.') => TokenKind::Accessor,
            _ => TokenKind::Word,
        };
        self.add(kind, end);
    }

    fn symbol(&mut self) -> Result<(), Problem> {
        let is_symbol = |sign: char| {
            !sign.is_alphanumeric()
                && !sign.is_whitespace()
                && !matches!(sign, '(' | ')' | '[' | ']' | '\'' | '"')
        };
        let mut end = self.at;
        for sign in self.text[self.at..].chars() {
            if !is_symbol(sign) || (self.tag(end).is_some()) {
                break;
            }
            end += sign.len_utf8();
        }
        let text = &self.text[self.at..end.max(self.at + 1)];
        let before = self.tokens.last().map_or(TokenKind::Start, |token| token.kind.clone());
        let kind = match text {
            "-" | "!" | "~" if before.can_precede(&TokenKind::Prefix) => TokenKind::Prefix,
            "+" | "-" | "*" | "/" | "%" | "**" | "&" | "|" | "^" | ">>" | "<<" => TokenKind::Modifier,
            "&&" | "||" => TokenKind::Logical,
            "==" | "!=" | ">" | ">=" | "<" | "<=" | "=~" | "!~" => TokenKind::Comparator,
            "?" | ":" | "??" => TokenKind::Ternary,
            _ => return Err(self.error(self.at..end, format!("`{text}` is no operator of `when`"))),
        };
        self.add(kind, end);
        Ok(())
    }
}

fn is_in_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '.')
}
