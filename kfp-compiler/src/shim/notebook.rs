//! Notebooks as Python steps: the notebook, what it is to give, and the program that runs it are one source.

use std::borrow::Cow;

use kfp_model::{Component, Implementation, Input, NotebookStep, PythonStep, Type, secret_variable, value};
use serde_json::{Map, Value, json};

/// The program behind the notebook. It is free of everything that Argo or the kubelet would replace.
pub(super) const RUNNER: &str = include_str!("kfp_notebook.py");
/// The function in it that the shim calls.
const FUNCTION: &str = "run_notebook";
/// What runs cells, unless the component asks for versions of its own.
const PACKAGES: [&str; 2] = ["nbclient>=0.10,<1", "ipykernel>=6,<8"];

/// The Python function that carries out the component; none where it is neither Python nor a notebook.
pub fn python_step(component: &Component) -> Option<Cow<'_, PythonStep>> {
    match &component.implementation {
        Implementation::Python(step) => Some(Cow::Borrowed(step)),
        Implementation::Notebook(step) => Some(Cow::Owned(of_notebook(component, step))),
        Implementation::Rust(_) | Implementation::Container(_) => None,
    }
}

fn of_notebook(component: &Component, step: &NotebookStep) -> PythonStep {
    PythonStep {
        image: step.image.clone(),
        file: step.file.clone(),
        source: source(component, step),
        function: FUNCTION.to_owned(),
        packages: packages(step),
        pip_index: step.pip_index.clone(),
    }
}

/// What pip has to have installed: papermill brings what runs cells as well.
fn packages(step: &NotebookStep) -> Vec<String> {
    let name = |package: &str| {
        let end = package.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        package[..end.unwrap_or(package.len())].to_ascii_lowercase()
    };
    let own: Vec<String> = step.packages.iter().map(|package| name(package)).collect();
    let brings = |package: &&&str| {
        let runner = name(package);
        let with_papermill = runner == "nbclient" && own.iter().any(|own| own == "papermill");
        !with_papermill && !own.contains(&runner)
    };
    let runner = PACKAGES.iter().filter(brings).map(|package| (*package).to_owned());
    step.packages.iter().cloned().chain(runner).collect()
}

fn source(component: &Component, step: &NotebookStep) -> String {
    let notebook = value::decode(&step.source).unwrap_or_default();
    // Quotes stand inside of JSON texts only, where they may be written otherwise.
    let notebook = value::encode(&notebook).replace('\'', r"\u0027");
    let is_parameter = |output: &kfp_model::Output| output.r#type.artifact().is_none();
    let outputs: Vec<&String> =
        component.outputs.iter().filter(|(_, output)| is_parameter(output)).map(|(name, _)| name).collect();
    let is_secret = |input: &Input| *input.r#type.present() == Type::Secret;
    let secrets: Map<String, Value> = component
        .inputs
        .iter()
        .filter(|(_, input)| is_secret(input))
        .map(|(name, _)| (name.clone(), secret_variable(name).into()))
        .collect();
    let (outputs, secrets) = (value::encode(&json!(outputs)), value::encode(&Value::Object(secrets)));
    format!("NOTEBOOK = r'''{notebook}'''\nOUTPUTS = {outputs}\nSECRETS = {secrets}\n\n{RUNNER}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(packages: &[&str], source: &str) -> Component {
        serde_json::from_value(json!({
            "name": "train",
            "inputs": {"rate": {"type": "float"}, "token": {"type": "secret"}},
            "outputs": {
                "accuracy": {"type": "float"},
                "model": {"type": {"artifact": {"name": "system.Model", "version": "0.0.1"}}},
            },
            "implementation": {"notebook": {"file": "t.ipynb", "source": source, "packages": packages}},
        }))
        .unwrap()
    }

    #[test]
    fn a_notebook_survives_its_way_into_a_container() {
        let cell = json!({"cells": [{"cell_type": "code", "source": "print('{{x}} $(HOME)', \"\"\"é\"\"\", '''a''')"}]});
        let component = component(&[], &cell.to_string());
        let step = python_step(&component).unwrap();
        assert!(
            !step.source.contains("{{") && !step.source.contains('$') && step.source.is_ascii(),
            "{}",
            step.source
        );
        let start = "NOTEBOOK = r'''";
        let text = step.source.strip_prefix(start).and_then(|rest| rest.split_once("'''\n")).unwrap().0;
        assert_eq!(value::decode(text).unwrap(), cell);
        assert!(
            step.source.contains("\nOUTPUTS = [\"accuracy\"]\nSECRETS = {\"token\":\"KFP_SECRET_TOKEN\"}\n")
        );
        assert_eq!((step.function.as_str(), step.file.as_str()), ("run_notebook", "t.ipynb"));
    }

    #[test]
    fn what_runs_cells_is_installed_unless_it_is_asked_for() {
        for (packages, expect) in [
            (&[][..], &["nbclient>=0.10,<1", "ipykernel>=6,<8"][..]),
            (&["nbclient==0.10.2", "pandas"], &["nbclient==0.10.2", "pandas", "ipykernel>=6,<8"]),
            (&["papermill==2.6.0"], &["papermill==2.6.0", "ipykernel>=6,<8"]),
        ] {
            assert_eq!(python_step(&component(packages, "{}")).unwrap().packages, expect);
        }
    }
}
