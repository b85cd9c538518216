//! The list of failures that the exit hook receives, computed by Argo's engine from lists as the controller writes
//! them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kfp_argo::Workflow;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Lowering, Options, lower};
use kfp_model::Document;
use serde_json::{Value, json};
use tests::Oracle;

const WORKFLOW: &str = "handled-7x2kq";

/// Lowers a pipeline in which failing steps are nested in every possible way.
fn lowering() -> Lowering {
    let call = |id: &str, callee: Value| {
        let name = id.rsplit_once('.').map_or(id, |(_, name)| name);
        json!({"id": id, "name": name, "kind": {"call": {"callee": callee, "arguments": {}}}})
    };
    let step = |id: &str| call(id, json!({"component": "work"}));
    let tasks = |tasks: &[Value]| json!({"tasks": tasks});
    let of = |id: &str, kind: Value| {
        let name = id.rsplit_once('.').map_or(id, |(_, name)| name);
        json!({"id": id, "name": name, "kind": kind})
    };
    let every = |id: &str, body: Value| {
        of(id, json!({"loop": {"items": {"constant": ["a", "é", "(0)"]}, "body": body}}))
    };
    let arm = |name: &str, id: &str| json!({"name": name, "condition": {"present": {"constant": null}}, "region": tasks(&[step(id)])});
    let failures = json!({"field": {"of": {"reference": {"status": "handler"}}, "name": "failures"}});
    let tell = json!({"id": "tell", "name": "tell",
        "kind": {"call": {"callee": {"component": "tell"}, "arguments": {"failures": failures}}}});
    let body = tasks(&[
        step("handler.Train_It"),
        every(
            "handler.All",
            tasks(&[
                step("handler.All.check"),
                every("handler.All.in", tasks(&[step("handler.All.in.check")])),
            ]),
        ),
        call("handler.first", json!({"pipeline": "inner"})),
        call("handler.second", json!({"pipeline": "inner"})),
        of(
            "handler.branch",
            json!({"branch": {"arms": [arm("Big One", "handler.branch.big")],
            "otherwise": tasks(&[step("handler.branch.small")])}}),
        ),
    ]);
    let handler = json!({"exit_handler": {"body": body, "exit": tasks(&[tell])}});
    let failure = kfp_model::status::failure_type().list();
    let document = json!({"schema_version": kfp_model::SCHEMA_VERSION,
        "components": {
            "work": {"name": "work", "policy": {"retry": {"limit": 2}, "cache": {"for": {"max_age": "24h"}}}, "implementation": {"rust": {}}},
            "tell": {"name": "tell", "inputs": {"failures": {"type": failure}}, "implementation": {"rust": {}}}},
        "pipelines": [
            {"name": "handled", "root": tasks(&[of("handler", handler)])},
            {"name": "inner", "root": tasks(&[step("load")])}]});
    let document: Document = serde_json::from_value(document).expect("the document is valid");
    let outcome = check(&document, &document.pipelines[0]);
    let Some(program) = outcome.program else { panic!("{:#?}", outcome.diagnostics) };
    let options = Options { image: Some("i:1".to_owned()), ..Options::default() };
    lower(&program, &options).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn workflow() -> Workflow {
    lowering().workflow
}

/// The failed nodes of a run, as the controller knows them.
struct Failed<'w> {
    workflow: &'w Workflow,
    /// The display names and messages, by full name.
    nodes: BTreeMap<String, Value>,
}

impl<'w> Failed<'w> {
    fn of(workflow: &'w Workflow) -> Self {
        Self { workflow, nodes: BTreeMap::new() }
    }

    /// Adds a failed node with these display names below the body, and all nodes around it.
    fn add(&mut self, path: &str, message: &str) {
        let entry = &self.workflow.spec.entrypoint;
        self.add_below([entry, "body"], path, message);
    }

