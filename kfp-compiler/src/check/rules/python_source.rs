//! Finds the function of a Python step in its source, without a syntax tree.
//!
//! The source is split into logical lines at line feeds outside brackets, strings and comments.

/// Names with which code can define functions that the source does not show.
const DYNAMIC: [&str; 7] = ["__getattr__", "eval", "exec", "globals", "locals", "setattr", "vars"];

/// What a source shows about a function.
#[derive(Debug, PartialEq)]
pub(super) enum Found<'a> {
    /// The function has this parameter list.
    Function(&'a str),
    /// The name may be anything, because it is decorated, assigned or defined conditionally.
    Unknown,
    /// The source never sets the name.
    Missing,
}

/// A logical line.
struct Statement<'a> {
    text: &'a str,
    is_indented: bool,
    /// Whether it is in a function or a class.
    is_local: bool,
}

/// Finds the definition that counts, which is the last one.
pub(super) fn find<'a>(source: &'a str, name: &str) -> Found<'a> {
    let statements = statements(source);
    if statements.iter().any(|each| words(each.text).any(|word| DYNAMIC.contains(&word))) {
        return Found::Unknown;
    }
    let is_own = |each: &Statement<'_>| defined_name(each.text) == Some("component");
    let has_component = statements.iter().any(is_own);
    let (mut found, mut is_plain) = (Found::Missing, true);
    for Statement { text, is_indented, is_local } in statements {
        if is_local {
            if text.starts_with("global") && words(text).any(|word| word == name) {
                return Found::Unknown;
            }
        } else if text.starts_with('@') {
            is_plain &= !has_component && is_component(text);
        } else if let Some(defined) = defined_name(text) {
            if defined == name {
                let list = parameter_list(text).filter(|_| is_plain && !is_indented);
                found = list.map_or(Found::Unknown, Found::Function);
            }
            is_plain = true;
        } else {
            is_plain = true;
            if may_set(text, name) {
                found = Found::Unknown;
            }
        }
    }
    found
}

/// Returns the names of the functions that are defined at the top level.
pub(super) fn defined(source: &str) -> Vec<&str> {
    let statements = statements(source).into_iter().filter(|each| !each.is_indented);
    statements.filter_map(|each| defined_name(each.text)).collect()
}

fn statements(source: &str) -> Vec<Statement<'_>> {
    let source = source.trim_start_matches('\u{feff}');
    let ends = Splitter::new(source).filter(|(_, character)| *character == Some('\n')).map(|(idx, _)| idx);
    let (mut statements, mut scopes, mut start) = (Vec::new(), Vec::new(), 0);
    for end in ends.chain([source.len()]) {
        let line = &source[start..end];
        start = end + 1;
        let text = line.trim_start_matches([' ', '\t', '\u{c}']);
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let indent = line[..line.len() - text.len()].chars().fold(0, |column, character| match character {
            '\t' => column / 8 * 8 + 8,
            '\u{c}' => 0,
            _ => column + 1,
        });
        scopes.retain(|scope| *scope < indent);
        statements.push(Statement { text, is_indented: indent > 0, is_local: !scopes.is_empty() });
        if defined_name(text).is_some() || after_keyword(text, "class").is_some() {
            scopes.push(indent);
        }
    }
    statements
}

/// Returns the identifiers and numbers of a statement, also those in strings and comments.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Returns the text without leading spaces and continued lines.
pub(super) fn skip(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '\\')
}

fn after_keyword<'a>(text: &'a str, keyword: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(keyword)?;
    rest.starts_with(|c: char| c.is_whitespace() || c == '\\').then(|| skip(rest))
}

/// Returns the name of the function that a statement defines.
fn defined_name(text: &str) -> Option<&str> {
    let rest = after_keyword(after_keyword(text, "async").unwrap_or(text), "def")?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    skip(&rest[end..]).starts_with(['(', '[']).then_some(&rest[..end])
}

/// Returns the text between the parentheses of a definition.
fn parameter_list(text: &str) -> Option<&str> {
    let start = Splitter::new(text).find(|(_, character)| *character == Some('('))?.0 + 1;
    let length = Splitter::new(&text[start..]).find(|(_, character)| *character == Some(')'))?.0;
    Some(&text[start..start + length])
}

/// Whether a decorator is that of KFP, which steps ignore.
fn is_component(decorator: &str) -> bool {
    let name = decorator[1..].split(['(', '#', '\n']).next().unwrap_or_default().trim();
    name == "component" || name.ends_with(".component")
}

