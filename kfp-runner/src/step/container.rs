//! Plain containers: runs them with docker or podman, with the folders of the step at the same paths as on Argo.
//!
//! Nothing of kfpc runs in them: placeholders are resolved before, and outputs are parsed by their types afterwards.

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

/// The folder that the step writes to.
const FOLDER: &str = "/tmp/kfp";
/// The folder of its input artifacts.
const INPUTS: &str = "/tmp/kfp-inputs";
/// The label of the containers of a run; its value is the id of the run.
const LABEL: &str = "kfpc.run";
/// The exit code of an engine that cannot run a container.
const ENGINE_FAILED: i32 = 125;

/// A program that can run containers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Engine {
    program: PathBuf,
}

impl Engine {
    /// Returns the first program whose `info` succeeds, which shows that it can run containers.
    pub(crate) fn probe(programs: &[PathBuf]) -> Option<Self> {
        let works = |program: &&PathBuf| succeeds(Command::new(program).arg("info"));
        programs.iter().find(works).map(|program| Self { program: program.clone() })
    }

    /// Returns the name of the engine in messages.
    pub(super) fn name(&self) -> String {
        self.program.display().to_string()
    }

    /// Removes the containers that an earlier part of the run has left.
    pub(crate) fn end_run(&self, run: &str) {
        let mut list = Command::new(&self.program);
        // `--all` includes containers that were created and not started.
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

    /// Removes the container of the attempt, if it still exists: it outlives the program that started it.
    pub(super) fn end(&self, layout: &Layout) {
        self.remove(&name(layout));
    }

    /// Removes a container. Kills it first, because `rm` would wait for it to end.
    fn remove(&self, container: &str) {
        succeeds(Command::new(&self.program).args(["kill", container]));
        succeeds(Command::new(&self.program).args(["rm", "--force", container]));
    }

    /// Returns the command that runs the container of the attempt.
    pub(super) fn command(&self, attempt: &Attempt, step: &ContainerStep) -> Result<Command, Failure> {
        let layout = &attempt.layout;
        let work = layout.work();
        let created = private::create_folder(&work)
            // The image decides on the user of its program, so any user must be able to write.
            .and_then(|()| fs::set_permissions(&work, fs::Permissions::from_mode(0o777)));
        created.map_err(|error| Failure::error(format!("cannot use `{}`: {error}", work.display())))?;
        let mut command = Command::new(&self.program);
        command.args(["run", "--rm", "--name", &name(layout)]);
        command.args(["--label", &format!("{LABEL}={}", layout.run())]);
        command.arg("--cidfile").arg(layout.container_id());
        // With SELinux, the files of the store do not have the label of the container.
        command.args(["--security-opt", "label=disable"]);
        command.args(["--mount", &mount(&work, FOLDER, "")]);
        for (source, target) in input_mounts(attempt) {
            if source.starts_with(layout.store()) {
                private::share(&source);
            }
            command.args(["--mount", &mount(&source, &target, "readonly")]);
        }
        container_variables::pass(&mut command, attempt.variables(), &layout.variables())?;
        let expanded = |texts: &[String]| -> Result<Vec<String>, Failure> {
            texts.iter().map(|text| expand(text, attempt)).collect()
        };
        let (program, args) = (expanded(&step.command)?, expanded(&step.args)?);
        if let Some(first) = program.first() {
            command.args(["--entrypoint", first]);
        }
        command.arg(&step.image).args(program.iter().skip(1)).args(args);
        Ok(command)
    }

    /// Returns the failure of an attempt whose container was not created.
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
            // Fetching the image may succeed on a retry.
            state: State::Error,
            class: FailureClass::Transient,
            message: format!("`{}` cannot run the image `{}`\n{tail}", self.name(), step.image),
            exit_code: None,
        })
    }
}