    fn add_below(&mut self, [template, first]: [&str; 2], path: &str, message: &str) {
        let mut name = WORKFLOW.to_owned();
        let (mut template, mut around) = (template.to_owned(), String::new());
        let root = [(name.clone(), name.clone(), template.clone())];
        let mut found = root.to_vec();
        for display in [first].into_iter().chain(path.split('|')).filter(|part| !part.is_empty()) {
            let (task, number) = display.split_at(display.find('(').unwrap_or(display.len()));
            if number.is_empty() {
                around.clone_from(&template);
                name = format!("{name}.{task}");
            } else {
                name.push_str(number);
            }
            template = self.template_of(&around, task);
            found.push((name.clone(), display.to_owned(), template.clone()));
        }
        let last = found.len() - 1;
        for (idx, (name, display, template)) in found.into_iter().enumerate() {
            let message = if idx == last { message } else { "child failed" };
            let pod = if name == WORKFLOW {
                name.clone()
            } else {
                format!("{WORKFLOW}-{template}-{}", hash(&name))
            };
            let node = json!({"displayName": display, "message": message, "templateName": template, "phase": "Failed",
                "podName": pod, "finishedAt": "2024-05-06T07:08:09Z"});
            let known = self.nodes.entry(name).or_insert_with(|| node.clone());
            if idx == last {
                *known = node;
            }
        }
    }

    fn template_of(&self, template: &str, task: &str) -> String {
        let template = self.workflow.spec.templates.iter().find(|other| other.name == template);
        let tasks = template.and_then(|template| template.dag.as_ref()).map_or(&[][..], |dag| &dag.tasks);
        tasks.iter().find(|other| other.name == task).map_or_else(String::new, |task| task.template.clone())
    }

    /// Returns the list that the exit hook receives.
    fn listed(&self, oracle: &Oracle) -> Value {
        // The order of the controller's list is random.
        let nodes: Vec<&Value> = self.nodes.values().rev().collect();
        let text = if nodes.is_empty() { "null".to_owned() } else { json!(nodes).to_string() };
        let variables = json!({"workflow.name": WORKFLOW, "workflow.failures": quoted(&text)});
        let hooks = self.workflow.spec.hooks.as_ref().expect("missing exit hook");
        let parameters = &hooks.exit.arguments.parameters;
        let value = parameters.iter().find_map(|parameter| {
            parameter
                .value
                .as_ref()
                .map(ToString::to_string)
                .filter(|value| value.contains("workflow.failures"))
        });
        let passes = json!([{"variables": {"workflow.name": WORKFLOW}, "strict": []},
            {"variables": variables, "strict": ["workflow"]}]);
        let question = json!({"kind": "value", "text": value, "passes": passes});
        let answer = oracle.answers(&[], &[question]).remove(0);
        let result = answer["result"].as_str().unwrap_or_default();
        assert!(!result.contains("{{") && !result.contains('$'), "{result}");
        serde_json::from_str(result).unwrap_or_else(|error| panic!("{error}: {answer:.2000}"))
    }
}

/// Returns the hash at the end of a pod name.
fn hash(name: &str) -> u32 {
    name.bytes().fold(2_166_136_261, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619))
}

/// Quotes the string as a Go literal.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\u{7f}' => quoted.push_str("\\x7f"),
            '\u{e0000}'.. => {
                write!(quoted, "\\U{:08x}", u32::from(character)).expect("cannot fail for a string");
            }
            '\u{200b}' => quoted.push_str("\\u200b"),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

fn entry(task: &str, message: &str) -> Value {
    json!({"task": task, "message": message, "exit_code": null, "class": null})
}

