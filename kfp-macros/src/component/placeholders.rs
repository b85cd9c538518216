//! Placeholders in commands: `{inputs.name}` and `{outputs.name.path}`.

use syn::Expr;

use crate::attributes::text_literal;
use crate::names;
use crate::problems::Problems;

/// What begins a placeholder, and what may follow its name.
const KINDS: [(&str, &str, &[&str]); 2] =
    [("{inputs.", "input", &["", "path", "json"]), ("{outputs.", "output", &["path"])];

/// Reports placeholders that name nothing.
pub(super) fn reject(texts: &[Expr], inputs: &[String], outputs: &[String], problems: &mut Problems) {
    for text in texts {
        let Some(literal) = text_literal(text) else { continue };
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

/// What stands between `start` and the closing brace, wherever it does.
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
            Some(right) => format!("`{right}` has a similar name"),
            None if known.is_empty() => format!("the component has no {noun}s"),
            None => format!("the {noun}s are {}", names::list(&known)),
        };
        return Some(format!("`{start}{inside}}}` names no {noun} of the component: {help}"));
    }
    if suffixes.contains(&suffix) {
        return None;
    }
    let forms: Vec<String> =
        suffixes
            .iter()
            .map(|suffix| {
                if suffix.is_empty() {
                    format!("{start}{name}}}")
                } else {
                    format!("{start}{name}.{suffix}}}")
                }
            })
            .collect();
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    Some(format!("`{start}{inside}}}` is no placeholder: use {}", names::list(&forms)))
}
