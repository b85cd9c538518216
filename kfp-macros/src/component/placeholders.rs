//! Placeholders in commands: `{inputs.name}` and `{outputs.name.path}`.

use syn::Expr;

use crate::attributes::string_literal;
use crate::names;
use crate::problems::Problems;

/// The prefix of each kind of placeholder, its noun, and the allowed suffixes.
const KINDS: [(&str, &str, &[&str]); 2] =
    [("{inputs.", "input", &["", "path", "json"]), ("{outputs.", "output", &["path"])];

/// Reports invalid placeholders.
pub(super) fn reject(arguments: &[Expr], inputs: &[String], outputs: &[String], problems: &mut Problems) {
    for argument in arguments {
        let Some(literal) = string_literal(argument) else { continue };
        for (start, noun, suffixes) in KINDS {
            let known = if noun == "input" { inputs } else { outputs };
            for inside in inside_all(&literal.value(), start) {
                if let Some(message) = problem(&inside, start, noun, suffixes, known) {
                    problems.at(literal, message);
                }
            }
        }
    }
}

/// Returns all strings between `start` and the next closing brace.
fn inside_all(text: &str, start: &str) -> Vec<String> {
    let parts = text.split(start).skip(1);
    let inside = parts.filter_map(|part| part.split_once('}')).map(|(inside, _)| inside);
    inside
        .filter(|inside| !inside.is_empty() && !inside.contains(char::is_whitespace))
        .map(str::to_owned)
        .collect()
}

fn problem(inside: &str, start: &str, noun: &str, suffixes: &[&str], known: &[String]) -> Option<String> {
    let (name, suffix) = inside.split_once('.').unwrap_or((inside, ""));
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    if !known.contains(&name) {
        let help = match names::nearest(name, &known) {
            Some(similar) => format!("; a similar name exists: `{similar}`"),
            None if known.is_empty() => format!(": the component has no {noun}s"),
            None => format!(", expected one of {}", names::list(&known)),
        };
        return Some(format!("unknown {noun} `{name}` in `{start}{inside}}}`{help}"));
    }
    if suffixes.contains(&suffix) {
        return None;
    }
    let forms: Vec<String> = suffixes
        .iter()
        .map(|suffix| {
            if suffix.is_empty() {
                format!("`{start}{name}}}`")
            } else {
                format!("`{start}{name}.{suffix}}}`")
            }
        })
        .collect();

    Some(format!("invalid placeholder `{start}{inside}}}`: use {}", forms.join(" or ")))
}
