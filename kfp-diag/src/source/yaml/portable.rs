//! Rejects valid YAML 1.2 that Argo rejects or interprets differently.
//!
//! The main type is [`Portable`], which follows the events of the parser. Argo and Kubernetes parse manifests with go-yaml, a
//! library for YAML 1.1, which treats a tab as part of the indentation and has more line breaks. [`key`] checks keys.

use std::ops::Range;

use granit_parser::{Event, ScalarStyle, StructureStyle};

use super::scalar;
use crate::source::fault::{Fault, Problem};

/// Line breaks of YAML 1.1 that are ordinary characters in YAML 1.2.
const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Booleans of YAML 1.1 only, in lowercase, with their values.
const BOOLEANS: [(&str, &str); 6] =
    [("y", "true"), ("yes", "true"), ("on", "true"), ("n", "false"), ("no", "false"), ("off", "false")];

/// Checks the text between events.
#[derive(Debug)]
pub(super) struct Portable<'t> {
    text: &'t str,
    /// The columns of the open block collections; `None` for flow collections.
    open: Vec<Option<usize>>,
    /// The end of the checked text.
    at: usize,
    /// If the last event was a plain scalar, the column of the collection around it.
    after_plain: Option<usize>,
}

impl<'t> Portable<'t> {
    pub(super) fn of(text: &'t str) -> Result<Self, Fault> {
        if let Some((start, character)) =
            text.find(BREAKS).and_then(|start| Some((start, text[start..].chars().next()?)))
        {
            let problem = Problem::NotPortable {
                message: format!(
                    "invalid character U+{:04X}: Argo reads it as a line break",
                    u32::from(character)
                ),
                label: "this character is invisible",
                help: "remove it, or escape it in a double-quoted string",
            };
            return Err(Fault::new(problem).at(&(start..start + character.len_utf8())));
        }
        Ok(Self { text, open: Vec::new(), at: 0, after_plain: None })
    }

