//! The fixture of the cache attacks: a pipeline whose data, steps and store can be changed between runs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use kfp_compiler::check;
use kfp_model::Document;
use kfp_runner::{Cancel, Event, Options, RunReport, State, ValueSource};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::Programs;

/// A pipeline and the folder that it runs in.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) document: Value,
    pub(crate) options: Options,
    /// The notices of the last run.
    pub(crate) notices: Vec<String>,
}

/// Returns the interpreter itself, because wrappers of version managers are slow.
pub(crate) fn python() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let find = || {
        let command = "import sys; print(sys.executable)";
        let output = Command::new("python3").args(["-c", command]).output().unwrap();
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    };
    PYTHON.get_or_init(find).clone()
}

/// Returns the policy of a cached step.
pub(crate) fn cached() -> Value {
    json!({"cache": {"for": {"max_age": "1h"}}})
}

fn program() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| format!("#!{} -S\n{}", python().display(), include_str!("steps.py")))
}

fn step(id: &str, component: &str, arguments: &Value, policy: &Value) -> Value {
    let call = json!({"callee": {"component": component}, "arguments": arguments});
    json!({"id": id, "name": id, "kind": {"call": call}, "policy": policy})
}

impl Fixture {
    /// Creates a pipeline that imports a local file. `make` is cached and writes an artifact from it; `use` is
    /// cached and reads that artifact; `plain` is cached and has no artifacts.
    pub(crate) fn new(is_folder: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dataset = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
        let component = |name: &str, inputs: Value, outputs: Value| {
            let (text, choice) = (json!({"type": "string"}), json!({"type": "boolean"}));
            let mut component =
                json!({"name": name, "inputs": inputs, "outputs": outputs, "implementation": {"rust": {}}});
            component["inputs"]["text"] = text;
            component["inputs"]["folder"] = choice;
            component
        };
        let (reads, returns) = (json!({"file": {"type": dataset}}), json!({"text": {"type": "string"}}));
        let components = json!({
            "make": component("make", json!({"data": {"type": dataset}}), json!({"file": {"type": dataset}})),
            "use": component("use", reads.clone(), returns.clone()),
            "edit": component("edit", reads, json!({})),
            "plain": component("plain", json!({}), returns),
            "fail": component("fail", json!({}), json!({})),
        });
        let data = folder.path().join("data");
        let fixed = |artifact: &str, reference: Value| {
            let (text, choice) = (json!({"constant": "hello"}), json!({"constant": is_folder}));
            let mut arguments = json!({"text": text, "folder": choice});
            if !artifact.is_empty() {
                arguments[artifact] = json!({"reference": {"output": reference}});
            }
            arguments
        };
        let import = json!({"uri": {"constant": data.display().to_string()}, "type": dataset});
        let tasks = json!([
            {"id": "load", "name": "load", "kind": {"import": import}},
            step("make", "make", &fixed("data", json!({"task": "load", "output": "artifact"})), &cached()),
            step("use", "use", &fixed("file", json!({"task": "make", "output": "file"})), &cached()),
            step("plain", "plain", &fixed("", Value::Null), &cached()),
        ]);
        let document = json!({
            "schema_version": 1,
            "components": components,
            "pipelines": [{"name": "attacked", "root": {"tasks": tasks}}],
        });
        let options = Options {
            binary: Some(folder.path().join("steps")),
            python: python(),
            parallelism: Some(4),
            ..Options::new(folder.path().join("store"))
        };
        let mut fixture = Self { folder, document, options, notices: Vec::new() };
        fixture.set_in_all_environments("NOTES", &fixture.notes_file());
        fixture.write_program(program());
        fixture.write_data("data");
        fixture
    }

    /// Creates a pipeline that `kfpc` can run as well, with a compiled program, because `kfpc` does not run
    /// scripts.
    pub(crate) fn for_processes(is_folder: bool) -> Self {
        let mut fixture = Self::new(is_folder);
        let script = fixture.options.binary.replace(Programs::get().hand_over.clone()).unwrap();
        fixture.set_in_all_environments("KFP_TEST_PYTHON", &python());
        fixture.set_in_all_environments("KFP_TEST_SCRIPT", &script);
        fixture
    }

    /// Sets a variable that is part of every key and equal in every run.
    fn set_in_all_environments(&mut self, variable: &str, path: &Path) {
        let value = json!({"literal": path.display().to_string()});
        for name in ["make", "use", "edit", "plain", "fail"] {
            self.document["components"][name]["policy"]["environment"][variable] = value.clone();
        }
    }

    /// Returns the file in which every step records that it ran.
    pub(crate) fn notes_file(&self) -> PathBuf {
        self.folder.path().join("notes")
    }