/// Runs a command without output, and returns whether it succeeds.
fn succeeds(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

fn name(layout: &Layout) -> String {
    format!("kfp-{}", layout.short_name())
}

/// Returns a bind mount in the CSV format of engines.
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

/// Returns the local path of each input artifact, and its path in the container. Those of a list are below one folder.
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
                    let mount = artifact::path_of(store, entry)
                        .map(|path| (path, format!("{}/{key}", input_path(name))));
                    mounts.extend(mount.filter(|mount| !mounts[before..].contains(mount)));
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

/// Returns the name of an output's file in the folder of the step.
fn output_file(name: &str, output: &Output) -> String {
    let kind = if output.r#type.artifact().is_some() { "art" } else { "out" };
    format!("{kind}-{name}")
}

/// Replaces the placeholders in a string of the command by values and paths.
fn expand(text: &str, attempt: &Attempt) -> Result<String, Failure> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        expanded.push_str(before);
        let replacement = match after.find('}') {
            Some(end) => placeholder(&after[1..end], attempt)?.map(|value| (value, end)),
            None => None,
        };
        rest = match replacement {
            Some((value, end)) => {
                expanded.push_str(&value);
                &after[end + 1..]
            }
            None => {
                expanded.push('{');
                &after[1..]
            }
        };
    }
    expanded.push_str(rest);
    Ok(expanded)
}

/// Returns the value of a placeholder, of which this is the inside. Returns `None` for other text in braces.
fn placeholder(inside: &str, attempt: &Attempt) -> Result<Option<String>, Failure> {
    let Some((kind, rest)) = inside.split_once('.') else { return Ok(None) };
    let (name, form) = rest.split_once('.').unwrap_or((rest, ""));
    let Component { inputs, outputs, .. } = &attempt.component;
    let passed = || attempt.inputs.get(name).unwrap_or(&Value::Null);
    Ok(match (kind, form, inputs.get(name), outputs.get(name)) {
        ("inputs", "", Some(input), _) => Some(plain(name, &input.r#type, passed())?),
        ("inputs", "json", Some(_), _) => Some(value::encode(passed())),
        ("inputs", "path", Some(_), _) => Some(input_path(name)),
        ("outputs", "path", _, Some(output)) => Some(output_path(name, output)),
        _ => None,
    })
}

/// Formats a value as plain text: strings without quotes, `null` as nothing, everything else as JSON.
fn plain(name: &str, r#type: &Type, passed: &Value) -> Result<String, Failure> {
    match (r#type.present(), passed) {
        (_, Value::Null) if r#type.is_option() => Ok(String::new()),
        // Argo would parse `{{` as the beginning of a tag, so every backend refuses it.
        (Type::String | Type::Enum(_), Value::String(text)) if text.contains("{{") => {
            Err(Failure::data(format!("invalid input `{name}`: a string with `{{{{` cannot be an argument")))
        }
        (Type::String | Type::Enum(_), Value::String(text)) => Ok(text.clone()),
        _ => Ok(value::encode(passed)),
    }
}

/// Parses the outputs of the container by their declared types, and writes them like those of other steps.
pub(super) fn collect(component: &Component, layout: &Layout, mask: &Mask) -> Result<(), Failure> {
    let unusable =
        |error: io::Error| Failure::error(format!("cannot use `{}`: {error}", layout.folder().display()));
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

/// Parses an output like an argument on the command line. One newline at its end is ignored.
fn parameter(name: &str, r#type: &Type, layout: &Layout, path: &Path, mask: &Mask) -> Result<Value, String> {
    let bytes = read_file(name, layout, path)?
        .ok_or_else(|| format!("the step did not write its output `{name}`"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("the output `{name}` is not valid UTF-8"))?;
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
            assert_eq!(expand(text, &attempt).unwrap(), expect);
        }
        let braces = attempt_with(store.path(), json!({"text": "a {{b}}"}));
        assert!(expand("{inputs.text}", &braces).unwrap_err().message.contains("with `{{` cannot"));
        assert_eq!(expand("{inputs.text.json}", &braces).unwrap(), r#""a {\u007bb}}""#);
    }

    #[test]
    fn the_engine_receives_folders_and_variables_but_no_secrets() {
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
    fn outputs_are_parsed_by_their_types() {
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