#[test]
fn each_failure_has_its_full_path() {
    let Some(oracle) = super::oracle() else { return };
    let workflow = workflow();
    let mut failed = Failed::of(&workflow);
    assert_eq!(failed.listed(oracle), json!([]));
    for idx in 0..3 {
        let item = ["a", "é", "0"][idx];
        for (attempt, message) in ["first", "last"].into_iter().enumerate() {
            failed.add(
                &format!("all|iteration|iteration({idx}:\"{item}\")|check|work|work({attempt})"),
                &format!("{message} of {idx}"),
            );
        }
    }
    failed.add(
        "all|iteration|iteration(2:\"0\")|in-task|iteration|iteration(10:\"x(y\")|check|work|work(10)",
        "nested",
    );
    failed.add(
        "all|iteration|iteration(2:\"0\")|in-task|iteration|iteration(9:\"x(y\")|check|work|work(9)",
        "nested",
    );
    failed.add("first|load|work|work(0)", "one");
    failed.add("second|load|work|work(0)", "two");
    failed.add("train-it", "the arguments cannot be computed");
    failed.add("big-one|big|work|work(0)", "big");
    failed.add("branch-otherwise|small|work|work(0)", "small");
    failed.add_below(["on-exit", "onExit"], "tell", "the exit handler");
    let expect = [
        ("All/0/check", "last of 0"),
        ("All/1/check", "last of 1"),
        ("All/2/check", "last of 2"),
        ("All/2/in/9/check", "nested"),
        ("All/2/in/10/check", "nested"),
        ("Train_It", "the arguments cannot be computed"),
        ("branch/Big One/big", "big"),
        ("branch/otherwise/small", "small"),
        ("first/load", "one"),
        ("second/load", "two"),
    ];
    assert_eq!(
        failed.listed(oracle),
        expect.map(|(task, message)| entry(task, message)).into_iter().collect::<Value>()
    );
}

#[test]
fn nodes_are_mapped_to_tasks() {
    let lowering = lowering();
    for (nodes, expect) in [
        ("all|iteration|iteration(1:\"é\")|check|work|work(2)", "handler/All/1/check"),
        (
            "all|iteration|iteration(2:\"(0)\")|in-task|iteration|iteration(10:\"x).y(\")|check",
            "handler/All/2/in/10/check",
        ),
        ("all|iteration", "handler/All"),
        ("first|load|work|work(0)", "handler/first/load"),
        ("train-it", "handler/Train_It"),
        ("big-one|big", "handler/branch/Big One/big"),
        ("branch-otherwise|small|work", "handler/branch/otherwise/small"),
    ] {
        let mut failed = Failed::of(&lowering.workflow);
        failed.add(nodes, "last");
        let (name, _) =
            failed.nodes.iter().find(|(_, node)| node["message"] == "last").expect("the node was added");
        assert_eq!(lowering.nodes.task(name).as_deref(), Some(expect), "{name}");
    }
    let task = |name: &str| lowering.nodes.task(&format!("{WORKFLOW}{name}"));
    assert_eq!(task(".onExit.tell").as_deref(), Some("handler/exit.tell"));
    assert_eq!(task(".body").as_deref(), Some("handler"));
    for name in ["", ".onExit", ".body.unknown", ".body.all.iteration(0:a).other"] {
        assert_eq!(task(name), None, "{name}");
    }
}

#[test]
fn only_failures_of_tasks_are_listed() {
    let Some(oracle) = super::oracle() else { return };
    let workflow = workflow();
    let mut failed = Failed::of(&workflow);
    // A step that succeeded at its second attempt.
    failed.add("train-it|work|work(0)", "try again");
    for name in ["train-it", "train-it.work"] {
        failed.nodes.remove(&format!("{WORKFLOW}.body.{name}")).expect("the node was added");
    }
    failed.add("first|load|work|work(0)", "lost");
    assert_eq!(failed.listed(oracle), json!([entry("first/load", "lost")]));
    // Arguments that the entrypoint rejects.
    let mut failed = Failed::of(&workflow);
    failed.add("", "refused");
    assert_eq!(failed.listed(oracle), json!([entry("handled", "refused")]));
    // A loop that could not be expanded.
    let mut failed = Failed::of(&workflow);
    failed.add("all|iteration", "too many items");
    assert_eq!(failed.listed(oracle), json!([entry("All", "too many items")]));
}