    /// Returns the file that makes every step wait while it exists.
    pub(crate) fn hold_file(&self) -> PathBuf {
        self.folder.path().join("notes.hold")
    }

    /// Returns the sorted names of the steps that ran since the last call.
    pub(crate) fn ran(&self) -> Vec<String> {
        let notes = fs::read_to_string(self.notes_file()).unwrap_or_default();
        // Truncated in place, because a step of another run may append to it.
        fs::write(self.notes_file(), "").unwrap();
        let mut names: Vec<String> = notes.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    pub(crate) fn write_data(&self, text: &str) {
        fs::write(self.folder.path().join("data"), text).unwrap();
    }

    /// Replaces the program that runs the steps.
    pub(crate) fn write_program(&self, text: &str) {
        let (place, partial) = (self.folder.path().join("steps"), self.folder.path().join("steps.new"));
        write_executable(&partial, text);
        fs::rename(partial, place).unwrap();
    }

    /// Returns a program that does the same but records its runs with a `2`.
    pub(crate) fn other_program() -> String {
        program().replace(r#"write(name + "\n")"#, r#"write(name + "-2\n")"#)
    }

    /// Returns the task at that position.
    pub(crate) fn task(&mut self, idx: usize) -> &mut Value {
        &mut self.document["pipelines"][0]["root"]["tasks"][idx]
    }

    /// Adds a task that edits the artifact of `make` in place. `use` runs after it.
    pub(crate) fn add_editor(&mut self) {
        let mut editor = self.task(2).clone();
        editor["id"] = json!("edit");
        editor["name"] = json!("edit");
        editor["kind"]["call"]["callee"] = json!({"component": "edit"});
        editor["policy"] = json!({});
        self.task(2)["after"] = json!(["edit"]);
        self.document["pipelines"][0]["root"]["tasks"].as_array_mut().unwrap().push(editor);
    }

    pub(crate) fn set_secret(&mut self, name: &str, value: &str) {
        let file = self.folder.path().join(format!("secret-{}", name.replace('/', "-")));
        fs::write(&file, value).unwrap();
        self.options.secrets.insert(name.to_owned(), ValueSource::File(file.clone()));
        self.options.config_maps.insert(name.to_owned(), ValueSource::File(file));
    }

    pub(crate) fn run(&mut self) -> RunReport {
        self.run_with(|_| ())
    }

    pub(crate) fn run_with(&mut self, mut watch: impl FnMut(&Event)) -> RunReport {
        let document = Document::from_json(&self.document.to_string()).unwrap();
        let outcome = check::check(&document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        self.notices.clear();
        let events = |event: Event| {
            if let Event::Notice { path, message, .. } = &event {
                self.notices.push(format!("{path}: {message}"));
            }
            watch(&event);
        };
        kfp_runner::run(&program, BTreeMap::new(), &self.options, &Cancel::new(), events).unwrap()
    }

    /// Returns the value of `use`, and the cache hits of `make`, `use` and `plain`, as in [`hits`].
    pub(crate) fn outcome(&mut self) -> (String, String) {
        let report = self.run();
        assert_eq!(report.state, State::Succeeded, "{report:#?}");
        (text_of(&report, "use"), hits(&report))
    }

    pub(crate) fn database(&self) -> Connection {
        Connection::open(self.options.store.join("runs.sqlite")).unwrap()
    }

    /// Returns the files of the cached artifact.
    pub(crate) fn cached_files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![self.options.store.join("cache/objects")];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            } else {
                found.push(path);
            }
        }
        assert!(!found.is_empty(), "nothing is cached");
        found
    }
}

/// Writes a program in another process: a program cannot be started while any process has it open for writing,
/// including one that another test is just starting.
pub(crate) fn write_executable(path: &Path, text: &str) {
    let mut writer = Command::new("sh")
        .args(["-c", r#"cat > "$0" && chmod 755 "$0""#])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writer.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
}

/// Overwrites a file in place, whatever its permissions.
pub(crate) fn overwrite(path: &Path, text: &str) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn text_of(report: &RunReport, task: &str) -> String {
    report.task(task).unwrap().outputs["text"].as_str().unwrap().to_owned()
}

/// Returns `+` for each of `make`, `use` and `plain` that was cached, and `-` for each that ran.
pub(crate) fn hits(report: &RunReport) -> String {
    let symbol = |name: &&str| match report.task(name).unwrap().state {
        State::Cached => '+',
        State::Succeeded => '-',
        other => panic!("{name} is {other}"),
    };
    ["make", "use", "plain"].iter().map(symbol).collect()
}
