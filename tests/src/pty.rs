//! A command on a terminal of a given size, and what its screen shows.

use std::fs::File;
use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use vt100::Parser;

/// The maximum time without output.
const LIMIT: Timespec = Timespec { tv_sec: 120, tv_nsec: 0 };

/// A running command, and its terminal.
pub struct Terminal {
    child: Child,
    output: File,
    parser: Parser,
}

impl Terminal {
    /// Starts the command on a new terminal.
    ///
    /// # Panics
    /// Panics if there is no terminal, or the command cannot be started.
    pub fn start(command: &mut Command, rows: u16, columns: u16) -> Self {
        let open = || -> io::Result<(File, File)> {
            let output = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
            grantpt(&output)?;
            unlockpt(&output)?;
            let name = ptsname(&output, Vec::new())?;
            let terminal =
                rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
            let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
            tcsetwinsize(&terminal, size)?;
            Ok((output.into(), terminal.into()))
        };
        let (output, terminal) = open().expect("a terminal can be opened");
        let duplicate = || terminal.try_clone().expect("a terminal can be shared");
        command.env("TERM", "xterm").stdin(duplicate()).stdout(duplicate()).stderr(duplicate());
        let child = command.spawn().expect("the command can be started");
        // The command keeps its ends of the terminal open until they are replaced.
        command.stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        Self { child, output, parser: Parser::new(rows, columns, 10_000) }
    }

    /// Returns the lines of the screen, without trailing spaces and empty lines at the end.
    pub fn lines(&self) -> Vec<String> {
        let screen = self.parser.screen();
        // `contents` would join full rows with the next ones.
        let mut lines: Vec<String> =
            screen.rows(0, screen.size().1).map(|row| row.trim_end().to_owned()).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    /// Waits until the screen satisfies the condition.
    ///
    /// # Panics
    /// Panics if the command ends before, or prints nothing for two minutes.
    pub fn wait_until(&mut self, condition: impl Fn(&[String]) -> bool) {
        while !condition(&self.lines()) {
            assert!(self.read(), "the command has ended: {:#?}", self.lines());
        }
    }

    /// Waits until the command ends.
    ///
    /// # Panics
    /// Panics if the state of the command cannot be read, or it prints nothing for two minutes.
    pub fn wait(mut self) -> (ExitStatus, Vec<String>) {
        while self.read() {}
        (self.child.wait().expect("the command has a state"), self.lines())
    }

    /// Reads output, and returns whether there was any.
    fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let waits = &mut [PollFd::new(&self.output, PollFlags::IN)];
        let is_ready = poll(waits, Some(&LIMIT)).is_ok_and(|count| count > 0);
        assert!(is_ready, "no output for {} s: {:#?}", LIMIT.tv_sec, self.lines());
        // On Linux, a terminal without processes is an error.
        let count = self.output.read(&mut buffer).unwrap_or(0);
        self.parser.process(&buffer[..count]);
        count > 0
    }
}
