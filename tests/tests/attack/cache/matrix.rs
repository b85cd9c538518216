//! Changes that must or must not make a result stale, and results that something else has changed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::fixture::{Fixture, cached, hits, overwrite, text_of};
use kfp_runner::State;

/// A change between two runs, the expected cache hits, and the expected notice, if any.
type Row = (&'static str, fn(&mut Fixture), &'static str, &'static str);

const HIT: &str = "+++";

fn variable(fixture: &mut Fixture, name: &str, value: Value) {
    fixture.task(1)["policy"]["environment"][name] = value;
}

fn key_of(kind: &str, name: &str) -> Value {
    json!({kind: {"name": name, "key": "token"}})
}

/// Changes of the pipeline, its data, its steps or its environment.
const CHANGES: &[Row] = &[
    ("nothing", |_| (), HIT, ""),
    ("the program", |fixture| fixture.write_program(&Fixture::other_program()), "---", ""),
    (
        "the same program again",
        |fixture| {
            let text = fs::read_to_string(fixture.folder.path().join("steps")).unwrap();
            fixture.write_program(&text);
        },
        HIT,
        "",
    ),
    ("a literal variable", |fixture| variable(fixture, "A", json!({"literal": "2"})), "-++", ""),
    ("another literal variable", |fixture| variable(fixture, "C", json!({"literal": "1"})), "-++", ""),
    (
        "the order of variables",
        |fixture| {
            let policy = &mut fixture.task(1)["policy"];
            let text = r#"{"B": {"literal": "1"}, "A": {"literal": "1"}}"#;
            policy["environment"] = serde_json::from_str(text).unwrap();
        },
        HIT,
        "",
    ),
    (
        "an argument",
        |fixture| fixture.task(1)["kind"]["call"]["arguments"]["text"] = json!({"constant": "bye"}),
        "--+",
        "",
    ),
    ("the content of the imported file", |fixture| fixture.write_data("other"), "--+", ""),
    ("the time of the imported file", |fixture| fixture.write_data("data"), HIT, ""),
    (
        "the place of the imported file",
        |fixture| {
            fs::rename(fixture.folder.path().join("data"), fixture.folder.path().join("moved")).unwrap();
            let uri = fixture.folder.path().join("moved").display().to_string();
            fixture.task(0)["kind"]["import"]["uri"] = json!({"constant": uri});
        },
        HIT,
        "",
    ),
    (
        "retries and a timeout",
        |fixture| {
            fixture.task(1)["policy"]["retry"] = json!({"limit": 2});
            fixture.task(1)["policy"]["timeout"] = json!("1m");
        },
        HIT,
        "",
    ),
    ("the author's key", |fixture| fixture.task(1)["policy"]["cache"]["for"]["key"] = json!("k"), "-++", ""),
    (
        "an unrelated component",
        |fixture| fixture.document["components"]["edit"]["description"] = json!("Edits."),
        HIT,
        "",
    ),
    ("the epoch", |fixture| fixture.options.cache_epoch = 1, "---", ""),
    ("the namespace", |fixture| "other".clone_into(&mut fixture.options.namespace), "---", ""),
    ("`--no-cache`", |fixture| fixture.options.read_cache = false, "---", ""),
    (
        "the place of the store",
        |fixture| {
            let moved = fixture.folder.path().join("moved-store");
            fs::rename(&fixture.options.store, &moved).unwrap();
            fixture.options.store = moved;
        },
        HIT,
        "",
    ),
    (
        "the files of earlier runs",
        |fixture| fs::remove_dir_all(fixture.options.store.join("runs")).unwrap(),
        HIT,
        "",
    ),
    ("a clock that went forward", |fixture| shift_clock(fixture, 3_000), HIT, ""),
    ("a clock that went forward too far", |fixture| shift_clock(fixture, 3_601), "---", ""),
    ("a clock that went back", |fixture| shift_clock(fixture, -60), "---", ""),
];

/// Changes that something else makes to the files of the cache.
const CORRUPTIONS: &[Row] = &[
    (
        "an overwritten file",
        |fixture| overwrite(&fixture.cached_files()[0], "corrupted"),
        "-++",
        "files have changed",
    ),
    (
        "a longer file",
        |fixture| {
            let file = &fixture.cached_files()[0];
            overwrite(file, &(fs::read_to_string(file).unwrap() + "\n"));
        },
        "-++",
        "files have changed",
    ),
    ("a truncated file", |fixture| overwrite(&fixture.cached_files()[0], ""), "-++", "files have changed"),
    (
        "a file that became writable",
        |fixture| {
            let file = &fixture.cached_files()[0];
            fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        },
        HIT,
        "",
    ),
    (
        "a file that became executable",
        |fixture| {
            let file = &fixture.cached_files()[0];
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        },
        "-++",
        "files have changed",
    ),
    (
        "a removed object",
        |fixture| {
            let objects = fixture.options.store.join("cache/objects");
            for entry in fs::read_dir(objects).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
            }
        },
        "-++",
        "files are missing",
    ),
    (
        "a removed folder",
        |fixture| fs::remove_dir_all(fixture.options.store.join("cache")).unwrap(),
        "-++",
        "files are missing",
    ),
    (
        "a link instead of a file",
        |fixture| {
            let file = fixture.cached_files()[0].clone();
            fs::remove_file(&file).unwrap();
            std::os::unix::fs::symlink("/etc/hostname", file).unwrap();
        },
        "-++",
        "files have changed",
    ),
];

