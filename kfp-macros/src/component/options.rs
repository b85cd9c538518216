//! The arguments of `#[component(..)]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Lit, LitStr, Path};

use crate::attributes::Attributes;
use crate::problems::Problems;
use crate::{names, quantity};

const KNOWN: [&str; 19] = [
    "image",
    "python",
    "notebook",
    "function",
    "packages",
    "pip_index",
    "command",
    "args",
    "name",
    "type",
    "cache",
    "cache_version",
    "retry",
    "timeout",
    "cpu",
    "memory",
    "gpu",
    "env",
    "crate",
];

pub(super) struct Options {
    pub(super) sdk: Path,
    pub(super) name: Option<LitStr>,
    pub(super) r#type: Option<LitStr>,
    pub(super) image: Option<Expr>,
    pub(super) step: StepOptions,
    /// The calls that set the policy: `.cpu("1")`.
    pub(super) policy: Vec<TokenStream>,
}

/// What is executed.
pub(super) enum StepOptions {
    /// The body of the function.
    Body,
    Python {
        file: LitStr,
        function: Option<LitStr>,
        packages: Vec<Expr>,
        pip_index: Option<Expr>,
    },
    Notebook {
        file: LitStr,
        packages: Vec<Expr>,
        pip_index: Option<Expr>,
    },
    Command {
        command: Vec<Expr>,
        args: Vec<Expr>,
    },
}

impl Options {
    pub(super) fn parse(tokens: TokenStream, problems: &mut Problems) -> Self {
        let mut attributes = Attributes::parse("component", tokens, &KNOWN, problems);
        reject_contradictions(&attributes, problems);
        let sdk = attributes.sdk(problems);
        let name = attributes.literal("name", problems).filter(|name| valid_name(name, problems));
        Self {
            name,
            r#type: attributes.literal("type", problems),
            image: attributes.checked("image", image, problems),
            step: StepOptions::parse(&mut attributes, problems),
            policy: policy(&sdk, &mut attributes, problems),
            sdk,
        }
    }
}

impl StepOptions {
    fn parse(attributes: &mut Attributes, problems: &mut Problems) -> Self {
        let is_body =
            ["python", "notebook", "command", "args"].iter().all(|key| attributes.key(key).is_none());
        let python = attributes.literal("python", problems);
        let notebook = attributes.literal("notebook", problems);
        let function = attributes.literal("function", problems);
        let packages = attributes.list("packages", "\"pandas==2.2.3\"", problems).unwrap_or_default();
        let pip_index = attributes.expression("pip_index");
        let command = attributes.list("command", "\"sh\", \"-c\", \"…\"", problems);
        let args = attributes.list("args", "\"{inputs.name}\"", problems);
        match (python, notebook) {
            (Some(file), _) => Self::Python { file, function, packages, pip_index },
            (None, Some(file)) => Self::Notebook { file, packages, pip_index },
            (None, None) if is_body => Self::Body,
            (None, None) => {
                Self::Command { command: command.unwrap_or_default(), args: args.unwrap_or_default() }
            }
        }
    }
}

/// Arguments that say nothing without another one, or that exclude each other.
fn reject_contradictions(attributes: &Attributes, problems: &mut Problems) {
    const CODE: &[&str] = &["python", "notebook"];
    for (key, needed) in [
        ("function", &["python"][..]),
        ("packages", CODE),
        ("pip_index", CODE),
        ("args", &["command"]),
        ("command", &["image"]),
        ("cache_version", &["cache"]),
    ] {
        let Some(given) = attributes.key(key) else { continue };
        if needed.iter().all(|needed| attributes.key(needed).is_none()) {
            problems.at(given, format!("`{key}` says nothing without `{}`", needed.join("` or `")));
        }
    }
    for (first, second, kinds) in [
        ("python", "command", "a Python function or a command"),
        ("python", "notebook", "a Python function or a notebook"),
        ("notebook", "command", "a notebook or a command"),
    ] {
        if let (Some(_), Some(given)) = (attributes.key(first), attributes.key(second)) {
            problems.at(
                given,
                format!("a component is either {kinds}: `{first}` and `{second}` exclude each other"),
            );
        }
    }
}

