//! The rules, one in each file. A rule reports all its violations, and nothing that another rule reports.

mod absent;
mod argument_type;
mod arguments;
mod arms;
mod bounds;
mod cache_secret;
mod callee;
mod combinations;
mod comparison;
mod component_names;
mod concat;
mod condition_type;
mod constant_condition;
mod container_outputs;
mod cycle;
mod declared_type;
mod default;
mod durations;
mod empty;
mod environment;
mod exit;
mod exit_values;
mod fallback;
mod field;
mod first_present;
mod fresh_artifact;
mod growth;
mod image;
mod import;
mod interface_names;
mod items;
mod list;
mod metadata;
mod modules;
mod notebook;
mod outputs;
mod parameter_count;
mod phrases;
mod pipeline_name;
mod pipeline_names;
mod placeholders;
mod problems;
mod python;
mod python_source;
mod python_types;
mod recursion;
mod reference;
mod requirements;
mod resources;
mod retry;
mod secret;
mod task_ids;
mod task_names;
mod tiers;
mod unused_input;
mod visibility;
mod yield_names;

pub(super) use problems::is_echo;
pub use problems::recorded_problems;

use kfp_diag::Diagnostic;
use kfp_model::{Component, Document, Place, Policy};

use super::calls::CallGraph;
use super::ctx::{Ctx, Interface};
use super::instances::Instances;
use super::program::Program;

type DocumentRule = fn(&Document, &CallGraph<'_>, &mut Vec<Diagnostic>);
type PipelineRule = fn(&Ctx<'_>, &mut Vec<Diagnostic>);
type ComponentRule = fn(&Component, &Place, &mut Vec<Diagnostic>);
type InterfaceRule = fn(&Interface<'_>, &mut Vec<Diagnostic>);
type PolicyRule = fn(&Policy, &Place, &mut Vec<Diagnostic>);

const DOCUMENT_RULES: &[DocumentRule] =
    &[problems::check, pipeline_names::check, component_names::check, recursion::check];

const PIPELINE_RULES: &[PipelineRule] = &[
    pipeline_name::check,
    parameter_count::check,
    task_ids::check,
    task_names::check,
    callee::check,
    reference::check,
    visibility::check,
    cycle::check,
    arguments::check,
    argument_type::check,
    comparison::check,
    condition_type::check,
    field::check,
    concat::check,
    items::check,
    first_present::check,
    list::check,
    secret::check,
    import::check,
    arms::check,
    yield_names::check,
    exit::check,
    exit_values::check,
    fallback::check,
    absent::check,
    outputs::check,
    growth::check,
    bounds::check,
    unused_input::check,
    empty::check,
    constant_condition::check,
];

const COMPONENT_RULES: &[ComponentRule] = &[
    image::check,
    placeholders::check,
    python::check,
    python_types::check,
    container_outputs::check,
    notebook::check,
    modules::check,
    requirements::check,
];

const INTERFACE_RULES: &[InterfaceRule] = &[interface_names::check, declared_type::check, default::check];

const POLICY_RULES: &[PolicyRule] =
    &[resources::check, durations::check, retry::check, tiers::check, environment::check, metadata::check];

/// Runs the rules about the document as a whole.
pub(super) fn check_document(
    document: &Document,
    calls: &CallGraph<'_>,
    instances: &Instances<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for rule in DOCUMENT_RULES {
        rule(document, calls, found);
    }
    combinations::check(calls, instances, found);
}

/// Runs the rules about one pipeline.
pub(super) fn check_pipeline(ctx: &Ctx<'_>, instances: &Instances<'_>, found: &mut Vec<Diagnostic>) {
    for rule in PIPELINE_RULES {
        rule(ctx, found);
    }
    cache_secret::check(ctx, instances, found);
    check_interface(&Interface::of_pipeline(ctx.pipeline, ctx.place.clone()), found);
    durations::check_settings(&ctx.pipeline.settings, &ctx.place.key("settings"), found);
    for entry in ctx.scopes.entries.values().filter(|entry| !entry.task.policy.is_empty()) {
        check_policy(&entry.task.policy, &entry.place.key("policy"), found);
    }
}

/// Runs the rules about a program without errors.
pub(super) fn check_program(program: &Program<'_>, found: &mut Vec<Diagnostic>) {
    fresh_artifact::check(program, found);
}

/// Runs the rules about one component.
pub(super) fn check_component(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    for rule in COMPONENT_RULES {
        rule(component, place, found);
    }
    check_interface(&Interface::of_component(component, place.clone()), found);
    check_policy(&component.policy, &place.key("policy"), found);
}

fn check_interface(interface: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    for rule in INTERFACE_RULES {
        rule(interface, found);
    }
}

fn check_policy(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    for rule in POLICY_RULES {
        rule(policy, place, found);
    }
}