/// Makes all results older by this many seconds.
fn shift_clock(fixture: &mut Fixture, seconds: i64) {
    let database = fixture.database();
    database.execute("UPDATE cache SET created_at = created_at - ?1", [seconds * 1000]).unwrap();
}

fn check_all(rows: &[Row], is_folder: bool) {
    for (name, change, expect, notice) in rows {
        let mut fixture = Fixture::new(is_folder);
        for name in ["A", "B"] {
            variable(&mut fixture, name, json!({"literal": "1"}));
        }
        let first = fixture.outcome();
        assert_eq!(first, ("hello:data 10".to_owned(), "---".to_owned()), "{name}");
        assert_eq!(fixture.ran(), ["make", "plain", "use"], "{name}");
        change(&mut fixture);
        let (text, hit) = fixture.outcome();
        assert_eq!(hit, *expect, "{name}, notices {:?}", fixture.notices);
        let expect_text = match *name {
            "an argument" => "bye:data 8",
            "the content of the imported file" => "hello:other 11",
            _ => "hello:data 10",
        };
        assert_eq!(text, expect_text, "{name}");
        assert_eq!(fixture.ran().len(), hit.matches('-').count(), "{name}");
        let is_reported =
            fixture.notices.iter().any(|line| line.starts_with("make: ") && line.contains(notice));
        assert_eq!(is_reported, !notice.is_empty(), "{name}: {:?}", fixture.notices);
        // Every stale result has been recomputed, and is a hit from now on.
        fixture.options.read_cache = true;
        assert_eq!(fixture.outcome(), (text, HIT.to_owned()), "{name}, second run");
    }
}

#[test]
fn only_relevant_changes_make_a_result_stale() {
    check_all(CHANGES, false);
}

#[test]
fn corrupted_results_are_recomputed() {
    check_all(CORRUPTIONS, false);
    check_all(CORRUPTIONS, true);
}

#[test]
fn a_step_that_edits_its_input_does_not_change_the_cache() {
    for is_folder in [false, true] {
        let mut fixture = Fixture::new(is_folder);
        fixture.add_editor();
        assert_eq!(fixture.outcome(), ("hello:data 10".to_owned(), "---".to_owned()));
        assert_eq!(fixture.outcome(), ("hello:data 10".to_owned(), HIT.to_owned()));
        assert_eq!(fixture.notices, [""; 0]);
        let run = fixture.run();
        let key = run.task("make").unwrap().outputs["file"]["key"].as_str().unwrap().to_owned();
        let place = fixture.options.store.join(key);
        let file = if is_folder { place.join("deep/file") } else { place };
        assert_eq!(fs::read_to_string(file).unwrap(), "hello:data");
        // The imported file is unchanged, too.
        assert_eq!(fs::read_to_string(fixture.folder.path().join("data")).unwrap(), "data");
    }
}

