//! The arguments of `#[pipeline(..)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Path};

use crate::attributes::Attributes;
use crate::problems::Problems;
use crate::{names, quantity};

const KNOWN: [&str; 7] = ["name", "version", "type", "cache", "timeout", "parallelism", "crate"];

/// The maximum length of a name, which leaves room for the suffix of a run's name.
const MAX_NAME: usize = 57;

pub(super) struct Options {
    pub(super) sdk: Path,
    pub(super) name: Option<LitStr>,
    pub(super) r#type: Option<LitStr>,
    /// The calls that set the version and the settings, such as `.version("2")`.
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
            let error =
                crate::attributes::string_literal(value).and_then(|text| quantity::duration(&text.value()));
            if let Some(message) = &error {
                problems.at(value, format!("{message}, or `true` or `false`"));
            }
            error.is_none()
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
            format!(
                "invalid pipeline name `{text}`: use lowercase letters, digits and `-`, and start and end with a \
                 letter or digit"
            ),
        );
    } else if text.len() > MAX_NAME {
        problems.at(
            name,
            format!(
                "invalid pipeline name: it has {} characters, and at most {MAX_NAME} are allowed",
                text.len()
            ),
        );
    }
}
