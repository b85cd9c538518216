//! The state of a run in progress, and the lines that show it on a terminal.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use console::{measure_text_width, truncate_str};
use kfp_diag::printable::printable;

use crate::table::{plural, time};

/// The frames of a spinner.
const FRAMES: [&str; 8] = ["⠁", "⠂", "⠄", "⡀", "⢀", "⠠", "⠐", "⠈"];
/// The time for which a frame of a spinner is shown, in milliseconds.
const FRAME: u128 = 100;
/// The lines of the terminal that are left to the messages above.
const OTHER_LINES: usize = 4;

/// The size of a terminal, in characters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) height: usize,
    pub(super) width: usize,
}

/// The state of a run in progress.
#[derive(Debug)]
pub(super) struct Board {
    start: Instant,
    /// The number of steps and approvals that are known.
    pub(super) total: usize,
    /// The number of those that have ended.
    pub(super) done: usize,
    pub(super) failed: usize,
    pub(super) retries: usize,
    /// The running steps, in the order in which they started.
    rows: Vec<Row>,
}

/// A running step.
#[derive(Debug)]
struct Row {
    path: String,
    label: String,
    start: Instant,
    /// The number of the current or next attempt, and when it is due.
    attempt: u32,
    due: Option<Instant>,
    /// The number of packages that are being installed, and the log of that.
    install: Option<(usize, PathBuf)>,
}

impl Board {
    pub(super) fn new(now: Instant) -> Self {
        Self { start: now, total: 0, done: 0, failed: 0, retries: 0, rows: Vec::new() }
    }

    /// Adds a step that starts.
    pub(super) fn start(&mut self, path: String, label: &str, now: Instant) {
        let label = printable(label).into_owned();
        self.rows.push(Row { path, label, start: now, attempt: 1, due: None, install: None });
    }

    /// Removes a step that has ended.
    pub(super) fn end(&mut self, path: &str) {
        self.rows.retain(|row| row.path != path);
    }

    /// Shows that a step is retried at a time.
    pub(super) fn retry(&mut self, path: &str, attempt: u32, due: Instant) {
        self.retries += 1;
        if let Some(row) = self.row(path) {
            (row.attempt, row.due, row.install) = (attempt, Some(due), None);
        }
    }

    /// Shows that packages are being installed for a step; `None` if they are installed.
    pub(super) fn install(&mut self, path: &str, install: Option<(usize, PathBuf)>) {
        if let Some(row) = self.row(path) {
            row.install = install;
        }
    }

    fn row(&mut self, path: &str) -> Option<&mut Row> {
        self.rows.iter_mut().find(|row| row.path == path)
    }

    /// Returns the lines that show the state: running steps, the number of those without a line, and the totals.
    ///
    /// No line is wider than the terminal. `output` returns the last line of the log of an installation, if that is
    /// shown.
    pub(super) fn lines(
        &self,
        now: Instant,
        size: Size,
        output: &dyn Fn(&Path) -> Option<String>,
    ) -> Vec<String> {
        let space = size.height.saturating_sub(OTHER_LINES + 1);
        let shown = if self.rows.len() <= space { self.rows.len() } else { space.saturating_sub(1) };
        let mut lines: Vec<String> =
            self.rows[..shown].iter().map(|row| row.line(now, size.width, output)).collect();
        if shown < self.rows.len() && space > 0 {
            lines.push(cut(&format!("… and {} more running", self.rows.len() - shown), size.width));
        }
        lines.push(cut(&self.totals(now), size.width));
        lines
    }

    fn totals(&self, now: Instant) -> String {
        let mut text = format!("{}/{} done, {} running", self.done, self.total, self.rows.len());
        if self.failed > 0 {
            text.push_str(&format!(", {} failed", self.failed));
        }
        if self.retries > 0 {
            text.push_str(&format!(", {}", plural(self.retries, "retry", "retries")));
        }
        format!("{text}, {}", seconds(now.saturating_duration_since(self.start)))
    }
}

impl Row {
    fn line(&self, now: Instant, width: usize, output: &dyn Fn(&Path) -> Option<String>) -> String {
        let elapsed = now.saturating_duration_since(self.start);
        let frame = usize::try_from(elapsed.as_millis() / FRAME).unwrap_or(0) % FRAMES.len();
        let rest = format!(" {}{}", seconds(elapsed), self.activity(now, output));
        // If both do not fit, half of the line is for the name.
        let free = width.saturating_sub(measure_text_width(&self.label) + 2);
        let rest = cut(&rest, free.max(width / 2));
        let space = width.saturating_sub(measure_text_width(&rest) + 2);
        cut(&format!("{} {}{rest}", FRAMES[frame], end_of(&self.label, space)), width)
    }

