//! The progress of a run: spinners on a terminal, otherwise a line for each event.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use kfp_diag::printable::printable;
use kfp_runner::{Event, Failure, Kind, State, TaskReport};

use crate::printer::Printer;
use crate::table::{time, values};

/// The interval between frames of a spinner.
const TICK: Duration = Duration::from_millis(100);

/// Shows the events of a run. Spinners are removed when it is dropped.
pub(crate) struct Progress<'p> {
    printer: &'p Printer,
    drawn: Option<MultiProgress>,
    spinners: BTreeMap<String, ProgressBar>,
}

impl<'p> Progress<'p> {
    pub(crate) fn new(printer: &'p Printer) -> Self {
        let drawn = printer.draws_progress().then(MultiProgress::new);
        Self { printer, drawn, spinners: BTreeMap::new() }
    }

    /// Shows one event.
    pub(crate) fn show(&mut self, event: Event) {
        match event {
            Event::RunStarted { id, folder } => {
                self.line(&format!("Run {id}"));
                self.printer.detail(format!("  in {}", folder.display()));
            }
            Event::RunResumed { finished, changed, .. } => self.resumed(finished, &changed),
            Event::Cancelling { grace } => {
                let grace = time(grace);
                self.line(&format!(
                    "cancelling running steps have {grace} to stop; press Ctrl-C again to kill them"
                ));
            }
            Event::TaskStarted { path, label, kind: Kind::Step, .. } => self.started(path, &label),
            Event::TaskStarted { label, kind: Kind::Approval, .. } => {
                // Nothing must be drawn over the answer that the user types.
                self.drawn = None;
                self.spinners.clear();
                self.line(&format!("waiting    {label}"));
            }
            Event::AttemptFailed { label, attempt, failure, retry_in, .. } => {
                self.line(&attempt_failed(&label, attempt, &failure, retry_in));
            }
            Event::Notice { label, message, .. } => self.line(&format!("note       {label}: {message}")),
            Event::TaskFinished(task) => self.finished(&task),
            // The summary shows the end of the run; groups are represented by their steps.
            _ => {}
        }
    }

    fn line(&self, text: &str) {
        let text = &*printable(text);
        match &self.drawn {
            // The terminal may be closed.
            Some(drawn) => drop(drawn.println(text)),
            None => self.printer.info(text),
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

    fn started(&mut self, path: String, label: &str) {
        let Some(drawn) = &self.drawn else {
            self.line(&format!("started    {label}"));
            return;
        };
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let spinner = drawn
            .add(ProgressBar::new_spinner().with_style(style).with_message(printable(label).into_owned()));
        spinner.enable_steady_tick(TICK);
        self.spinners.insert(path, spinner);
    }

    fn finished(&mut self, task: &TaskReport) {
        if let Some(spinner) = self.spinners.remove(&task.path) {
            spinner.finish_and_clear();
        }
        if !task.is_notable() && task.state != State::Skipped {
            return;
        }
        let what = task.message.clone().unwrap_or_else(|| values(&task.outputs));
        let state = task.state.to_string().to_lowercase();
        let line = format!("{state:<10} {} {} {what}", task.label, time(task.duration));
        self.line(line.trim_end());
    }
}

fn attempt_failed(label: &str, attempt: u32, failure: &Failure, retry_in: Option<Duration>) -> String {
    let next = match retry_in {
        Some(pause) => format!("retrying in {}", time(pause)),
        None => "not retried".to_owned(),
    };
    format!("failed     {label}, attempt {attempt}, {next}: {}", failure.message)
}
