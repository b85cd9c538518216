//! Plain containers, which docker or podman runs with the folders of the step in the places that they have on Argo.
//!
//! Nothing of ours runs in them: placeholders are resolved before, and what they write is read by its type after.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use kfp_model::{Component, ContainerStep, Output, Type, value};
use serde_json::Value;

use super::attempt::Attempt;
use super::container_variables;
use super::files;
use super::layout::Layout;
use super::outputs::{read_file, refused_artifact};
use crate::secret::{Mask, without_secrets};
use crate::supervise::Container;
use crate::{Failure, FailureClass, State, arguments, artifact, private};

/// Where the step writes.
const FOLDER: &str = "/tmp/kfp";
/// Where it finds its input artifacts.
const INPUTS: &str = "/tmp/kfp-inputs";
/// The label of all containers of a run, which has the id of the run.
const LABEL: &str = "kfpc.run";
/// The exit code of an engine that could not run a container.
const ENGINE_FAILED: i32 = 125;

/// A program that runs containers and was found to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Engine {
    program: PathBuf,
}

impl Engine {
    /// The first of the programs whose `info` succeeds, which it does where it can run containers.
    pub(crate) fn probe(programs: &[PathBuf]) -> Option<Self> {
        let answers = |program: &&PathBuf| quietly(Command::new(program).arg("info"));
        programs.iter().find(answers).map(|program| Self { program: program.clone() })
    }

    /// What messages call it.
    pub(super) fn name(&self) -> String {
        self.program.display().to_string()
    }

    /// Ends the containers that an earlier part of the run has left.
    pub(crate) fn end_run(&self, run: &str) {
        let mut list = Command::new(&self.program);
        // One that was created and never started is not running.
        list.args(["ps", "--all", "--quiet", "--filter", &format!("label={LABEL}={run}")])
            .stdin(Stdio::null());
        let Ok(output) = list.output() else { return };
        for id in String::from_utf8_lossy(&output.stdout).split_whitespace() {
            self.remove(id);
        }
    }

    /// Returns the container of the attempt.
    pub(super) fn container(&self, layout: &Layout) -> Container {
        Container { engine: self.program.clone(), name: name(layout) }
    }

    /// Ends the container of the attempt, if it is still there: it outlives the program that started it.
    pub(super) fn end(&self, layout: &Layout) {
        self.remove(&name(layout));
    }

    /// A container that is told to go first gets time to do so, which is over by now: it is killed before.
    fn remove(&self, container: &str) {
        quietly(Command::new(&self.program).args(["kill", container]));
        quietly(Command::new(&self.program).args(["rm", "--force", container]));
    }

    /// What runs the container of the attempt.
    pub(super) fn command(&self, attempt: &Attempt, step: &ContainerStep) -> Result<Command, Failure> {
        let layout = &attempt.layout;
        let work = layout.work();
        let made = private::create_folder(&work)
            // The image says who its program is: nobody in particular, as on a cluster.
            .and_then(|()| fs::set_permissions(&work, fs::Permissions::from_mode(0o777)));
        made.map_err(|error| Failure::error(format!("`{}` cannot be used: {error}", work.display())))?;
        let mut command = Command::new(&self.program);
        command.args(["run", "--rm", "--name", &name(layout)]);
        command.args(["--label", &format!("{LABEL}={}", layout.run())]);
        command.arg("--cidfile").arg(layout.container_id());
        // Where files have labels, those of the store are not the container's.
        command.args(["--security-opt", "label=disable"]);
        command.args(["--mount", &mount(&work, FOLDER, "")]);
        for (source, target) in input_mounts(attempt) {
            if source.starts_with(layout.store()) {
                private::share(&source);
            }
            command.args(["--mount", &mount(&source, &target, "readonly")]);
        }
        container_variables::pass(&mut command, attempt.variables(), &layout.variables())?;
        let filled = |texts: &[String]| -> Result<Vec<String>, Failure> {
            texts.iter().map(|text| fill(text, attempt)).collect()
        };
        let (program, args) = (filled(&step.command)?, filled(&step.args)?);
        if let Some(first) = program.first() {
            command.args(["--entrypoint", first]);
        }
        command.arg(&step.image).args(program.iter().skip(1)).args(args);
        Ok(command)
    }

