//! Control characters in every text of a document, a manifest, a file name and a log.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::commands::{COMMANDS, each_command, with_source};
use super::{Ground, shown};

/// Clears the screen, reorders text, and starts lines with commands of GitHub.
const EVIL: &str =
    "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2066}\u{2028}\u{85}\r\u{8}\n::add-mask::x\n  ::error::y";

/// A document in which every text that may be free is hostile; `name` is that of its tasks and parameters.
fn document(name: &str) -> Value {
    let call = json!({"call": {"callee": {"component": "c"}, "arguments": {"x": {"constant": EVIL}}}});
    let container = json!({"image": "a:1", "command": ["echo", EVIL]});
    json!({
        "schema_version": 1,
        "components": {"c": {
            "name": "c",
            "description": EVIL,
            "inputs": {"x": {"type": "string", "description": EVIL}},
            "implementation": {"container": container},
        }},
        "pipelines": [{
            "name": "p",
            "version": EVIL,
            "description": EVIL,
            "inputs": {
                name: {"type": "string", "description": EVIL, "default": EVIL},
                "choice": {"type": {"enum": {"name": EVIL, "variants": [EVIL, "b"]}}, "default": EVIL},
            },
            "root": {"tasks": [{"id": name, "name": name, "kind": call}]},
        }],
    })
}

#[test]
fn texts_of_documents_reach_no_terminal_as_they_are() {
    let ground = Ground::new();
    ground.write("other.yaml", document("fine").to_string().replace("echo", "printf"));
    for (name, source) in [("fine", "d.json"), (EVIL, "e.json")] {
        ground.write(source, document(name).to_string());
        for command in COMMANDS.iter().filter(|command| command[0] != "run") {
            ground.attack(&with_source(command, source));
        }
    }
    // Unknown keys, wrong types and broken texts.
    for (source, text) in [
        ("key.json", json!({"schema_version": 1, EVIL: 1}).to_string()),
        ("type.json", json!({"schema_version": 1, "components": {}, "pipelines": EVIL}).to_string()),
        ("syntax.json", format!("{{\"schema_version\": {EVIL}")),
        ("syntax.yaml", format!("schema_version: 1\n{EVIL}")),
        ("tab.yaml", "schema_version: 1\n\tx: \u{9b}31m \u{202e}\n".to_owned()),
    ] {
        ground.write(source, text);
        for command in COMMANDS {
            ground.attack(&with_source(command, source));
        }
    }
}

#[test]
fn texts_of_manifests_reach_no_terminal_as_they_are() {
    let ground = Ground::new();
    let manifest = |name: &str, kind: &str| {
        let template = json!({
            "name": name,
            "container": {"image": "a:1", "command": [EVIL, format!("{{{{inputs.parameters.{EVIL}}}}}")]},
            EVIL: EVIL,
        });
        let spec = json!({"entrypoint": EVIL, "templates": [template]});
        json!({
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": EVIL, "labels": {EVIL: EVIL}},
            "spec": spec,
        })
        .to_string()
    };
    ground.write("m.json", manifest("`![x](http://example.org/x)`<script>", "Workflow"));
    ground.write("other.yaml", manifest(EVIL, "Workflow"));
    ground.write("kind.json", manifest(EVIL, EVIL));
    for command in COMMANDS {
        for source in ["m.json", "kind.json"] {
            ground.attack(&with_source(command, source));
        }
    }
    let output = ground.attack(&["diff", "m.json", "other.yaml", "--format", "markdown"]);
    let markdown = shown(&output);
    let fenced = "`` `![x](http://example.org/x)`<script> ``";
    assert!(markdown.contains(fenced) && !markdown.replace(fenced, "").contains("![x]"), "{markdown}");
}

#[test]
fn names_of_files_reach_no_terminal_as_they_are() {
    let ground = Ground::new();
    ground.write("other.yaml", "");
    let names = [
        "a\u{1b}[2J\u{9b}31m.yaml",
        "\u{202e}lmay.yaml",
        "line\n::error::x.yaml",
        "::add-mask::x.yaml",
        "##[error]x.yaml",
        "a,b:c%d.yaml",
    ];
    for name in names {
        ground.write(name, "schema_version: 2\n");
        for command in COMMANDS {
            ground.attack(&with_source(command, name));
        }
        let missing = format!("missing-{name}");
        for command in each_command() {
            ground.attack(&with_source(command, &missing));
        }
        let github = ground.attack(&["check", name, "--format", "github"]);
        let report = String::from_utf8(github.stdout).unwrap();
        assert_eq!(report.lines().count(), 1, "{report}");
        assert!(report.starts_with("::error file="), "{report}");
    }
    for format in ["text", "short", "json", "sarif", "github"] {
        ground.attack(&["check", ".", "--format", format]);
    }
}

#[test]
fn files_in_github_annotations_have_no_commas_colons_or_line_ends() {
    let ground = Ground::new();
    ground.write("a,b:c%d\n.yaml", "schema_version: 2\n");
    let output = ground.attack(&["check", ".", "--format", "github"]);
    let report = String::from_utf8(output.stdout).unwrap();
    assert!(report.starts_with("::error file=a%2Cb%3Ac%25d%0A.yaml,line=1,col="), "{report}");
}

#[test]
fn what_a_step_says_reaches_no_terminal_as_it_is() {
    let ground = Ground::new();
    let python = format!("def step():\n    print({EVIL:?})\n    raise ValueError({EVIL:?})\n");
    // Rust writes escapes that Python does not read.
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
    ground.write("d.json", document.to_string());
    let output = ground.attack(&["run", "d.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(shown(&output).contains("ValueError: a\\u{1b}[2J"), "{}", shown(&output));
    for arguments in [
        &["run", "d.json", "--format", "json"][..],
        &["runs", "ls"],
        &["runs", "ls", "--format", "json"],
        &["runs", "show"],
        &["runs", "show", "--format", "json"],
    ] {
        ground.attack(arguments);
    }
}

#[test]
fn python_sources_reach_no_terminal_as_they_are() {
    let ground = Ground::new();
    let source =
        "def f(a: str = 'x\u{202e}y', b: 'Lite\u{9b}ral[1]' = \"\\x1b[2J\"):\n    \"\"\"Doc \u{202e}\"\"\"\n";
    let path = ground.write("f.py", source);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    for arguments in
        [&["bind", "f.py"][..], &["bind", "f.py", "--format", "json"], &["bind", "f.py:\u{1b}[2J"]]
    {
        ground.attack(arguments);
    }
}
