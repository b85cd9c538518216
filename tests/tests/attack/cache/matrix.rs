//! What must make a result stale, what must not, and what becomes of results that others have changed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};

use super::bench::{Bench, cached, hits, overwrite, text_of};
use kfp_runner::State;

/// A change between two runs, the steps of `make`, `use` and `plain` that hit then, and whether that is reported.
type Row = (&'static str, fn(&mut Bench), &'static str, &'static str);

const HIT: &str = "+++";

fn variable(bench: &mut Bench, name: &str, value: Value) {
    bench.task(1)["policy"]["environment"][name] = value;
}

fn key_of(kind: &str, name: &str) -> Value {
    json!({kind: {"name": name, "key": "token"}})
}

/// A change of the pipeline, its data, its steps or its surroundings.
const CHANGES: &[Row] = &[
    ("nothing", |_| (), HIT, ""),
    ("the program", |bench| bench.write_program(&Bench::other_program()), "---", ""),
    (
        "the same program again",
        |bench| {
            let text = fs::read_to_string(bench.folder.path().join("steps")).unwrap();
            bench.write_program(&text);
        },
        HIT,
        "",
    ),
    ("a literal variable", |bench| variable(bench, "A", json!({"literal": "2"})), "-++", ""),
    ("another literal variable", |bench| variable(bench, "C", json!({"literal": "1"})), "-++", ""),
    (
        "the order of variables",
        |bench| {
            let policy = &mut bench.task(1)["policy"];
            let text = r#"{"B": {"literal": "1"}, "A": {"literal": "1"}}"#;
            policy["environment"] = serde_json::from_str(text).unwrap();
        },
        HIT,
        "",
    ),
    (
        "an argument",
        |bench| bench.task(1)["kind"]["call"]["arguments"]["text"] = json!({"constant": "bye"}),
        "--+",
        "",
    ),
    ("the content of the imported file", |bench| bench.write_data("other"), "--+", ""),
    ("the time of the imported file", |bench| bench.write_data("data"), HIT, ""),
    (
        "the place of the imported file",
        |bench| {
            fs::rename(bench.folder.path().join("data"), bench.folder.path().join("moved")).unwrap();
            let uri = bench.folder.path().join("moved").display().to_string();
            bench.task(0)["kind"]["import"]["uri"] = json!({"constant": uri});
        },
        HIT,
        "",
    ),
    (
        "retries and a timeout",
        |bench| {
            bench.task(1)["policy"]["retry"] = json!({"limit": 2});
            bench.task(1)["policy"]["timeout"] = json!("1m");
        },
        HIT,
        "",
    ),
    ("the author's key", |bench| bench.task(1)["policy"]["cache"]["for"]["key"] = json!("k"), "-++", ""),
    (
        "an unrelated component",
        |bench| bench.document["components"]["edit"]["description"] = json!("Edits."),
        HIT,
        "",
    ),
    ("the epoch", |bench| bench.options.cache_epoch = 1, "---", ""),
    ("the namespace", |bench| "other".clone_into(&mut bench.options.namespace), "---", ""),
    ("`--no-cache`", |bench| bench.options.read_cache = false, "---", ""),
    (
        "the place of the store",
        |bench| {
            let moved = bench.folder.path().join("moved-store");
            fs::rename(&bench.options.store, &moved).unwrap();
            bench.options.store = moved;
        },
        HIT,
        "",
    ),
    (
        "the files of earlier runs",
        |bench| fs::remove_dir_all(bench.options.store.join("runs")).unwrap(),
        HIT,
        "",
    ),
    ("a clock that went forward", |bench| shift_clock(bench, 3_000), HIT, ""),
    ("a clock that went forward too far", |bench| shift_clock(bench, 3_601), "---", ""),
    ("a clock that went back", |bench| shift_clock(bench, -60), "---", ""),
];

/// What others do to the files of the cache.
const SPOILS: &[Row] = &[
    (
        "an overwritten file",
        |bench| overwrite(&bench.kept_files()[0], "spoiled"),
        "-++",
        "files have changed",
    ),
    (
        "a longer file",
        |bench| {
            let file = &bench.kept_files()[0];
            overwrite(file, &(fs::read_to_string(file).unwrap() + "\n"));
        },
        "-++",
        "files have changed",
    ),
    ("a truncated file", |bench| overwrite(&bench.kept_files()[0], ""), "-++", "files have changed"),
    (
        "a file that became writable",
        |bench| {
            let file = &bench.kept_files()[0];
            fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        },
        HIT,
        "",
    ),
    (
        "a file that became executable",
        |bench| {
            let file = &bench.kept_files()[0];
            fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        },
        "-++",
        "files have changed",
    ),
    (
        "a removed object",
        |bench| {
            let objects = bench.options.store.join("cache/objects");
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
        |bench| fs::remove_dir_all(bench.options.store.join("cache")).unwrap(),
        "-++",
        "files are missing",
    ),
    (
        "a link in the place of a file",
        |bench| {
            let file = bench.kept_files()[0].clone();
            fs::remove_file(&file).unwrap();
            std::os::unix::fs::symlink("/etc/hostname", file).unwrap();
        },
        "-++",
        "files have changed",
    ),
];

/// Makes all results older by seconds, as far as the clock is concerned.
fn shift_clock(bench: &mut Bench, seconds: i64) {
    let database = bench.database();
    database.execute("UPDATE cache SET created_at = created_at - ?1", [seconds * 1000]).unwrap();
}

fn hold(rows: &[Row], is_folder: bool) {
    for (name, change, expect, notice) in rows {
        let mut bench = Bench::new(is_folder);
        for name in ["A", "B"] {
            variable(&mut bench, name, json!({"literal": "1"}));
        }
        let first = bench.outcome();
        assert_eq!(first, ("hello:data 10".to_owned(), "---".to_owned()), "{name}");
        assert_eq!(bench.ran(), ["make", "plain", "use"], "{name}");
        change(&mut bench);
        let (text, hit) = bench.outcome();
        assert_eq!(hit, *expect, "{name}, notices {:?}", bench.notices);
        let expect_text = match *name {
            "an argument" => "bye:data 8",
            "the content of the imported file" => "hello:other 11",
            _ => "hello:data 10",
        };
        assert_eq!(text, expect_text, "{name}");
        assert_eq!(bench.ran().len(), hit.matches('-').count(), "{name}");
        let is_reported =
            bench.notices.iter().any(|told| told.starts_with("make: ") && told.contains(notice));
        assert_eq!(is_reported, !notice.is_empty(), "{name}: {:?}", bench.notices);
        // Whatever was stale has been computed anew, and is good from now on.
        bench.options.read_cache = true;
        assert_eq!(bench.outcome(), (text, HIT.to_owned()), "{name}, once more");
    }
}

#[test]
fn what_changes_a_result_makes_it_stale_and_nothing_else_does() {
    hold(CHANGES, false);
}

#[test]
fn results_that_others_have_changed_are_computed_anew() {
    hold(SPOILS, false);
    hold(SPOILS, true);
}

#[test]
fn a_step_that_edits_its_input_changes_nothing_else() {
    for is_folder in [false, true] {
        let mut bench = Bench::new(is_folder);
        bench.add_editor();
        assert_eq!(bench.outcome(), ("hello:data 10".to_owned(), "---".to_owned()));
        assert_eq!(bench.outcome(), ("hello:data 10".to_owned(), HIT.to_owned()));
        assert_eq!(bench.notices, [""; 0]);
        let run = bench.run();
        let key = run.task("make").unwrap().outputs["file"]["key"].as_str().unwrap().to_owned();
        let place = bench.options.store.join(key);
        let file = if is_folder { place.join("deep/file") } else { place };
        assert_eq!(fs::read_to_string(file).unwrap(), "hello:data");
        // What was imported is as it was, too.
        assert_eq!(fs::read_to_string(bench.folder.path().join("data")).unwrap(), "data");
    }
}

#[test]
fn secrets_and_config_maps_count_by_their_names() {
    for kind in ["secret", "config_map"] {
        let mut bench = Bench::new(false);
        bench.give_secret("hub/token", "first");
        bench.give_secret("other/token", "first");
        variable(&mut bench, "TOKEN", key_of(kind, "hub"));
        assert_eq!(bench.outcome().1, "---");
        bench.give_secret("hub/token", "second");
        assert_eq!(bench.outcome().1, HIT, "{kind}: another value");
        variable(&mut bench, "TOKEN", key_of(kind, "other"));
        assert_eq!(bench.outcome().1, "-++", "{kind}: another name");
        variable(&mut bench, "TOKEN", json!({"literal": "first"}));
        assert_eq!(bench.outcome().1, "-++", "{kind}: a literal in its place");
    }
}

#[test]
fn a_secret_environment_is_cached_only_where_the_step_asks_for_it() {
    let cache = cached()["cache"].clone();
    for (kind, at_task, at_component, expect) in [
        ("secret", false, false, "-"),
        ("secret", true, false, "+"),
        ("secret", false, true, "+"),
        ("config_map", false, false, "+"),
    ] {
        let mut bench = Bench::new(false);
        bench.give_secret("hub/token", "value");
        bench.document["pipelines"][0]["settings"] = json!({"cache": cache.clone()});
        bench.task(1)["policy"] = json!({"environment": {"TOKEN": key_of(kind, "hub")}});
        if at_task {
            bench.task(1)["policy"]["cache"] = cache.clone();
        }
        if at_component {
            bench.document["components"]["make"]["policy"]["cache"] = cache.clone();
        }
        bench.outcome();
        let hit = bench.outcome().1;
        assert!(hit.starts_with(expect), "{kind} {at_task} {at_component}: {hit}");
    }
}

#[test]
fn a_text_that_is_the_path_of_a_file_is_reported() {
    let mut bench = Bench::new(false);
    let path = bench.folder.path().join("data").display().to_string();
    bench.task(3)["kind"]["call"]["arguments"]["text"] = json!({"constant": path.clone()});
    bench.outcome();
    let expect =
        format!("plain: cached by the path `{path}` in its input `text`, not by the content of that file");
    assert!(bench.notices.iter().any(|told| told.starts_with(&expect)), "{:?}", bench.notices);
    bench.task(3)["policy"] = json!({});
    bench.run();
    assert_eq!(bench.notices, [""; 0], "a step that is not cached needs no warning");
}

#[test]
fn failures_are_never_cached() {
    let mut bench = Bench::new(false);
    bench.task(3)["kind"]["call"]["callee"] = json!({"component": "fail"});
    for _ in 0..2 {
        assert_eq!(bench.run().state, State::Failed);
        assert!(bench.ran().contains(&"fail".to_owned()));
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_failure() {
    let mut bench = Bench::new(false);
    fs::create_dir_all(&bench.options.store).unwrap();
    fs::write(bench.options.store.join("cache"), "a file where a folder is needed").unwrap();
    for _ in 0..2 {
        let report = bench.run();
        assert_eq!((report.state, text_of(&report, "use").as_str()), (State::Succeeded, "hello:data 10"));
        assert!(hits(&report).starts_with('-'));
        assert!(bench.notices.iter().any(|told| told.starts_with("make: the result is not cached: ")));
    }
}

#[test]
fn what_killed_runs_have_left_is_removed() {
    let mut bench = Bench::new(false);
    bench.outcome();
    let cache = bench.options.store.join("cache");
    let key = "0".repeat(64);
    let left =
        [format!("{key}.20261124-020834-123-9f3a"), key, "partial/20261124-020834-123-9f3a".to_owned()];
    for name in &left {
        fs::create_dir_all(cache.join(name).join("deep")).unwrap();
        fs::write(cache.join(name).join("deep/file"), "left").unwrap();
    }
    assert_eq!(bench.outcome().1, HIT);
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
