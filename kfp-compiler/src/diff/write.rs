//! Differences as text and Markdown.

use std::fmt::Write as _;

use kfp_diag::printable::printable;

use super::{Change, ChangeKind, Difference, Effect, FactChange, Subject, Verdict};

const NONE: &str = "–";

const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::RunsAgain, "runs again"),
    (Verdict::MayRunAgain, "may run again"),
    (Verdict::StaysCached, "stays cached"),
    (Verdict::AlwaysRuns, "always runs"),
];

/// Writes the difference as plain text; an empty string if there is none.
pub fn text(difference: &Difference) -> String {
    let mut text = String::new();
    let mut within = None;
    for change in &difference.changes {
        if within != Some(&change.within) {
            let _ =
                writeln!(text, "{}{}", if within.is_some() { "\n" } else { "" }, printable(&change.within));
            within = Some(&change.within);
        }
        let title = title(change, |name| format!("`{}`", printable(name)));
        let _ = writeln!(text, "  {} {title}", symbol(&change.kind));
        for FactChange { fact, before, after } in &change.facts {
            let line = match (before, after) {
                (None, Some(after)) => format!("{fact}: {after}"),
                (Some(before), None) if change.kind == ChangeKind::Removed => format!("{fact}: {before}"),
                (before, after) => {
                    format!("{fact}: {} → {}", or_none(before.as_ref()), or_none(after.as_ref()))
                }
            };
            let _ = writeln!(text, "      {}", printable(&line));
        }
    }
    if text.is_empty() {
        return text;
    }
    for (title, effects) in groups(difference) {
        let _ = writeln!(text, "\n{title}");
        for Effect { step, because, .. } in effects {
            let _ = writeln!(text, "    {}", printable(&format!("{step}: {because}")));
        }
    }
    text
}

/// Writes the difference in Markdown, for example for a pull request; an empty string if there is none.
pub fn markdown(difference: &Difference) -> String {
    if difference.is_empty() {
        return String::new();
    }
    let mut text = "| | what | before | after |\n|---|---|---|---|\n".to_owned();
    for change in &difference.changes {
        let what = format!("{} {}", code(&change.within), title(change, code));
        let _ = writeln!(text, "| {} | {what} | | |", symbol(&change.kind));
        for FactChange { fact, before, after } in &change.facts {
            let cells = [before, after].map(|side| side.as_ref().map_or_else(String::new, |side| code(side)));
            let _ = writeln!(text, "| | {} | {} | {} |", prose(fact), cells[0], cells[1]);
        }
    }
    for (title, effects) in groups(difference) {
        let _ = writeln!(text, "\n**{title}**\n");
        for Effect { step, because, .. } in effects {
            let _ = writeln!(text, "- {}: {}", code(step), prose(because));
        }
    }
    text
}

/// Groups the effects by verdict; empty groups are left out.
fn groups(difference: &Difference) -> impl Iterator<Item = (&'static str, Vec<&Effect>)> {
    let of = |verdict| difference.effects.iter().filter(move |effect| effect.verdict == verdict).collect();
    VERDICTS
        .into_iter()
        .map(move |(verdict, title)| (title, of(verdict)))
        .filter(|(_, effects): &(_, Vec<_>)| !effects.is_empty())
}

fn symbol(kind: &ChangeKind) -> char {
    match kind {
        ChangeKind::Added => '+',
        ChangeKind::Removed => '-',
        ChangeKind::Renamed(_) | ChangeKind::Changed => '~',
    }
}

/// Returns the title of a change, with names quoted by `quoted`.
fn title(change: &Change, quoted: impl Fn(&str) -> String) -> String {
    let title = match &change.subject {
        Subject::Whole => "settings".to_owned(),
        Subject::Parameter(name) => format!("parameter {}", quoted(name)),
        Subject::Output(name) => format!("output {}", quoted(name)),
        Subject::Task(name) => format!("task {}", quoted(name)),
        Subject::Template(name) => format!("template {}", quoted(name)),
    };
    match &change.kind {
        ChangeKind::Renamed(old) => format!("{title} (was {})", quoted(old)),
        ChangeKind::Added | ChangeKind::Removed if change.subject == Subject::Whole => "all of it".to_owned(),
        _ => title,
    }
}

fn or_none(side: Option<&String>) -> &str {
    side.map_or(NONE, String::as_str)
}

/// Escapes text for a table cell.
fn cell(text: &str) -> String {
    printable(&text.replace('\n', " ")).replace('|', "\\|")
}

/// Escapes text so that it contains no links, images or HTML.
fn prose(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in cell(text).chars() {
        match character {
            '[' | ']' => escaped.extend(['\\', character]),
            '<' => escaped.push_str("&lt;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Formats text as code in a table cell, in a fence of more backticks than the text has in a row.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", cell(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_survives_tables_and_backticks() {
        for (text, expected) in [
            ("a", "`a`"),
            ("a|b", "`a\\|b`"),
            ("a`b", "`` a`b ``"),
            ("x\ny", "`x y`"),
            ("\u{1b}", "`\\u{1b}`"),
        ] {
            assert_eq!(code(text), expected);
        }
    }
}
