//! The schedules of a cron workflow.

use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::cron::{self, Schedule};
use crate::cursor::Cursor;

pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Some(schedules) = tree.get("schedules") else { return };
    let place = cursor.place().key("schedules");
    for (idx, schedule) in schedules.value.items().iter().enumerate() {
        let Some(text) = schedule.text() else { continue };
        let place = place.index(idx);
        match cron::parse(text) {
            Err(problem) => {
                let message = format!("invalid schedule `{text}`: {problem}");
                let diagnostic = Diagnostic::error(codes::ARGO_SCHEDULE, &place, message);
                let has_zone = text.starts_with("TZ=") || text.starts_with("CRON_TZ=");
                found.push(if has_zone {
                    diagnostic.help("move the time zone to `timezone`")
                } else {
                    diagnostic
                });
            }
            Ok(Schedule::Clock(clock)) if !clock.ever() => {
                let message = format!("the schedule `{text}` never matches");
                found.push(Diagnostic::warning(codes::ARGO_SCHEDULE, &place, message));
            }
            Ok(Schedule::Clock(_) | Schedule::Every) => {}
        }
    }
}