/// Whether a statement other than a function may set the name.
fn may_set(text: &str, name: &str) -> bool {
    const SETTING: [&str; 8] = ["async", "case", "class", "del", "except", "for", "global", "with"];
    let is_import = words(text).any(|word| word == "import");
    if is_import && text.split('#').next().is_some_and(|code| code.contains('*')) {
        return true;
    }
    let Some(first_use) = position(text, name) else { return false };
    let first = words(text).next().unwrap_or_default();
    is_import
        || SETTING.contains(&first)
        || text.contains(":=")
        || Splitter::new(text)
            .any(|(idx, character)| character == Some('=') && is_assignment(text, idx, first_use))
}

/// Returns the position of an identifier.
fn position(text: &str, name: &str) -> Option<usize> {
    let start = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    words(text).find(|word| *word == name).map(start)
}

/// Whether the `=` at the position is not part of a comparison, and is behind the name.
fn is_assignment(text: &str, idx: usize, name: usize) -> bool {
    name < idx && !text[..idx].ends_with(['=', '!', '<', '>']) && !text[idx + 1..].starts_with('=')
}

/// Iterates over Python text and returns the characters outside brackets, strings and comments. An unmatched closing
/// bracket is returned like any other character.
pub(super) struct Splitter<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, position: 0, depth: 0 }
    }

    /// Returns the length of the string literal at the current position, including its quotes.
    fn string_length(&self) -> usize {
        let rest = &self.text[self.position..];
        let quote = &rest[..1];
        let triple = quote.repeat(3);
        let close = if rest.starts_with(&triple) { triple.as_str() } else { quote };
        let mut idx = close.len();
        while idx < rest.len() {
            if rest[idx..].starts_with(close) {
                return idx + close.len();
            }
            let mut characters = rest[idx..].chars();
            let escaped = characters.next() == Some('\\');
            let length = rest.len() - idx - characters.as_str().len();
            idx += length + if escaped { characters.next().map_or(0, char::len_utf8) } else { 0 };
        }
        rest.len()
    }
}

impl Iterator for Splitter<'_> {
    /// The position of a character, and the character if it is outside brackets, strings and comments.
    type Item = (usize, Option<char>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.position;
        let character = self.text[start..].chars().next()?;
        let length = match character {
            '"' | '\'' => self.string_length(),
            // A backslash continues the line.
            '\\' if self.text[start + 1..].starts_with("\r\n") => 3,
            '\\' if self.text[start + 1..].starts_with('\n') => 2,
            '#' => self.text[start..].find('\n').unwrap_or(self.text.len() - start),
            other => other.len_utf8(),
        };
        self.position += length;
        let outside = self.depth == 0 && !matches!(character, '"' | '\'' | '#');
        match character {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        Some((start, outside.then_some(character)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found() {
        for (source, expected) in [
            ("def f(a): pass", Found::Function("a")),
            ("def f(a): pass\ndef f(b): pass", Found::Function("b")),
            ("\u{c}def f(a): pass", Found::Function("a")),
            ("def \\\n f(a): pass", Found::Function("a")),
            ("async def f(a): pass", Found::Function("a")),
            ("def f[T](a): pass", Found::Function("a")),
            (
                "x = \"\"\"\ndef f(b): pass\n\"\"\"\ndef f(a): pass\nf(2)\nx = f(a=1) == 2",
                Found::Function("a"),
            ),
            ("@dsl.component(image=\"a\")\ndef f(a): pass", Found::Function("a")),
            ("from x import *\ndef f(a): pass\nclass A:\n    def f(b): pass", Found::Function("a")),
            ("def f(a): pass\nif x:\n    def f(b): pass", Found::Unknown),
            ("def f(a): pass\nf = 3", Found::Unknown),
            ("def f(a): pass\nx, f = g, f", Found::Unknown),
            ("def f(a): pass\nfrom x import *", Found::Unknown),
            ("def f(a): pass\ndef g():\n    global f", Found::Unknown),
            ("def f(a): pass\nglobals()['f'] = 1", Found::Unknown),
            ("@cache\ndef f(a): pass", Found::Unknown),
            ("def component(x): pass\n@component\ndef f(a): pass", Found::Unknown),
            ("from x import f", Found::Unknown),
            ("class f: pass", Found::Unknown),
            ("try:\n    def f(a): pass\nfinally:\n    pass", Found::Unknown),
            ("def f(:\n    pass", Found::Unknown),
            ("def f(a, '", Found::Unknown),
            ("\"\"\"\ndef f(a): pass\n\"\"\"", Found::Missing),
            ("def fit(a):\n    f = 3", Found::Missing),
            ("class A:\n    def f(a): pass\n", Found::Missing),
            ("print(f)", Found::Missing),
            ("# def f(a): pass\n", Found::Missing),
        ] {
            assert_eq!(find(source, "f"), expected, "{source}");
        }
    }
}
