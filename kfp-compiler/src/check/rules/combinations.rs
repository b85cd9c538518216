//! The number of combined policies of calls and groups is bounded.

use kfp_diag::{Diagnostic, codes};

use crate::check::calls::CallGraph;
use crate::check::instances::Instances;

pub(super) fn check(calls: &CallGraph<'_>, instances: &Instances<'_>, found: &mut Vec<Diagnostic>) {
    if instances.is_complete() {
        return;
    }
    let count = |name: &str| instances.count(name);
    let Some(most) = calls.pipelines.iter().max_by_key(|reached| count(&reached.pipeline.name)) else {
        return;
    };
    let name = &most.pipeline.name;
    let message =
        format!("pipeline `{name}` is called under too many combinations of cache, retry and timeout");
    found.push(
        Diagnostic::error(codes::POLICY_COMBINATIONS, &most.place, message)
            .label(format!("more than {} combinations", count(name) - 1))
            .help("set the policies on components instead of on calls and groups"),
    );
}
