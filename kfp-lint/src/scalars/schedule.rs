//! The schedules of a cron workflow.

use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::cron::{self, Schedule};
use crate::cursor::Cursor;

/// A schedule of a manifest.
pub(super) struct Parsed<'a> {
    text: &'a str,
    pub(super) schedule: Result<Schedule, String>,
    pub(super) place: Place,
}

/// Parses all schedules of a cron workflow.
pub(super) fn parse<'a>(tree: &'a Tree, cursor: &Cursor<'_>) -> Vec<Parsed<'a>> {
    let Some(schedules) = tree.get("schedules") else { return Vec::new() };
    let place = cursor.place().key("schedules");
    let texts = schedules.value.items().iter().enumerate();
    let parsed = |text, idx| Parsed { text, schedule: cron::parse(text), place: place.index(idx) };
    texts.filter_map(|(idx, schedule)| Some(parsed(schedule.text()?, idx))).collect()
}

pub(super) fn check(schedules: &[Parsed<'_>], found: &mut Vec<Diagnostic>) {
    for Parsed { text, schedule, place } in schedules {
        match schedule {
            Err(problem) => {
                let message = format!("invalid schedule `{text}`: {problem}");
                let diagnostic = Diagnostic::error(codes::ARGO_SCHEDULE, place, message);
                let has_zone = text.starts_with("TZ=") || text.starts_with("CRON_TZ=");
                found.push(if has_zone {
                    diagnostic.help("move the time zone to `timezone`")
                } else {
                    diagnostic
                });
            }
            Ok(Schedule::Clock(clock)) if !clock.ever() => {
                let message = format!("the schedule `{text}` never matches");
                found.push(Diagnostic::warning(codes::ARGO_SCHEDULE, place, message));
            }
            Ok(Schedule::Clock(_) | Schedule::Every) => {}
        }
    }
}
