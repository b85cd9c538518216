//! Random small graphs, run here and as Argo would run their workflows: the same steps run and are given the same
//! values, and the linter has nothing against the workflows.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod argo;
mod expression;
mod graph;

use std::cell::RefCell;
use std::collections::BTreeMap;
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

use crate::graph::{BROKEN, Executed, FLAGS, STEP, Seen, document, graph};

/// A run of the first pipeline of a document.
struct Call {
    document: Document,
    flags: BTreeMap<String, Value>,
    seen: Rc<RefCell<Seen>>,
}

impl Runnable for Call {
    fn rehearsal(self) -> Result<Rehearsal, String> {
        let step = |breaks: bool| -> StandIn {
            let seen = Rc::clone(&self.seen);
            Box::new(move |told| {
                let input: Value = value::decode(told.executor_input).unwrap();
                let given = &input["inputs"]["parameterValues"];
                seen.borrow_mut().note(["id", "all", "maybe"].map(|name| value::encode(&given[name])));
                if breaks {
                    return Err(StepFailure { exit_code: 1, message: "broken".to_owned() });
                }
                let path = input["outputs"]["parameters"]["value"]["outputFile"].as_str().unwrap();
                fs::write(path, given["id"].to_string()).unwrap();
                Ok(())
            })
        };
        let steps = BTreeMap::from([(STEP.to_owned(), step(false)), (BROKEN.to_owned(), step(true))]);
        Ok(Rehearsal { document: self.document, pipeline: "main".to_owned(), arguments: self.flags, steps })
    }
}

/// What becomes of a run on this machine.
fn run_here(document: &Document, flags: &BTreeMap<String, Value>) -> Executed {
    let seen = Rc::default();
    let call = Call { document: document.clone(), flags: flags.clone(), seen: Rc::clone(&seen) };
    // A step that fails is not to hold anything up, and a graph may have none of either component.
    let run = Harness::new().run(call);
    let names = document.pipelines[0].outputs.keys();
    let output = |name: &String| (name.clone(), value::encode(run.output(name)));
    let outputs = run.succeeded().then(|| names.map(output).collect());
    drop(run);
    Executed { seen: Rc::try_unwrap(seen).unwrap().into_inner(), outputs }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn graphs_mean_the_same_here_and_on_argo(nodes in graph(), choice in 0_u8..8) {
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
