//! Resources are quantities that Kubernetes reads, and accelerators that it can count.

use kfp_model::{Accelerator, Place, Policy};

use crate::diag::{Diagnostic, codes};
use crate::quantity::{UNITS, multiple};

pub(super) fn check(policy: &Policy, place: &Place, found: &mut Vec<Diagnostic>) {
    let resources = &policy.resources;
    let place = place.key("resources");
    if let Some(cpu) = resources.cpu.as_deref().filter(|cpu| !is_cpu(cpu)) {
        let message = format!("`{cpu}` is no amount of processor time");
        let diagnostic = Diagnostic::error(codes::QUANTITY, &place.key("cpu"), message);
        let diagnostic = diagnostic.label("write cores as `2` or `0.5`, or thousandths as `500m`");
        found.push(match nearest_cpu(cpu) {
            // In YAML a number without quotes is no text, so the edit is shown where it stays one.
            Some(right) => diagnostic.replace(format!("use `{right}`"), cpu, &right),
            None => diagnostic,
        });
    }
    let memory = resources.memory.as_deref();
    found.extend(memory.and_then(|memory| memory_problem(memory, &place.key("memory"))));
    if let Some(accelerator) = &resources.accelerator {
        accelerator_problems(accelerator, &place.key("accelerator"), found);
    }
}

/// What is wrong with an amount of memory, if anything is.
pub(super) fn memory_problem(memory: &str, place: &Place) -> Option<Diagnostic> {
    if is_memory(memory) {
        return None;
    }
    let message = format!("`{memory}` is no amount of memory");
    let diagnostic = Diagnostic::error(codes::QUANTITY, place, message);
    let diagnostic = diagnostic.label("write a number and a unit, as `512Mi` or `16Gi`");
    Some(match nearest_memory(memory) {
        Some(right) => diagnostic.replace(format!("use `{right}`"), memory, &right),
        None => diagnostic,
    })
}

fn accelerator_problems(accelerator: &Accelerator, place: &Place, found: &mut Vec<Diagnostic>) {
    let Accelerator { resource, count } = accelerator;
    if !is_resource(resource) {
        let message = format!("`{resource}` is no name of an accelerator");
        let diagnostic = Diagnostic::error(codes::ACCELERATOR, &place.key("resource"), message);
        found.push(diagnostic.label("write its domain and name, as `nvidia.com/gpu`"));
    }
    if *count == 0 {
        let message = format!("0 of `{resource}` are asked for");
        found.push(Diagnostic::error(codes::ACCELERATOR, &place.key("count"), message).label("at least 1"));
    }
}

fn is_cpu(text: &str) -> bool {
    is_quantity(text, |unit| matches!(unit, "" | "m"))
}

fn is_memory(text: &str) -> bool {
    is_quantity(text, |unit| multiple(unit).is_some())
}

/// Whether the text is a decimal number greater than zero with a unit that is one.
fn is_quantity(text: &str, is_unit: impl Fn(&str) -> bool) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let digits = number.bytes().any(|byte| byte.is_ascii_digit());
    digits
        && number.matches('.').count() <= 1
        && number.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        && is_unit(unit)
}

/// The number of cores that was meant, where blanks, a comma or the word for cores are all that is wrong.
fn nearest_cpu(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_ascii_lowercase().replace(',', ".");
    let words = ["vcpus", "vcpu", "cpus", "cpu", "cores", "core"];
    let right = words.iter().find_map(|word| compact.strip_suffix(word)).unwrap_or(&compact).to_owned();
    is_cpu(&right).then_some(right)
}

/// The quantity that was meant, where blanks, a `B` or the case of the unit are all that is wrong.
pub fn nearest_memory(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.trim_end_matches(['B', 'b']);
    let end = compact.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = compact.split_at(end);
    let unit = UNITS.iter().map(|(known, _)| *known).find(|known| known.eq_ignore_ascii_case(unit))?;
    let right = format!("{number}{unit}");
    is_memory(&right).then_some(right)
}

/// Whether the name is that of an extended resource: a domain, `/` and a name.
pub fn is_resource(text: &str) -> bool {
    let Some((domain, name)) = text.split_once('/') else { return false };
    let label = |label: &str| {
        !label.is_empty()
            && label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let in_domain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    domain.split('.').all(|part| label(part) && part.chars().all(in_domain))
        && label(name)
        && name.len() <= 63
        && name.chars().all(in_name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::check::testing::{check_with, load};

    #[test]
    fn quantities_are_what_kubernetes_reads() {
        for (text, cpu, memory) in [
            ("2", true, true),
            ("0.5", true, true),
            ("500m", true, false),
            ("16Gi", false, true),
            ("16GB", false, false),
            ("16 Gi", false, false),
            ("0", false, false),
            ("0.0Gi", false, false),
            ("-1", false, false),
            ("lots", false, false),
            ("", false, false),
            ("1.2.3", false, false),
            (".", false, false),
        ] {
            assert_eq!((is_cpu(text), is_memory(text)), (cpu, memory), "{text:?}");
        }
    }

    #[test]
    fn slips_are_corrected() {
        for (text, right) in
            [("16GB ", Some("16G")), ("2gib", Some("2Gi")), ("1 Mi", Some("1Mi")), ("lots", None)]
        {
            assert_eq!(nearest_memory(text).as_deref(), right, "{text}");
        }
        for (text, right) in
            [("2 cores", Some("2")), ("0,5", Some("0.5")), ("500 m", Some("500m")), ("lots", None)]
        {
            assert_eq!(nearest_cpu(text).as_deref(), right, "{text}");
        }
    }

    #[test]
    fn resources_can_be_asked_for() {
        let accelerator = json!({"resource": "gpu", "count": 0});
        let resources = json!({"cpu": "lots", "memory": "16GB", "accelerator": accelerator});
        check_with(
            &[("tasks", json!([load()])), ("tasks/0/policy", json!({"resources": resources}))],
            &[
                "KFP0705 tasks/0/policy/resources/accelerator/count: 0 of `gpu` are asked for",
                "KFP0705 tasks/0/policy/resources/accelerator/resource: `gpu` is no name of an accelerator",
                "KFP0701 tasks/0/policy/resources/cpu: `lots` is no amount of processor time",
                "KFP0701 tasks/0/policy/resources/memory: `16GB` is no amount of memory",
            ],
        );
    }
}
