//! The arguments of `#[pipeline(..)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Path};

use crate::attributes::Attributes;
use crate::problems::Problems;
use crate::{names, quantity};

const KNOWN: [&str; 7] = ["name", "version", "type", "cache", "timeout", "parallelism", "crate"];

/// The longest name that leaves room for the suffix of a run's name.
const LONGEST_NAME: usize = 57;

pub(super) struct Options {
    pub(super) sdk: Path,
    pub(super) name: Option<LitStr>,
    pub(super) r#type: Option<LitStr>,
    /// The calls that set version and settings: `.version("2")`.
    pub(super) settings: Vec<TokenStream>,
}

impl Options {
    pub(super) fn parse(tokens: TokenStream, problems: &mut Problems) -> Self {
        let mut attributes = Attributes::parse("pipeline", tokens, &KNOWN, problems);
        let name = attributes.literal("name", problems);
        if let Some(name) = &name {
            reject_name(name, problems);
        }
        let mut settings = Vec::new();
        let version = attributes.checked("version", |_| None, problems);
        settings.extend(version.map(|value| quote!(.version(#value))));
        let cache = attributes.expression("cache").filter(|value| {
            let wrong =
                crate::attributes::text_literal(value).and_then(|text| quantity::duration(&text.value()));
            if let Some(message) = &wrong {
                problems.at(value, format!("{message}; `true` and `false` are allowed as well"));
            }
            wrong.is_none()
        });
        settings.extend(cache.map(|value| quote!(.cache(#value))));
        let timeout = attributes.checked("timeout", quantity::duration, problems);
        settings.extend(timeout.map(|value| quote!(.timeout(#value))));
        settings.extend(attributes.expression("parallelism").map(|value| quote!(.parallelism(#value))));
        Self { name, r#type: attributes.literal("type", problems), settings, sdk: attributes.sdk(problems) }
    }
}

fn reject_name(name: &LitStr, problems: &mut Problems) {
    let text = name.value();
    if !names::is_kebab(&text) {
        problems.at(
            name,
            "a pipeline's name has lower case letters, digits and `-`, with a letter or digit at both ends",
        );
    } else if text.len() > LONGEST_NAME {
        problems.at(
            name,
            format!("a pipeline's name has at most {LONGEST_NAME} characters, this one has {}", text.len()),
        );
    }
}
