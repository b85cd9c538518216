//! Cases: pipelines with expressions and conditions, and their input values.

use std::collections::BTreeMap;

use kfp_argo::text::Text;
use kfp_argo::{DagTask, Workflow};
use kfp_compiler::check::{Checked, check};
use kfp_compiler::lower::{Options, lower};
use kfp_diag::{Diagnostic, Severity};
use kfp_model::{Condition, Document, Expression, Pipeline, Reference, Type};
use kfp_runner::evaluate::{self, EvaluationError};
use kfp_runner::read_arguments;
use serde_json::{Value, json};

use super::expressions::MAKE;
use super::values::types;

/// One pipeline with the values of one run.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The parameters at the start.
    pub(crate) inputs: BTreeMap<String, Value>,
    /// The outputs of the task [`MAKE`].
    pub(crate) outputs: BTreeMap<String, Value>,
    /// Arguments with the names of their types; each is passed to a separate call.
    pub(crate) arguments: Vec<(String, Expression)>,
    /// The conditions of the arms of each branch.
    pub(crate) branches: Vec<Vec<Condition>>,
    /// The lists that loops iterate over.
    pub(crate) lists: Vec<Expression>,
    /// Strings typed for parameters, instead of the values.
    pub(crate) typed: BTreeMap<String, String>,
}

/// The results of the compiler and the runner for a case.
#[derive(Debug)]
pub(crate) struct Lowered {
    /// The checked pipeline.
    pub(crate) pipeline: Pipeline,
    /// The lowered workflow.
    pub(crate) workflow: Workflow,
    /// The parameters, as the runner reads them from the strings in the workflow.
    pub(crate) inputs: Result<BTreeMap<String, Value>, String>,
    /// The values of the arguments.
    pub(crate) arguments: Vec<Result<Value, String>>,
    /// The arm that each branch takes, if any.
    pub(crate) taken: Vec<Result<Option<usize>, String>>,
    /// The items of the loops.
    pub(crate) lists: Vec<Result<Value, String>>,
}

impl Case {
    /// Compiles and evaluates the case.
    pub(crate) fn lowered(&self) -> Lowered {
        let document: Document = serde_json::from_value(self.document()).expect("the document is valid");
        let outcome = check(&document, &document.pipelines[0]);
        let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
        let errors: Vec<Diagnostic> = outcome.diagnostics.into_iter().filter(is_error).collect();
        let Some(program) = outcome.program else { panic!("{errors:#?}") };
        let arguments = self.inputs.clone();
        let options = Options { image: Some("i:1".to_owned()), arguments, ..Options::default() };
        let lowering = lower(&program, &options).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let mut workflow = lowering.workflow;
        for parameter in &mut workflow.spec.arguments.parameters {
            let typed = self.typed.get(&parameter.name).map(Text::literal);
            parameter.value = typed.or(parameter.value.take());
        }
        let texts = workflow.spec.arguments.parameters.iter();
        let texts = texts
            .filter_map(|parameter| Some((parameter.name.clone(), parameter.value.as_ref()?.to_string())));
        let inputs = read_arguments(&document.pipelines[0], &texts.collect(), BTreeMap::new());
        let inputs = inputs.map_err(|problems| format!("{problems:?}"));
        let none = BTreeMap::new();
        let visible = inputs.as_ref().unwrap_or(&none);
        let scope = Scope { checked: program.root(), inputs: visible, outputs: &self.outputs };
        let pipeline = document.pipelines[0].clone();
        Lowered {
            arguments: self.arguments.iter().map(|(_, argument)| scope.argument(argument)).collect(),
            taken: self.branches.iter().map(|arms| scope.taken(arms)).collect(),
            lists: self.lists.iter().map(|list| present(evaluate::items(list, &scope))).collect(),
            pipeline,
            workflow,
            inputs,
        }
    }

