//! Templates.

use kfp_model::Place;

use super::{Call, Task, Values, YamlNode};

/// The kind of a template.
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
    /// The name; empty if there is none, as for an inline template.
    pub(crate) name: &'a str,
    pub(crate) node: YamlNode<'a>,
    pub(crate) inputs: Values<'a>,
    pub(crate) outputs: Values<'a>,
    /// The tasks of a DAG, or the steps of all groups.
    pub(crate) tasks: Vec<Task<'a>>,
}

impl Kind {
    /// All kinds, in the order in which Argo checks them.
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

    /// Returns whether it runs other templates.
    pub(crate) fn is_graph(self) -> bool {
        matches!(self, Self::Steps | Self::Dag)
    }

    /// Returns whether it does work itself. `suspend` does not.
    pub(crate) fn is_leaf(self) -> bool {
        !self.is_graph() && self != Self::Suspend
    }

    /// Returns whether it has its own pod.
    pub(crate) fn is_pod(self) -> bool {
        self.is_leaf() && !matches!(self, Self::Http | Self::Plugin)
    }
}

impl<'a> Template<'a> {
    pub(super) fn of(node: YamlNode<'a>) -> Self {
        let tasks = node.get("dag").into_iter().flat_map(|dag| dag.list("tasks"));
        let mut tasks: Vec<Task<'a>> = tasks.map(|task| Task::of(task, 0)).collect();
        if tasks.is_empty() {
            tasks = steps(&node);
        }
        Self {
            name: node.text_at("name").unwrap_or_default(),
            inputs: Values::of(node.get("inputs")),
            outputs: Values::of(node.get("outputs")),
            tasks,
            node,
        }
    }

    /// Returns the kind. If there are several, Argo uses the first.
    pub(crate) fn kind(&self) -> Option<Kind> {
        self.kinds().next()
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(|(key, _)| self.node.has(key)).map(|(_, kind)| kind)
    }

    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind() == Some(kind)
    }

    /// Returns whether it has a `result` and an exit code.
    pub(crate) fn has_result(&self) -> bool {
        match self.kind() {
            Some(Kind::Container | Kind::Script | Kind::Data | Kind::Http | Kind::Plugin) => true,
            Some(Kind::ContainerSet) => self.container_named("main"),
            _ => false,
        }
    }

    /// Returns whether the container set has a container with that name.
    pub(crate) fn container_named(&self, name: &str) -> bool {
        let containers = self.node.get("containerSet").into_iter().flat_map(|set| set.list("containers"));
        containers.into_iter().any(|container| container.text_at("name") == Some(name))
    }

    /// Collects the template and the inline templates of its tasks.
    pub(super) fn with_inline<'t>(&'t self, templates: &mut Vec<&'t Self>) {
        templates.push(self);
        for task in &self.tasks {
            if let Call::Inline(inline) = &task.call {
                inline.with_inline(templates);
            }
        }
    }

    /// Returns the calls of its tasks and their hooks.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Call<'a>> {
        self.tasks
            .iter()
            .flat_map(|task| std::iter::once(&task.call).chain(task.hooks.iter().map(|hook| &hook.call)))
    }

    /// Describes the template in messages.
    pub(crate) fn describe(&self) -> String {
        if self.name.is_empty() { "the template".to_owned() } else { format!("template `{}`", self.name) }
    }

    /// Returns the place of the name.
    pub(crate) fn name_place(&self) -> Place {
        self.node.place_of("name")
    }
}

/// Returns the steps of all groups. A group is a list, or a map with only `steps`, which older versions wrote.
fn steps<'a>(node: &YamlNode<'a>) -> Vec<Task<'a>> {
    let mut found = Vec::new();
    for (group, node) in node.list("steps").enumerate() {
        let steps = if node.tree.items().is_empty() { node.get("steps").unwrap_or(node) } else { node };
        found.extend(steps.items().map(|step| Task::of(step, group)));
    }
    found
}