    /// Checks the text up to the event, and the event itself.
    pub(super) fn follow(&mut self, event: &Event<'_>, span: &Range<usize>) -> Result<(), Fault> {
        match event {
            Event::SequenceStart(style, ..) | Event::MappingStart(style, ..) => {
                self.gap(span.start)?;
                let is_flow = *style == StructureStyle::Flow;
                self.open.push((!is_flow).then(|| self.column(span.start)));
                self.after_plain = None;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => {
                // The event starts at the first line of the text, after the header.
                let header = self.header(span.start);
                self.gap(header)?;
                self.after_plain = None;
                self.block(header)?;
            }
            Event::Scalar(text, style, ..) => {
                self.gap(span.start)?;
                if self.is_in_flow() && *style == ScalarStyle::Plain && text.starts_with([':', '?']) {
                    return Err(in_flow(span));
                }
                self.after_plain = None;
                // A missing value has no bytes.
                if *style == ScalarStyle::Plain && !span.is_empty() {
                    self.plain(span)?;
                }
                self.at = self.at.max(span.end);
            }
            Event::Alias(_) => {
                self.gap(span.start)?;
                self.at = self.at.max(span.end);
                self.after_plain = None;
            }
            Event::StreamEnd => self.gap(self.text.len())?,
            _ => {}
        }
        Ok(())
    }

    /// Only the end of a flow collection is explicit.
    fn end(&mut self, span: &Range<usize>) {
        let is_flow = self.open.pop() == Some(None);
        if is_flow {
            self.at = self.at.max(span.end);
            self.after_plain = None;
        }
    }

    /// The column of the innermost collection.
    fn indent(&self) -> Option<usize> {
        self.open.last().copied().flatten()
    }

    fn is_in_flow(&self) -> bool {
        self.open.last() == Some(&None)
    }

    fn column(&self, offset: usize) -> usize {
        self.text[self.line_start(offset)..offset].chars().count()
    }

    fn line_start(&self, offset: usize) -> usize {
        self.text[..offset].rfind('\n').map_or(0, |end| end + 1)
    }

    /// Returns the offset of the `|` or `>` of the block whose text starts at `text`.
    fn header(&self, text: usize) -> usize {
        let mut before = '\n';
        let mut is_comment = false;
        for (idx, character) in self.text.get(self.at..).unwrap_or_default().char_indices() {
            match character {
                '\n' => is_comment = false,
                '#' if before.is_whitespace() => is_comment = true,
                '|' | '>' if !is_comment && before.is_whitespace() => return self.at + idx,
                _ => {}
            }
            before = character;
        }
        text
    }

    /// Rejects tabs after line breaks and collection indicators.
    fn gap(&mut self, end: usize) -> Result<(), Fault> {
        let start = self.at;
        self.at = end.max(start);
        if self.is_in_flow() {
            return Ok(());
        }
        let mut rest = start..end;
        let gap = self.text.get(rest.clone()).unwrap_or_default();
        let next = gap.find(|c: char| !c.is_whitespace()).map_or(end, |idx| start + idx);
        while let Some(tab) =
            self.text.get(rest.clone()).and_then(|gap| gap.find('\t')).map(|idx| rest.start + idx)
        {
            let before = &self.text[self.line_start(tab)..tab];
            let line = self.text[tab..].lines().next().unwrap_or_default();
            let is_indentation = before.split_whitespace().all(|word| matches!(word, "-" | "?"));
            let belongs_to_plain = tab < next && line.trim().is_empty() && self.is_in_plain(before);
            if is_indentation && !belongs_to_plain {
                return Err(in_indentation(tab));
            }
            // The text before the first tab of a line precedes its other tabs too.
            rest.start = end.min(tab + line.len());
        }
        Ok(())
    }

    /// Whether go-yaml treats an empty line that starts with `before` as part of the previous scalar.
    fn is_in_plain(&self, before: &str) -> bool {
        let spaces = before.len() - before.trim_start_matches(' ').len();
        self.after_plain.is_some_and(|indent| spaces > indent)
    }

    fn plain(&mut self, span: &Range<usize>) -> Result<(), Fault> {
        self.after_plain = self.indent();
        let Some(indent) = self.after_plain else { return Ok(()) };
        for (idx, _) in self.text[span.clone()].match_indices('\n') {
            let line = &self.text[span.start + idx + 1..span.end];
            let spaces = line.len() - line.trim_start_matches(' ').len();
            if spaces <= indent && line[spaces..].starts_with('\t') {
                return Err(in_indentation(span.start + idx + 1 + spaces));
            }
        }
        Ok(())
    }

    /// Scans the lines of a block scalar in the same way as go-yaml.
    fn block(&mut self, start: usize) -> Result<(), Fault> {
        let header = self.text[start..].lines().next().unwrap_or_default();
        let indicators = header.split_once('#').map_or(header, |(indicators, _)| indicators);
        let given = indicators.chars().find_map(|c| c.to_digit(10)).map(|digit| digit as usize);
        let least = self.indent().map_or(0, |column| column + 1);
        let mut indent = given.map(|given| self.indent().unwrap_or(0) + given);
        let mut widest = least.max(1);
        self.at = start + header.len();
        while let Some(line) = after_break(&self.text[self.at..]) {
            let line_start = self.text.len() - line.len();
            let line = line.split('\n').next().unwrap_or_default();
            let spaces = (line.len() - line.trim_start_matches(' ').len()).min(indent.unwrap_or(usize::MAX));
            let rest = &line[spaces..];
            let is_short = indent.is_none_or(|indent| spaces < indent);
            if is_short && rest.starts_with('\t') {
                return Err(in_block(line_start + spaces));
            }
            widest = widest.max(spaces);
            if !matches!(rest, "" | "\r") && spaces < *indent.get_or_insert(widest) {
                break;
            }
            self.at = line_start + line.trim_end_matches('\r').len();
        }
        Ok(())
    }
}

/// Rejects an unquoted key that Argo interprets differently.
pub(super) fn key(text: &str) -> Result<(), Problem> {
    if scalar::is_null(text) {
        return Err(Problem::NotPortable {
            message: "invalid key: Argo rejects null keys".to_owned(),
            label: "expected a string",
            help: "add a key; quote it if it is `null` or `~`",
        });
    }
    let word = text.to_ascii_lowercase();
    // As in YAML 1.1, booleans are in lowercase, in uppercase, or capitalized.
    let rest = text.get(1..).unwrap_or_default();
    let is_cased = text == word.to_ascii_uppercase() || rest == rest.to_ascii_lowercase();
    let boolean = BOOLEANS.iter().find(|(known, _)| is_cased && *known == word);
    let as_boolean = boolean.map(|(_, value)| (*value).to_owned());
    let as_number = scalar::number(text).ok().flatten().map(|number| number.to_string());
    match as_boolean.or(as_number).filter(|value| value != text) {
        Some(value) => Err(Problem::NotPortable {
            message: format!("invalid key `{text}`: Argo reads it as `{value}`"),
            label: "expected a string",
            help: "quote the key",
        }),
        None => Ok(()),
    }
}

fn after_break(text: &str) -> Option<&str> {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n"))
}

fn in_indentation(tab: usize) -> Fault {
    let problem = Problem::NotPortable {
        message: "invalid indentation: Argo expects spaces, found a tab".to_owned(),
        label: "found a tab",
        help: "indent with spaces",
    };
    Fault::new(problem).at(&(tab..tab + 1))
}

fn in_flow(span: &Range<usize>) -> Fault {
    let problem = Problem::NotPortable {
        message: "invalid string: between brackets and braces, Argo reads `:` and `?` as part of a key"
            .to_owned(),
        label: "found an unquoted string",
        help: "quote the string",
    };
    Fault::new(problem).at(span)
}

fn in_block(tab: usize) -> Fault {
    let problem = Problem::NotPortable {
        message: "invalid indentation of a block: Argo expects spaces, found a tab".to_owned(),
        label: "found a tab",
        help: "indent with spaces, or use a double-quoted string with `\\t` and `\\n`",
    };
    Fault::new(problem).at(&(tab..tab + 1))
}

#[cfg(test)]
mod tests {
    use crate::source::manifests;

