//! Argo's side: evaluates the strings of a workflow pass by pass, with the oracle.

use std::collections::BTreeMap;

use kfp_argo::Workflow;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use serde_json::{Map, Value, json};
use tests::Oracle;

use super::case::{Case, Lowered, arm, each, show, task};
use super::expressions::MAKE;

/// The results of Argo for the parts of a case: strings or errors.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The parameters after the entrypoint, by name.
    pub(crate) inputs: BTreeMap<String, Result<String, String>>,
    /// The arguments, in order.
    pub(crate) arguments: Vec<Result<String, String>>,
    /// The command line of the step that receives each argument, in the order of the arguments.
    pub(crate) steps: Vec<Result<String, String>>,
    /// For each branch, whether each arm is taken; the last one is `otherwise`.
    pub(crate) branches: Vec<Vec<Result<String, String>>>,
    /// The lists that are passed to loops.
    passed_lists: Vec<Result<String, String>>,
    /// The items of the loops: JSON lists of strings.
    pub(crate) lists: Vec<Result<String, String>>,
}

/// Returns the outcomes of all cases. The oracle is called once for each stage of a workflow.
pub(crate) fn outcomes(oracle: &Oracle, cases: &[(Case, Lowered)]) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = cases.iter().map(|_| Outcome::default()).collect();
    let mut round = Round::default();
    for (idx, (_, Lowered { workflow, .. })) in cases.iter().enumerate() {
        let globals = globals(workflow);
        for parameter in &task(workflow, "body").arguments.parameters {
            let text = printed(parameter.value.as_ref());
            let inputs = move |outcome: &mut Outcome, result| {
                outcome.inputs.insert(parameter.name.clone(), result);
            };
            round.add(idx, "value", &text, &[(&globals, false), (&globals, true)], inputs);
        }
    }
    round.run(oracle, &mut outcomes);
    for (idx, (case, Lowered { workflow, .. })) in cases.iter().enumerate() {
        add_body(&mut round, idx, case, workflow, &outcomes[idx]);
    }
    round.run(oracle, &mut outcomes);
    for (idx, (_, Lowered { workflow, .. })) in cases.iter().enumerate() {
        add_steps(&mut round, idx, workflow, &outcomes[idx]);
        add_lists(&mut round, idx, workflow, &outcomes[idx]);
    }
    round.run(oracle, &mut outcomes);
    outcomes
}

fn add_body<'c>(round: &mut Round<'c>, idx: usize, case: &'c Case, workflow: &'c Workflow, entry: &Outcome) {
    let globals = globals(workflow);
    let mut inputs = globals.clone();
    for (name, result) in &entry.inputs {
        inputs.insert(format!("inputs.parameters.{name}"), Value::from(result.clone().unwrap_or_default()));
    }
    let mut all = inputs.clone();
    for (name, value) in &case.outputs {
        all.insert(format!("tasks.{MAKE}.outputs.parameters.{name}"), Value::from(encode(value)));
    }
    let passes = [(&globals, false), (&inputs, false), (&all, true)];
    for (argument, (name, _)) in case.arguments.iter().enumerate() {
        let parameters = &task(workflow, &show(argument)).arguments.parameters;
        let parameter = parameters.iter().find(|parameter| parameter.name == *name);
        let text =
            parameter.and_then(|parameter| parameter.value.as_ref()).expect("the argument has a value");
        round.add(idx, "value", &text.to_string(), &passes, |outcome, result| outcome.arguments.push(result));
    }
    for list in 0..case.lists.len() {
        let parameters = &task(workflow, &each(list)).arguments.parameters;
        let items = parameters.iter().find(|parameter| parameter.name == "items");
        // A constant list is not passed.
        let text = printed(items.and_then(|items| items.value.as_ref()));
        round.add(idx, "value", &text, &passes, |outcome, result| outcome.passed_lists.push(result));
    }
    for (branch, arms) in case.branches.iter().enumerate() {
        for position in 0..=arms.len() {
            let name = if position < arms.len() {
                arm(branch, position)
            } else {
                format!("branch{branch}-otherwise")
            };
            let when = task(workflow, &name).when.as_ref().expect("arms have conditions");
            round.add(idx, "condition", &when.to_string(), &passes, move |outcome, result| {
                outcome.branches.resize_with(branch + 1, Vec::new);
                outcome.branches[branch].push(result);
            });
        }
    }
}

