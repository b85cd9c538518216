//! Argo's side: what the workflow's texts become, pass for pass, as the oracle tells.

use std::collections::BTreeMap;

use kfp_argo::Workflow;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use serde_json::{Map, Value, json};
use tests::Oracle;

use super::case::{Case, Lowered, arm, each, show, task};
use super::expressions::MAKE;

/// What Argo makes of the parts of a case; texts, or why there is none.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The parameters after the entry, by name.
    pub(crate) inputs: BTreeMap<String, Result<String, String>>,
    /// The arguments, in their order.
    pub(crate) arguments: Vec<Result<String, String>>,
    /// What the step that gets an argument is started with, in the order of the arguments.
    pub(crate) steps: Vec<Result<String, String>>,
    /// For each branch whether each arm is taken; the last one is what runs otherwise.
    pub(crate) branches: Vec<Vec<Result<String, String>>>,
    /// The lists that loops are given.
    given: Vec<Result<String, String>>,
    /// What loops run over: a JSON list of texts.
    pub(crate) lists: Vec<Result<String, String>>,
}

/// The outcomes of all cases. The oracle is asked once for each stage of a workflow.
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
    round.ask(oracle, &mut outcomes);
    for (idx, (case, Lowered { workflow, .. })) in cases.iter().enumerate() {
        add_body(&mut round, idx, case, workflow, &outcomes[idx]);
    }
    round.ask(oracle, &mut outcomes);
    for (idx, (_, Lowered { workflow, .. })) in cases.iter().enumerate() {
        add_steps(&mut round, idx, workflow, &outcomes[idx]);
        add_lists(&mut round, idx, workflow, &outcomes[idx]);
    }
    round.ask(oracle, &mut outcomes);
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
        // A list that is known already is not given.
        let text = printed(items.and_then(|items| items.value.as_ref()));
        round.add(idx, "value", &text, &passes, |outcome, result| outcome.given.push(result));
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

/// What loops run over, after the lists were given to their templates.
fn add_lists<'c>(round: &mut Round<'c>, idx: usize, workflow: &'c Workflow, body: &Outcome) {
    for (list, given) in body.given.iter().enumerate() {
        let name = &task(workflow, &each(list)).template;
        let template = workflow.spec.templates.iter().find(|template| template.name == *name);
        let iteration = template.and_then(|template| template.dag.as_ref()?.tasks.first());
        let text = iteration.and_then(|iteration| iteration.with_param.as_ref()).expect("loops have items");
        let globals = globals(workflow);
        let mut inputs = globals.clone();
        inputs.insert("inputs.parameters.items".to_owned(), Value::from(given.clone().unwrap_or_default()));
        let passes = [(&globals, false), (&inputs, false), (&inputs, true)];
        round.add(idx, "value", &text.to_string(), &passes, |outcome, result| outcome.lists.push(result));
    }
}

/// The text that a step is started with, after the values were pasted into it.
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

/// The text as Argo sees it.
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

/// Questions that are asked together, with what is to be done with each answer.
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

    fn ask(&mut self, oracle: &Oracle, outcomes: &mut [Outcome]) {
        let answers = oracle.ask(&[], &std::mem::take(&mut self.questions));
        for ((case, receiver), answer) in self.receivers.drain(..).zip(answers) {
            let text = |name: &str| answer[name].as_str().map(str::to_owned);
            let result = match text("error") {
                Some(error) => Err(error),
                None => Ok(text("result").expect("an answer has a result")),
            };
            receiver(&mut outcomes[case], result);
        }
    }
}