    /// The failure of a container that was never there.
    pub(super) fn failure(
        &self,
        status: ExitStatus,
        layout: &Layout,
        step: &ContainerStep,
    ) -> Option<Failure> {
        const LINES: usize = 5;
        if status.code() != Some(ENGINE_FAILED) || layout.container_id().exists() {
            return None;
        }
        let tail = super::tail(&layout.log(), LINES).join("\n");
        Some(Failure {
            // An image that could not be fetched may be there next time.
            state: State::Error,
            class: FailureClass::Transient,
            message: format!("`{}` cannot run the image `{}`\n{tail}", self.name(), step.image),
            exit_code: None,
        })
    }
}

/// Whether the command succeeds; what it prints is of no interest.
fn quietly(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

fn name(layout: &Layout) -> String {
    format!("kfp-{}", layout.short_name())
}

/// A bind mount; engines read it as a line of CSV.
fn mount(source: &Path, target: &str, option: &str) -> String {
    let field = |text: String| {
        if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let mut fields = vec![
        "type=bind".to_owned(),
        field(format!("source={}", source.display())),
        field(format!("target={target}")),
    ];
    if !option.is_empty() {
        fields.push(option.to_owned());
    }
    fields.join(",")
}

/// Where each input artifact lies on this machine, and where the step finds it. Those of a list lie below one folder.
fn input_mounts(attempt: &Attempt) -> Vec<(PathBuf, String)> {
    let store = attempt.layout.store();
    let mut mounts = Vec::new();
    for (name, input) in &attempt.component.inputs {
        if input.r#type.artifact().is_none() {
            continue;
        }
        match attempt.inputs.get(name) {
            Some(list @ Value::Array(_)) => {
                let before = mounts.len();
                artifact::for_each(list, &mut |entry| {
                    let key = entry["key"].as_str().unwrap_or_default().trim_start_matches('/');
                    let place = artifact::path_of(store, entry)
                        .map(|path| (path, format!("{}/{key}", input_path(name))));
                    mounts.extend(place.filter(|place| !mounts[before..].contains(place)));
                });
                if mounts.len() == before {
                    mounts.push((attempt.layout.input(name), input_path(name)));
                }
            }
            Some(single) => {
                mounts.extend(artifact::path_of(store, single).map(|path| (path, input_path(name))));
            }
            None => {}
        }
    }
    mounts
}

fn input_path(name: &str) -> String {
    format!("{INPUTS}/{name}")
}

fn output_path(name: &str, output: &Output) -> String {
    format!("{FOLDER}/{}", output_file(name, output))
}

/// The name of an output's file in the folder of the step.
fn output_file(name: &str, output: &Output) -> String {
    let kind = if output.r#type.artifact().is_some() { "art" } else { "out" };
    format!("{kind}-{name}")
}

/// A text of the command, with values and paths in the place of placeholders.
fn fill(text: &str, attempt: &Attempt) -> Result<String, Failure> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        filled.push_str(before);
        let found = match after.find('}') {
            Some(end) => placeholder(&after[1..end], attempt)?.map(|value| (value, end)),
            None => None,
        };
        rest = match found {
            Some((value, end)) => {
                filled.push_str(&value);
                &after[end + 1..]
            }
            None => {
                filled.push('{');
                &after[1..]
            }
        };
    }
    filled.push_str(rest);
    Ok(filled)
}