/// Adds the items of the loops, after the lists were passed to their templates.
fn add_lists<'c>(round: &mut Round<'c>, idx: usize, workflow: &'c Workflow, body: &Outcome) {
    for (list, passed) in body.passed_lists.iter().enumerate() {
        let name = &task(workflow, &each(list)).template;
        let template = workflow.spec.templates.iter().find(|template| template.name == *name);
        let iteration = template.and_then(|template| template.dag.as_ref()?.tasks.first());
        let text = iteration.and_then(|iteration| iteration.with_param.as_ref()).expect("loops have items");
        let globals = globals(workflow);
        let mut inputs = globals.clone();
        inputs.insert("inputs.parameters.items".to_owned(), Value::from(passed.clone().unwrap_or_default()));
        let passes = [(&globals, false), (&inputs, false), (&inputs, true)];
        round.add(idx, "value", &text.to_string(), &passes, |outcome, result| outcome.lists.push(result));
    }
}

/// Adds the command lines of the steps, after the values were substituted.
fn add_steps<'c>(round: &mut Round<'c>, idx: usize, workflow: &'c Workflow, body: &Outcome) {
    if body.arguments.is_empty() {
        return;
    }
    let globals = globals(workflow);
    let template = workflow.spec.templates.iter().find(|template| template.name == "show");
    let container =
        template.and_then(|template| template.container.as_ref()).expect("the step has a container");
    let text = container.args.last().expect("the step has an argument");
    for (argument, result) in body.arguments.iter().enumerate() {
        let mut inputs = globals.clone();
        for parameter in &task(workflow, &show(argument)).arguments.parameters {
            let constant = parameter.value.as_ref().and_then(Text::as_literal) == Some("null");
            let value = if constant { "null" } else { result.as_deref().unwrap_or_default() };
            inputs.insert(format!("inputs.parameters.{}", parameter.name), Value::from(value));
        }
        let passes = [(&globals, false), (&inputs, false)];
        round.add(idx, "value", &text.to_string(), &passes, |outcome, result| outcome.steps.push(result));
    }
}

/// Returns the string as Argo sees it.
fn printed(text: Option<&Text>) -> String {
    text.map(Text::to_string).unwrap_or_default()
}

fn globals(workflow: &Workflow) -> Map<String, Value> {
    let parameters = workflow.spec.arguments.parameters.iter();
    let named = |parameter: &kfp_argo::Parameter| {
        let value = printed(parameter.value.as_ref());
        (format!("workflow.parameters.{}", parameter.name), Value::from(value))
    };
    let others = [("workflow.uid", "uid"), ("pod.name", "pod")];
    others
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .into_iter()
        .chain(parameters.map(named))
        .collect()
}

type Receiver<'c> = Box<dyn FnOnce(&mut Outcome, Result<String, String>) + 'c>;

/// Questions for one call of the oracle, with a receiver for each answer.
#[derive(Default)]
struct Round<'c> {
    questions: Vec<Value>,
    receivers: Vec<(usize, Receiver<'c>)>,
}

impl<'c> Round<'c> {
    fn add(
        &mut self,
        case: usize,
        kind: &str,
        text: &str,
        passes: &[(&Map<String, Value>, bool)],
        receiver: impl FnOnce(&mut Outcome, Result<String, String>) + 'c,
    ) {
        let pass = |(variables, strict): &(&Map<String, Value>, bool)| {
            // Variables that the text does not name would only make the question longer.
            let named = |name: &str| name.rsplit('.').next().is_some_and(|last| text.contains(last));
            let variables: Map<String, Value> = variables
                .iter()
                .filter(|(name, _)| named(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let strict: &[&str] = if *strict { &["tasks", "steps"] } else { &[] };
            json!({"variables": variables, "strict": strict})
        };
        let passes: Vec<Value> = passes.iter().map(pass).collect();
        self.questions.push(json!({"kind": kind, "text": text, "passes": passes}));
        self.receivers.push((case, Box::new(receiver)));
    }

    fn run(&mut self, oracle: &Oracle, outcomes: &mut [Outcome]) {
        let answers = oracle.answers(&[], &std::mem::take(&mut self.questions));
        for ((case, receiver), answer) in self.receivers.drain(..).zip(answers) {
            let text = |name: &str| answer[name].as_str().map(str::to_owned);
            let result = match text("error") {
                Some(error) => Err(error),
                None => Ok(text("result").expect("answer without a result")),
            };
            receiver(&mut outcomes[case], result);
        }
    }
}
