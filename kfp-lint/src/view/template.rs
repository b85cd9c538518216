//! Templates.

use kfp_model::Place;

use super::{Call, Spot, Task, Values};

/// What a template does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Container,
    ContainerSet,
    Steps,
    Dag,
    Script,
    Resource,
    Data,
    Suspend,
    Http,
    Plugin,
}

/// A template.
#[derive(Debug)]
pub(crate) struct Template<'a> {
    /// The name, which is empty where there is none, as for one that stands in a task.
    pub(crate) name: &'a str,
    pub(crate) spot: Spot<'a>,
    pub(crate) inputs: Values<'a>,
    pub(crate) outputs: Values<'a>,
    /// The tasks of a DAG, or the steps of all groups.
    pub(crate) tasks: Vec<Task<'a>>,
}

impl Kind {
    /// In the order in which Argo looks for them.
    pub(crate) const ALL: [(&'static str, Self); 10] = [
        ("container", Self::Container),
        ("containerSet", Self::ContainerSet),
        ("steps", Self::Steps),
        ("dag", Self::Dag),
        ("script", Self::Script),
        ("resource", Self::Resource),
        ("data", Self::Data),
        ("suspend", Self::Suspend),
        ("http", Self::Http),
        ("plugin", Self::Plugin),
    ];

    pub(crate) fn key(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(key, _)| key)
    }

    /// Whether it runs other templates.
    pub(crate) fn is_graph(self) -> bool {
        matches!(self, Self::Steps | Self::Dag)
    }

    /// Whether it does something itself; waiting is not doing.
    pub(crate) fn is_leaf(self) -> bool {
        !self.is_graph() && self != Self::Suspend
    }

    /// Whether it has a pod of its own.
    pub(crate) fn is_pod(self) -> bool {
        self.is_leaf() && !matches!(self, Self::Http | Self::Plugin)
    }
}

impl<'a> Template<'a> {
    pub(super) fn of(spot: Spot<'a>) -> Self {
        let tasks = spot.get("dag").into_iter().flat_map(|dag| dag.list("tasks"));
        let mut tasks: Vec<Task<'a>> = tasks.map(|task| Task::of(task, 0)).collect();
        if tasks.is_empty() {
            tasks = steps(&spot);
        }
        Self {
            name: spot.text_at("name").unwrap_or_default(),
            inputs: Values::of(spot.get("inputs")),
            outputs: Values::of(spot.get("outputs")),
            tasks,
            spot,
        }
    }

    /// What it does, if it says one thing only or several, of which Argo takes the first.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.kinds().next()
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(|(key, _)| self.spot.has(key)).map(|(_, kind)| kind)
    }

    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind() == Some(kind)
    }

    /// Whether it has what Argo calls a result, and an exit code.
    pub(crate) fn has_result(&self) -> bool {
        match self.kind() {
            Some(Kind::Container | Kind::Script | Kind::Data | Kind::Http | Kind::Plugin) => true,
            Some(Kind::ContainerSet) => self.container_named("main"),
            _ => false,
        }
    }

    /// Whether the set of containers has one of that name.
    pub(crate) fn container_named(&self, name: &str) -> bool {
        let containers = self.spot.get("containerSet").into_iter().flat_map(|set| set.list("containers"));
        containers.into_iter().any(|container| container.text_at("name") == Some(name))
    }

    /// The template, and those that stand in its tasks.
    pub(super) fn with_inline<'t>(&'t self, templates: &mut Vec<&'t Self>) {
        templates.push(self);
        for task in &self.tasks {
            if let Call::Inline(inline) = &task.call {
                inline.with_inline(templates);
            }
        }
    }

    /// What its tasks and their hooks run.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Call<'a>> {
        self.tasks
            .iter()
            .flat_map(|task| std::iter::once(&task.call).chain(task.hooks.iter().map(|hook| &hook.call)))
    }

    pub(crate) fn retries(&self) -> bool {
        self.spot.has("retryStrategy")
    }

    /// What to call it in messages.
    pub(crate) fn named(&self) -> String {
        if self.name.is_empty() { "the template".to_owned() } else { format!("template `{}`", self.name) }
    }

    /// Where it is named.
    pub(crate) fn names(&self) -> Place {
        self.spot.place_of("name")
    }
}

/// The steps of all groups. A group is a list, or a map of nothing but `steps`, which older versions wrote.
fn steps<'a>(spot: &Spot<'a>) -> Vec<Task<'a>> {
    let mut found = Vec::new();
    for (group, spot) in spot.list("steps").enumerate() {
        let steps = if spot.tree.items().is_empty() { spot.get("steps").unwrap_or(spot) } else { spot };
        found.extend(steps.items().map(|step| Task::of(step, group)));
    }
    found
}