fn valid_name(name: &LitStr, problems: &mut Problems) -> bool {
    let valid = names::is_kebab(&name.value());
    if !valid {
        problems.at(
            name,
            "a component's name has lower case letters, digits and `-`, with a letter or digit at both ends",
        );
    }
    valid
}

fn image(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("an image has a name, as `python:3.11-slim`".to_owned());
    }
    text.contains(char::is_whitespace)
        .then(|| format!("`{text}` is no name of an image: it contains a blank"))
}

fn policy(sdk: &Path, attributes: &mut Attributes, problems: &mut Problems) -> Vec<TokenStream> {
    let mut calls = Vec::new();
    let mut call = |name: &str, value: Option<TokenStream>| {
        let method = quote::format_ident!("{name}");
        calls.extend(value.map(|value| quote!(.#method(#value))));
    };
    call("cpu", attributes.checked("cpu", quantity::cpu, problems).map(|v| quote!(#v)));
    call("memory", attributes.checked("memory", quantity::memory, problems).map(|v| quote!(#v)));
    call("gpu", attributes.expression("gpu").and_then(|value| gpu(value, problems)));
    call("retry", attributes.expression("retry").and_then(|value| retry(sdk, value, problems)));
    call("timeout", attributes.checked("timeout", quantity::duration, problems).map(|v| quote!(#v)));
    call("cache", attributes.expression("cache").and_then(|value| cache(value, attributes, problems)));
    call("cache_version", attributes.checked("cache_version", |_| None, problems).map(|v| quote!(#v)));
    for pair in attributes.list("env", "(\"NAME\", \"value\")", problems).unwrap_or_default() {
        match &pair {
            Expr::Tuple(tuple) if tuple.elems.len() == 2 => call("env", Some(tuple.elems.to_token_stream())),
            other => problems.at(other, "an environment variable is a pair: `(\"NAME\", \"value\")`"),
        }
    }
    calls
}

fn gpu(value: Expr, problems: &mut Problems) -> Option<TokenStream> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(count), .. }) => Some(quote!("nvidia.com/gpu", #count)),
        Expr::Tuple(tuple) if tuple.elems.len() == 2 => Some(tuple.elems.to_token_stream()),
        other => {
            problems
                .at(other, "`gpu` is a number, or a resource with a number: `gpu = (\"nvidia.com/gpu\", 1)`");
            None
        }
    }
}

fn retry(sdk: &Path, value: Expr, problems: &mut Problems) -> Option<TokenStream> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(times), .. }) => {
            Some(quote!(#sdk::__private::Retry::times(#times)))
        }
        Expr::Lit(other) => {
            problems.at(
                other,
                "`retry` is a number of times, or a `Retry`: `retry = Retry::times(3).backoff(\"30s\", 2.0)`",
            );
            None
        }
        other => Some(quote!(#other)),
    }
}

fn cache(value: Expr, attributes: &Attributes, problems: &mut Problems) -> Option<TokenStream> {
    match &value {
        Expr::Lit(ExprLit { lit: Lit::Bool(on), .. }) => {
            if let (false, Some(version)) = (on.value, attributes.key("cache_version")) {
                problems.at(version, "`cache_version` says nothing with `cache = false`");
            }
        }
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            if let Some(message) = quantity::duration(&text.value()) {
                problems.at(text, format!("{message}; `true` and `false` are allowed as well"));
                return None;
            }
        }
        Expr::Lit(other) => {
            problems.at(other, "`cache` is `true`, `false` or a duration: `cache = \"24h\"`");
            return None;
        }
        _ => {}
    }
    Some(quote!(#value))
}