/// What stands for a placeholder, of which this is the inside; none where it is none.
fn placeholder(inside: &str, attempt: &Attempt) -> Result<Option<String>, Failure> {
    let Some((kind, rest)) = inside.split_once('.') else { return Ok(None) };
    let (name, form) = rest.split_once('.').unwrap_or((rest, ""));
    let Component { inputs, outputs, .. } = &attempt.component;
    let given = || attempt.inputs.get(name).unwrap_or(&Value::Null);
    Ok(match (kind, form, inputs.get(name), outputs.get(name)) {
        ("inputs", "", Some(input), _) => Some(plain(name, &input.r#type, given())?),
        ("inputs", "json", Some(_), _) => Some(value::encode(given())),
        ("inputs", "path", Some(_), _) => Some(input_path(name)),
        ("outputs", "path", _, Some(output)) => Some(output_path(name, output)),
        _ => None,
    })
}

/// The value as plain text: texts without their quotes, an absent option as nothing, everything else as JSON.
fn plain(name: &str, r#type: &Type, given: &Value) -> Result<String, Failure> {
    match (r#type.present(), given) {
        (_, Value::Null) if r#type.is_option() => Ok(String::new()),
        // Argo would read it as the beginning of a tag, so no backend takes it.
        (Type::String | Type::Enum(_), Value::String(text)) if text.contains("{{") => {
            Err(Failure::data(format!("invalid input `{name}`: a text with `{{{{` cannot be an argument")))
        }
        (Type::String | Type::Enum(_), Value::String(text)) => Ok(text.clone()),
        _ => Ok(value::encode(given)),
    }
}

/// Reads what the container wrote by the declared types, and leaves it as every other step would.
pub(super) fn collect(component: &Component, layout: &Layout, mask: &Mask) -> Result<(), Failure> {
    let unusable =
        |error: io::Error| Failure::error(format!("`{}` cannot be used: {error}", layout.folder().display()));
    let mut problems = Vec::new();
    for (name, output) in &component.outputs {
        let written = layout.work().join(output_file(name, output));
        let text = if output.r#type.artifact().is_none() {
            match parameter(name, &output.r#type, layout, &written, mask) {
                Ok(value) => value::encode(&value),
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            }
        } else {
            match files::open(layout.store(), &written) {
                Ok(Some(_)) => {
                    fs::rename(&written, layout.partial_artifact(name)).map_err(unusable)?;
                    r#"{"metadata":{}}"#.to_owned()
                }
                Ok(None) if output.r#type.is_option() => "null".to_owned(),
                Ok(None) => {
                    problems.push(format!("the step did not write the artifact `{name}`"));
                    continue;
                }
                Err(error) => {
                    problems.push(refused_artifact(name, &error));
                    continue;
                }
            }
        };
        fs::write(layout.parameter(name), text).map_err(unusable)?;
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::data(problems.join("; "))) }
}

