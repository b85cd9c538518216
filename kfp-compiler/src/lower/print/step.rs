//! Components become container templates, with a wrapper where results are reused.

use std::collections::BTreeMap;

use kfp_argo::text::Text;
use kfp_argo::{Archive, Artifact, Container, Inputs, Outputs, Parameter, S3, Template, ValueFrom};
use kfp_model::{Implementation, Type};

use crate::lower::analyse::artifacts::{artifact_path, input_path, output_file};
use crate::lower::analyse::collections::is_list_of_artifacts;
use crate::lower::analyse::images::image;
use crate::lower::analyse::leaves::{COMPONENT, Leaf, STEP};
use crate::lower::options::{BINARY, Options};
use crate::lower::passes::wrap;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Plan};
use crate::lower::print::cache;
use crate::lower::print::container;
use crate::lower::print::executor_input::{self, artifact_key};
use crate::lower::print::graph;
use crate::lower::print::parameters::SHIM;
use crate::lower::print::resources;
use crate::lower::print::retry;
use crate::shim;

/// The templates of all steps that have an image, each after the graph around it.
pub(in crate::lower) fn print_all(plan: &Plan, steps: &[Leaf<'_>], options: &Options) -> Vec<Template> {
    let wrappers: BTreeMap<&str, &plan::Template> =
        plan.templates.iter().filter_map(|template| Some((template.around.as_deref()?, template))).collect();
    let templates = |leaf: &Leaf<'_>| {
        let image = image(options, leaf.component)?;
        let wrapper = wrappers.get(leaf.name.as_str()).map(|wrapper| graph::template(wrapper));
        Some(with_reuse(leaf, image, wrapper.into_iter().chain([step(leaf, image)])))
    };
    steps.iter().filter_map(templates).flatten().collect()
}

/// The templates of a step, of which the first one is called, with the reuse of its results.
fn with_reuse(leaf: &Leaf<'_>, image: &str, templates: impl Iterator<Item = Template>) -> Vec<Template> {
    let mut templates: Vec<Template> = templates.collect();
    if let Some(first) = templates.first_mut() {
        first.memoize = cache::memoize(leaf, image);
    }
    templates
}

/// Everything of the templates of a step but its name, as text.
pub(in crate::lower) fn form(leaf: &Leaf<'_>, options: &Options) -> Option<String> {
    let image = image(options, leaf.component)?;
    let wrapper = wrap::wrapper(leaf, None).map(|wrapper| graph::template(&wrapper));
    let step = step(leaf, image);
    serde_json::to_string(&with_reuse(leaf, image, wrapper.into_iter().chain([step]))).ok()
}

/// The template of the step itself.
fn step(leaf: &Leaf<'_>, image: &str) -> Template {
    Template {
        name: leaf.name.clone(),
        metadata: resources::metadata(&leaf.policy),
        inputs: inputs(leaf),
        outputs: outputs(leaf),
        retry_strategy: leaf.policy.retry.as_ref().map(retry::strategy),
        pod_spec_patch: retry::pod_spec_patch(&leaf.policy),
        affinity: leaf.policy.retry.as_ref().and_then(retry::affinity),
        active_deadline_seconds: leaf.policy.timeout.map(|timeout| timeout.seconds().to_string()),
        volumes: resources::volumes().0,
        container: Some(container_of(leaf, image)),
        ..Template::default()
    }
}

fn container_of(leaf: &Leaf<'_>, image: &str) -> Container {
    let (command, args) = match &leaf.component.implementation {
        Implementation::Rust(_) => rust_command(leaf),
        Implementation::Python(_) | Implementation::Notebook(_) => python_command(leaf),
        Implementation::Container(step) => container::command(leaf.component, step),
    };
    Container {
        image: image.to_owned(),
        command,
        args,
        env: resources::environment(leaf),
        resources: resources::requirements(&leaf.policy.resources),
        volume_mounts: resources::volumes().1,
    }
}

