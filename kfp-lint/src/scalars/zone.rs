//! The time zone of a cron workflow, and schedules at times that its clock changes affect.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use kfp_diag::source::Tree;
use kfp_diag::spelling::nearest;
use kfp_diag::{Diagnostic, codes};

use super::cron::Schedule;
use super::daylight;
use super::fixed::fixed;
use super::schedule::Parsed;
use crate::cursor::Cursor;

pub(super) fn check(tree: &Tree, schedules: &[Parsed<'_>], cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Some((name, zone)) = zone(tree, cursor, found) else { return };
    for Parsed { schedule, place, .. } in schedules {
        if let Ok(Schedule::Clock(clock)) = schedule
            && clock.ever()
        {
            found.extend(daylight::check(clock, name, &zone, place));
        }
    }
}

/// Returns the time zone if it is set and known.
fn zone<'a>(tree: &'a Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) -> Option<(&'a str, TimeZone)> {
    let name = fixed(tree, "timezone").filter(|name| !name.is_empty() && *name != "Local")?;
    let database = TimeZoneDatabase::bundled();
    if let Ok(zone) = database.get(name)
        && zone.iana_name().is_none_or(|right| right == name)
    {
        return Some((name, zone));
    }
    let message = format!("unknown time zone `{name}`");
    let diagnostic = Diagnostic::error(codes::ARGO_ZONE, &cursor.place().key("timezone"), message);
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    found.push(match nearest(name, &names) {
        Some(right) => diagnostic.help(format!("use `{right}`")),
        None => {
            diagnostic.help("use a name from the IANA time zone database, such as `Europe/Berlin` or `UTC`")
        }
    });
    None
}
