//! `kfpc runs report`: one HTML page with everything about a run, in which nothing that a run contains is markup.
//! `kfpc graph --run`: the picture of the run.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_json::{Value, json};
use tests::Programs;

/// Text that would be executed if it was not escaped.
const HOSTILE: &str = "</script><img src=x onerror='alert(1)'>&amp;\"\u{202e}";

const SOURCE: &str = r#"from kfp.dsl import ClassificationMetrics, Metrics, Output

def evaluate(note: str, scores: Output[Metrics], classes: Output[ClassificationMetrics], fails: bool) -> str:
    scores.log_metric("accuracy <b>", 0.75)
    classes.log_roc_curve([0.0, 0.25, 1.0], [0.5, 1.0, 1.0], [0.9, 0.5, 0.0])
    classes.log_confusion_matrix(["cat", "<i>" + note], [[8, 1], [2, 9]])
    if fails:
        raise ValueError(note)
    return note
"#;

/// Writes a pipeline that evaluates twice; the second task fails.
fn document(folder: &Path) -> PathBuf {
    let artifact =
        |name: &str| json!({"type": {"artifact": {"name": format!("system.{name}"), "version": "0.0.1"}}});
    let component = json!({
        "name": "evaluate",
        "inputs": {"note": {"type": "string"}, "fails": {"type": "boolean"}},
        "outputs": {
            "Output": {"type": "string"},
            "scores": artifact("Metrics"),
            "classes": artifact("ClassificationMetrics"),
        },
        "implementation": {"python": {"file": "evaluate.py", "function": "evaluate", "source": SOURCE}},
    });
    let task = |id: &str, name: &str, fails: bool| {
        let arguments = json!({"note": {"reference": {"input": "note"}}, "fails": {"constant": fails}});
        let call = json!({"callee": {"component": "evaluate"}, "arguments": arguments});
        json!({"id": id, "name": name, "kind": {"call": call}})
    };
    let pipeline = json!({
        "name": "report-me",
        "inputs": {"note": {"type": "string"}},
        "root": {"tasks": [task("good", "good<u>", false), task("bad", "bad", true)]},
    });
    let document =
        json!({"schema_version": 1, "pipelines": [pipeline], "components": {"evaluate": component}});
    let path = folder.join("report-me.json");
    fs::write(&path, document.to_string()).unwrap();
    path
}

#[test]
fn a_page_has_everything_and_escapes_it() {
    let folder = tempfile::tempdir().unwrap();
    let kfpc = || Programs::get().kfpc(folder.path());
    let run = kfpc()
        .arg("run")
        .arg(document(folder.path()))
        .args(["-p", &format!("note={HOSTILE}")])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));

    let output = kfpc().args(["runs", "report", "last", "-o", "report.html"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "Wrote report.html\n");
    let page = fs::read_to_string(folder.path().join("report.html")).unwrap();
    let printed = kfpc().args(["runs", "report"]).output().unwrap();
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), page);

    for part in [
        "<h1>report-me</h1>",
        "<span class=\"state Failed\">Failed</span>",
        "&lt;/script&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;",
        "\\u{202e}",
        "good&lt;u&gt;",
        "<td>accuracy &lt;b&gt;</td><td>0.75</td>",
        "<h3>good&lt;u&gt; classes</h3>",
        "<figcaption>ROC curve</figcaption>",
        "points=\"44.0,174.0 109.0,44.0 304.0,44.0\"",
        "<figcaption>Confusion matrix</figcaption>",
        "true cat, predicted &lt;i&gt;&lt;/script&gt;",
        "ValueError",
    ] {
        assert!(page.contains(part), "missing `{part}` in {page}");
    }
    assert_only_own_markup(&page);
    let picture = |format: &str| {
        let output = kfpc().args(["graph", "--run", "last", "--format", format]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let tasks: Value = serde_json::from_str(&picture("json")).unwrap();
    let states = [&tasks[0]["run"]["state"], &tasks[1]["run"]["state"]];
    assert_eq!(states, [&json!("failed"), &json!("succeeded")], "{tasks}");
    assert!(tasks[1]["run"]["text"].as_str().unwrap().starts_with("succeeded, "), "{tasks}");
    for (format, parts) in [
        (
            "svg",
            ["fill=\"#b3261e\">failed, ", ">good&lt;u&gt;</text>", "fill=\"#e3f4e6\" stroke=\"#2b7a3d\""],
        ),
        (
            "mermaid",
            ["<br/>failed, ", "classDef succeeded fill:#e3f4e6,stroke:#2b7a3d", "class task1 succeeded"],
        ),
        ("dot", ["\\nfailed, ", "fillcolor=\"#fbe5e3\"", "style=\"rounded,filled\""]),
    ] {
        let text = picture(format);
        for part in parts {
            assert!(text.contains(part), "missing `{part}` in {text}");
        }
    }
    let both = kfpc().args(["graph", "--run", "last", "report-me.json"]).output().unwrap();
    assert_eq!(both.status.code(), Some(2), "the picture of a run has no other source");
}

/// Asserts that the page only has known elements and attributes, of which none loads or executes anything.
fn assert_only_own_markup(page: &str) {
    const TAGS: &[&str] = &[
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "p",
        "span",
        "code",
        "table",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "svg",
        "path",
        "polyline",
        "circle",
        "rect",
        "text",
    ];
    let known: BTreeSet<&str> = TAGS.iter().copied().collect();
    let attributes = Regex::new(r#"\s([A-Za-z-]+)="[^"]*""#).unwrap();
    let tags = Regex::new(r#"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z-]+="[^"]*")*)>"#).unwrap();
    for tag in tags.captures_iter(page) {
        assert!(known.contains(&tag[2]), "{}", &tag[0]);
        for attribute in attributes.captures_iter(&tag[3]) {
            let name = &attribute[1];
            let is_active = name.starts_with("on") || ["href", "src", "style", "action"].contains(&name);
            assert!(!is_active, "{}", &tag[0]);
        }
    }
    // The doctype is the only `<` that starts no such element.
    let rest = tags.replace_all(page, "");
    assert_eq!(rest.matches('<').count(), 1, "{rest}");
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains("url(") && !page.contains("@import"));
}
