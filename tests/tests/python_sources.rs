//! `kfpc` parses Python sources and notebooks with the interpreter that runs them, and compares them with their
//! components.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use regex::Regex;
use serde_json::{Map, Value, json};
use tests::Programs;

/// A crate with a document, in a separate folder.
struct Project {
    folder: tempfile::TempDir,
    components: Map<String, Value>,
    nodes: Map<String, Value>,
    lines: Vec<String>,
}

impl Project {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("Cargo.toml"), "[package]\n").unwrap();
        let lines = vec!["use kfp_sdk::prelude::*;".to_owned()];
        Self { folder, components: Map::new(), nodes: Map::new(), lines }
    }

    fn file(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds a component with its file and the line of Rust that declares it.
    fn add(&mut self, name: &str, kind: &str, file: &str, source: &str, interface: &Value) {
        self.file(file, source);
        self.lines.push(format!("#[component({kind} = \"{file}\")] fn {name}();"));
        let mut implementation = json!({"file": file, "source": source});
        if kind == "python" {
            implementation["function"] = "step".into();
        }
        for (key, value) in interface["implementation"].as_object().into_iter().flatten() {
            implementation[key] = value.clone();
        }
        let mut component = interface.clone();
        component["name"] = name.into();
        component["implementation"] = json!({kind: implementation});
        self.components.insert(name.to_owned(), component);
        let line = self.lines.len();
        let at = |place: String, column: usize| (place, json!([0, line, column]));
        self.nodes.extend([
            at(format!("/components/{name}"), 1),
            at(
                format!("/components/{name}/implementation/{kind}/file"),
                "#[component( = ".len() + kind.len() + 1,
            ),
        ]);
    }

    fn function(&mut self, name: &str, source: &str, interface: &Value) {
        self.add(name, "python", &format!("steps/{name}.py"), source, interface);
    }

    fn notebook(&mut self, name: &str, cells: &[&str], outputs: &Value) {
        let lines = |text: &&str| text.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>();
        let cell = |text: &&str| json!({"cell_type": "code", "metadata": {}, "source": lines(text)});
        let cells: Vec<Value> = cells.iter().map(cell).collect();
        let notebook = json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4});
        let text = serde_json::to_string_pretty(&notebook).unwrap();
        self.add(name, "notebook", &format!("notebooks/{name}.ipynb"), &text, &json!({"outputs": outputs}));
    }

    /// Writes the document, and returns the result of a command on it.
    fn kfpc(&self, arguments: &[&str]) -> Output {
        self.file("src/main.rs", &(self.lines.join("\n") + "\n"));
        let call = |name: &String| {
            let inputs = self.components[name]["inputs"].as_object().cloned().unwrap_or_default();
            let value = |input: &Value| match input["type"].as_str() {
                Some("float") => json!({"constant": 0.5}),
                Some("integer") => json!({"constant": 1}),
                _ => json!({"reference": {"output": {"task": "data", "output": "data"}}}),
            };
            let arguments: Map<String, Value> =
                inputs.iter().map(|(name, input)| (name.clone(), value(input))).collect();
            json!({"id": name, "name": name, "kind": {"call": {"callee": {"component": name}, "arguments": arguments}}})
        };
        let mut tasks: Vec<Value> = self.components.keys().map(call).collect();
        let mut components = self.components.clone();
        let data =
            json!({"name": "data", "outputs": {"data": {"type": dataset()}}, "implementation": {"rust": {}}});
        components.insert("data".to_owned(), data);
        tasks
            .push(json!({"id": "data", "name": "data", "kind": {"call": {"callee": {"component": "data"}}}}));
        let positions: Vec<&Value> = self.nodes.values().collect();
        let nodes: Map<String, Value> =
            self.nodes.keys().enumerate().map(|(idx, place)| (place.clone(), idx.into())).collect();
        let document = json!({
            "schema_version": 1,
            "pipelines": [{"name": "demo", "root": {"tasks": tasks}}],
            "components": components,
            "source_map": {"files": ["src/main.rs"], "positions": positions, "nodes": nodes},
        });
        self.file("document.json", &document.to_string());
        Programs::get().kfpc(self.folder.path()).args(arguments).arg("document.json").output().unwrap()
    }
}

