//! Renders reports as SARIF 2.1.0 (OASIS), for code hosts and editors.

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::found::{Finding, in_lines};
use super::position::{Position, Positions};
use super::replacement::{Replacement, replacement};
use crate::codes::{Code, explain};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::printable::printable_json;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn report(found: &[Finding<'_, '_>]) -> String {
    let mut codes: Vec<Code> = found.iter().map(|each| each.diagnostic.code).collect();
    codes.sort();
    codes.dedup();
    let driver = json!({
        "name": "kfpc",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
    });
    let run = Run {
        // Columns are counted in characters, not in UTF-16 code units.
        column_kind: "unicodeCodePoints",
        results: Results { found, codes: &codes },
        tool: json!({"driver": driver}),
    };
    let log = Log { schema: SCHEMA, runs: [run], version: "2.1.0" };
    let mut text = printable_json(serde_json::to_string_pretty(&log).unwrap_or_default());
    text.push('\n');
    text
}

#[derive(serde::Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [Run<'a>; 1],
    version: &'static str,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    column_kind: &'static str,
    results: Results<'a>,
    tool: Value,
}

/// Serializes results one by one, because JSON values take many times the memory of the text.
struct Results<'a> {
    found: &'a [Finding<'a, 'a>],
    codes: &'a [Code],
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let results = self.found.iter().map(|each| result(each.diagnostic, self.codes, each.positions));
        serializer.collect_seq(results)
    }
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": code.title()},
        "fullDescription": {"text": explain(code)},
    })
}

fn result(diagnostic: &Diagnostic, codes: &[Code], positions: &Positions<'_>) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), diagnostic.code.as_str().into());
    result.insert("ruleIndex".to_owned(), codes.binary_search(&diagnostic.code).unwrap_or_default().into());
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    result.insert("level".to_owned(), level.into());
    result.insert("message".to_owned(), json!({"text": in_lines(diagnostic)}));
    result.insert("locations".to_owned(), json!([location(&diagnostic.primary, positions)]));
    let related: Vec<Value> = diagnostic
        .secondary
        .iter()
        .enumerate()
        .map(|(idx, label)| {
            let mut location = location(label, positions);
            location["id"] = (idx + 1).into();
            location
        })
        .collect();
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), related.into());
    }
    if let Some(found) = diagnostic.edit.as_ref().and_then(|edit| replacement(edit, positions)) {
        let description = diagnostic.help.last().map_or("", String::as_str);
        result.insert("fixes".to_owned(), json!([fix(&found, description, positions)]));
    }
    result.into()
}

fn location(label: &Label, positions: &Positions<'_>) -> Value {
    let position = positions.position(label);
    let mut location = Map::new();
    if positions.is_in_file(&position) {
        let mut physical = json!({"artifactLocation": artifact(&position.file)});
        if let Some(point) = position.point {
            physical["region"] = region(&position, point, positions);
        }
        location.insert("physicalLocation".to_owned(), physical);
    }
    let name = label.place.as_str();
    location.insert("logicalLocations".to_owned(), json!([{"fullyQualifiedName": name}]));
    if !label.message.is_empty() {
        location.insert("message".to_owned(), json!({"text": label.message}));
    }
    location.into()
}

fn region(position: &Position, (line, column): (usize, usize), positions: &Positions<'_>) -> Value {
    match (position.span, positions.file(&position.file)) {
        (Some((_, end)), Some(file)) => {
            let (end_line, end_column) = file.point(end);
            json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column})
        }
        _ => json!({"startLine": line, "startColumn": column}),
    }
}

fn fix(found: &Replacement<'_>, description: &str, positions: &Positions<'_>) -> Value {
    let region = positions.file(&found.file).map(|file| {
        let (line, column) = file.point(found.span.start);
        let (end_line, end_column) = file.point(found.span.end);
        json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column})
    });
    let replacement = json!({"deletedRegion": region, "insertedContent": {"text": found.text}});
    let change = json!({"artifactLocation": artifact(&found.file), "replacements": [replacement]});
    json!({"description": {"text": description}, "artifactChanges": [change]})
}

fn artifact(file: &str) -> Value {
    json!({"uri": uri(file)})
}

/// Converts a path to a URI, with percent encoding.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let escaped: String = path
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    if escaped.starts_with('/') { format!("file://{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_converted_to_uris() {
        for (path, expect) in [
            ("a/b.yaml", "a/b.yaml"),
            ("/a b.yaml", "file:///a%20b.yaml"),
            ("<stdin>", "%3Cstdin%3E"),
            ("ä.yaml", "%C3%A4.yaml"),
        ] {
            assert_eq!(uri(path), expect);
        }
    }
}
