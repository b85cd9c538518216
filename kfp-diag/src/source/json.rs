//! Parses JSON into trees with positions.
//!
//! `serde_json` validates the text first. The walker in this module relies on that, and only records positions.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::fault::{Fault, Problem};
use super::limits::{DEPTH, JSON_NODES, too_deep, too_many_nodes};
use super::tree::{Entry, Node, Tree};

/// Parses a JSON text.
pub(super) fn tree(text: &str) -> Result<Tree, Fault> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax(text, &error))?;
    let mut walker = Walker { text, position: 0, nodes: 0 };
    walker.value(0)
}

/// Whether a JSON text may have duplicate keys.
///
/// `false` is certain; after `true`, parse the tree and call [`duplicates`](super::duplicates()). This is much faster
/// than parsing the tree, which is therefore not needed for valid JSON.
pub fn may_have_duplicates(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut keys: Vec<&[u8]> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    let mut position = 0;
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'"' => {
                let end = string_end(bytes, position);
                let after = bytes[end..].iter().position(|byte| !byte.is_ascii_whitespace());
                if after.is_some_and(|after| bytes[end + after] == b':') {
                    let key = &bytes[position..end];
                    if key.contains(&b'\\') {
                        return true;
                    }
                    keys.push(key);
                }
                position = end;
                continue;
            }
            b'{' => starts.push(keys.len()),
            b'}' => {
                let start = starts.pop().unwrap_or(0);
                keys[start..].sort_unstable();
                if keys[start..].windows(2).any(|pair| pair[0] == pair[1]) {
                    return true;
                }
                keys.truncate(start);
            }
            _ => {}
        }
        position += 1;
    }
    false
}

/// Converts a syntax error of `serde_json`.
fn syntax(text: &str, error: &serde_json::Error) -> Fault {
    let offset = offset(text, error.line(), error.column());
    fault(error).at(&character(text, offset))
}

fn fault(error: &serde_json::Error) -> Fault {
    let message = error.to_string();
    // The report shows the position, so the message does not repeat it.
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    Fault::new(Problem::Syntax { notation: "JSON", message })
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// Returns the character at the offset, or the last one of the text.
fn character(text: &str, offset: usize) -> Range<usize> {
    let mut start = offset.min(text.trim_end().len().saturating_sub(1));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    start..start + text[start..].chars().next().map_or(0, char::len_utf8)
}

/// Returns the offset after the string that starts at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut position = start + 1;
    while let Some(byte) = bytes.get(position) {
        match byte {
            b'\\' => position += 2,
            b'"' => return position + 1,
            _ => position += 1,
        }
    }
    bytes.len()
}

struct Walker<'a> {
    text: &'a str,
    position: usize,
    nodes: usize,
}

impl Walker<'_> {
    fn value(&mut self, depth: usize) -> Result<Tree, Fault> {
        self.skip_whitespace();
        let start = self.position;
        self.nodes += 1;
        let too_much = if depth > DEPTH {
            Some(too_deep())
        } else {
            (self.nodes > JSON_NODES).then(|| too_many_nodes(JSON_NODES))
        };
        if let Some(problem) = too_much {
            return Err(Fault::new(problem).at(&(start..start + 1)));
        }
        let node = match self.byte() {
            b'{' => self.map(depth)?,
            b'[' => self.list(depth)?,
            b'"' => Node::Text(self.string()?.0),
            _ => self.literal()?,
        };
        Ok(Tree { span: start..self.position, node })
    }

    fn map(&mut self, depth: usize) -> Result<Node, Fault> {
        self.position += 1;
        let mut entries = Vec::new();
        loop {
            self.skip_whitespace();
            match self.byte() {
                b'"' => {
                    let (key, key_span) = self.string()?;
                    self.skip_whitespace();
                    self.position += 1;
                    entries.push(Entry { key, key_span, value: self.value(depth + 1)? });
                }
                b',' => self.position += 1,
                _ => {
                    self.position += 1;
                    return Ok(Node::Map(entries));
                }
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, Fault> {
        self.position += 1;
        let mut items = Vec::new();
        loop {
            self.skip_whitespace();
            match self.byte() {
                b']' => {
                    self.position += 1;
                    return Ok(Node::List(items));
                }
                b',' => self.position += 1,
                _ => items.push(self.value(depth + 1)?),
            }
        }
    }

    fn string(&mut self) -> Result<(String, Range<usize>), Fault> {
        let span = self.position..string_end(self.text.as_bytes(), self.position);
        self.position = span.end;
        let string = self.parse(&span)?;
        Ok((string, span))
    }

    /// Parses a number, a boolean or `null`.
    fn literal(&mut self) -> Result<Node, Fault> {
        let rest = &self.text[self.position..];
        let end = rest.find(|c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace());
        let span = self.position..self.position + end.unwrap_or(rest.len());
        self.position = span.end;
        match &self.text[span.clone()] {
            "null" => Ok(Node::Null),
            "true" => Ok(Node::Bool(true)),
            "false" => Ok(Node::Bool(false)),
            _ => Ok(Node::Number(self.parse(&span)?)),
        }
    }

    fn parse<T: serde::de::DeserializeOwned>(&self, span: &Range<usize>) -> Result<T, Fault> {
        serde_json::from_str(&self.text[span.clone()]).map_err(|error| fault(&error).at(span))
    }

    fn skip_whitespace(&mut self) {
        let rest = &self.text.as_bytes()[self.position.min(self.text.len())..];
        self.position += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    /// Returns the current byte. At the end of the text this is `]`, so that every loop ends.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.position).copied().unwrap_or(b']')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_have_positions() {
        let text = r#" {"a": [1, "b\n"], "c": null} "#;
        let tree = tree(text).unwrap();
        let list = &tree.get("a").unwrap().value;
        assert_eq!(&text[list.span.clone()], r#"[1, "b\n"]"#);
        assert_eq!(&text[tree.get("c").unwrap().key_span.clone()], r#""c""#);
    }

    #[test]
    fn possible_duplicates_are_found() {
        for (text, expected) in [
            (r#"{"a": 1, "b": {"a": 2}, "c": [{"x": 1}, {"x": 2}]}"#, false),
            (r#"{"a": "b", "b": "a"}"#, false),
            (r#"{"a": 1, "b": {"c": 1}, "a": 2}"#, true),
            (r#"[{"x": {"y": 1, "y": 1}}]"#, true),
            (r#"{"\u0061": 1}"#, true),
        ] {
            assert_eq!(may_have_duplicates(text), expected, "{text}");
        }
    }
}
