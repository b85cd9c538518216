//! Control characters in every string of a document, a manifest, a file name and a log.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::commands::{COMMANDS, each_command, with_source};
use super::{Sandbox, output_text};

/// Clears the screen, reorders text, and starts lines with GitHub workflow commands.
const HOSTILE: &str =
    "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2066}\u{2028}\u{85}\r\u{8}\n::add-mask::x\n  ::error::y";

/// Returns a document in which every free-form string is hostile; its tasks and parameters are called `name`.
fn document(name: &str) -> Value {
    let call = json!({"call": {"callee": {"component": "c"}, "arguments": {"x": {"constant": HOSTILE}}}});
    let container = json!({"image": "a:1", "command": ["echo", HOSTILE]});
    json!({
        "schema_version": 1,
        "components": {"c": {
            "name": "c",
            "description": HOSTILE,
            "inputs": {"x": {"type": "string", "description": HOSTILE}},
            "implementation": {"container": container},
        }},
        "pipelines": [{
            "name": "p",
            "version": HOSTILE,
            "description": HOSTILE,
            "inputs": {
                name: {"type": "string", "description": HOSTILE, "default": HOSTILE},
                "choice": {"type": {"enum": {"name": HOSTILE, "variants": [HOSTILE, "b"]}}, "default": HOSTILE},
            },
            "root": {"tasks": [{"id": name, "name": name, "kind": call}]},
        }],
    })
}

#[test]
fn strings_of_documents_are_escaped() {
    let sandbox = Sandbox::new();
    sandbox.write("other.yaml", document("fine").to_string().replace("echo", "printf"));
    for (name, source) in [("fine", "d.json"), (HOSTILE, "e.json")] {
        sandbox.write(source, document(name).to_string());
        for command in COMMANDS.iter().filter(|command| command[0] != "run") {
            sandbox.attack(&with_source(command, source));
        }
    }
    // Unknown keys, wrong types and invalid strings.
    for (source, text) in [
        ("key.json", json!({"schema_version": 1, HOSTILE: 1}).to_string()),
        ("type.json", json!({"schema_version": 1, "components": {}, "pipelines": HOSTILE}).to_string()),
        ("syntax.json", format!("{{\"schema_version\": {HOSTILE}")),
        ("syntax.yaml", format!("schema_version: 1\n{HOSTILE}")),
        ("tab.yaml", "schema_version: 1\n\tx: \u{9b}31m \u{202e}\n".to_owned()),
    ] {
        sandbox.write(source, text);
        for command in COMMANDS {
            sandbox.attack(&with_source(command, source));
        }
    }
}

#[test]
fn strings_of_manifests_are_escaped() {
    let sandbox = Sandbox::new();
    let manifest = |name: &str, kind: &str| {
        let template = json!({
            "name": name,
            "container": {"image": "a:1", "command": [HOSTILE, format!("{{{{inputs.parameters.{HOSTILE}}}}}")]},
            HOSTILE: HOSTILE,
        });
        let spec = json!({"entrypoint": HOSTILE, "templates": [template]});
        json!({
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": HOSTILE, "labels": {HOSTILE: HOSTILE}},
            "spec": spec,
        })
        .to_string()
    };
    sandbox.write("m.json", manifest("`![x](http://example.org/x)`<script>", "Workflow"));
    sandbox.write("other.yaml", manifest(HOSTILE, "Workflow"));
    sandbox.write("kind.json", manifest(HOSTILE, HOSTILE));
    for command in COMMANDS {
        for source in ["m.json", "kind.json"] {
            sandbox.attack(&with_source(command, source));
        }
    }
    let output = sandbox.attack(&["diff", "m.json", "other.yaml", "--format", "markdown"]);
    let markdown = output_text(&output);
    let fenced = "`` `![x](http://example.org/x)`<script> ``";
    assert!(markdown.contains(fenced) && !markdown.replace(fenced, "").contains("![x]"), "{markdown}");
}

#[test]
fn file_names_are_escaped() {
    let sandbox = Sandbox::new();
    sandbox.write("other.yaml", "");
    let names = [
        "a\u{1b}[2J\u{9b}31m.yaml",
        "\u{202e}lmay.yaml",
        "line\n::error::x.yaml",
        "::add-mask::x.yaml",
        "##[error]x.yaml",
        "a,b:c%d.yaml",
    ];
    for name in names {
        sandbox.write(name, "schema_version: 2\n");
        for command in COMMANDS {
            sandbox.attack(&with_source(command, name));
        }
        let missing = format!("missing-{name}");
        for command in each_command() {
            sandbox.attack(&with_source(command, &missing));
        }
        let github = sandbox.attack(&["check", name, "--format", "github"]);
        let report = String::from_utf8(github.stdout).unwrap();
        assert_eq!(report.lines().count(), 1, "{report}");
        assert!(report.starts_with("::error file="), "{report}");
    }
    for format in ["text", "short", "json", "sarif", "github"] {
        sandbox.attack(&["check", ".", "--format", format]);
    }
}

#[test]
fn files_in_github_annotations_have_no_commas_colons_or_line_ends() {
    let sandbox = Sandbox::new();
    sandbox.write("a,b:c%d\n.yaml", "schema_version: 2\n");
    let output = sandbox.attack(&["check", ".", "--format", "github"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.starts_with("::error file=a%2Cb%3Ac%25d%0A.yaml,line=1,col="), "{report}");
}

#[test]
fn step_output_is_escaped() {
    let sandbox = Sandbox::new();
    let python = format!("def step():\n    print({HOSTILE:?})\n    raise ValueError({HOSTILE:?})\n");
    // Python does not understand all escapes that Rust writes.
    let python = python.replace("\\u{1b}", "\\x1b").replace("\\u{9b}", "\\x9b").replace("\\u{7f}", "\\x7f");
    let python = python.replace("\\u{202e}", "\\u202e").replace("\\u{2066}", "\\u2066");
    let python =
        python.replace("\\u{2028}", "\\u2028").replace("\\u{85}", "\\x85").replace("\\u{8}", "\\x08");
    assert!(!python.contains("\\u{"), "{python}");
    let document = json!({
        "schema_version": 1,
        "components": {"step": {
            "name": "step",
            "implementation": {"python": {"file": "step.py", "function": "step", "source": python}},
        }},
        "pipelines": [{"name": "p", "root": {"tasks": [
            {"id": "step", "name": "step", "kind": {"call": {"callee": {"component": "step"}}}},
        ]}}],
    });
    sandbox.write("d.json", document.to_string());
    let output = sandbox.attack(&["run", "d.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", output_text(&output));
    assert!(output_text(&output).contains("ValueError: a\\u{1b}[2J"), "{}", output_text(&output));
    for arguments in [
        &["run", "d.json", "--format", "json"][..],
        &["runs", "ls"],
        &["runs", "ls", "--format", "json"],
        &["runs", "show"],
        &["runs", "show", "--format", "json"],
        &["runs", "report"],
        &["graph", "--run", "last"],
        &["graph", "--run", "last", "--format", "svg"],
    ] {
        sandbox.attack(arguments);
    }
}

#[test]
fn python_sources_are_escaped() {
    let sandbox = Sandbox::new();
    let source =
        "def f(a: str = 'x\u{202e}y', b: 'Lite\u{9b}ral[1]' = \"\\x1b[2J\"):\n    \"\"\"Doc \u{202e}\"\"\"\n";
    let path = sandbox.write("f.py", source);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    for arguments in
        [&["bind", "f.py"][..], &["bind", "f.py", "--format", "json"], &["bind", "f.py:\u{1b}[2J"]]
    {
        sandbox.attack(arguments);
    }
}
