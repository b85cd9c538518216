//! Random small graphs, run locally and as Argo would run their workflows: the same steps run with the same inputs,
//! and the linter reports nothing about the workflows.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod argo;
mod expression;
mod graph;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::rc::Rc;

use kfp_argo::yaml::yaml;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, lower};
use kfp_diag::source::manifests;
use kfp_model::{Document, Rehearsal, Runnable, StandIn, StepFailure, value};
use kfp_runner::Harness;
use proptest::prelude::*;
use serde_json::Value;

use crate::graph::{BROKEN, Executed, FLAGS, STEP, StepInputs, document, graph};

/// A run of the first pipeline of a document.
struct Call {
    document: Document,
    flags: BTreeMap<String, Value>,
    step_inputs: Rc<RefCell<StepInputs>>,
}

impl Runnable for Call {
    fn rehearsal(self) -> Result<Rehearsal, String> {
        let step = |breaks: bool| -> StandIn {
            let step_inputs = Rc::clone(&self.step_inputs);
            Box::new(move |call| {
                let input: Value = value::decode(call.executor_input).unwrap();
                let inputs = &input["inputs"]["parameterValues"];
                step_inputs
                    .borrow_mut()
                    .record(["id", "all", "maybe"].map(|name| value::encode(&inputs[name])));
                if breaks {
                    return Err(StepFailure { exit_code: 1, message: "broken".to_owned() });
                }
                let path = input["outputs"]["parameters"]["value"]["outputFile"].as_str().unwrap();
                fs::write(path, inputs["id"].to_string()).unwrap();
                Ok(())
            })
        };
        let steps = BTreeMap::from([(STEP.to_owned(), step(false)), (BROKEN.to_owned(), step(true))]);
        Ok(Rehearsal { document: self.document, pipeline: "main".to_owned(), arguments: self.flags, steps })
    }
}

/// Returns the outcome of a local run.
fn run_here(document: &Document, flags: &BTreeMap<String, Value>) -> Executed {
    let step_inputs = Rc::default();
    let call =
        Call { document: document.clone(), flags: flags.clone(), step_inputs: Rc::clone(&step_inputs) };
    // A step that fails must not block others, and a graph may use neither component.
    let run = Harness::new().run(call);
    let names = document.pipelines[0].outputs.keys();
    let output = |name: &String| (name.clone(), value::encode(run.output(name)));
    let outputs = run.succeeded().then(|| names.map(output).collect());
    drop(run);
    Executed { step_inputs: Rc::try_unwrap(step_inputs).unwrap().into_inner(), outputs }
}

/// Tests few graphs, or the number in `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if env::var_os("PROPTEST_CASES").is_some() { config.cases } else { 48 };
    ProptestConfig { cases, ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn graphs_behave_the_same_locally_and_on_argo(nodes in graph(), choice in 0_u8..8) {
        let document = document(&nodes);
        let outcome = check(&document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
        let workflow = lower(&program, &options).unwrap().workflow;
        let text = yaml(&workflow);
        let file = manifests("workflow.yaml", text.as_bytes()).unwrap_or_else(|_| panic!("{text}"));
        let found = kfp_lint::lint(&[file]).remove(0);
        prop_assert!(found.is_empty(), "{found:#?}\n{text}");

        let flag = |idx: usize| choice & (1 << idx) != 0;
        let flags = |text: fn(bool) -> Value| {
            FLAGS.iter().enumerate().map(|(idx, name)| ((*name).to_owned(), text(flag(idx)))).collect()
        };
        let here: BTreeMap<String, Value> = flags(Value::from);
        let there = here.iter().map(|(name, flag)| (name.clone(), flag.to_string())).collect();
        prop_assert_eq!(run_here(&document, &here), argo::run(&workflow, &there), "{}\n{}", document.to_json(), text);
    }
}
