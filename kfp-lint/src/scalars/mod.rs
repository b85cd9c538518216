//! Texts and numbers that Kubernetes or Argo read further: quantities, durations, schedules, images, labels, names,
//! paths, ports.
//!
//! A text with a tag in it is known at run time only and is left alone, except where the API server looks at it as it
//! stands.

use kfp_diag::Diagnostic;
pub(crate) mod cron;
mod daylight;
mod duration;
mod environment;
mod fixed;
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

use crate::cursor::Cursor;
use crate::document::Kind;

/// The scalars of an object of a type.
pub(crate) fn object(r#type: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    duration::check(r#type, tree, cursor, found);
    integer::check(r#type, tree, cursor, found);
    // Variants of one type have numbers.
    match r#type.split('#').next().unwrap_or_default() {
        "Container" | "UserContainer" | "ScriptTemplate" | "ContainerNode" => {
            image::check(tree, cursor, found);
            mount::check(tree, cursor, found);
        }
        "Template" => {
            label::selector(tree, cursor, found);
            name::account(tree, cursor, found);
            mount::template(tree, cursor, found);
        }
        "WorkflowSpec" => {
            label::selector(tree, cursor, found);
            name::account(tree, cursor, found);
        }
        "ObjectMeta" | "Metadata" | "WorkflowMetadata" => label::metadata(tree, cursor, found),
        "EnvVar" => environment::check(tree, cursor, found),
        "ContainerPort" => port::check(tree, cursor, found),
        "HTTPGetAction" | "TCPSocketAction" => port::probe(tree, cursor, found),
        "ResourceRequirements" => resources::check(tree, cursor, found),
        "SecretKeySelector" => secret::check("secret", tree, cursor, found),
        "ConfigMapKeySelector" => secret::check("config map", tree, cursor, found),
        "Volume" => name::volume(tree, cursor, found),
        "CronWorkflowSpec" => schedule::check(tree, cursor, found),
        _ => {}
    }
}

/// The scalars that a whole document has.
pub(crate) fn document(tree: &Tree, cursor: &Cursor<'_>, kind: Kind, found: &mut Vec<Diagnostic>) {
    name::document(tree, cursor, kind, found);
}
