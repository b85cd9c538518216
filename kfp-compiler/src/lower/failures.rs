//! The list of failures for the exit hook, computed by one expression.
//!
//! Argo lists every failed node of a workflow: graphs, loops, retries and their attempts besides the steps, in random
//! order, by display names that repeat. The pod name of each ends in the FNV-1a hash of the node's full name, and each
//! full name is that of the node around it, a separator and the display name. The hash is undone for the part that
//! the node added, which gives the hash of the node around. So the expression knows the tree without a full name, and
//! sorts and bounds the list before anything receives it. The specification is in [`kfp_model`].

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::status::{FULL_MESSAGES, LISTED_FAILURES, MESSAGE_CHARACTERS, PATH_CHARACTERS, UNLISTED};

use super::expression::{protect, quote};
use kfp_argo::{Template, Workflow};

/// The value of a parameter that takes the list, until the names of all templates are final.
pub(super) const PENDING: &str = "{{kfp-failures}}";

/// The factor that undoes a multiplication by the prime of FNV-1a, modulo 2^32.
const INVERSE: u32 = 899_433_627;

/// The largest number of failed nodes in a list: an expression may not allocate without bounds.
const NODES: usize = 20_000;

/// More than the levels of nodes that a workflow can have: Argo follows 100 templates, and a template adds at most a
/// node for its task, for an iteration and for an attempt.
const LEVELS: usize = 300;

/// Writes the expression wherever the exit hook takes the list.
pub(super) fn write(workflow: &mut Workflow, pipeline: &str) {
    let Some(hooks) = &mut workflow.spec.hooks else { return };
    let pending = |value: &&mut String| *value == PENDING;
    let parameters = hooks.exit.arguments.parameters.iter_mut();
    let mut values: Vec<&mut String> =
        parameters.filter_map(|parameter| parameter.value.as_mut()).filter(pending).collect();
    if values.is_empty() {
        return;
    }
    let templates = &workflow.spec.templates;
    let entry = templates.iter().find(|template| template.name == workflow.spec.entrypoint);
    let body = entry.and_then(|entry| entry.dag.as_ref()?.tasks.first());
    let body = body.map_or("", |task| task.template.as_str());
    let text = format!("{{{{={}}}}}", expression(body, &paths(templates, body), pipeline));
    for value in &mut values {
        value.clone_from(&text);
    }
}

/// What tasks add to a path, by the name of their template, a period and their name; without those that add their
/// name.
fn paths(templates: &[Template], body: &str) -> BTreeMap<String, String> {
    let by_name: BTreeMap<&str, &Template> =
        templates.iter().map(|template| (template.name.as_str(), template)).collect();
    let (mut paths, mut seen, mut open) = (BTreeMap::new(), BTreeSet::new(), vec![body]);
    while let Some(name) = open.pop() {
        let Some(template) = by_name.get(name).filter(|_| seen.insert(name)) else { continue };
        for task in template.dag.iter().flat_map(|dag| &dag.tasks) {
            open.push(&task.template);
            if task.path.as_deref() != Some(&task.name) {
                let path = task.path.as_ref().map(|path| format!("/{path}")).unwrap_or_default();
                paths.insert(format!("{name}.{}", task.name), path);
            }
        }
    }
    paths
}

/// The list as a JSON text.
fn expression(body: &str, paths: &BTreeMap<String, String>, pipeline: &str) -> String {
    let verb = format!("len(found) == {} ? ' more failure is' : ' more failures are'", LISTED_FAILURES + 1);
    let more = unlisted(&format!("string(len(found) - {LISTED_FAILURES}) + ({verb}) + ' not listed'"));
    let list = format!("toJson(concat({}, len(found) <= {LISTED_FAILURES} ? [] : [{more}]))", entries());
    let too_many = unlisted("string(len(failed)) + ' failed nodes are too many to list'");
    let result =
        format!("len(failed) > {NODES} ? toJson([{too_many}]) : len(found) == 0 ? '[]' : {}", protect(&list));
    [
        format!("let failed = {}", failed_nodes()),
        format!("let nodes = {}", nodes()),
        "let byId = fromPairs(map(nodes, [#.id, #]))".to_owned(),
        "let failedInside = fromPairs(map(filter(nodes, not #.isAttempt), [#.around, true]))".to_owned(),
        format!("let attempts = {}", attempts()),
        format!("let paths = {}", table(paths)),
        format!("let levels = 1..{LEVELS}"),
        format!("let found = {}", failures_with_paths(body)),
        format!("let listed = {}", sorted(pipeline)),
        format!("let longest = int({MESSAGE_CHARACTERS} / max({FULL_MESSAGES}, len(listed)))"),
        result,
    ]
    .join("; ")
}

/// Argo's list is a JSON text in a literal of Go, and `null` where nothing failed. Two escapes of Go are not those of
/// JSON: they stand for characters that nothing prints, and are left out. The workflow itself is no task.
fn failed_nodes() -> String {
    let escapes = quote(r"((?:[^\\]|\\[^xU])*)(?:\\x7f|\\U[0-9a-f]{8}|$)");
    let text = format!(
        "workflow.failures matches {} ? sprig.regexReplaceAll({escapes}, workflow.failures, '${{1}}') : workflow.failures",
        quote(r"\\[xU]")
    );
    format!("filter(fromJSON(fromJSON({text})) ?? [], #.podName != workflow.name)")
}

