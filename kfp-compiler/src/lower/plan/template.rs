//! Templates of a plan, and the tasks in them.

use kfp_argo::depends::Depends;
use kfp_argo::expression::Expression;
use kfp_argo::text::Text;

/// The name of tasks that do nothing, and of their template where it is free.
pub(in crate::lower) const NOTHING: &str = "nothing";

/// Something that can be called by its name.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) struct Template {
    /// The name.
    pub(in crate::lower) name: String,
    /// What it receives.
    pub(in crate::lower) inputs: Vec<Port>,
    /// What it returns.
    pub(in crate::lower) outputs: Vec<Output>,
    /// What it does.
    pub(in crate::lower) body: Body,
    /// The step that the graph is around, to check its outputs or to reuse its results.
    pub(in crate::lower) around: Option<String>,
}

/// What a template does.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) enum Body {
    /// Runs tasks.
    Graph(Graph),
    /// Waits for a person.
    Approval,
    /// Ends at once, without a pod.
    Nothing,
}

/// Tasks that wait for each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::lower) struct Graph {
    /// The tasks, each after those that it waits for.
    pub(in crate::lower) tasks: Vec<Task>,
    /// The most tasks at once.
    pub(in crate::lower) parallelism: Option<u32>,
    /// Whether every task decides on success, and not only those that no other one waits for.
    pub(in crate::lower) every_task_decides: bool,
}

/// A task of a graph: a call of a template.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::lower) struct Task {
    /// The name.
    pub(in crate::lower) name: String,
    /// The name of the template.
    pub(in crate::lower) calls: String,
    /// What it waits for.
    pub(in crate::lower) depends: Option<Depends>,
    /// Whether it runs at all.
    pub(in crate::lower) when: Option<Expression>,
    /// The JSON list for each item of which it runs once.
    pub(in crate::lower) items: Option<Text>,
    /// What the template receives.
    pub(in crate::lower) arguments: Vec<Argument>,
    /// What the task adds to the path of the model's task, as the author wrote it; nothing for a level that only the
    /// workflow has.
    pub(in crate::lower) origin: Option<String>,
    /// The input that counts the calls of a pipeline by itself, where this call raises it.
    pub(in crate::lower) counter: Option<String>,
}

impl Task {
    /// A task that calls the template of that name, which does nothing.
    pub(in crate::lower) fn nothing(template: impl Into<String>) -> Self {
        Self { name: NOTHING.to_owned(), calls: template.into(), ..Self::default() }
    }
}

/// An input of a template.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::lower) struct Port {
    /// The name.
    pub(in crate::lower) name: String,
    /// Where the name comes from.
    pub(in crate::lower) naming: Naming,
    /// What it is for.
    pub(in crate::lower) description: Option<String>,
    /// The texts that a person may choose from.
    pub(in crate::lower) choices: Vec<String>,
    /// The value where a call has none.
    pub(in crate::lower) default: Option<Text>,
}

/// Where the name of an input comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::lower) enum Naming {
    /// Users see it, or it means something elsewhere: it stays.
    #[default]
    Fixed,
    /// The compiler chose it for a value captured from the graph around.
    Captured,
    /// The compiler chose it for the items of a loop.
    Items,
}

/// A value that a call passes.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) struct Argument {
    /// The input of the template.
    pub(in crate::lower) name: String,
    /// The value.
    pub(in crate::lower) value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) enum Value {
    /// A text of constants, inputs, outputs of tasks and expressions.
    Text(Text),
    /// The list of what failed in the workflow, which is known when all templates are.
    Failures,
}

/// An output of a template.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) struct Output {
    /// The name.
    pub(in crate::lower) name: String,
    /// Where the value comes from.
    pub(in crate::lower) source: Source,
    /// The name under which the whole workflow sees the value.
    pub(in crate::lower) global: Option<String>,
}

/// Where an output comes from.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lower) enum Source {
    /// An output of a task, as it is.
    Task(Text),
    /// An expression, with the text that takes its place where there is nothing.
    Expression(Expression, Option<&'static str>),
    /// A person who ends the waiting.
    Person,
}

impl Template {
    /// A template that runs tasks.
    pub(in crate::lower) fn graph(name: impl Into<String>, inputs: Vec<Port>, tasks: Vec<Task>) -> Self {
        let graph = Graph { tasks, ..Graph::default() };
        Self { name: name.into(), inputs, outputs: Vec::new(), body: Body::Graph(graph), around: None }
    }

    /// A template that ends at once.
    pub(in crate::lower) fn nothing(name: impl Into<String>) -> Self {
        Self { body: Body::Nothing, ..Self::graph(name, Vec::new(), Vec::new()) }
    }

    /// The tasks of a graph.
    pub(in crate::lower) fn tasks(&self) -> &[Task] {
        match &self.body {
            Body::Graph(graph) => &graph.tasks,
            Body::Approval | Body::Nothing => &[],
        }
    }

    /// The graph, to be changed.
    pub(in crate::lower) fn graph_mut(&mut self) -> Option<&mut Graph> {
        match &mut self.body {
            Body::Graph(graph) => Some(graph),
            Body::Approval | Body::Nothing => None,
        }
    }
}

impl Port {
    /// An input that every call has a value for.
    pub(in crate::lower) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// An input for a value captured from the graph around.
    pub(in crate::lower) fn captured(name: impl Into<String>) -> Self {
        Self { naming: Naming::Captured, ..Self::new(name) }
    }
}

impl Argument {
    /// A value for an input.
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
    /// An output that comes from there.
    pub(in crate::lower) fn new(name: impl Into<String>, source: impl Into<Source>) -> Self {
        Self { name: name.into(), source: source.into(), global: None }
    }
}

impl From<Expression> for Source {
    fn from(expression: Expression) -> Self {
        Self::Expression(expression, None)
    }
}
