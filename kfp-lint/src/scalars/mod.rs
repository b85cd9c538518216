//! Checks scalars with a format: quantities, durations, schedules, images, labels, names, paths and ports.
//!
//! A string with a tag is unknown until run time and is not checked, except where the API server validates it before
//! tags are replaced.

use kfp_diag::Diagnostic;
mod choice;
pub(crate) mod cron;
#[cfg(feature = "time-zones")]
mod daylight;
pub(crate) mod duration;
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
#[cfg(feature = "time-zones")]
mod zone;

use kfp_diag::source::Tree;

use crate::cursor::Cursor;
use crate::document::Kind;

/// Checks the scalars of an object of a type.
pub(crate) fn object(r#type: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    duration::check(r#type, tree, cursor, found);
    integer::check(r#type, tree, cursor, found);
    choice::check(r#type, tree, cursor, found);
    // Variants of a type have a number after `#`.
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
        "CronWorkflowSpec" => {
            let schedules = schedule::parse(tree, cursor);
            #[cfg(feature = "time-zones")]
            zone::check(tree, &schedules, cursor, found);
            schedule::check(&schedules, found);
        }
        _ => {}
    }
}

/// Checks the scalars of the document.
pub(crate) fn document(tree: &Tree, cursor: &Cursor<'_>, kind: Kind, found: &mut Vec<Diagnostic>) {
    name::document(tree, cursor, kind, found);
}