    fn activity(&self, now: Instant, output: &dyn Fn(&Path) -> Option<String>) -> String {
        if let Some((packages, log)) = &self.install {
            let text = format!(", installing {}", plural(*packages, "package", "packages"));
            return match output(log) {
                Some(line) => format!("{text}: {}", printable(&line)),
                None => text,
            };
        }
        match self.due {
            Some(due) if due > now => {
                format!(", attempt {} in {}", self.attempt, seconds(due.saturating_duration_since(now)))
            }
            _ if self.attempt > 1 => format!(", attempt {}", self.attempt),
            _ => String::new(),
        }
    }
}

/// Formats a duration that changes while it is shown.
fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds}s"),
        _ => time(duration),
    }
}

/// Returns the beginning of a string, if it is too wide.
fn cut(text: &str, width: usize) -> String {
    if width == 0 { String::new() } else { truncate_str(text, width, "…").into_owned() }
}

/// Returns the end of a string, which is the more important part of a path, if it is too wide.
fn end_of(text: &str, width: usize) -> String {
    if measure_text_width(text) <= width {
        return text.to_owned();
    }
    let starts = text.char_indices().map(|(start, _)| start);
    let fitting = starts.map(|start| &text[start..]).find(|end| measure_text_width(end) < width);
    fitting.map_or_else(String::new, |end| format!("…{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Size = Size { height: 24, width: 80 };

    fn no_output(_: &Path) -> Option<String> {
        None
    }

    fn board(rows: usize, start: Instant) -> Board {
        let mut board = Board::new(start);
        board.total = 40;
        for number in 0..rows {
            board.start(format!("{number}"), &format!("step-{number}"), start);
        }
        board
    }

    #[test]
    fn steps_without_a_line_are_counted() {
        let start = Instant::now();
        let lines = board(30, start).lines(start, SMALL, &no_output);
        assert_eq!(lines.len(), 20);
        assert_eq!(lines[0], "⠁ step-0 0s");
        assert_eq!(lines[17..], ["⠁ step-17 0s", "… and 12 more running", "0/40 done, 30 running, 0s"]);
        let lines = board(19, start).lines(start, SMALL, &no_output);
        assert_eq!((lines.len(), lines[18].as_str()), (20, "⠁ step-18 0s"));
        for (height, expected) in [
            (0, &["0/40 done, 2 running, 0s"][..]),
            (5, &["0/40 done, 2 running, 0s"]),
            (6, &["… and 2 more running", "0/40 done, 2 running, 0s"]),
            (7, &["⠁ step-0 0s", "⠁ step-1 0s", "0/40 done, 2 running, 0s"]),
        ] {
            let lines = board(2, start).lines(start, Size { height, width: 80 }, &no_output);
            assert_eq!(lines, expected, "{height}");
        }
    }

    #[test]
    fn retries_installations_and_times_are_shown() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut board = board(3, start);
        board.retry("0", 2, after(70));
        board.retry("1", 3, after(60));
        board.install("2", Some((3, "pip.log".into())));
        board.done = 5;
        board.failed = 1;
        let output = |path: &Path| Some(format!("Collecting \u{1b}[1m{}", path.display()));
        assert_eq!(
            board.lines(after(65), SMALL, &output),
            [
                "⠄ step-0 1m05s, attempt 2 in 5s",
                "⠄ step-1 1m05s, attempt 3",
                "⠄ step-2 1m05s, installing 3 packages: Collecting \\u{1b}[1mpip.log",
                "5/40 done, 3 running, 1 failed, 2 retries, 1m05s",
            ]
        );
        board.install("2", None);
        board.end("0");
        assert_eq!(
            board.lines(after(65), SMALL, &output)[..2],
            ["⠄ step-1 1m05s, attempt 3", "⠄ step-2 1m05s"]
        );
    }

    #[test]
    fn lines_fit_the_terminal_and_keep_the_end_of_a_path() {
        let start = Instant::now();
        let mut board = Board::new(start);
        board.start("a".to_owned(), "for-each[kind=svm]/train-the-model", start);
        board.start("b".to_owned(), "模型模型模型模型模型模型", start);
        board.install("b", Some((12, "pip.log".into())));
        for width in 0..60 {
            for line in board.lines(start, Size { height: 24, width }, &no_output) {
                assert!(measure_text_width(&line) <= width, "{width}: {line}");
            }
        }
        let lines = board.lines(start, Size { height: 24, width: 24 }, &no_output);
        assert_eq!(lines[..2], ["⠁ …m]/train-the-model 0s", "⠁ …模型模型 0s, instal…"]);
    }
}