    /// YAML that go-yaml rejects or interprets differently, with part of the message, and some equivalent YAML.
    #[test]
    fn yaml_that_argo_interprets_differently_is_rejected() {
        for (text, expected) in [
            ("k: |\n  \tx\n", Some("of a block")),
            ("k: |\n\n  \tx\n", Some("of a block")),
            ("k: >\n \t\n", Some("of a block")),
            ("k: |\n  \n\t", Some("of a block")),
            ("k: |\n  x\n\t\n", Some("of a block")),
            ("k:\n- |\n  \tx\n", Some("of a block")),
            ("k: |2\n  \tx\n", None),
            ("k: |2\n \tx\n", Some("wrongly indented")),
            ("k:\n  \t\n  z: 1\n", Some("invalid indentation")),
            ("k: |\n  x\n  \ty\n  \t\n", None),
            ("k: |\n  x\n\n\nz: 1\n", None),
            ("k: \n\t\t", Some("invalid indentation")),
            ("k:\n- \t\tx", Some("invalid indentation")),
            ("k: \n\t # c", Some("invalid indentation")),
            ("k: x\n\t\n", Some("invalid indentation")),
            ("k: x\n  \t\nz: 1\n", None),
            ("k:\n- \n    \t", Some("invalid indentation")),
            ("k: \tx\t\n", None),
            ("k: x\t# c\t\n", None),
            ("k: [a,\n\tb]\n", None),
            ("k: [:a]", Some("invalid string")),
            ("k: {a: ?b}", Some("invalid string")),
            ("k: [':a', a:b]\nb: :c\n", None),
            ("k: 'a\n\tb'\n", None),
            ("k: a\u{2028}b", Some("U+2028")),
            ("# a\u{85}b\nk: 1", Some("U+0085")),
            ("k: \"\\L\"", None),
            ("k: {: 1}", Some("null")),
            ("~: 1", Some("null")),
            ("'~': 1", None),
            ("k: {on: 1}", Some("`true`")),
            ("k: {No: 1}", Some("`false`")),
            ("k: {'on': on}", None),
            ("k: {nO: 1}", None),
            ("k: {0x10: 1}", Some("`16`")),
            ("k: {1_0: 1}", Some("`10`")),
            ("k: {16: 1, -1: 2}", None),
        ] {
            let message =
                manifests("x", text.as_bytes()).err().map(|rejected| rejected.diagnostics[0].message.clone());
            match expected {
                None => assert_eq!(message, None, "{text:?}"),
                Some(part) => assert!(
                    message.as_ref().is_some_and(|message| message.contains(part)),
                    "{text:?}: {message:?}"
                ),
            }
        }
    }
}