#[test]
fn secrets_and_config_maps_are_keyed_by_name() {
    for kind in ["secret", "config_map"] {
        let mut fixture = Fixture::new(false);
        fixture.set_secret("hub/token", "first");
        fixture.set_secret("other/token", "first");
        variable(&mut fixture, "TOKEN", key_of(kind, "hub"));
        assert_eq!(fixture.outcome().1, "---");
        fixture.set_secret("hub/token", "second");
        assert_eq!(fixture.outcome().1, HIT, "{kind}: another value");
        variable(&mut fixture, "TOKEN", key_of(kind, "other"));
        assert_eq!(fixture.outcome().1, "-++", "{kind}: another name");
        variable(&mut fixture, "TOKEN", json!({"literal": "first"}));
        assert_eq!(fixture.outcome().1, "-++", "{kind}: a literal in its place");
    }
}

#[test]
fn a_step_with_secret_variables_is_cached_only_on_request() {
    let cache = cached()["cache"].clone();
    for (kind, at_task, at_component, expect) in [
        ("secret", false, false, "-"),
        ("secret", true, false, "+"),
        ("secret", false, true, "+"),
        ("config_map", false, false, "+"),
    ] {
        let mut fixture = Fixture::new(false);
        fixture.set_secret("hub/token", "value");
        fixture.document["pipelines"][0]["settings"] = json!({"cache": cache.clone()});
        fixture.task(1)["policy"] = json!({"environment": {"TOKEN": key_of(kind, "hub")}});
        if at_task {
            fixture.task(1)["policy"]["cache"] = cache.clone();
        }
        if at_component {
            fixture.document["components"]["make"]["policy"]["cache"] = cache.clone();
        }
        fixture.outcome();
        let hit = fixture.outcome().1;
        assert!(hit.starts_with(expect), "{kind} {at_task} {at_component}: {hit}");
    }
}

#[test]
fn a_string_that_is_a_file_path_is_reported() {
    let mut fixture = Fixture::new(false);
    let path = fixture.folder.path().join("data").display().to_string();
    fixture.task(3)["kind"]["call"]["arguments"]["text"] = json!({"constant": path.clone()});
    fixture.outcome();
    let expect = format!(
        "plain: the result is cached by the path `{path}` in its input `text`, not by the content of that file"
    );
    assert!(fixture.notices.iter().any(|line| line.starts_with(&expect)), "{:?}", fixture.notices);
    fixture.task(3)["policy"] = json!({});
    fixture.run();
    assert_eq!(fixture.notices, [""; 0], "warning for a step that is not cached");
}

#[test]
fn failures_are_never_cached() {
    let mut fixture = Fixture::new(false);
    fixture.task(3)["kind"]["call"]["callee"] = json!({"component": "fail"});
    for _ in 0..2 {
        assert_eq!(fixture.run().state, State::Failed);
        assert!(fixture.ran().contains(&"fail".to_owned()));
    }
}

#[test]
fn a_cache_that_cannot_be_written_does_not_fail_the_run() {
    let mut fixture = Fixture::new(false);
    fs::create_dir_all(&fixture.options.store).unwrap();
    fs::write(fixture.options.store.join("cache"), "a file where a folder is needed").unwrap();
    for _ in 0..2 {
        let report = fixture.run();
        assert_eq!((report.state, text_of(&report, "use").as_str()), (State::Succeeded, "hello:data 10"));
        assert!(hits(&report).starts_with('-'));
        assert!(fixture.notices.iter().any(|line| line.starts_with("make: the result is not cached: ")));
    }
}

#[test]
fn leftovers_of_killed_runs_are_removed() {
    let mut fixture = Fixture::new(false);
    fixture.outcome();
    let cache = fixture.options.store.join("cache");
    let key = "0".repeat(64);
    let left =
        [format!("{key}.20261124-020834-123-9f3a"), key, "partial/20261124-020834-123-9f3a".to_owned()];
    for name in &left {
        fs::create_dir_all(cache.join(name).join("deep")).unwrap();
        fs::write(cache.join(name).join("deep/file"), "left").unwrap();
    }
    assert_eq!(fixture.outcome().1, HIT);
    assert!(left.iter().all(|name| !cache.join(name).exists()));
    assert_eq!(names(&cache), ["locks", "objects", "partial"]);
    assert_eq!((names(&cache.join("locks")).len(), names(&cache.join("partial")).len()), (0, 0));
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
