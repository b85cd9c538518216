//! What runs the steps changes: another Python, other packages, another program in the middle of a run.

use std::fs;
use std::thread;

use kfp_runner::{Event, Kind, State};
use serde_json::{Value, json};

use tests::attack::wait_until;

use super::bench::{Bench, cached, python, write_executable};

/// The task `it` of a Python function, and an unrelated one.
fn python_bench() -> Bench {
    let mut bench = Bench::new(false);
    let component = |name: &str| {
        json!({
            "name": name,
            "outputs": {"text": {"type": "string"}},
            "implementation": {"python": {
                "file": "it.py", "function": "it", "source": "def it() -> str:\n    return 'done'\n",
            }},
        })
    };
    let task = |name: &str| {
        let call = json!({"callee": {"component": name}, "arguments": {}});
        json!({"id": name, "name": name, "kind": {"call": call}, "policy": cached()})
    };
    bench.document["components"] = json!({"it": component("it"), "other": component("other")});
    bench.document["pipelines"][0]["root"]["tasks"] = json!([task("it"), task("other")]);
    bench
}

fn implementation<'b>(bench: &'b mut Bench, component: &str) -> &'b mut Value {
    &mut bench.document["components"][component]["implementation"]["python"]
}

/// An interpreter that has another version, as far as it says.
fn fake_interpreter(bench: &Bench) -> std::path::PathBuf {
    let fake = bench.folder.path().join("fake");
    fs::create_dir(&fake).unwrap();
    let version = "import sys\n\nclass Version(tuple):\n    major, minor, micro = 3, 99, 1\n    \
                   releaselevel, serial = 'final', 0\n\nsys.version_info = Version((3, 99, 1, 'final', 0))\n";
    fs::write(fake.join("sitecustomize.py"), version).unwrap();
    let wrapper = fake.join("python");
    let text = format!("#!/bin/sh\nPYTHONPATH={} exec {} \"$@\"\n", fake.display(), python().display());
    write_executable(&wrapper, &text);
    wrapper
}

#[test]
fn a_python_step_is_cached_by_its_source_packages_and_interpreter() {
    type Row = (&'static str, fn(&mut Bench), State, State);
    let (hit, miss) = (State::Cached, State::Succeeded);
    let rows: [Row; 6] = [
        ("nothing", |_| (), hit, hit),
        (
            "the source",
            |bench| implementation(bench, "it")["source"] = json!("def it():\n    return 'done'\n"),
            miss,
            hit,
        ),
        ("the name of the file", |bench| implementation(bench, "it")["file"] = json!("other.py"), hit, hit),
        ("the packages", |bench| implementation(bench, "it")["packages"] = json!(["pip>=9"]), miss, hit),
        (
            "an unrelated component",
            |bench| implementation(bench, "other")["source"] = json!("def it():\n    return 'done'\n"),
            hit,
            miss,
        ),
        ("the interpreter's version", |bench| bench.options.python = fake_interpreter(bench), miss, miss),
    ];
    for (name, change, it, other) in rows {
        let mut bench = python_bench();
        assert_eq!(bench.run().state, State::Succeeded, "{name}");
        change(&mut bench);
        let report = bench.run();
        let states = ["it", "other"].map(|task| report.task(task).unwrap().state);
        assert_eq!(states, [it, other], "{name}: {report:#?}");
    }
}

#[test]
fn a_program_that_is_replaced_during_a_run_takes_no_part_in_it() {
    let mut bench = Bench::new(false);
    let old = fs::read_to_string(bench.folder.path().join("steps")).unwrap();
    let (new, place) = (bench.folder.path().join("steps.new"), bench.folder.path().join("steps"));
    write_executable(&new, &Bench::other_program());
    let report = bench.run_with(|event| {
        if matches!(event, Event::TaskStarted { kind: Kind::Step, .. }) && new.exists() {
            fs::rename(&new, &place).unwrap();
        }
    });
    assert_eq!(report.state, State::Succeeded, "{report:#?}");
    assert_eq!(bench.ran(), ["make", "plain", "use"]);
    assert_eq!(bench.outcome().1, "---", "the new program has computed nothing yet");
    assert_eq!(bench.ran(), ["make-2", "plain-2", "use-2"]);
    bench.write_program(&old);
    assert_eq!(bench.outcome().1, "+++", "the old one has");
}

#[test]
fn a_program_that_is_overwritten_during_a_run_starts_no_step() {
    let mut bench = Bench::new(false);
    let (place, mut is_first) = (bench.folder.path().join("steps"), true);
    let report = bench.run_with(|event| {
        // Before any process of the run is started.
        if matches!(event, Event::TaskStarted { kind: Kind::Step, .. }) && std::mem::take(&mut is_first) {
            write_executable(&place, &Bench::other_program());
        }
    });
    assert_eq!(report.state, State::Error, "{report:#?}");
    let message = report.task("plain").unwrap().message.clone().unwrap();
    assert!(message.ends_with("was overwritten during the run: start a new run"), "{message}");
    assert_eq!(bench.ran(), [""; 0]);
}

#[test]
fn what_an_overwritten_program_has_computed_is_not_kept() {
    let mut bench = Bench::new(false);
    let old = fs::read_to_string(bench.folder.path().join("steps")).unwrap();
    fs::write(bench.hold(), "").unwrap();
    let (place, notes, hold) = (bench.folder.path().join("steps"), bench.notes_file(), bench.hold());
    let attacker = thread::spawn(move || {
        let has_begun = || fs::read_to_string(&notes).unwrap_or_default().lines().count() == 2;
        wait_until("`make` and `plain` run", has_begun);
        write_executable(&place, &Bench::other_program());
        fs::remove_file(hold).unwrap();
    });
    let report = bench.run();
    attacker.join().unwrap();
    for name in ["make", "plain"] {
        assert_eq!(report.task(name).unwrap().state, State::Succeeded, "{report:#?}");
        let expect = format!("{name}: the result is not cached: the program was overwritten meanwhile");
        assert!(bench.notices.contains(&expect), "{:?}", bench.notices);
    }
    bench.write_program(&old);
    assert_eq!(bench.outcome().1, "---");
}