    fn document(&self) -> Value {
        let declared = |(name, r#type)| (name, json!({"type": r#type}));
        let declared: BTreeMap<String, Value> = types().into_iter().map(declared).collect();
        let optional = |(name, r#type): (String, Type)| (name, json!({"type": r#type.option()}));
        let optional: BTreeMap<String, Value> = types().into_iter().map(optional).collect();
        let mut tasks = vec![call(MAKE, MAKE, &json!({}))];
        for (idx, (name, argument)) in self.arguments.iter().enumerate() {
            tasks.push(call(&show(idx), "show", &json!({name: argument})));
        }
        for (branch, arms) in self.branches.iter().enumerate() {
            let region =
                |name: &str| json!({"tasks": [call(&format!("{name}.nothing"), "nothing", &json!({}))]});
            let arms: Vec<Value> = arms
                .iter()
                .enumerate()
                .map(|(idx, condition)| {
                    let name = arm(branch, idx);
                    json!({"name": name, "condition": condition, "region": region(&name)})
                })
                .collect();
            let name = format!("branch{branch}");
            let otherwise = region(&format!("{name}-otherwise"));
            tasks.push(
                json!({"id": name, "name": name, "kind": {"branch": {"arms": arms, "otherwise": otherwise}}}),
            );
        }
        for (idx, list) in self.lists.iter().enumerate() {
            let name = each(idx);
            let body = json!({"tasks": [call(&format!("{name}.nothing"), "nothing", &json!({}))]});
            tasks.push(json!({"id": name, "name": name, "kind": {"loop": {"items": list, "body": body}}}));
        }
        json!({
            "schema_version": kfp_model::SCHEMA_VERSION,
            "pipelines": [{"name": "oracle", "inputs": declared, "root": {"tasks": tasks}}],
            "components": {
                MAKE: {"name": MAKE, "outputs": declared, "implementation": {"rust": {}}},
                "show": {"name": "show", "inputs": optional, "implementation": {"rust": {}}},
                "nothing": {"name": "nothing", "implementation": {"rust": {}}},
            },
        })
    }
}

/// The values that are visible to the runner.
struct Scope<'c> {
    checked: &'c Checked<'c>,
    inputs: &'c BTreeMap<String, Value>,
    outputs: &'c BTreeMap<String, Value>,
}

impl Scope<'_> {
    fn argument(&self, argument: &Expression) -> Result<Value, String> {
        present(evaluate::expression(argument, self))
    }

    fn taken(&self, arms: &[Condition]) -> Result<Option<usize>, String> {
        for (idx, condition) in arms.iter().enumerate() {
            if present(evaluate::condition(condition, self))? {
                return Ok(Some(idx));
            }
        }
        Ok(None)
    }
}

fn present<T>(result: Result<Option<T>, EvaluationError>) -> Result<T, String> {
    result.map_err(|error| error.to_string())?.ok_or_else(|| "the value is absent".to_owned())
}

impl evaluate::Scope for Scope<'_> {
    fn value(&self, reference: &Reference) -> Option<Value> {
        match reference {
            Reference::Input(name) => self.inputs.get(name).cloned(),
            Reference::Output(output) => self.outputs.get(&output.output).cloned(),
            Reference::Item(_) | Reference::Status(_) | Reference::Guarded(_) => None,
        }
    }

    fn type_of(&self, expression: &Expression) -> Type {
        self.checked.type_of(expression)
    }
}

/// Returns the name of the task that receives an argument.
pub(crate) fn show(argument: usize) -> String {
    format!("show{argument}")
}

/// Returns the name of a loop task.
pub(crate) fn each(list: usize) -> String {
    format!("each{list}")
}

/// Returns the name of an arm; the one after the last is `otherwise`.
pub(crate) fn arm(branch: usize, idx: usize) -> String {
    format!("branch{branch}-{idx}")
}

/// Returns the task of that name, in any graph of the workflow.
pub(crate) fn task<'w>(workflow: &'w Workflow, name: &str) -> &'w DagTask {
    let graphs = workflow.spec.templates.iter().filter_map(|template| template.dag.as_ref());
    graphs
        .flat_map(|graph| &graph.tasks)
        .find(|task| task.name == name)
        .unwrap_or_else(|| panic!("no task `{name}` in the workflow"))
}

fn call(id: &str, component: &str, arguments: &Value) -> Value {
    let name = id.rsplit('.').next();
    json!({"id": id, "name": name, "kind": {"call": {"callee": {"component": component}, "arguments": arguments}}})
}
