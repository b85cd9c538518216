//! Compares two sets of facts.

use std::collections::BTreeSet;

use super::fact::{Fact, Facts, Subjects};
use super::{Change, ChangeKind, FactChange, Subject};

/// Returns the changes in the order of `after`, followed by what was removed.
///
/// The first elements are compared with each other regardless of their names, all others by name.
pub(super) fn compare(before: Vec<(String, Subjects)>, after: Vec<(String, Subjects)>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut earlier: Vec<Option<(String, Subjects)>> = before.into_iter().map(Some).collect();
    for (idx, (name, subjects)) in after.iter().enumerate() {
        let same = |(other, _): &(String, Subjects)| idx == 0 || other == name;
        let start = usize::from(idx != 0).min(earlier.len());
        let found = earlier[start..].iter_mut().find(|other| other.as_ref().is_some_and(same));
        match found.and_then(Option::take) {
            Some((old_name, old)) => {
                let mut found = whole(name, &old, subjects);
                if old_name != *name {
                    rename(&mut found, name, old_name);
                }
                changes.extend(found);
            }
            None => changes.push(change(name, Subject::Whole, ChangeKind::Added, Vec::new())),
        }
    }
    let removed = earlier.into_iter().flatten();
    changes.extend(removed.map(|(name, _)| change(&name, Subject::Whole, ChangeKind::Removed, Vec::new())));
    changes
}

fn change(within: &str, subject: Subject, kind: ChangeKind, facts: Vec<FactChange>) -> Change {
    Change { within: within.to_owned(), subject, kind, facts }
}

/// Adds the new name to the changes of the whole.
fn rename(changes: &mut Vec<Change>, name: &str, old_name: String) {
    let fact = FactChange { fact: "name".to_owned(), before: Some(old_name), after: Some(name.to_owned()) };
    match changes.first_mut() {
        Some(first) if first.subject == Subject::Whole => first.facts.insert(0, fact),
        _ => changes.insert(0, change(name, Subject::Whole, ChangeKind::Changed, vec![fact])),
    }
}

fn whole(name: &str, before: &Subjects, after: &Subjects) -> Vec<Change> {
    let mut removed: Vec<&Subject> = before.keys().filter(|subject| !after.contains_key(*subject)).collect();
    let mut changes = Vec::new();
    for (subject, facts) in after {
        let (kind, facts) = match before.get(subject) {
            Some(old) => (ChangeKind::Changed, differences(old, facts)),
            None => match renamed(&mut removed, before, subject, facts) {
                Some(old) => (ChangeKind::Renamed(old), Vec::new()),
                None => (ChangeKind::Added, differences(&Facts::new(), facts)),
            },
        };
        if kind != ChangeKind::Changed || !facts.is_empty() {
            changes.push(change(name, subject.clone(), kind, facts));
        }
    }
    for subject in removed {
        let facts = differences(&before[subject], &Facts::new());
        changes.push(change(name, subject.clone(), ChangeKind::Removed, facts));
    }
    changes
}

/// Returns the old name of a renamed subject: the only removed subject of the same kind with the same facts.
fn renamed(
    removed: &mut Vec<&Subject>,
    before: &Subjects,
    subject: &Subject,
    facts: &Facts,
) -> Option<String> {
    let same = |other: &&Subject| same_kind(other, subject) && before[*other] == *facts;
    let mut alike = removed.iter().enumerate().filter(|(_, other)| same(other));
    let (idx, _) = alike.next().filter(|_| !facts.is_empty())?;
    if alike.next().is_some() {
        return None;
    }
    removed.remove(idx).name().map(str::to_owned)
}

fn same_kind(left: &Subject, right: &Subject) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

fn differences(before: &Facts, after: &Facts) -> Vec<FactChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    differing.map(|name| fact_change(name, before.get(name), after.get(name))).collect()
}

/// Shows the exact values of a fact if its display values are equal. Credentials are never shown: if nothing else
/// differs, only that is reported.
fn fact_change(name: &str, before: Option<&Fact>, after: Option<&Fact>) -> FactChange {
    let ambiguous = before.zip(after).is_some_and(|(before, after)| before.shown == after.shown);
    if let Some((before, after)) = before.zip(after).filter(|_| ambiguous)
        && (before.has_credentials() || after.has_credentials())
        && before.exact_without_credentials() == after.exact_without_credentials()
    {
        let [old, new] = match (before.has_credentials(), after.has_credentials()) {
            (true, true) => ["with credentials", "with other credentials"],
            (true, false) => ["with credentials", "without credentials"],
            (false, _) => ["without credentials", "with credentials"],
        };
        let side = |fact: &Fact, credentials: &str| Some(format!("{} {credentials}", fact.shown));
        return FactChange { fact: name.to_owned(), before: side(before, old), after: side(after, new) };
    }
    let shown = |fact: &Fact| {
        if ambiguous { fact.exact_without_credentials().into_owned() } else { fact.shown.clone() }
    };
    FactChange { fact: name.to_owned(), before: before.map(shown), after: after.map(shown) }
}

impl Subject {
    /// Returns the name; `None` for the whole.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Whole => None,
            Self::Parameter(name) | Self::Output(name) | Self::Task(name) | Self::Template(name) => {
                Some(name)
            }
        }
    }
}
