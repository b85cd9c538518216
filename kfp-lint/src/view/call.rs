//! What a task, a step or a hook runs.

use super::{Spot, Template, Values};

/// What is run, as it is written.
#[derive(Debug)]
pub(crate) enum Call<'a> {
    /// A template of the same manifest.
    Template { name: &'a str, spot: Spot<'a> },
    /// A template of a workflow template.
    Reference { manifest: &'a str, template: &'a str, cluster: bool, spot: Spot<'a> },
    /// A template that stands in the task itself.
    Inline(Box<Template<'a>>),
    /// Nothing, or something of the wrong form.
    Nothing,
}

/// What is run when something happens to a task or to the workflow.
#[derive(Debug)]
pub(crate) struct Hook<'a> {
    /// `exit` for what runs at the end.
    pub(crate) name: &'a str,
    pub(crate) spot: Spot<'a>,
    pub(crate) call: Call<'a>,
    pub(crate) arguments: Values<'a>,
}

impl<'a> Call<'a> {
    /// The call of a task, of a step or of a hook.
    pub(super) fn of(spot: &Spot<'a>) -> Self {
        if let Some(inline) = spot.get("inline") {
            return Self::Inline(Box::new(Template::of(inline)));
        }
        if let Some(reference) = spot.get("templateRef") {
            return Self::reference(reference);
        }
        match spot.get("template").and_then(|spot| Some((spot.text()?, spot))) {
            Some((name, spot)) => Self::Template { name, spot },
            None => Self::Nothing,
        }
    }

    fn reference(spot: Spot<'a>) -> Self {
        match (spot.text_at("name"), spot.text_at("template")) {
            (Some(manifest), Some(template)) => {
                Self::Reference { manifest, template, cluster: spot.is_true("clusterScope"), spot }
            }
            _ => Self::Nothing,
        }
    }
}

impl<'a> Hook<'a> {
    /// The hooks of a task, of a step or of a workflow, with what stands under `onExit` as one more.
    pub(super) fn all(spot: &Spot<'a>) -> Vec<Self> {
        let hooks = spot.get("hooks").into_iter().flat_map(|hooks| hooks.members());
        let mut hooks: Vec<Self> = hooks.map(|(name, spot)| Self::of(name, spot)).collect();
        if let Some((name, on_exit)) = spot.get("onExit").and_then(|spot| Some((spot.text()?, spot))) {
            hooks.push(Self {
                name: "exit",
                call: Call::Template { name, spot: on_exit.clone() },
                arguments: Values::of(spot.get("arguments")),
                spot: on_exit,
            });
        }
        hooks
    }

    fn of(name: &'a str, spot: Spot<'a>) -> Self {
        Self { name, call: Call::of(&spot), arguments: Values::of(spot.get("arguments")), spot }
    }
}