fn rust_command(leaf: &Leaf<'_>) -> (Vec<Text>, Vec<Text>) {
    let name = if leaf.is_shared { terms::input_tag(COMPONENT) } else { (&leaf.component.name).into() };
    let command = vec![BINARY.into(), "component".into(), name, "--executor_input".into()];
    (command, vec![executor_input::write(leaf)])
}

fn python_command(leaf: &Leaf<'_>) -> (Vec<Text>, Vec<Text>) {
    let shim = Text::variable(format!("workflow.parameters.{SHIM}"));
    let mut command = vec!["python3".into(), "-c".into(), shim];
    if leaf.is_shared {
        command.push(terms::input_tag(STEP));
    } else {
        let step = shim::python_step(leaf.component);
        let arguments = step.iter().flat_map(|step| shim::step_arguments(leaf.component, step));
        command.extend(arguments.map(Text::literal));
    }
    command.push("--executor_input".into());
    (command, vec![executor_input::write(leaf)])
}

/// Every input is a parameter; an artifact's parameter says where the artifact lies.
fn inputs(leaf: &Leaf<'_>) -> Inputs {
    let inputs = leaf.component.inputs.iter();
    let artifacts = inputs.filter(|(_, input)| input.r#type.artifact().is_some());
    Inputs {
        parameters: leaf.parameters().into_iter().map(Parameter::declared).collect(),
        artifacts: artifacts.flat_map(|(name, input)| input_artifacts(leaf, name, &input.r#type)).collect(),
    }
}

fn input_artifacts(leaf: &Leaf<'_>, name: &str, r#type: &Type) -> Vec<Artifact> {
    if !is_list_of_artifacts(r#type) {
        return vec![input_artifact(name, r#type)];
    }
    // The step finds each item of a list below its path, under the key of the item.
    let folders = leaf.sources.get(name).into_iter().flatten();
    let artifact = |folder: &String| {
        let key = leaf.store.folder(folder);
        Artifact {
            name: format!("{name}-{folder}"),
            path: Text::literal(format!("{}/", input_path(name))).and(key.clone()),
            archive: Archive::default(),
            s3: S3::of_key(key),
            optional: true,
        }
    };
    folders.map(artifact).collect()
}

fn input_artifact(name: &str, r#type: &Type) -> Artifact {
    let value = || terms::input(name);
    let key = terms::from_json(value()).field("key");
    let optional = r#type.is_option();
    let key = if optional { value().equal("null".into()).then_else("kfp/absent".into(), key) } else { key };
    Artifact {
        name: name.to_owned(),
        path: input_path(name).into(),
        archive: Archive::default(),
        s3: S3::of_key(key),
        optional,
    }
}

fn outputs(leaf: &Leaf<'_>) -> Outputs {
    let parameter = |name: &String| Parameter {
        // Names that the whole workflow sees move to the graph around the step: where it reuses a result, the step does not
        // run.
        global_name: leaf.globals.get(name).filter(|_| leaf.entry == leaf.name).cloned(),
        ..Parameter::from_source(name, ValueFrom::path(output_file(name)))
    };
    let artifacts = leaf.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_some());
    let parameters = match leaf.component.implementation {
        Implementation::Container(_) => container::outputs(leaf),
        Implementation::Rust(_) | Implementation::Python(_) | Implementation::Notebook(_) => {
            leaf.component.outputs.keys().map(parameter).collect()
        }
    };
    Outputs {
        parameters,
        artifacts: artifacts.map(|(name, output)| output_artifact(leaf, name, &output.r#type)).collect(),
    }
}

fn output_artifact(leaf: &Leaf<'_>, name: &str, r#type: &Type) -> Artifact {
    Artifact {
        name: name.to_owned(),
        path: artifact_path(name).into(),
        archive: Archive::default(),
        s3: S3::of_key(artifact_key(leaf, name)),
        optional: r#type.is_option(),
    }
}