fn dataset() -> Value {
    json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}})
}

/// An interface with these output parameters.
fn returning(outputs: &[(&str, &str)]) -> Value {
    let outputs: Map<String, Value> =
        outputs.iter().map(|(name, r#type)| ((*name).to_owned(), json!({"type": r#type}))).collect();
    json!({"outputs": outputs})
}

fn report(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("exit code: {}\n{}{}", output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// Functions that do not match their component.
fn faulty_functions() -> Project {
    let mut project = Project::new();
    let fit = returning(&[("accuracy", "float"), ("rows", "integer")]);
    project.function("broken", "def step(:\n    return 1\n", &returning(&[("output", "integer")]));
    project.function("outside", "x = 1\nreturn x\n", &json!({}));
    let artifacts =
        json!({"inputs": {"data": {"type": dataset()}}, "outputs": {"table": {"type": dataset()}}});
    let swapped = "from kfp.dsl import Dataset, Input, Output\n\ndef step(data: Output[Dataset], table: Input[Dataset]):\n    pass\n";
    project.function("swapped", swapped, &artifacts);
    let defaults = json!({"inputs": {
        "rate": {"type": "float", "default": 0.5}, "rows": {"type": "integer", "default": 1}}});
    project.function("defaults", "def step(rate=0.1, rows: int = 1):\n    pass\n", &defaults);
    project.function("misspelt", "def step():\n    return {\"acuracy\": 0.5, \"rows\": 3}\n", &fit);
    let named = "from typing import NamedTuple\n\nclass Fit(NamedTuple):\n    score: float\n    count: int\n\ndef step() -> Fit:\n    return Fit(0.5, 3)\n";
    project.function("by-order", named, &fit);
    let data = "from dataclasses import dataclass\n\n@dataclass\nclass Fit:\n    accuracy: float\n\ndef step():\n    return Fit(0.5)\n";
    project.function("fields", data, &fit);
    project.function("count", "def step():\n    return 0.5, 3, 4\n", &fit);
    project.function("nothing", "def step():\n    print(0.5)\n", &fit);
    project.file("steps/helpers.py", "");
    project.file("steps/lib/tables.py", "");
    let imports = "import helpers\nfrom lib import tables\nfrom .helpers import x\nfrom . import helpers\n\ndef step():\n    pass\n";
    project.function("imports", imports, &json!({}));
    let modules = json!({"implementation": {"modules": {
        "lib/bad.py": "def f(:\n    pass\n", "lib/good.py": "from . import bad\n"}}});
    project.function("modules", "from lib import good\n\ndef step():\n    pass\n", &modules);
    let incomplete = json!({"implementation": {"modules": {"lib/good.py": "from . import tables\n"}}});
    project.function("incomplete", "from lib import good\n\ndef step():\n    pass\n", &incomplete);
    project
}

#[test]
fn functions_are_compared_with_their_components() {
    let project = faulty_functions();
    settings().bind(|| insta::assert_snapshot!("python-functions", report(&project.kfpc(&["check"]))));
    let json = project.kfpc(&["check", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let edits: Vec<String> = json["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|diagnostic| !diagnostic["edit"].is_null())
        .map(|diagnostic| {
            let edit = &diagnostic["edit"];
            let text = |key: &str| edit[key].as_str().unwrap().to_owned();
            format!(
                "{}:{}:{}-{}: {}",
                text("file"),
                edit["line"],
                edit["column"],
                edit["end_column"],
                text("replacement")
            )
        })
        .collect();
    settings().bind(|| insta::assert_snapshot!("python-edits", edits.join("\n")));
    let output = project.kfpc(&["compile", "--python-image", "python:3.12", "--image", "a:1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        report(&output).contains("error[KFP0215]: invalid Python in `steps/broken.py`"),
        "{}",
        report(&output)
    );
}

/// A component with a file that another one shares has no second report, and what cannot be known is not reported.
#[test]
fn correct_functions_are_accepted() {
    let mut project = Project::new();
    let fit = returning(&[("accuracy", "float"), ("rows", "integer")]);
    for (name, body) in [
        ("tuple", "    return 0.5, 3\n"),
        ("dict", "    return {'rows': 3, 'accuracy': 0.5, 'more': 1}\n"),
        ("call", "    return dict(rows=3, accuracy=0.5)\n"),
        ("unknown", "    result = {}\n    return result\n"),
        ("raises", "    raise NotImplementedError\n"),
        ("method", "    return result.dict()\n"),
        ("other-object", "    return fit.Result(0.5)\n"),
        ("import", "    if rows:\n        from . import a\n    return 0.5, 3\n"),
        ("nested", "    def inner():\n        return 1\n    return tuple([0.5, inner()])\n"),
    ] {
        project.function(name, &format!("def step():\n{body}"), &fit);
    }
    for (name, source) in [
        ("last", "def step():\n    return 1, 2, 3\n\ndef step():\n    return 0.5, 3\n"),
        ("lambda", "def step(key=lambda x, y: x):\n    return 0.5, 3\n"),
        ("decorated", "@wrap\ndef step(other):\n    print(other)\n"),
        ("replaced", "def step(other):\n    print(other)\nstep = wrap(step)\n"),
        ("form-feed", "x = 1\n\u{c}def \\\n  step():\n    return 0.5, 3\n"),
        (
            "unknown-fields",
            "from typing import NamedTuple\nFit = NamedTuple('Fit', FIELDS)\ndef step():\n    return Fit(0.5, 3)\n",
        ),
        ("inherited", "@dataclass\nclass Fit(Base):\n    rows: int\ndef step():\n    return Fit(3)\n"),
        (
            "shadowed",
            "from typing import NamedTuple\nFit = NamedTuple('Fit', [('a', int)])\ndef step():\n    Fit = load()\n    return Fit(3)\n",
        ),
    ] {
        project.function(name, source, &fit);
    }
    for (idx, import) in [
        "if __name__ == '__main__':\n    from . import optional",
        "if False:\n    from . import optional",
        "if not TYPE_CHECKING:\n    pass\nelse:\n    from . import optional",
        "try:\n    from . import optional\nexcept ERRORS:\n    pass",
        "with contextlib.suppress(ImportError):\n    from . import optional",
        "def unused():\n    import optional",
        "import sys\nsys.path.append('/opt')\nimport optional",
    ]
    .into_iter()
    .enumerate()
    {
        project.function(
            &format!("import-{idx}"),
            &format!("{import}\n\ndef step():\n    pass\n"),
            &json!({}),
        );
    }
    let defaults = json!({"inputs": {"rate": {"type": "float", "default": 1.0}, "rows": {"type": "integer", "default": 2}}});
    project.function("defaults", "def step(rate=1, rows=None):\n    pass\n", &defaults);
    for file in ["steps/random.py", "steps/optional.py", "steps/yaml/__init__.py", "steps/helpers.py"] {
        project.file(file, "");
    }
    let imports = "import random\nimport json, os.path\nimport yaml\nimport installed_in_the_image\ntry:\n    import optional\nexcept ImportError:\n    optional = None\nfrom helpers import x\nimport lib.tables\n\ndef step():\n    pass\n";
    let shipped = json!({"implementation": {
        "packages": ["YAML==6.0"], "modules": {"helpers.py": "import lib\nx = 1\n", "lib/tables.py": "from . import missing\n"}}});
    project.function("imports", imports, &shipped);
    let output = project.kfpc(&["check", "--deny", "warnings"]);
    assert!(output.status.success(), "{}", report(&output));
}

#[test]
fn notebooks_are_compared_with_their_components() {
    let mut project = Project::new();
    let rows = json!({"rows": {"type": "integer"}});
    project.file("notebooks/helpers.py", "");
    project.notebook("broken", &["rows = 3", "x = 1\ndef f(:\n    pass"], &rows);
    project.notebook("unset", &["row = 3", "print(rows)"], &rows);
    project.notebook("import", &["import os\nfrom helpers import x", "rows = 3"], &rows);
    settings().bind(|| insta::assert_snapshot!("python-notebooks", report(&project.kfpc(&["check"]))));

    let mut project = Project::new();
    let many = "%time rows = 3\n".repeat(1_000);
    for (name, cells) in [
        (
            "magics",
            &[
                "%matplotlib inline\n!pip install x it's \\\n    y\nrows = !ls | wc -l\nrows?\n?rows\n%timeit rows",
            ][..],
        ),
        ("cell-magic", &["%%bash\nrows=$(ls | wc -l", "%%time\nrows = 3"]),
        ("continued", &["rows = (7\n    % 3)\ntext = '''\n%not magic\n'''"]),
        ("await", &["import asyncio\nawait asyncio.sleep(0)\nfor rows in range(3): pass"]),
        ("star", &["from os.path import *\nprint(rows)"]),
        ("dynamic", &["exec('rows = 3')"]),
        ("unpacked", &["(a, *rows), b = ([1], 2)"]),
        ("walrus", &["if (rows := 3): pass"]),
        ("stored", &["%store -r rows\nprint(rows)"]),
        ("timed", &["%time rows = 3"]),
        ("profiled", &["%prun -l 5 rows = 3"]),
        ("captured", &["%%capture rows\nprint(3)"]),
        ("unknown-magic", &["%fetch rows", "x = {}\nx['a'] = !ls"]),
        ("variables", &["vars()['rows'] = 3"]),
        ("automagic", &["pip install x", "rows = 3\n/print 1\n;print a\n,print a"]),
        ("many-magics", &[many.as_str()]),
        ("indented", &["  rows = 3\n  !ls"]),
        ("nested-magics", &["%%capture\n%%time\nrows = 3"]),
        ("function", &["def rows(): pass\nif True:\n    %time rows()\n    !ls"]),
    ] {
        project.notebook(name, cells, &rows);
    }
    let output = project.kfpc(&["check", "--deny", "warnings"]);
    assert!(output.status.success(), "{}", report(&output));
}

#[test]
fn sources_are_never_executed() {
    let mut project = Project::new();
    let hostile =
        "import os\nopen('ran', 'w')\n@open('ran', 'w').write\ndef step(x=open('ran', 'w')):\n    pass\n";
    project.function("hostile", hostile, &json!({}));
    project.notebook("magic", &["!touch ran\n%run ran.py\nopen('ran', 'w')"], &json!({}));
    // A document does not select the interpreter.
    project.file("kfpc.toml", "python = './evil'\n");
    project.file("evil", "#!/bin/sh\ntouch ran\n");
    let evil = project.folder.path().join("evil");
    fs::set_permissions(&evil, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let output = project.kfpc(&["check"]);
    assert!(output.status.success(), "{}", report(&output));
    assert!(!report(&output).contains("not checked"), "{}", report(&output));
    assert!(!project.folder.path().join("ran").exists());
}

#[test]
fn without_an_interpreter_a_note_is_printed() {
    let project = faulty_functions();
    project.kfpc(&["check"]);
    let mut command = Programs::get().kfpc(project.folder.path());
    let output = command.args(["check", "document.json"]).env("PATH", "/nowhere").output().unwrap();
    let report = report(&output);
    // The functions are found without the interpreter.
    assert_eq!(output.status.code(), Some(1), "{report}");
    let codes = Regex::new("KFP[0-9]{4}").unwrap();
    assert!(codes.find_iter(&report).all(|code| code.as_str() == "KFP0209"), "{report}");
    let note = "note: Python sources are not checked: cannot start `python3`: set `python` in kfpc.toml: ";
    assert!(report.contains(note), "{report}");
    assert!(Path::new("/nowhere").metadata().is_err());
}

/// The interpreter stops at limits of Python, and the command continues.
#[test]
fn hostile_sources_are_bounded() {
    let mut project = Project::new();
    let nested = format!("x = {}1{}\n\ndef step():\n    pass\n", "(".repeat(100_000), ")".repeat(100_000));
    project.function("nested", &nested, &json!({}));
    let power = format!("x = {}1\n\ndef step():\n    pass\n", "9**".repeat(20_000));
    project.function("power", &power, &json!({}));
    let output = project.kfpc(&["check", "--format", "short"]);
    let report = report(&output);
    let is_error = output.status.code() == Some(1) && report.contains("error[KFP0215]");
    let is_note = output.status.success() && report.contains("note: Python sources are not checked");
    assert!(is_error || is_note, "{report}");
}

/// What is not known about one component hides nothing about another.
#[test]
fn strange_defaults_do_not_hide_other_problems() {
    let mut project = Project::new();
    let interface = json!({"inputs": {"rate": {"type": "float", "default": 0.5}, "rows": {"type": "integer", "default": 1}}});
    let strange = [
        "9".repeat(400),
        format!("0x{}", "f".repeat(400)),
        format!("{}{}", "[".repeat(90), "]".repeat(90)),
        "['\\ud800']".to_owned(),
    ];
    for (idx, default) in strange.iter().enumerate() {
        let source = format!("def step(rate={default}, rows=2):\n    pass\n");
        project.function(&format!("strange-{idx}"), &source, &interface);
    }
    project.function("broken", "return 3\n", &json!({}));
    let report = report(&project.kfpc(&["check", "--format", "short"]));
    assert_eq!(report.matches("KFP0217").count(), strange.len(), "{report}");
    assert!(report.contains("KFP0215") && !report.contains("not checked"), "{report}");
}

/// Several outputs are matched with a returned value, even if each is optional.
#[test]
fn optional_outputs_need_a_returned_value() {
    let mut project = Project::new();
    let optional = json!({"type": {"option": "integer"}});
    project.function("two", "def step():\n    pass\n", &json!({"outputs": {"a": optional, "b": optional}}));
    project.function("one", "def step():\n    pass\n", &json!({"outputs": {"a": optional}}));
    let report = report(&project.kfpc(&["check", "--format", "short"]));
    assert_eq!(report.matches("KFP0216").count(), 1, "{report}");
    assert!(report.contains("steps/two.py"), "{report}");
}

/// A check takes time in proportion to the size of a source.
#[test]
fn long_sources_are_checked_quickly() {
    let mut project = Project::new();
    let source = "from . import a\n".repeat(10_000) + "def step():\n    pass\n";
    project.function("long", &source, &json!({}));
    let start = Instant::now();
    let report = report(&project.kfpc(&["check", "--format", "short"]));
    assert_eq!(report.matches("KFP0218").count(), 10_000);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// Python normalizes identifiers, so it does not find a file with the ligature `ﬁ`.
#[test]
fn modules_have_the_names_that_python_imports() {
    let mut project = Project::new();
    let modules = json!({"implementation": {"modules": {"ﬁt.py": "", "größe.py": ""}}});
    project.function("names", "def step():\n    pass\n", &modules);
    let report = report(&project.kfpc(&["check", "--format", "short"]));
    assert_eq!(report.matches("KFP0214").count(), 1, "{report}");
    assert!(report.contains("invalid path `ﬁt.py` of a Python module"), "{report}");
}
