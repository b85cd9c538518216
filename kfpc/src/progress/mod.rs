//! The progress of a run: lines for events and, on a terminal, the running steps below them.
//!
//! The main type is [`Progress`]. [`board`] decides what is shown, [`screen`] draws it.

mod board;
mod screen;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kfp_diag::printable::printable;
use kfp_runner::{Event, Failure, Kind, State, TaskReport};

use self::board::Board;
use self::screen::Screen;
use crate::printer::Printer;
use crate::table::{plural, time, values};

/// Shows the events of a run. The drawing on the terminal is cleared when it is dropped.
pub(crate) struct Progress<'p> {
    printer: &'p Printer,
    board: Arc<Mutex<Board>>,
    screen: Option<Screen>,
    /// The approvals that wait for an answer. Nothing is drawn over the answer that the user types.
    approvals: BTreeSet<String>,
}

impl<'p> Progress<'p> {
    pub(crate) fn new(printer: &'p Printer) -> Self {
        let board = Arc::new(Mutex::new(Board::new(Instant::now())));
        let mut progress = Self { printer, board, screen: None, approvals: BTreeSet::new() };
        progress.open_screen();
        progress
    }

    fn open_screen(&mut self) {
        let is_drawn = self.printer.draws_progress();
        self.screen = is_drawn.then(|| Screen::open(&self.board, self.printer.is_verbose()));
    }

    /// Shows one event.
    pub(crate) fn show(&mut self, event: Event) {
        match event {
            Event::RunStarted { id, folder } => {
                self.line(&format!("Run {id}"));
                self.detail(&format!("  in {}", folder.display()));
            }
            Event::RunResumed { finished, changed, .. } => self.resumed(finished, &changed),
            Event::TotalChanged { steps } => self.board().total = steps,
            Event::Cancelling { grace } => {
                let grace = time(grace);
                self.line(&format!(
                    "cancelling running steps have {grace} to stop; press Ctrl-C again to kill them"
                ));
            }
            Event::TaskStarted { path, label, kind: Kind::Step, .. } => {
                self.board().start(path, &label, Instant::now());
                self.line_if_not_drawn(&format!("started    {label}"));
            }
            Event::TaskStarted { path, label, kind: Kind::Approval, .. } => {
                self.approvals.insert(path);
                self.screen = None;
                self.line(&format!("waiting    {label}"));
            }
            Event::InstallStarted { path, label, packages, log } => {
                self.board().install(&path, Some((packages, log)));
                let packages = plural(packages, "package", "packages");
                self.line_if_not_drawn(&format!("installing {packages} for {label}"));
            }
            Event::InstallFinished { path, label, packages, duration, last_line } => {
                self.board().install(&path, None);
                let packages = plural(packages, "package", "packages");
                self.line(&format!("installed  {packages} for {label} in {}", time(duration)));
                if let Some(line) = last_line {
                    self.detail(&format!("  {line}"));
                }
            }
            Event::AttemptFailed { path, label, attempt, failure, retry_in } => {
                if let Some(due) = retry_in.and_then(|pause| Instant::now().checked_add(pause)) {
                    self.board().retry(&path, attempt + 1, due);
                }
                self.line(&attempt_failed(&label, attempt, &failure, retry_in));
            }
            Event::Notice { label, message, .. } => self.line(&format!("note       {label}: {message}")),
            Event::TaskFinished(task) => self.finished(&task),
            // The summary shows the end of the run; groups are represented by their steps.
            _ => {}
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, text: &str) {
        match &self.screen {
            Some(screen) => {
                screen.draw();
                screen.line(&printable(text));
            }
            None => self.printer.info(printable(text)),
        }
    }

    /// Prints a line about something that the drawing shows.
    fn line_if_not_drawn(&self, text: &str) {
        match &self.screen {
            Some(screen) => screen.draw(),
            None => self.line(text),
        }
    }

    fn detail(&self, text: &str) {
        if self.printer.is_verbose() {
            self.line(text);
        }
    }

    fn resumed(&self, finished: usize, changed: &[String]) {
        let tasks = if finished == 1 { "task" } else { "tasks" };
        self.line(&format!("resuming   {finished} finished {tasks} are not run again"));
        for program in changed {
            self.line(&format!(
                "warning: {program} has changed since this run started: finished steps keep their results, other steps \
                 use the new version; start a new run to run all steps with it"
            ));
        }
    }

    fn finished(&mut self, task: &TaskReport) {
        if matches!(task.kind, Kind::Step | Kind::Approval) {
            let mut board = self.board();
            board.end(&task.path);
            board.done += 1;
            board.failed += usize::from(matches!(task.state, State::Failed | State::Error));
        }
        if task.is_notable() || task.state == State::Skipped {
            let what = task.message.clone().unwrap_or_else(|| values(&task.outputs));
            let state = task.state.to_string().to_lowercase();
            let line = format!("{state:<10} {} {} {what}", task.label, time(task.duration));
            self.line(line.trim_end());
        }
        if self.approvals.remove(&task.path) && self.approvals.is_empty() {
            self.open_screen();
        }
    }
}

fn attempt_failed(label: &str, attempt: u32, failure: &Failure, retry_in: Option<Duration>) -> String {
    let next = match retry_in {
        Some(pause) => format!("retrying in {}", time(pause)),
        None => "not retried".to_owned(),
    };
    format!("failed     {label}, attempt {attempt}, {next}: {}", failure.message)
}