/// An output as people would type it. One newline at its end belongs to the file.
fn parameter(name: &str, r#type: &Type, layout: &Layout, path: &Path, mask: &Mask) -> Result<Value, String> {
    let bytes = read_file(name, layout, path)?
        .ok_or_else(|| format!("the step did not write its output `{name}`"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("the output `{name}` is no UTF-8 text"))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let value = arguments::typed("output", name, r#type, text).map_err(|problem| problem.message);
    without_secrets(mask, &format!("the output `{name}`"), text, value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn attempt_with(store: &Path, inputs: Value) -> Attempt {
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        let component: Component = serde_json::from_value(json!({
            "name": "c",
            "inputs": {
                "text": {"type": "string"}, "note": {"type": {"option": "string"}}, "numbers": {"type": {"list": "integer"}},
                "model": {"type": model}, "models": {"type": {"list": model}},
            },
            "outputs": {"rows": {"type": "integer"}, "plot": {"type": model}},
            "implementation": {"container": {"image": "busybox", "command": ["true"]}},
        }))
        .unwrap();
        let layout = Layout::new(store, "the-run", "c", 1);
        layout.prepare().unwrap();
        fs::create_dir_all(layout.work()).unwrap();
        Attempt {
            component,
            inputs: inputs.as_object().unwrap().clone().into_iter().collect(),
            secrets: BTreeMap::from([("token".to_owned(), "hunter2".to_owned())]),
            environment: BTreeMap::from([
                ("PATH".to_owned(), "/bin".to_owned()),
                ("A".to_owned(), "b".to_owned()),
            ]),
            withheld: Vec::new(),
            layout,
            mask: Mask::default(),
            retries: 0,
        }
    }

    #[test]
    fn placeholders_become_values_and_paths() {
        let store = tempfile::tempdir().unwrap();
        let attempt =
            attempt_with(store.path(), json!({"text": "$(HOME) $$ it's", "note": null, "numbers": [1, 2]}));
        for (text, expect) in [
            ("{inputs.text}!", "$(HOME) $$ it's!"),
            ("{inputs.text.json}", r#""\u0024(HOME) \u0024\u0024 it's""#),
            ("[{inputs.note}]", "[]"),
            ("{inputs.numbers}{inputs.numbers.json}", "[1,2][1,2]"),
            (
                "{inputs.model.path} {outputs.rows.path} {outputs.plot.path}",
                "/tmp/kfp-inputs/model /tmp/kfp/out-rows /tmp/kfp/art-plot",
            ),
            ("${A} {x} { {inputs.none} {", "${A} {x} { {inputs.none} {"),
        ] {
            assert_eq!(fill(text, &attempt).unwrap(), expect);
        }
        let braces = attempt_with(store.path(), json!({"text": "a {{b}}"}));
        assert!(fill("{inputs.text}", &braces).unwrap_err().message.contains("a text with `{{` cannot"));
        assert_eq!(fill("{inputs.text.json}", &braces).unwrap(), r#""a {\u007bb}}""#);
    }

    #[test]
    fn the_engine_is_told_of_folders_and_variables_and_not_of_secrets() {
        let store = tempfile::tempdir().unwrap();
        let entry = |key: &str| json!({"key": key, "type": {"schemaTitle": "system.Model"}});
        let inputs =
            json!({"model": entry("/data/a,b"), "models": [[entry("runs/m"), entry("runs/m")], null]});
        let attempt = attempt_with(store.path(), inputs);
        let step = ContainerStep {
            image: "busybox:1".to_owned(),
            command: vec!["sh".to_owned(), "-c".to_owned()],
            args: vec!["cat {inputs.model.path}".to_owned()],
        };
        let engine = Engine { program: PathBuf::from("podman") };
        let command = engine.command(&attempt, &step).unwrap();
        let args: Vec<&str> = command.get_args().map(|arg| arg.to_str().unwrap()).collect();
        let line = args.join(" ");
        let store = store.path().display();
        for part in [
            "run --rm --name kfp-",
            "--label kfpc.run=the-run",
            &format!("--mount type=bind,source={store}/runs/the-run/c/1/container,target=/tmp/kfp "),
            "--mount type=bind,\"source=/data/a,b\",target=/tmp/kfp-inputs/model,readonly",
            &format!("--mount type=bind,source={store}/runs/m,target=/tmp/kfp-inputs/models/runs/m,readonly"),
            "--env A --env KFP_RETRIES --env KFP_SECRET_TOKEN --env-file ",
            "--entrypoint sh busybox:1 -c cat /tmp/kfp-inputs/model",
        ] {
            assert!(line.contains(part), "`{part}` is not in `{line}`");
        }
        assert_eq!(line.matches("target=/tmp/kfp-inputs/models/runs/m").count(), 1, "{line}");
        assert!(!line.contains("hunter2") && !line.contains("PATH=/bin"), "{line}");
    }

    #[test]
    fn what_was_written_is_read_by_its_type() {
        for (written, expect) in [
            (Some("3\n"), Ok("3")),
            (Some("3\n\n"), Err("invalid output `rows`: expected a 64-bit integer, found `3\n`")),
            (Some("many"), Err("invalid output `rows`: expected a 64-bit integer, found `many`")),
            (None, Err("the step did not write its output `rows`")),
        ] {
            let store = tempfile::tempdir().unwrap();
            let attempt = attempt_with(store.path(), json!({}));
            let work = attempt.layout.work();
            fs::write(work.join("art-plot"), "").unwrap();
            if let Some(written) = written {
                fs::write(work.join("out-rows"), written).unwrap();
            }
            let collected = collect(&attempt.component, &attempt.layout, &attempt.mask)
                .map_err(|failure| failure.message);
            let text = collected.map(|()| fs::read_to_string(attempt.layout.parameter("rows")).unwrap());
            assert_eq!(text, expect.map(str::to_owned).map_err(str::to_owned));
            assert!(attempt.layout.partial_artifact("plot").exists());
        }
    }
}
