//! Phrases that several rules use in their messages.

use kfp_diag::Diagnostic;
use kfp_diag::spelling::nearest;
use kfp_model::{Task, TaskKind, Type};
use serde_json::Value;

use crate::check::scope::{RegionEntry, Slot};

/// Characters of a constant that a message shows.
const SHOWN: usize = 40;

/// A constant as messages show it: JSON, cut where it is long.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// What a task is, with its name: ``loop `each` ``.
pub(super) fn named(task: &Task) -> String {
    let noun = match &task.kind {
        TaskKind::Call(_) => "task",
        TaskKind::Branch(_) => "branch",
        TaskKind::Loop(_) => "loop",
        TaskKind::ExitHandler(_) => "group",
        TaskKind::Approval(_) => "approval",
        TaskKind::Import(_) => "import",
    };
    format!("{noun} `{}`", task.name)
}

/// What a region is: ``the body of loop `each` ``.
pub(super) fn region(entry: &RegionEntry<'_>) -> String {
    let Some((task, slot)) = entry.holder else { return "the pipeline".to_owned() };
    let name = named(task);
    match (slot, &task.kind) {
        (Slot::Arm(idx), TaskKind::Branch(branch)) => match branch.arms.get(idx) {
            Some(arm) => format!("arm `{}`", arm.name),
            None => format!("an arm of {name}"),
        },
        (Slot::Arm(_), _) => format!("an arm of {name}"),
        (Slot::Otherwise, _) => format!("what runs otherwise in {name}"),
        (Slot::LoopBody | Slot::GuardBody, _) => format!("the body of {name}"),
        (Slot::Exit, _) => format!("the exit region of {name}"),
    }
}

/// Offers the nearest right spelling of a name; where there is none, `otherwise` has its say.
pub(super) fn spelt<'a>(
    diagnostic: Diagnostic,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce(Diagnostic) -> Diagnostic,
) -> Diagnostic {
    match nearest(name, candidates) {
        Some(right) => diagnostic.replace(format!("`{right}` exists, with a similar name"), name, right),
        None => otherwise(diagnostic),
    }
}

/// Offers the nearest of the texts that an enum has.
pub(super) fn nearest_variant(diagnostic: Diagnostic, text: &str, variants: &[String]) -> Diagnostic {
    match nearest(text, variants) {
        Some(right) => diagnostic.replace(format!("use `{right}`"), text, right),
        None => diagnostic,
    }
}

/// The help for an option where a value is wanted.
pub(super) fn option_help(r#type: &Type) -> String {
    format!("use `.or(value)` to say what holds when the `{}` is absent", r#type.present())
}

/// `a` or `an`, as the name of a type asks for.
pub(super) fn article(r#type: &Type) -> &'static str {
    let name = r#type.to_string();
    // The letter `f` alone is spoken with a vowel.
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) || name == "f64";
    if vowel { "an" } else { "a" }
}