/// Each node with the hash of its own name and that of the node around it. A node adds a period and its display name;
/// an iteration or an attempt adds its number in parentheses, with which a node of its own is around all of them.
///
/// The hash is undone byte by byte from the end: the checksum of one byte tells its value.
fn nodes() -> String {
    let added =
        "#.displayName contains '(' ? #.displayName[indexOf(#.displayName, '('):] : '.' + #.displayName";
    let byte = "bitushr(int(sprig.adler32sum(#acc[1][-1:])), 16) - 1";
    let undone = format!(
        "#acc[1] == '' ? #acc : sprig.list(bitxor(bitand(#acc[0] * {INVERSE}, {}), {byte}), #acc[1][:-1])",
        u32::MAX
    );
    let id = "last(split(#.podName, '-'))";
    // Base64 has at least as many characters as its text has bytes.
    let steps =
        format!("sprig.prepend(split(toBase64('.' + #.displayName), ''), sprig.list(int({id}), ({added})))");
    format!(
        "map(len(failed) > {NODES} ? [] : failed, ({{'id': {id}, 'around': string(reduce({steps}, {undone})[0]), \
         'name': #.displayName, 'template': #.templateName, 'message': #.message, \
         'isAttempt': #.displayName matches {}}}))",
        quote("^[^(]*[(][0-9]+[)]$")
    )
}

/// The message of the last attempt of each task that is retried.
fn attempts() -> String {
    let number = "int(split(split(#.name, '(')[1], ')')[0])";
    format!("fromPairs(map(sortBy(filter(nodes, #.isAttempt), {number}), [#.around, #.message]))")
}

fn table(paths: &BTreeMap<String, String>) -> String {
    let row = |(task, path): (&String, &String)| {
        let (task, path) = (quote(task), quote(path));
        // Only a literal can be a key without parentheses.
        let task = if task.contains("'+'") { format!("({task})") } else { task };
        format!("{task}: {path}")
    };
    format!("{{{} }}", paths.iter().map(row).collect::<Vec<_>>().join(", "))
}

/// The nodes in which no other one failed, each as a list of its message, the node that the walk towards the body has
/// reached, its path, and whether it lies in the body: the exit handler itself does not, and neither does an attempt
/// after which another one succeeded.
fn failures_with_paths(body: &str) -> String {
    let own = "not #.isAttempt and failedInside[#.id] == nil";
    let around = "byId[#acc[0].around]";
    let number = "'/' + split(split(#acc[0].name, '(')[1], ':')[0]";
    let name = format!("paths[({around}?.template ?? '') + '.' + #acc[0].name] ?? ('/' + #acc[0].name)");
    let walk = format!(
        "#acc[0] == nil ? #acc : #acc[0].template == {} ? sprig.list(nil, #acc[1], true) : \
         sprig.list({around}, (#acc[0].name contains '(' ? {number} : ({name})) + #acc[1], false)",
        quote(body)
    );
    format!(
        "filter(map(filter(nodes, {own}), sprig.prepend(reduce(sprig.prepend(levels, sprig.list(#, '', false)), {walk}), \
         attempts[#.id] ?? #.message)), #[3])"
    )
}

/// The failures that are listed. Where the body itself could not begin, the pipeline is what failed.
fn sorted(pipeline: &str) -> String {
    let path = format!("len(#[2]) < 2 ? {} : #[2][1:]", quote(pipeline));
    let key = "join(map(split(#.task, '/'), # matches '^[0-9]{1,9}$' ? ('000000000' + #)[len(#):] : #), '/')";
    format!("sortBy(map(found, ({{'task': {path}, 'message': #[0]}})), {key})[:{LISTED_FAILURES}]")
}

/// The entries of the list. Argo's message has the exit code, and the line of JSON that our runtimes write.
fn entries() -> String {
    let line = quote(
        r#"[{]"class":"(data|permanent|transient|unknown)","message":"([^"\\[:cntrl:]]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"[}]"#,
    );
    let read = format!(
        "map(listed, ({{'task': #.task, 'message': #.message, 'line': sprig.regexFind({line}, #.message), \
         'code': sprig.regexFind({}, #.message)}}))",
        quote("[(]exit code -?[0-9]{1,9}[)]")
    );
    let decoded = format!(
        "map({read}, ({{'task': #.task, 'message': #.line == '' ? #.message : fromJSON(#.line).message, \
         'code': #.code == '' ? nil : int(#.code[11:-1]), 'class': #.line == '' ? 'unknown' : fromJSON(#.line).class}}))"
    );
    let message = "len(#.message) > longest ? join(split(#.message, '')[:longest], '') + '...' : #.message";
    let task = format!(
        "len(#.task) > {PATH_CHARACTERS} ? '...' + join(split(#.task, '')[len(#.task) - {PATH_CHARACTERS}:], '') : #.task"
    );
    let class = "#.code == nil ? nil : #.code == 10 ? 'data' : #.code == 11 ? 'permanent' : #.code == 75 ? 'transient' : #.class";
    format!(
        "map({decoded}, ({{'task': {task}, 'message': {message}, 'exit_code': #.code, 'class': {class}}}))"
    )
}

/// The entry that says how many failures are left out.
fn unlisted(message: &str) -> String {
    format!("{{'task': {}, 'message': {message}, 'exit_code': nil, 'class': nil}}", quote(UNLISTED))
}
