//! Names are present, valid and unique.

use std::collections::BTreeMap;

use kfp_diag::{Code, Diagnostic, codes};
use kfp_model::Place;

use super::strip_tags::without_tags;
use crate::ctx::Ctx;
use crate::view::{Template, TemplateKind, Values, YamlNode};

/// The maximum length of the name of a template, task or step.
const MAX_LENGTH: usize = 128;

/// The kind of a name.
#[derive(Clone, Copy)]
struct Form {
    what: &'static str,
    /// Whether it names a template, task or step, where `_` is not allowed.
    is_node: bool,
    /// Whether it may contain tags, which are replaced before Argo checks the name.
    takes_tags: bool,
}

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let spec = &ctx.manifest.spec;
    list("template", true, false, spec.list("templates"), found);
    values(&ctx.manifest.arguments, false, found);
    for hook in &ctx.manifest.hooks {
        values(&hook.arguments, false, found);
    }
    for template in ctx.templates() {
        of_template(template, found);
    }
}

fn of_template(template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    values(&template.inputs, false, found);
    values(&template.outputs, true, found);
    let is_steps = template.is(TemplateKind::Steps);
    let what = if is_steps { "step" } else { "task" };
    list(what, true, is_steps, template.tasks.iter().map(|task| task.node.clone()), found);
    for task in &template.tasks {
        values(&task.arguments, false, found);
        for hook in task.hooks.iter().filter(|hook| hook.node.has("arguments")) {
            values(&hook.arguments, false, found);
        }
    }
    let containers = template.node.at(&["containerSet", "containers"]);
    list("container", true, false, containers.into_iter().flat_map(|containers| containers.items()), found);
    for output in template.outputs.parameters.iter().map(|parameter| &parameter.node) {
        global_name(output, found);
    }
    for output in template.outputs.artifacts.iter().map(|artifact| &artifact.node) {
        global_name(output, found);
    }
}

fn values(values: &Values<'_>, takes_tags: bool, found: &mut Vec<Diagnostic>) {
    list("parameter", false, takes_tags, values.parameters.iter().map(|each| each.node.clone()), found);
    list("artifact", false, takes_tags, values.artifacts.iter().map(|each| each.node.clone()), found);
}

fn list<'a>(
    what: &'static str,
    is_node: bool,
    takes_tags: bool,
    nodes: impl Iterator<Item = YamlNode<'a>>,
    found: &mut Vec<Diagnostic>,
) {
    let form = Form { what, is_node, takes_tags };
    let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
    for node in nodes {
        let Some(name) = node.text_at("name") else {
            // A name that is not a string is reported by the type check.
            if node.get("name").is_none_or(|name| name.tree.text().is_some()) {
                let message = format!("missing `name` of a {what}");
                found.push(
                    Diagnostic::error(codes::ARGO_NAME, &node.place_of("name"), message).help("add a `name`"),
                );
            }
            continue;
        };
        let place = node.place.key("name");
        found.extend(refused(form, name).map(|fault| fault.at(&place)));
        if let Some(first) = seen.get(name) {
            found.push(duplicate(what, name, &place, first));
        } else {
            seen.insert(name, place);
        }
    }
}

fn duplicate(what: &str, name: &str, place: &Place, first: &Place) -> Diagnostic {
    Diagnostic::error(codes::ARGO_NAME_TWICE, place, format!("duplicate {what} `{name}`"))
        .label("defined again here")
        .also(first, "first defined here")
        .help("rename one of them")
}

fn global_name(output: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    let Some(name) = output.text_at("globalName") else { return };
    let form = Form { what: "global output", is_node: false, takes_tags: true };
    found.extend(refused(form, name).map(|fault| fault.at(&output.place.key("globalName"))));
}

/// An error about a name.
struct Fault {
    code: Code,
    message: String,
    help: String,
}

impl Fault {
    fn at(self, place: &Place) -> Diagnostic {
        Diagnostic::error(self.code, place, self.message).help(self.help)
    }
}

fn refused(form: Form, name: &str) -> Option<Fault> {
    let plain = if form.takes_tags { without_tags(name, "x") } else { name.into() };
    let Form { what, is_node, .. } = form;
    if is_node && plain.len() > MAX_LENGTH {
        let message = format!(
            "the name of the {what} is {} characters long, but the maximum is {MAX_LENGTH}",
            plain.len()
        );
        return Some(Fault { code: codes::ARGO_NAME, message, help: "use a shorter name".to_owned() });
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || (!is_node && c == '_');
    let starts = |c: char| if is_node { c.is_ascii_alphanumeric() } else { is_letter(c) };
    if plain.chars().all(is_letter) && plain.chars().next().is_some_and(starts) {
        return None;
    }
    let message = format!("invalid {what} name `{name}`");
    let allowed = if is_node {
        "letters, digits and `-`, and start with a letter or digit"
    } else {
        "letters, digits, `-` and `_`"
    };
    let better: String = plain.chars().map(|c| if is_letter(c) { c } else { '-' }).collect();
    let better = if is_node { better.trim_start_matches('-') } else { &better };
    let help = if better.chars().any(|c| c.is_ascii_alphanumeric()) {
        format!("use {allowed}: `{better}`")
    } else {
        format!("use {allowed}")
    };
    Some(Fault { code: codes::ARGO_NAME, message, help })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_consist_of_valid_characters() {
        let node = Form { what: "task", is_node: true, takes_tags: false };
        let value = Form { what: "parameter", is_node: false, takes_tags: false };
        let step = Form { takes_tags: true, ..node };
        let long = "a".repeat(129);
        for (form, name, help) in [
            (node, "train-2", None),
            (node, "2-train", None),
            (node, "train_2", Some("`train-2`")),
            (node, "-train", Some("`train`")),
            (node, "train.2", Some("`train-2`")),
            (node, "größe", Some("`gr--e`")),
            (node, "..", Some("letter or digit")),
            (node, long.as_str(), Some("shorter")),
            (node, "run-{{item}}", Some("`run---item--`")),
            (step, "run-{{item}}", None),
            (value, "_x-1", None),
            (value, "a.b", Some("`a-b`")),
        ] {
            let found = refused(form, name).map(|fault| fault.help);
            match help {
                None => assert_eq!(found, None, "{name}"),
                Some(help) => {
                    assert!(found.as_ref().is_some_and(|found| found.contains(help)), "{name}: {found:?}");
                }
            }
        }
    }
}
