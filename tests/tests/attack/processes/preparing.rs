//! Runs that are killed while an environment is made, packages are installed or a container starts.

use std::fs;

use tests::attack::{seed, wait_until};

use super::scene::{Scene, assert_success, lines};

/// A Python interpreter that hangs where `$FOLDER/hang` says, with a process in a session of its own.
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
    "-c import sys; names = "*) exit 1;;
    *) exec python3 "$@";;
esac
"#;

/// A container engine whose containers do not descend from it, as those of docker do not.
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
fn nothing_is_left_of_an_installation_and_the_next_run_makes_it_anew() {
    for stage in ["venv", "pip"] {
        let scene = Scene::new("leave_processes", 2, &["pip"]);
        let folder = scene.path("");
        let python =
            scene.script("python", &PYTHON.replace("FOLDER", folder.to_str().unwrap().trim_end_matches('/')));
        let run = || {
            let mut command = scene.run();
            command.arg("--python").arg(&python);
            command
        };
        fs::write(scene.path("hang"), stage).unwrap();
        let mut killed = scene.start(run());
        wait_until("the installation hangs", || lines(&scene.path("hanging")) == 1);
        killed.kill().unwrap();
        killed.wait().unwrap();
        scene.until_nothing_is_left(seed());
        fs::remove_file(scene.path("hang")).unwrap();
        assert_success(&run().arg("--resume").output().unwrap());
        assert_eq!(scene.left(), [""; 0], "{stage}");
    }
}

#[test]
fn a_container_ends_with_the_runner() {
    let scene = Scene::container();
    let folder = scene.path("");
    let engine =
        scene.script("bin/docker", &ENGINE.replace("FOLDER", folder.to_str().unwrap().trim_end_matches('/')));
    let path = format!("{}:{}", engine.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let run = || {
        let mut command = scene.run();
        command.env("PATH", &path);
        command
    };
    let mut killed = scene.start(run());
    wait_until("the container runs", || lines(&scene.path("hanging")) == 1);
    killed.kill().unwrap();
    killed.wait().unwrap();
    scene.until_nothing_is_left(seed());
    fs::write(scene.path("go"), "").unwrap();
    assert_success(&run().arg("--resume").output().unwrap());
}
