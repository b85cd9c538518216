//! Text that the messages of several rules share.

use kfp_diag::Diagnostic;
use kfp_diag::spelling::nearest;
use kfp_model::{Task, TaskKind, Type, ValuePath};
use serde_json::Value;

use crate::check::scope::{RegionEntry, Slot};

/// The maximum number of characters of a constant in a message.
const MAX_CHARACTERS: usize = 40;

/// Returns a constant as JSON, truncated if it is long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// Returns where in a value its part is, such as `` in `kinds[1]` ``; nothing for the whole value.
pub(super) fn part(name: &str, path: &ValuePath) -> String {
    if path.is_empty() { String::new() } else { format!(" in `{name}{path}`") }
}

/// Returns the kind and name of a task: ``loop `each` ``.
pub(super) fn named(task: &Task) -> String {
    let noun = match &task.kind {
        TaskKind::Call(_) => "task",
        TaskKind::Branch(_) => "branch",
        TaskKind::Loop(_) => "loop",
        TaskKind::ExitHandler(_) => "exit handler",
        TaskKind::Approval(_) => "approval",
        TaskKind::Import(_) => "import",
    };
    format!("{noun} `{}`", task.name)
}

/// Describes a region: ``the body of loop `each` ``.
pub(super) fn region(entry: &RegionEntry<'_>) -> String {
    let Some((task, slot)) = entry.holder else { return "the pipeline".to_owned() };
    let name = named(task);
    match (slot, &task.kind) {
        (Slot::Arm(idx), TaskKind::Branch(branch)) => match branch.arms.get(idx) {
            Some(arm) => format!("arm `{}`", arm.name),
            None => format!("an arm of {name}"),
        },
        (Slot::Arm(_), _) => format!("an arm of {name}"),
        (Slot::Otherwise, _) => format!("the `otherwise` arm of {name}"),
        (Slot::LoopBody | Slot::GroupBody, _) => format!("the body of {name}"),
        (Slot::Exit, _) => format!("the exit task of {name}"),
    }
}

/// Suggests the candidate with the most similar name; if there is none, applies `otherwise`.
pub(super) fn suggest_name<'a>(
    diagnostic: Diagnostic,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce(Diagnostic) -> Diagnostic,
) -> Diagnostic {
    match nearest(name, candidates.into_iter().filter(|candidate| *candidate != name)) {
        Some(similar) => diagnostic.replace(format!("a similar name exists: `{similar}`"), name, similar),
        None => otherwise(diagnostic),
    }
}

/// Suggests the most similar variant of an enum.
pub(super) fn nearest_variant(diagnostic: Diagnostic, text: &str, variants: &[String]) -> Diagnostic {
    match nearest(text, variants) {
        Some(variant) => diagnostic.replace(format!("use `{variant}`"), text, variant),
        None => diagnostic,
    }
}

/// Returns the help for an option where a value is expected.
pub(super) fn option_help(r#type: &Type) -> String {
    format!("use `.or(value)` to set a fallback of type `{}`", r#type.present())
}

/// Returns the indefinite article for a type: `a` or `an`.
pub(super) fn article(r#type: &Type) -> &'static str {
    let name = r#type.to_string();
    // `f64` is pronounced with a vowel.
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) || name == "f64";
    if vowel { "an" } else { "a" }
}
