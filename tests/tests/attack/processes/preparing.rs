//! Runs that are killed while an environment is created, packages are installed or a container starts.

use std::fs;

use tests::attack::{seed, wait_until};

use super::fixture::{Fixture, assert_success, lines};

/// A Python interpreter that hangs at the stage named in `$FOLDER/hang`, with a process in a separate session.
const PYTHON: &str = r#"#!/bin/sh
hang() {
    [ "$(cat "FOLDER/hang" 2>/dev/null)" = "$1" ] || return 0
    setsid python3 -S -c 'import time; time.sleep(600)' FOLDER &
    echo x >> "FOLDER/hanging"
    python3 -S -c 'import time; time.sleep(600)' FOLDER
}
case "$1 $2" in
    "-m venv") hang venv; mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;
    "-m pip") hang pip;;
    "-c import sys; sys.path = "*) exit 1;;
    *) exec python3 "$@";;
esac
"#;

/// A container engine whose containers are not its child processes, as with docker.
const ENGINE: &str = r#"#!/bin/sh
case "$1" in
    run)
        while [ "$1" != --name ]; do shift; done
        [ -e FOLDER/go ] && exit 0
        env -i PATH="$PATH" setsid python3 -S -c 'import time; time.sleep(600)' FOLDER >/dev/null 2>&1 &
        echo $! > "FOLDER/$2"
        echo x >> FOLDER/hanging
        wait;;
    kill) kill -9 $(cat "FOLDER/$2") && rm "FOLDER/$2";;
esac
"#;

#[test]
fn an_interrupted_installation_leaves_nothing_and_the_next_run_repeats_it() {
    for stage in ["venv", "pip"] {
        let fixture = Fixture::new("leave_processes", 2, &["pip"]);
        let folder = fixture.path("");
        let python = fixture
            .script("python", &PYTHON.replace("FOLDER", folder.to_str().unwrap().trim_end_matches('/')));
        let run = || {
            let mut command = fixture.run();
            command.arg("--python").arg(&python);
            command
        };
        fs::write(fixture.path("hang"), stage).unwrap();
        let mut killed = fixture.start(run());
        wait_until("the installation is hanging", || lines(&fixture.path("hanging")) == 1);
        killed.kill().unwrap();
        killed.wait().unwrap();
        fixture.wait_until_nothing_is_left(seed());
        fs::remove_file(fixture.path("hang")).unwrap();
        assert_success(&run().arg("--resume").output().unwrap());
        assert_eq!(fixture.left(), [""; 0], "{stage}");
    }
}

#[test]
fn a_container_ends_with_the_runner() {
    let fixture = Fixture::container();
    let folder = fixture.path("");
    let engine = fixture
        .script("bin/docker", &ENGINE.replace("FOLDER", folder.to_str().unwrap().trim_end_matches('/')));
    let path = format!("{}:{}", engine.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let run = || {
        let mut command = fixture.run();
        command.env("PATH", &path);
        command
    };
    let mut killed = fixture.start(run());
    wait_until("the container is running", || lines(&fixture.path("hanging")) == 1);
    killed.kill().unwrap();
    killed.wait().unwrap();
    fixture.wait_until_nothing_is_left(seed());
    fs::write(fixture.path("go"), "").unwrap();
    assert_success(&run().arg("--resume").output().unwrap());
}
