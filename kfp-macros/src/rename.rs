//! `#[kfp(rename_all = "…")]`: the case of names in JSON, with the values and the conversions of serde.

use syn::LitStr;

use crate::names;
use crate::problems::Problems;

/// The values of `rename_all`.
const RULES: [&str; 8] = [
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
];

/// A value of `rename_all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RenameRule(&'static str);

impl RenameRule {
    /// Reads the value, and reports an unknown one.
    pub(crate) fn parse(literal: &LitStr, problems: &mut Problems) -> Option<Self> {
        let text = literal.value();
        let rule = RULES.into_iter().find(|rule| *rule == text);
        if rule.is_none() {
            let message = match names::nearest(&text, &RULES) {
                Some(similar) => format!("unknown case `{text}`; a similar name exists: `{similar}`"),
                None => format!("unknown case `{text}`, expected one of {}", names::list(&RULES)),
            };
            problems.at(literal, message);
        }
        rule.map(Self)
    }

    /// Whether the names contain `-`, so that they are not identifiers.
    pub(crate) fn has_hyphens(self) -> bool {
        self.0.contains('-')
    }

    /// Converts the name of a field, which is in snake case.
    pub(crate) fn of_field(self, name: &str) -> String {
        match self.0 {
            "UPPERCASE" | "SCREAMING_SNAKE_CASE" => name.to_ascii_uppercase(),
            "PascalCase" => names::camel(name),
            "camelCase" => with_first_lower(&names::camel(name)),
            "kebab-case" => name.replace('_', "-"),
            "SCREAMING-KEBAB-CASE" => name.to_ascii_uppercase().replace('_', "-"),
            _ => name.to_owned(),
        }
    }

    /// Converts the name of a variant, which is in Pascal case.
    pub(crate) fn of_variant(self, name: &str) -> String {
        match self.0 {
            "lowercase" => name.to_ascii_lowercase(),
            "UPPERCASE" => name.to_ascii_uppercase(),
            "PascalCase" => name.to_owned(),
            "camelCase" => with_first_lower(name),
            "SCREAMING_SNAKE_CASE" => snake(name).to_ascii_uppercase(),
            "kebab-case" => snake(name).replace('_', "-"),
            "SCREAMING-KEBAB-CASE" => snake(name).to_ascii_uppercase().replace('_', "-"),
            _ => snake(name),
        }
    }
}

fn with_first_lower(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// Converts `TrainModel` to `train_model`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for (idx, character) in name.char_indices() {
        if idx > 0 && character.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_converted_as_by_serde() {
        for (rule, field, variant) in [
            ("lowercase", "batch_size", "veryfast"),
            ("UPPERCASE", "BATCH_SIZE", "VERYFAST"),
            ("PascalCase", "BatchSize", "VeryFast"),
            ("camelCase", "batchSize", "veryFast"),
            ("snake_case", "batch_size", "very_fast"),
            ("SCREAMING_SNAKE_CASE", "BATCH_SIZE", "VERY_FAST"),
            ("kebab-case", "batch-size", "very-fast"),
            ("SCREAMING-KEBAB-CASE", "BATCH-SIZE", "VERY-FAST"),
        ] {
            let mut problems = Problems::default();
            let literal = LitStr::new(rule, proc_macro2::Span::call_site());
            let parsed = RenameRule::parse(&literal, &mut problems).unwrap();
            assert_eq!(
                (parsed.of_field("batch_size"), parsed.of_variant("VeryFast")),
                (field.to_owned(), variant.to_owned())
            );
            assert_eq!(parsed.has_hyphens(), rule.contains('-'));
        }
    }
}
