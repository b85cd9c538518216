//! Ports of containers and probes.

use kfp_diag::source::{Node, Tree};
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;

/// The valid port numbers.
const PORTS: std::ops::RangeInclusive<i64> = 1..=65_535;
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// Checks a port of a container.
pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    number(tree, "containerPort", cursor, found);
    number(tree, "hostPort", cursor, found);
    if let Some(protocol) = fixed(tree, "protocol").filter(|protocol| !PROTOCOLS.contains(protocol)) {
        let message = format!("unknown protocol `{protocol}`");
        let diagnostic = Diagnostic::error(codes::ARGO_PORT, &cursor.place().key("protocol"), message);
        found.push(diagnostic.help("use `TCP`, `UDP` or `SCTP`"));
    }
    if let Some(name) = fixed(tree, "name").filter(|name| !is_name(name)) {
        let message = format!("invalid port name `{name}`");
        let diagnostic = Diagnostic::error(codes::ARGO_PORT, &cursor.place().key("name"), message);
        found.push(
            diagnostic
                .help("use at most 15 lowercase letters, digits and `-`, including at least one letter"),
        );
    }
}

/// Checks the port of a probe.
pub(super) fn probe(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    number(tree, "port", cursor, found);
}

fn number(tree: &Tree, field: &str, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Some(entry) = tree.get(field) else { return };
    let Node::Number(number) = &entry.value.node else { return };
    // A host port of 0 means none.
    let is_none = field == "hostPort" && number.as_i64() == Some(0);
    if !is_none && number.as_i64().is_none_or(|number| !PORTS.contains(&number)) {
        let message = format!("invalid port {number} in `{field}`: expected 1 to 65535");
        found.push(Diagnostic::error(codes::ARGO_PORT, &cursor.place().key(field), message));
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= 15
        && name.contains(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}