#[test]
fn messages_and_classes_are_parsed() {
    let Some(oracle) = super::oracle() else { return };
    let workflow = workflow();
    let line = r#"{"class":"data","message":"no \u0024(HOME) {\u007bx}} \"\\\n\u00e9\ud83c\udde9<&"}"#;
    for (message, expect, code, class) in [
        (
            format!("main: Error (exit code 10): {line}\n"),
            "no $(HOME) {{x}} \"\\\né🇩<&",
            Some(10),
            Some("data"),
        ),
        (
            "main: OOMKilled (exit code 137)".to_owned(),
            "main: OOMKilled (exit code 137)",
            Some(137),
            Some("unknown"),
        ),
        (
            "main: Error (exit code 75): down".to_owned(),
            "main: Error (exit code 75): down",
            Some(75),
            Some("transient"),
        ),
        (
            r#"(exit code 3) {"class":"transient","message":"busy"} and more"#.to_owned(),
            "busy",
            Some(3),
            Some("transient"),
        ),
        (
            r#"{"class":"data","message":"cut of"#.to_owned(),
            r#"{"class":"data","message":"cut of"#,
            None,
            None,
        ),
        (r#"{"class":"data","message":"\x"}"#.to_owned(), r#"{"class":"data","message":"\x"}"#, None, None),
        (r#"{"class":[],"message":1}"#.to_owned(), r#"{"class":[],"message":1}"#, None, None),
        (
            "\\x7f \u{7f}\u{e0067}\u{200b}{{x}} \\\\U00012345 $(HOME)\t\"".to_owned(),
            "\\x7f \u{200b}{{x}} \\\\U00012345 $(HOME)\t\"",
            None,
            None,
        ),
        (String::new(), "", None, None),
    ] {
        let mut failed = Failed::of(&workflow);
        failed.add("train-it|work|work(0)", &message);
        let expect = json!([{"task": "Train_It", "message": expect, "exit_code": code, "class": class}]);
        assert_eq!(failed.listed(oracle), expect, "{message}");
    }
}

#[test]
fn the_list_has_a_maximum_size() {
    let Some(oracle) = super::oracle() else { return };
    let workflow = workflow();
    let hostile = "\\\"<é\u{7f}{{$".repeat(330);
    for (count, attempts, longest) in [(16, 1, 2048), (60, 1, 546), (101, 2, 327)] {
        let mut failed = Failed::of(&workflow);
        for idx in 0..count {
            for attempt in 0..attempts {
                failed.add(
                    &format!("all|iteration|iteration({idx}:\"é{idx}\")|check|work|work({attempt})"),
                    &hostile,
                );
            }
        }
        let list = failed.listed(oracle);
        let list = list.as_array().expect("expected a list");
        assert_eq!(list.len(), if count > 100 { 101 } else { count }, "{count}");
        for (idx, failure) in list.iter().take(100).enumerate() {
            assert_eq!(failure["task"], format!("All/{idx}/check"));
            let message: String = hostile.replace('\u{7f}', "").chars().take(longest).collect();
            assert_eq!(failure["message"], format!("{message}..."));
        }
        if count > 100 {
            let more = count - 100;
            let message = if more == 1 {
                "1 more failure is not listed".to_owned()
            } else {
                format!("{more} more failures are not listed")
            };
            assert_eq!(list[100], entry("...", &message));
        }
    }
}

#[test]
fn a_run_with_too_many_failed_nodes_still_gets_a_list() {
    let Some(oracle) = super::oracle() else { return };
    let workflow = workflow();
    let mut failed = Failed::of(&workflow);
    failed.add("train-it", "no");
    let node = failed.nodes[&format!("{WORKFLOW}.body.train-it")].clone();
    for idx in 0..20_000 {
        failed.nodes.insert(format!("{WORKFLOW}.body.{idx}"), node.clone());
    }
    assert_eq!(failed.listed(oracle), json!([entry("...", "20002 failed nodes are too many to list")]));
}
