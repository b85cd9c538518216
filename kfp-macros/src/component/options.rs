//! The arguments of `#[component(..)]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprLit, Lit, LitStr, Path};

use crate::attributes::Attributes;
use crate::problems::Problems;
use crate::{names, quantity};

const KNOWN: [&str; 20] = [
    "image",
    "python",
    "notebook",
    "function",
    "modules",
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
    /// The calls that set the policy, such as `.cpu("1")`.
    pub(super) policy: Vec<TokenStream>,
}

/// The implementation of the component.
pub(super) enum StepOptions {
    /// The body of the function.
    Body,
    Python {
        file: LitStr,
        function: Option<LitStr>,
        modules: Vec<LitStr>,
        packages: Vec<Expr>,
        pip_index: Option<Expr>,
    },
    Notebook {
        file: LitStr,
        modules: Vec<LitStr>,
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
        let modules = attributes.literals("modules", "\"helpers.py\"", problems);
        let packages = attributes.list("packages", "\"pandas==2.2.3\"", problems).unwrap_or_default();
        let pip_index = attributes.expression("pip_index");
        let command = attributes.list("command", "\"sh\", \"-c\", \"…\"", problems);
        let args = attributes.list("args", "\"{inputs.name}\"", problems);
        match (python, notebook) {
            (Some(file), _) => Self::Python { file, function, modules, packages, pip_index },
            (None, Some(file)) => Self::Notebook { file, modules, packages, pip_index },
            (None, None) if is_body => Self::Body,
            (None, None) => {
                Self::Command { command: command.unwrap_or_default(), args: args.unwrap_or_default() }
            }
        }
    }
}

/// Reports arguments that require another one, and arguments that exclude each other.
fn reject_contradictions(attributes: &Attributes, problems: &mut Problems) {
    const CODE: &[&str] = &["python", "notebook"];
    for (key, needed) in [
        ("function", &["python"][..]),
        ("modules", CODE),
        ("packages", CODE),
        ("pip_index", CODE),
        ("args", &["command"]),
        ("command", &["image"]),
        ("cache_version", &["cache"]),
    ] {
        let Some(found) = attributes.key(key) else { continue };
        if needed.iter().all(|needed| attributes.key(needed).is_none()) {
            problems.at(found, format!("`{key}` requires `{}`", needed.join("` or `")));
        }
    }
    for (first, second) in [("python", "command"), ("python", "notebook"), ("notebook", "command")] {
        if let (Some(_), Some(found)) = (attributes.key(first), attributes.key(second)) {
            problems.at(found, format!("`{second}` cannot be used with `{first}`"));
        }
    }
}

fn valid_name(name: &LitStr, problems: &mut Problems) -> bool {
    let valid = names::is_kebab(&name.value());
    if !valid {
        problems.at(
            name,
            format!(
                "invalid component name `{}`: use lowercase letters, digits and `-`, and start and end with a letter \
                 or digit",
                name.value()
            ),
        );
    }
    valid
}

fn image(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("empty image name: use a name such as `python:3.11-slim`".to_owned());
    }
    text.contains(char::is_whitespace)
        .then(|| format!("invalid image name `{text}`: it contains white space"))
}

fn policy(sdk: &Path, attributes: &mut Attributes, problems: &mut Problems) -> Vec<TokenStream> {
    let mut calls = Vec::new();
    let mut call = |name: &str, value: Option<TokenStream>| {
        let method = quote::format_ident!("{name}");
        calls.extend(value.map(|value| quote!(.#method(#value))));
    };
    call("cpu", attributes.expression("cpu").and_then(|value| cpu(value, problems)));
    call("memory", attributes.checked("memory", quantity::memory, problems).map(|v| quote!(#v)));
    call("gpu", attributes.expression("gpu").and_then(|value| gpu(value, problems)));
    call("retry", attributes.expression("retry").and_then(|value| retry(sdk, value, problems)));
    call("timeout", attributes.checked("timeout", quantity::duration, problems).map(|v| quote!(#v)));
    call("cache", attributes.expression("cache").and_then(|value| cache(value, attributes, problems)));
    call("cache_version", attributes.checked("cache_version", |_| None, problems).map(|v| quote!(#v)));
    for pair in attributes.list("env", "(\"NAME\", \"value\")", problems).unwrap_or_default() {
        match &pair {
            Expr::Tuple(tuple) if tuple.elems.len() == 2 => call("env", Some(tuple.elems.to_token_stream())),
            other => problems.at(other, "expected a pair: `(\"NAME\", \"value\")`"),
        }
    }
    calls
}

/// Returns the argument of `.cpu(..)`. Numbers have the same rules as strings.
fn cpu(value: Expr, problems: &mut Problems) -> Option<TokenStream> {
    if let Expr::Lit(ExprLit { lit, .. }) = &value {
        let quantity = match lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Int(cores) => Some(cores.base10_digits().to_owned()),
            Lit::Float(cores) => Some(cores.base10_digits().to_owned()),
            _ => None,
        };
        let message = match quantity {
            Some(quantity) => quantity::cpu(&quantity),
            None => Some("expected a number or a string: `cpu = 2` or `cpu = \"500m\"`".to_owned()),
        };
        if let Some(message) = message {
            problems.at(&value, message);
            return None;
        }
    }
    Some(quote!(#value))
}

fn gpu(value: Expr, problems: &mut Problems) -> Option<TokenStream> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(count), .. }) => Some(quote!("nvidia.com/gpu", #count)),
        Expr::Tuple(tuple) if tuple.elems.len() == 2 => Some(tuple.elems.to_token_stream()),
        other => {
            problems
                .at(other, "expected a number, or a resource and a number: `gpu = (\"nvidia.com/gpu\", 1)`");
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
                "expected a number of retries or a `Retry`: `retry = Retry::times(3).backoff(\"30s\", 2.0)`",
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
                problems.at(version, "`cache_version` cannot be used with `cache = false`");
            }
        }
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            if let Some(message) = quantity::duration(&text.value()) {
                problems.at(text, format!("{message}, or `true` or `false`"));
                return None;
            }
        }
        Expr::Lit(other) => {
            problems.at(other, "expected `true`, `false` or a duration: `cache = \"24h\"`");
            return None;
        }
        _ => {}
    }
    Some(quote!(#value))
}
