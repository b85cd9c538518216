//! Changes to what runs the steps: another Python, other packages, a different program in the middle of a run.

use std::fs;
use std::thread;

use kfp_runner::{Event, Kind, State};
use serde_json::{Value, json};

use tests::attack::wait_until;

use super::fixture::{Fixture, cached, python, write_executable};

/// Creates a fixture with the task `it` of a Python function, and an unrelated one.
fn python_fixture() -> Fixture {
    let mut fixture = Fixture::new(false);
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
    fixture.document["components"] = json!({"it": component("it"), "other": component("other")});
    fixture.document["pipelines"][0]["root"]["tasks"] = json!([task("it"), task("other")]);
    fixture
}

fn implementation<'b>(fixture: &'b mut Fixture, component: &str) -> &'b mut Value {
    &mut fixture.document["components"][component]["implementation"]["python"]
}

/// Creates an interpreter that reports another version.
fn fake_interpreter(fixture: &Fixture) -> std::path::PathBuf {
    let fake = fixture.folder.path().join("fake");
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
    type Row = (&'static str, fn(&mut Fixture), State, State);
    let (hit, miss) = (State::Cached, State::Succeeded);
    let rows: [Row; 6] = [
        ("nothing", |_| (), hit, hit),
        (
            "the source",
            |fixture| implementation(fixture, "it")["source"] = json!("def it():\n    return 'done'\n"),
            miss,
            hit,
        ),
        (
            "the name of the file",
            |fixture| implementation(fixture, "it")["file"] = json!("other.py"),
            hit,
            hit,
        ),
        ("the packages", |fixture| implementation(fixture, "it")["packages"] = json!(["pip>=9"]), miss, hit),
        (
            "an unrelated component",
            |fixture| implementation(fixture, "other")["source"] = json!("def it():\n    return 'done'\n"),
            hit,
            miss,
        ),
        (
            "the interpreter's version",
            |fixture| fixture.options.python = fake_interpreter(fixture),
            miss,
            miss,
        ),
    ];
    for (name, change, it, other) in rows {
        let mut fixture = python_fixture();
        assert_eq!(fixture.run().state, State::Succeeded, "{name}");
        change(&mut fixture);
        let report = fixture.run();
        let states = ["it", "other"].map(|task| report.task(task).unwrap().state);
        assert_eq!(states, [it, other], "{name}: {report:#?}");
    }
}

#[test]
fn a_program_that_is_replaced_during_a_run_is_not_used_by_it() {
    let mut fixture = Fixture::new(false);
    let old = fs::read_to_string(fixture.folder.path().join("steps")).unwrap();
    let (new, place) = (fixture.folder.path().join("steps.new"), fixture.folder.path().join("steps"));
    write_executable(&new, &Fixture::other_program());
    let report = fixture.run_with(|event| {
        if matches!(event, Event::TaskStarted { kind: Kind::Step, .. }) && new.exists() {
            fs::rename(&new, &place).unwrap();
        }
    });
    assert_eq!(report.state, State::Succeeded, "{report:#?}");
    assert_eq!(fixture.ran(), ["make", "plain", "use"]);
    assert_eq!(fixture.outcome().1, "---", "the new program has no results yet");
    assert_eq!(fixture.ran(), ["make-2", "plain-2", "use-2"]);
    fixture.write_program(&old);
    assert_eq!(fixture.outcome().1, "+++", "the old program has results");
}

#[test]
fn a_program_that_is_overwritten_during_a_run_starts_no_step() {
    let mut fixture = Fixture::new(false);
    let (place, mut is_first) = (fixture.folder.path().join("steps"), true);
    let report = fixture.run_with(|event| {
        // This is before any process of the run is started.
        if matches!(event, Event::TaskStarted { kind: Kind::Step, .. }) && std::mem::take(&mut is_first) {
            write_executable(&place, &Fixture::other_program());
        }
    });
    assert_eq!(report.state, State::Error, "{report:#?}");
    let message = report.task("plain").unwrap().message.clone().unwrap();
    assert!(message.ends_with("was overwritten during the run: start a new run"), "{message}");
    assert_eq!(fixture.ran(), [""; 0]);
}

#[test]
fn results_of_an_overwritten_program_are_not_cached() {
    let mut fixture = Fixture::new(false);
    let old = fs::read_to_string(fixture.folder.path().join("steps")).unwrap();
    fs::write(fixture.hold_file(), "").unwrap();
    let (place, notes, hold) =
        (fixture.folder.path().join("steps"), fixture.notes_file(), fixture.hold_file());
    let attacker = thread::spawn(move || {
        let have_started = || fs::read_to_string(&notes).unwrap_or_default().lines().count() == 2;
        wait_until("`make` and `plain` are running", have_started);
        write_executable(&place, &Fixture::other_program());
        fs::remove_file(hold).unwrap();
    });
    let report = fixture.run();
    attacker.join().unwrap();
    for name in ["make", "plain"] {
        assert_eq!(report.task(name).unwrap().state, State::Succeeded, "{report:#?}");
        let expect =
            format!("{name}: the result is not cached: the program was overwritten while the step ran");
        assert!(fixture.notices.contains(&expect), "{:?}", fixture.notices);
    }
    fixture.write_program(&old);
    assert_eq!(fixture.outcome().1, "---");
}
