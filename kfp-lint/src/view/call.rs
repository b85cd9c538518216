//! The template that a task, step or hook runs.

use super::{Template, Values, YamlNode};

/// A call, as written.
#[derive(Debug)]
pub(crate) enum Call<'a> {
    /// A template of the same manifest.
    Template { name: &'a str, node: YamlNode<'a> },
    /// A template of a workflow template.
    Reference { manifest: &'a str, template: &'a str, cluster: bool, node: YamlNode<'a> },
    /// A template defined inline.
    Inline(Box<Template<'a>>),
    /// No call, or an invalid one.
    Invalid,
}

/// A hook of a task or workflow.
#[derive(Debug)]
pub(crate) struct Hook<'a> {
    /// The name; `exit` for a hook that runs at the end.
    pub(crate) name: &'a str,
    pub(crate) node: YamlNode<'a>,
    pub(crate) call: Call<'a>,
    pub(crate) arguments: Values<'a>,
}

impl<'a> Call<'a> {
    /// Reads the call of a task, step or hook.
    pub(super) fn of(node: &YamlNode<'a>) -> Self {
        if let Some(inline) = node.get("inline") {
            return Self::Inline(Box::new(Template::of(inline)));
        }
        if let Some(reference) = node.get("templateRef") {
            return Self::reference(reference);
        }
        match node.get("template").and_then(|node| Some((node.text()?, node))) {
            Some((name, node)) => Self::Template { name, node },
            None => Self::Invalid,
        }
    }

    fn reference(node: YamlNode<'a>) -> Self {
        match (node.text_at("name"), node.text_at("template")) {
            (Some(manifest), Some(template)) => {
                Self::Reference { manifest, template, cluster: node.is_true("clusterScope"), node }
            }
            _ => Self::Invalid,
        }
    }
}

impl<'a> Hook<'a> {
    /// Reads the hooks of a task, step or workflow. `onExit` is also a hook.
    pub(super) fn all(node: &YamlNode<'a>) -> Vec<Self> {
        let hooks = node.get("hooks").into_iter().flat_map(|hooks| hooks.members());
        let mut hooks: Vec<Self> = hooks.map(|(name, node)| Self::of(name, node)).collect();
        if let Some((name, on_exit)) = node.get("onExit").and_then(|node| Some((node.text()?, node))) {
            hooks.push(Self {
                name: "exit",
                call: Call::Template { name, node: on_exit.clone() },
                arguments: Values::of(node.get("arguments")),
                node: on_exit,
            });
        }
        hooks
    }

    fn of(name: &'a str, node: YamlNode<'a>) -> Self {
        Self { name, call: Call::of(&node), arguments: Values::of(node.get("arguments")), node }
    }
}
