//! Shares graphs: graphs that are equal except for their names become one template.
//!
//! It is only used if a workflow would have more templates than the API server accepts. Steps have a separate pass.

use std::collections::{BTreeSet, HashMap};

use crate::lower::plan::text::signature;
use crate::lower::plan::{Plan, Template};

/// Keeps one template of those that are equal. Repeats this, because the templates that call them may become equal.
pub(in crate::lower) fn share(plan: &mut Plan) {
    loop {
        let same = duplicates(plan);
        if same.is_empty() {
            return;
        }
        plan.templates.retain(|template| !same.contains_key(&template.name));
        for task in
            plan.templates.iter_mut().filter_map(Template::graph_mut).flat_map(|graph| &mut graph.tasks)
        {
            if let Some(first) = same.get(&task.calls) {
                task.calls.clone_from(first);
            }
        }
    }
}

/// Returns the templates that are equal to an earlier one, with its name. Origins count, because failures contain them.
fn duplicates(plan: &Plan) -> HashMap<String, String> {
    let roots: BTreeSet<&str> = plan.roots().collect();
    let (mut first, mut same) = (HashMap::new(), HashMap::new());
    for template in plan.templates.iter().filter(|template| !roots.contains(template.name.as_str())) {
        let earlier = *first.entry(signature(template)).or_insert(&template.name);
        if *earlier != template.name {
            same.insert(template.name.clone(), earlier.clone());
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::plan::Task;

    fn graph(name: &str, tasks: &[(&str, &str)]) -> Template {
        let task = |(name, calls): &(&str, &str)| Task {
            name: (*name).to_owned(),
            calls: (*calls).to_owned(),
            ..Task::default()
        };
        Template::graph(name, Vec::new(), tasks.iter().map(task).collect())
    }

    #[test]
    fn equal_graphs_and_their_callers_are_shared() {
        let mut plan = Plan {
            entry: "main".to_owned(),
            exit: None,
            names: BTreeSet::new(),
            templates: vec![
                graph("main", &[("one", "loop-1"), ("two", "loop-2"), ("three", "loop-3")]),
                graph("loop-1", &[("iteration", "body-1")]),
                graph("loop-2", &[("iteration", "body-2")]),
                graph("loop-3", &[("iteration", "body-3")]),
                graph("body-1", &[("add", "add")]),
                graph("body-2", &[("add", "add")]),
                graph("body-3", &[("plus", "add")]),
                graph("copy", &[("one", "loop-1"), ("two", "loop-2"), ("three", "loop-3")]),
            ],
        };
        share(&mut plan);
        // The entry is not shared.
        let expected = "\
start main
main()
  one: loop-1()
  two: loop-1()
  three: loop-3()
loop-1()
  iteration: body-1()
loop-3()
  iteration: body-3()
body-1()
  add: add()
body-3()
  plus: add()
copy()
  one: loop-1()
  two: loop-1()
  three: loop-3()
";
        assert_eq!(plan.to_string(), expected);
    }
}
