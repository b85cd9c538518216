//! `kfpc bind`: the signatures that it prints are committed next to the Python sources and compile here.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(unreachable_pub, reason = "the signatures are meant for a library but compiled in a test")]

use std::fs;
use std::path::Path;
use std::process::Output;

use kfp_sdk::{Call, Outputs};
use tests::{Programs, workspace};

/// Compiles the committed signatures as user code.
macro_rules! signatures {
    ($($function:ident in $source:literal;)*) => {
        $(
            mod $function {
                include!(concat!("bind/sources/", stringify!($function), ".rs"));
            }
        )*

        /// The sources and functions whose signatures are committed.
        const COMMITTED: &[(&str, &str)] = &[$(($source, stringify!($function))),*];
    };
}

signatures! {
    every_type in "types.py";
    every_default in "types.py";
    nothing in "returns.py";
    unannotated in "returns.py";
    one in "returns.py";
    a_list in "returns.py";
    unknown in "returns.py";
    anything in "returns.py";
    named in "returns.py";
    taken in "returns.py";
    typed_dict in "returns.py";
    a_pair in "returns.py";
    in_place in "returns.py";
    scores in "returns.py";
    clashes in "returns.py";
    model in "returns.py";
    train_model in "component.py";
}

fn bind(folder: &Path, arguments: &[&str]) -> Output {
    Programs::get().kfpc(folder).arg("bind").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_committed_signatures_are_up_to_date() {
    let folder = workspace().join("tests/tests/bind/sources");
    for (source, function) in COMMITTED {
        // The component of `component.py` is found without its Python name, which differs from the Rust name.
        let place =
            if *source == "component.py" { (*source).to_owned() } else { format!("{source}:{function}") };
        let output = bind(&folder, &[&place]);
        assert!(output.status.success(), "{function}: {}", text(&output.stderr));
        let path = folder.join(format!("{function}.rs"));
        if std::env::var_os("KFPC_UPDATE_EXAMPLES").is_some() {
            fs::write(&path, &output.stdout).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text(&output.stdout), committed, "{function}: run with KFPC_UPDATE_EXAMPLES=1");
    }
}

fn has_outputs<O: Copy>(_: impl Call<Outputs = O>, _: fn(O)) {}

fn is_outputs<T: Outputs>() {}

#[test]
fn signatures_are_components() {
    has_outputs(one::One::new().text("a"), |outputs| {
        let _: kfp_sdk::Out<String> = outputs.output;
    });
    has_outputs(named::Named::new(), |outputs| {
        let _: (kfp_sdk::Out<f64>, kfp_sdk::Out<f64>) = (outputs.accuracy, outputs.loss);
    });
    has_outputs(every_default::EveryDefault::new(), |_| {});
    is_outputs::<every_type::Report>();
}

#[test]
fn unsupported_functions_are_reported_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("step.py");
    for (source, message, line) in [
        ("def f(:\n    pass\n", "invalid Python in `step.py`: ", ":1"),
        ("\ndef f(*rows): pass\n", "`f` cannot be a step: it has the variadic argument `*rows`", ":2"),
        ("def f(a, **more): pass\n", "`f` cannot be a step: it has the variadic argument `**more`", ":1"),
        ("def f(a, /): pass\n", "`f` cannot be a step: it has positional-only arguments", ":1"),
        ("async def f(): pass\n", "`f` cannot be a step: it is asynchronous", ":1"),
        ("def f(\n    größe: int,\n): pass\n", "invalid name `größe`: expected only the characters", ":2"),
        ("def f(self): pass\n", "invalid name `self`: it is reserved in Rust", ":1"),
        (
            "def f() -> Model: pass\n",
            "`f` returns the artifact `Model`: declare an argument `model: Output[Model]` instead",
            ":1",
        ),
    ] {
        fs::write(&path, source).unwrap();
        let output = bind(folder.path(), &["step.py"]);
        assert_eq!(output.status.code(), Some(1), "{source}");
        let report = text(&output.stderr);
        assert!(report.starts_with(&format!("error: {message}")), "{report}");
        assert!(report.contains(&format!(" --> step.py{line}\n")), "{report}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn sources_may_declare_any_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("step.py");
    let latin: &[u8] = b"# coding: latin-1\r\ndef step(a: str = 'gr\xf6\xdfe'): pass\r\n";
    fs::write(&path, latin).unwrap();
    let output = bind(folder.path(), &["step.py"]);
    assert!(text(&output.stdout).contains("#[default(\"größe\")] a: String,"), "{}", text(&output.stderr));
    fs::write(&path, &latin[19..]).unwrap();
    let output = bind(folder.path(), &["step.py"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).starts_with("error: invalid Python in `step.py`: "),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn an_ambiguous_function_must_be_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("two.py"), "def a(): pass\ndef b(): pass\nclass C:\n  def c(self): pass\n")
        .unwrap();
    fs::write(folder.path().join("none.py"), "print('hello')\n").unwrap();
    for (arguments, message) in [
        (&["two.py"][..], "there are several functions in `two.py`: select one as `two.py:a`, of `a`, `b`"),
        (&["two.py:c"], "unknown function `c`: the top-level functions of `two.py` are `a`, `b`"),
        (&["none.py"], "there are no top-level functions in `none.py`"),
        (&["gone.py"], "cannot read `gone.py`"),
        (
            &["two.py:a", "--python", "./gone"],
            "cannot start `./gone`: pass the path of Python with `--python PATH`",
        ),
    ] {
        let output = bind(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let report = text(&output.stderr);
        assert!(report.starts_with(&format!("error: {message}")), "{report}");
    }
    assert!(bind(folder.path(), &["two.py:b"]).status.success());
}

#[test]
fn the_source_is_not_executed() {
    let folder = tempfile::tempdir().unwrap();
    let source =
        "open('ran', 'w')\nimport package_that_is_not_there\ndef step(rows: int) -> int: return rows\n";
    fs::write(folder.path().join("step.py"), source).unwrap();
    let output = bind(folder.path(), &["step.py", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&printed["function"], &printed["file"]), (&"step".into(), &"step.py".into()));
    assert!(printed["rust"].as_str().unwrap().contains("pub fn step(\n    rows: i64,\n) -> i64;\n"));
    assert!(!folder.path().join("ran").exists());
}
