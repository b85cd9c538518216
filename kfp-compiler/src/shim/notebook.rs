//! Converts notebooks into Python steps: the notebook, its outputs and the program that runs it become one source.

use std::borrow::Cow;

use kfp_model::{Component, Implementation, Input, NotebookStep, PythonStep, Type, secret_variable, value};
use serde_json::{Map, Value, json};

/// The program that runs the cells of a notebook, at the end of the source of a notebook step.
///
/// It contains nothing that Argo or the kubelet would replace.
pub const RUNNER: &str = include_str!("kfp_notebook.py");
/// The function of the program that the shim calls.
const FUNCTION: &str = "run_notebook";
/// The packages that run cells, unless the component requires them itself.
const PACKAGES: [&str; 2] = ["nbclient>=0.10,<1", "ipykernel>=6,<8"];

/// Returns the Python function that runs the component; `None` if it is neither a Python function nor a notebook.
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
        modules: step.modules.clone(),
        packages: packages(step),
        pip_index: step.pip_index.clone(),
    }
}

/// Returns the packages that pip installs. papermill depends on nbclient, so its version is not restricted then.
fn packages(step: &NotebookStep) -> Vec<String> {
    let name = |package: &str| {
        let end = package.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
        package[..end.unwrap_or(package.len())].to_ascii_lowercase()
    };
    let own: Vec<String> = step.packages.iter().map(|package| name(package)).collect();
    let is_missing = |package: &&&str| {
        let runner = name(package);
        let with_papermill = runner == "nbclient" && own.iter().any(|own| own == "papermill");
        !with_papermill && !own.contains(&runner)
    };
    let runner = PACKAGES.iter().filter(is_missing).map(|package| (*package).to_owned());
    step.packages.iter().cloned().chain(runner).collect()
}

fn source(component: &Component, step: &NotebookStep) -> String {
    let notebook = value::decode(&step.source).unwrap_or_default();
    // Single quotes occur only inside JSON strings, where they can be escaped.
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
    fn argo_and_the_kubelet_do_not_change_a_notebook() {
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
    fn missing_packages_are_added() {
        for (packages, expect) in [
            (&[][..], &["nbclient>=0.10,<1", "ipykernel>=6,<8"][..]),
            (&["nbclient==0.10.2", "pandas"], &["nbclient==0.10.2", "pandas", "ipykernel>=6,<8"]),
            (&["papermill==2.6.0"], &["papermill==2.6.0", "ipykernel>=6,<8"]),
        ] {
            assert_eq!(python_step(&component(packages, "{}")).unwrap().packages, expect);
        }
    }
}
