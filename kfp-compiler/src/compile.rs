//! Lowers a pipeline and checks the workflow with the linter.
//!
//! The main function is [`compile`]. It lints the workflow object, without writing or reading YAML.

use kfp_argo::Workflow;
use kfp_diag::source::Manifests;
use kfp_diag::{Diagnostic, Severity, codes};
use kfp_lint::lint;

use crate::check::Program;
use crate::lower::{Lowering, Options, lower};

/// A compiled pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// The workflow and its node map.
    pub lowering: Lowering,
    /// Warnings of the linter, at places in the workflow. Each is caused by a bug in this crate, so this is usually
    /// empty.
    pub defects: Vec<Diagnostic>,
}

/// The error for a pipeline that cannot be compiled.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompileError {
    /// The pipeline cannot be lowered with these options. Contains errors and warnings at places in the document.
    #[error("cannot compile the pipeline")]
    Refused(Vec<Diagnostic>),
    /// Argo would reject the workflow, because of a bug in this crate. Contains errors and warnings at places in the
    /// workflow.
    #[error("Argo would reject the workflow; this is a bug in the compiler")]
    Defective(Vec<Diagnostic>),
}

/// Lowers a pipeline and checks the workflow with the linter.
///
/// ```
/// # use kfp_compiler::{check::check, lower::Options};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "work",
/// #     "name": "work", "kind": {"call": {"callee": {"component": "work"}}}}]}}]}"#)?;
/// # let program = check(&document, &document.pipelines[0]).program.expect("the pipeline is valid");
/// use kfp_compiler::compile::compile;
///
/// let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
/// let compiled = compile(&program, &options).expect("the pipeline can be compiled");
/// assert_eq!(compiled.lowering.workflow.spec.entrypoint, "p");
/// assert!(compiled.defects.is_empty());
/// # Ok::<(), kfp_model::ReadError>(())
/// ```
///
/// # Errors
/// The pipeline cannot be [lowered](lower()), or the linter reports an error in the workflow.
pub fn compile(program: &Program<'_>, options: &Options) -> Result<Compiled, CompileError> {
    let lowering = lower(program, options).map_err(CompileError::Refused)?;
    let defects = defects(&lowering.workflow);
    if defects.iter().any(|defect| defect.severity == Severity::Error) {
        return Err(CompileError::Defective(defects));
    }
    Ok(Compiled { lowering, defects })
}

/// Returns the diagnostics of the linter, except for the workflow size, which lowering reports with its cause.
fn defects(workflow: &Workflow) -> Vec<Diagnostic> {
    // An object that cannot be serialized becomes `null`, which the linter rejects.
    let object = serde_json::to_value(workflow).unwrap_or_default();
    let mut found = lint(&[Manifests::of_value("workflow", object)]).concat();
    found.retain(|diagnostic| diagnostic.code != codes::ARGO_SIZE);
    found
}

#[cfg(test)]
mod tests {
    use kfp_model::Document;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::{Value, json};

    use super::*;
    use crate::check::check;

    fn workflow() -> Workflow {
        let document = Document::from_json(include_str!("../tests/lowering/policies.json")).unwrap();
        let program = check(&document, &document.pipelines[0]).program.unwrap();
        let options =
            Options { image: Some("registry.example/pipelines:1".to_owned()), ..Options::default() };
        compile(&program, &options).unwrap().lowering.workflow
    }

    #[test]
    fn defects_are_reported_at_places_in_the_workflow() {
        let mut workflow = workflow();
        assert_eq!(defects(&workflow), []);
        workflow.spec.entrypoint = "no-such-template".to_owned();
        let found = defects(&workflow);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            (found[0].severity, found[0].primary.place.as_str()),
            (Severity::Error, "/0/spec/entrypoint")
        );
    }

    /// Parts of names that may be invalid in a workflow, or become equal there.
    const NAME_PARTS: [&str; 13] =
        ["a", "b", "A", "-", "_", " ", ".", "é", "in", "task", "exit", "otherwise", "arm"];

    fn name() -> impl Strategy<Value = String> {
        prop::collection::vec(select(&NAME_PARTS[..]), 1..4).prop_map(|parts| parts.concat())
    }

    /// Returns a task of a random kind with random names. Its id has the number.
    fn task(number: usize, kind: usize, [name, arm, yielded]: &[String; 3], has_yields: bool) -> Value {
        let id = format!("t{number}");
        let call = json!({"call": {"callee": {"component": "work"}}});
        let inner = |name: &str| json!({"id": format!("{id}.{name}"), "name": name, "kind": call});
        let mut region = json!({"tasks": [inner("work")]});
        if has_yields {
            region["yields"] = json!({yielded: {"constant": 1}});
        }
        let condition = json!({"holds": {"reference": {"input": "flag"}}});
        let mut branch = json!({"arms": [{"name": arm, "condition": condition, "region": region}]});
        if yielded.len() % 2 == 0 {
            branch["otherwise"] = region.clone();
            branch["otherwise"]["tasks"] = json!([inner("other")]);
        }
        let kind = match kind {
            0 => call,
            1 => json!({"loop": {"items": {"constant": [1, 2]}, "body": region}}),
            2 => json!({"exit_handler": {"body": region, "exit": {"tasks": [inner("exit")]}}}),
            _ => json!({"branch": branch}),
        };
        json!({"id": id, "name": name, "kind": kind})
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn accepted_names_are_valid_in_workflows(
            tasks in prop::collection::vec((0..5_usize, [name(), name(), name()], any::<bool>()), 1..5),
        ) {
            let tasks = tasks.iter().enumerate().map(|(idx, (kind, names, yields))| task(idx, *kind, names, *yields));
            let document = json!({
                "schema_version": 1,
                "pipelines": [{"name": "demo", "inputs": {"flag": {"type": "boolean"}},
                    "root": {"tasks": tasks.collect::<Vec<_>>()}}],
                "components": {"work": {"name": "work", "implementation": {"rust": {}}}},
            });
            let document = Document::from_json(&document.to_string()).unwrap();
            if let Some(program) = check(&document, &document.pipelines[0]).program {
                let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
                let compiled = compile(&program, &options);
                let defects = compiled.map(|compiled| compiled.defects);
                prop_assert_eq!(defects, Ok(Vec::new()), "{:?}", document.pipelines);
            }
        }
    }
}
