//! Texts and numbers that Kubernetes or Argo read further: quantities, durations, schedules, images, labels, names,
//! paths, ports.
//!
//! A text with a tag in it is known at run time only and is left alone, except where the API server looks at it as it
//! stands.

pub(crate) mod cron;
mod daylight;
mod duration;
mod environment;
mod image;
mod integer;
mod label;
mod mount;
mod name;
mod port;
pub(crate) mod quantity;
mod resources;
mod schedule;
mod secret;

use kfp_diag::source::Tree;

use crate::Kind;
use crate::structure::Found;
use crate::structure::spot::Spot;
use kfp_argo::tag::has_tag;

/// The scalars of an object of a type.
pub(crate) fn object(r#type: &str, tree: &Tree, spot: &Spot<'_>, found: &mut Found) {
    duration::check(r#type, tree, spot, found);
    integer::check(r#type, tree, spot, found);
    // Variants of one type have numbers.
    match r#type.split('#').next().unwrap_or_default() {
        "Container" | "UserContainer" | "ScriptTemplate" | "ContainerNode" => {
            image::check(tree, spot, found);
            mount::check(tree, spot, found);
        }
        "Template" => {
            label::selector(tree, spot, found);
            name::account(tree, spot, found);
            mount::template(tree, spot, found);
        }
        "WorkflowSpec" => {
            label::selector(tree, spot, found);
            name::account(tree, spot, found);
        }
        "ObjectMeta" | "Metadata" | "WorkflowMetadata" => label::metadata(tree, spot, found),
        "EnvVar" => environment::check(tree, spot, found),
        "ContainerPort" => port::check(tree, spot, found),
        "HTTPGetAction" | "TCPSocketAction" => port::probe(tree, spot, found),
        "ResourceRequirements" => resources::check(tree, spot, found),
        "SecretKeySelector" => secret::check("secret", tree, spot, found),
        "ConfigMapKeySelector" => secret::check("config map", tree, spot, found),
        "Volume" => name::volume(tree, spot, found),
        "CronWorkflowSpec" => schedule::check(tree, spot, found),
        _ => {}
    }
}

/// The scalars that a whole document has.
pub(crate) fn document(tree: &Tree, spot: &Spot<'_>, kind: Kind, found: &mut Found) {
    name::document(tree, spot, kind, found);
}

/// The text of a field, where it is one that is known before the run.
fn fixed<'a>(tree: &'a Tree, field: &str) -> Option<&'a str> {
    tree.get(field)?.value.text().filter(|text| !has_tag(text))
}
