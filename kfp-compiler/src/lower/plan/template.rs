//! Templates of a plan, and the tasks in them.

use kfp_argo::depends::Depends;
use kfp_argo::expression::Expression;
use kfp_argo::text::Text;

/// The name of no-op tasks, and of their template unless the name is in use.
pub(in crate::lower) const NOOP: &str = "nothing";

/// A template.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) struct Template {
    pub(in crate::lower) name: String,
    pub(in crate::lower) inputs: Vec<Port>,
    pub(in crate::lower) outputs: Vec<Output>,
    pub(in crate::lower) body: Body,
    /// The step that the graph wraps, to check its outputs or to cache its results.
    pub(in crate::lower) wraps: Option<String>,
}

/// The body of a template.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) enum Body {
    /// Runs tasks.
    Graph(Graph),
    /// Waits for an approval.
    Approval,
    /// Succeeds immediately, without a pod.
    Noop,
}

/// A graph of tasks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::lower) struct Graph {
    /// The tasks, each after its dependencies.
    pub(in crate::lower) tasks: Vec<Task>,
    /// The maximum number of tasks that run at the same time.
    pub(in crate::lower) parallelism: Option<u32>,
    /// Whether all tasks are targets of the DAG, so that the failure of any task fails it.
    pub(in crate::lower) all_are_targets: bool,
}

/// A task of a graph: a call of a template.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::lower) struct Task {
    pub(in crate::lower) name: String,
    /// The name of the template.
    pub(in crate::lower) calls: String,
    /// The condition on its dependencies.
    pub(in crate::lower) depends: Option<Depends>,
    /// The condition under which it is not skipped.
    pub(in crate::lower) when: Option<Expression>,
    /// The JSON list over which it is repeated.
    pub(in crate::lower) items: Option<Text>,
    /// The arguments of the template.
    pub(in crate::lower) arguments: Vec<Argument>,
    /// The part of the path that the task adds, with original names; `None` for a level that only the workflow has.
    pub(in crate::lower) origin: Option<String>,
    /// The input that counts the recursion depth, if this call increments it.
    pub(in crate::lower) counter: Option<String>,
}

impl Task {
    /// Creates a no-op task that calls the no-op template.
    pub(in crate::lower) fn noop(template: impl Into<String>) -> Self {
        Self { name: NOOP.to_owned(), calls: template.into(), ..Self::default() }
    }
}

/// An input of a template.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::lower) struct Port {
    pub(in crate::lower) name: String,
    /// The origin of the name.
    pub(in crate::lower) naming: Naming,
    /// The description.
    pub(in crate::lower) description: Option<String>,
    /// The values that a user can choose from.
    pub(in crate::lower) choices: Vec<String>,
    /// The default value.
    pub(in crate::lower) default: Option<Text>,
}

/// The origin of the name of an input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::lower) enum Naming {
    /// It is visible to users or used elsewhere, so it cannot be changed.
    #[default]
    Fixed,
    /// The compiler chose it for a captured value.
    Captured,
    /// The compiler chose it for the items of a loop.
    Items,
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) struct Argument {
    /// The name of the input.
    pub(in crate::lower) name: String,
    /// The value.
    pub(in crate::lower) value: Value,
}

/// The value of an argument.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) enum Value {
    /// A string with tags.
    Text(Text),
    /// The list of failures of the workflow, whose expression is set when all templates are final.
    Failures,
}

/// An output of a template.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) struct Output {
    pub(in crate::lower) name: String,
    /// The source of the value.
    pub(in crate::lower) source: Source,
    /// The global name.
    pub(in crate::lower) global: Option<String>,
}

/// The source of an output.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) enum Source {
    /// An output of a task.
    Task(Text),
    /// An expression, with an optional default.
    Expression(Expression, Option<&'static str>),
    /// The approver.
    Approver,
}

impl Template {
    /// Creates a template that runs tasks.
    pub(in crate::lower) fn graph(name: impl Into<String>, inputs: Vec<Port>, tasks: Vec<Task>) -> Self {
        let graph = Graph { tasks, ..Graph::default() };
        Self { name: name.into(), inputs, outputs: Vec::new(), body: Body::Graph(graph), wraps: None }
    }

    /// Creates a no-op template.
    pub(in crate::lower) fn noop(name: impl Into<String>) -> Self {
        Self { body: Body::Noop, ..Self::graph(name, Vec::new(), Vec::new()) }
    }

    /// Returns the tasks of a graph, or an empty slice.
    pub(in crate::lower) fn tasks(&self) -> &[Task] {
        match &self.body {
            Body::Graph(graph) => &graph.tasks,
            Body::Approval | Body::Noop => &[],
        }
    }

    /// Returns the graph, if the body is one.
    pub(in crate::lower) fn graph_mut(&mut self) -> Option<&mut Graph> {
        match &mut self.body {
            Body::Graph(graph) => Some(graph),
            Body::Approval | Body::Noop => None,
        }
    }
}

impl Port {
    /// Creates an input without a default.
    pub(in crate::lower) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Creates an input for a captured value.
    pub(in crate::lower) fn captured(name: impl Into<String>) -> Self {
        Self { naming: Naming::Captured, ..Self::new(name) }
    }
}

impl Argument {
    /// Creates an argument.
    pub(in crate::lower) fn new(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl<T: Into<Text>> From<T> for Value {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Output {
    /// Creates an output that is not global.
    pub(in crate::lower) fn new(name: impl Into<String>, source: impl Into<Source>) -> Self {
        Self { name: name.into(), source: source.into(), global: None }
    }
}

impl From<Expression> for Source {
    fn from(expression: Expression) -> Self {
        Self::Expression(expression, None)
    }
}
