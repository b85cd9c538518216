//! Draws the state of a run on the terminal, below the messages.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressStyle};

use super::board::{Board, Size};

/// The interval between two drawings.
const TICK: Duration = Duration::from_millis(100);

/// The part of the terminal that is redrawn. It is cleared when it is dropped.
pub(super) struct Screen {
    drawing: Drawing,
    /// Ends the thread when it is dropped.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Clone)]
struct Drawing {
    board: Arc<Mutex<Board>>,
    bar: ProgressBar,
    shows_output: bool,
}

impl Screen {
    /// Starts to draw the board. `shows_output` adds the last line that an installation has printed.
    pub(super) fn open(board: &Arc<Mutex<Board>>, shows_output: bool) -> Self {
        let style =
            ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style);
        let drawing = Drawing { board: Arc::clone(board), bar, shows_output };
        let (stop, stopped) = channel::<()>();
        let ticking = drawing.clone();
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                ticking.draw();
            }
        });
        Self { drawing, stop: Some(stop), thread: Some(thread) }
    }

    /// Draws the current state.
    pub(super) fn draw(&self) {
        self.drawing.draw();
    }

    /// Prints a line above the drawing.
    pub(super) fn line(&self, text: &str) {
        self.drawing.bar.println(text);
    }
}

impl Drawing {
    fn draw(&self) {
        let (height, width) = Term::stderr().size();
        let size = Size { height: height.into(), width: width.into() };
        let output = |log: &Path| {
            if self.shows_output { kfp_runner::log_tail(log, 1).pop() } else { None }
        };
        let board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = board.lines(Instant::now(), size, &output);
        drop(board);
        self.bar.set_message(lines.join("\n"));
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.drawing.bar.finish_and_clear();
    }
}
