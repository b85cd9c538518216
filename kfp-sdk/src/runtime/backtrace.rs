//! The backtrace of a panic in a step: the frames of the author's code, and the number of those between them.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::env;

/// The starts of the names of functions that do not belong to the author of the step.
const RUNTIME: [&str; 10] = [
    "std::",
    "core::",
    "alloc::",
    "kfp_sdk::",
    "__rust",
    "rust_begin_unwind",
    "__libc_start",
    "_start",
    "__pthread",
    "start_thread",
];

/// Returns the backtrace of this thread, if `RUST_BACKTRACE` requests one; with `full`, all frames are shown.
pub(super) fn capture() -> Option<String> {
    let backtrace = Backtrace::capture();
    if backtrace.status() != BacktraceStatus::Captured {
        return None;
    }
    let text = backtrace.to_string();
    Some(if env::var_os("RUST_BACKTRACE").is_some_and(|value| value == "full") {
        text
    } else {
        folded(&text)
    })
}

/// Replaces frames of the runtime and the standard library by their number.
fn folded(backtrace: &str) -> String {
    let mut text = String::new();
    let mut folded = 0;
    let mut is_folded = false;
    for line in backtrace.lines() {
        if let Some(name) = frame_name(line) {
            is_folded = is_runtime(name);
            if is_folded {
                folded += 1;
            } else {
                write_folded(&mut text, &mut folded);
            }
        }
        if !is_folded {
            text.push_str(line);
            text.push('\n');
        }
    }
    write_folded(&mut text, &mut folded);
    text
}

fn write_folded(text: &mut String, count: &mut usize) {
    match std::mem::take(count) {
        0 => {}
        1 => text.push_str("      [1 frame of the runtime]\n"),
        count => text.push_str(&format!("      [{count} frames of the runtime]\n")),
    }
}

/// Returns the name of the function, if the line starts a frame.
fn frame_name(line: &str) -> Option<&str> {
    let (number, name) = line.trim_start().split_once(": ")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(name)
}

fn is_runtime(name: &str) -> bool {
    let path = name.trim_start_matches('<');
    name == "main"
        || name == "clone"
        || name.contains(" as core::ops::function::")
        || RUNTIME.iter().any(|start| path.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_the_runtime_are_counted() {
        let backtrace = "   0: __rustc::rust_begin_unwind
             at /rustc/library/std/src/panicking.rs:689:5
   1: core::panicking::panic_fmt
             at /rustc/library/core/src/panicking.rs:80:14
   2: train::parse
             at ./src/main.rs:12:9
   3: train::fit::{{closure}}
   4: <F as core::ops::function::FnOnce<()>>::call_once
   5: <std::panic::AssertUnwindSafe<F>>::call
   6: kfp_sdk::runtime::run::run_step
   7: train::main
   8: main
";
        assert_eq!(
            folded(backtrace),
            "      [2 frames of the runtime]
   2: train::parse
             at ./src/main.rs:12:9
   3: train::fit::{{closure}}
      [3 frames of the runtime]
   7: train::main
      [1 frame of the runtime]
"
        );
    }
}
