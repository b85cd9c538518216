//! Runs that are cancelled by a signal.

use std::cell::RefCell;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::Command;
use std::time::Instant;

use rustix::fs::OFlags;
use tests::attack::{seed, wait_until};

use super::fixture::{Fixture, assert_success, lines, signal};

const STEPS: u32 = 6;

#[test]
fn a_signal_determines_the_exit_code_and_the_run_can_be_resumed() {
    for (name, code) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let fixture = Fixture::new("hang", STEPS, &[]);
        let run = fixture.run().spawn().unwrap();
        let running = |idx: u32| lines(&fixture.path(&format!("step-{idx}"))) == 1;
        wait_until("the steps are running", || (0..STEPS).all(running));
        let start = Instant::now();
        signal(&run, name);
        // The steps ignore SIGTERM: without the second signal, they would run for five more seconds.
        signal(&run, name);
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("help: repeat the command with `--resume 0"), "{text}");
        assert!(text.contains("cancelling"), "{text}");
        assert_eq!(fixture.left(), [""; 0], "{name} (seed {})", seed());
        println!("{name}: ended after {:?}", start.elapsed());
        let list = fixture.kfpc(&["runs", "ls"]).output().unwrap();
        assert!(String::from_utf8_lossy(&list.stdout).contains("Cancelled"));
        assert_success(&list);
    }
}

#[test]
fn a_signal_ends_the_wait_for_a_secret() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let fixture = Fixture::new("hang", 1, &[]);
        let pipe = fixture.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let secret = format!("team/token=file:{}", pipe.display());
        let run = fixture.run().args(["--secret", &secret]).spawn().unwrap();
        // Opening a pipe without blocking only succeeds once there is a reader.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap();
        let mut options = OpenOptions::new();
        options.write(true).custom_flags(flags);
        let writer = RefCell::new(None);
        wait_until("the run is waiting for the secret", || {
            *writer.borrow_mut() = options.open(&pipe).ok();
            writer.borrow().is_some()
        });
        signal(&run, name);
        assert_eq!(run.wait_with_output().unwrap().status.code(), Some(code), "{name}");
    }
}
