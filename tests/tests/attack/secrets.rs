//! Secrets, on every channel out of a step and in every encoding.
//!
//! Python steps reveal their secrets in every possible way. Then everything that a run leaves behind is searched:
//! the output of `kfpc`, and every file of the store, including the database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use fastrand::Rng;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tests::Programs;
use tests::attack::{rounds, seed};

/// The steps and their encodings. `say` takes the encoding of a secret and a channel.
const STEPS: &str = r#"
import base64, json, os, subprocess, sys, urllib.parse

def canonical(secret):
    return json.dumps(secret).replace("{" * 2, "{\\u007b").replace(chr(36), "\\u0024").replace("\x7f", "\\u007f")

ENCODINGS = {
    "raw": str,
    "json": lambda s: json.dumps(s, ensure_ascii=False),
    "json-ascii": json.dumps,
    "canonical": canonical,
    "json-in-json": lambda s: json.dumps(json.dumps({"token": s})),
    "python": repr,
    "bytes": lambda s: repr(s.encode()),
    "quote": urllib.parse.quote,
    "quote-all": lambda s: urllib.parse.quote(s, safe=""),
    "quote-lower": lambda s: "".join("%%%02x" % byte for byte in s.encode()),
    "quote-plus": urllib.parse.quote_plus,
    "query-of-json": lambda s: urllib.parse.urlencode({"q": json.dumps({"token": s})}),
    "hex": lambda s: s.encode().hex(),
    "hex-upper": lambda s: s.encode().hex().upper(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64-1": lambda s: base64.b64encode(b"a" + s.encode() + b"bc").decode().rstrip("="),
    "base64-2": lambda s: base64.urlsafe_b64encode(b"ab" + s.encode() + b"c").decode(),
    "base64-lines": lambda s: base64.encodebytes(b"Authorization: Basic user:" + s.encode()).decode(),
    "base64-url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
}

def all_forms(secret):
    return {name: encode(secret) for name, encode in ENCODINGS.items()}

def log(token):
    for form in all_forms(token).values():
        print("[" + form + "]")
        print(form, file=sys.stderr)
        for size in (1, 7, 64):
            for start in range(0, len(form), size):
                sys.stdout.write(form[start:start + size])
                if size > 1:
                    sys.stdout.flush()
            print()
    print(os.environ["HOOK"])
    subprocess.run([sys.executable, "-c", "import os; print(os.environ['KFP_SECRET_TOKEN'])"])

def fail(token, how):
    raise RuntimeError("cannot log in with " + ENCODINGS[how](token) + " today")

def fail_with_hook(token):
    raise KeyError(os.environ["HOOK"])

def fail_long(token, before):
    raise RuntimeError("x" * before + token + token * 40)

def leave(token):
    sys.exit("cannot log in with " + token)

def report(token):
    message = {"class": "permanent", "message": "bad token " + token}
    with open(os.environ["KFP_TERMINATION_LOG"], "w") as file:
        json.dump(message, file)
    os._exit(3)

def output(token, how) -> str:
    return "prefix " + ENCODINGS[how](token) + " suffix"

def deep(token) -> dict:
    return {"list": [1, {"key": "a " + token}]}

def key(token) -> dict:
    return {token: 1}

def wrong_type(token) -> float:
    return token

def bypass(token) -> float:
    step = json.loads(open(sys.argv[-1][1:]).read())
    with open(step["outputs"]["parameters"]["result"]["outputFile"], "w") as file:
        file.write(json.dumps("x" * 60 + token))
    with open(step["outputs"]["outputFile"], "w") as file:
        file.write(token)
    os._exit(0)

def metadata(token, how, result):
    with open(result.path, "w") as file:
        file.write("nothing secret")
    result.metadata["note"] = ENCODINGS[how](token)

def build(result):
    os.makedirs(os.path.join(result.path, "deep"))
    for name in ("config.json", "deep/weights", "run.sh"):
        with open(os.path.join(result.path, name), "w") as file:
            file.write("nothing secret")
    os.chmod(os.path.join(result.path, "run.sh"), 0o777)

def read(model) -> str:
    return " ".join(sorted(os.listdir(model.path)))

def look_around() -> str:
    return json.dumps(dict(os.environ))

def list_failures(failures) -> str:
    print(failures)
    return json.dumps(failures)
"#;

const ENCODINGS: [&str; 19] = [
    "raw",
    "json",
    "json-ascii",
    "canonical",
    "json-in-json",
    "python",
    "bytes",
    "quote",
    "quote-all",
    "quote-lower",
    "quote-plus",
    "query-of-json",
    "hex",
    "hex-upper",
    "base64",
    "base64-1",
    "base64-2",
    "base64-lines",
    "base64-url",
];

/// A pipeline under construction.
#[derive(Default)]
struct Pipeline {
    tasks: Vec<Value>,
    components: Map<String, Value>,
}

impl Pipeline {
    /// Adds a component of the steps above, with these inputs and this output.
    fn component(&mut self, function: &str, inputs: &Value, output: Option<&Value>) {
        let outputs = output.map_or(json!({}), |r#type| json!({"result": {"type": r#type}}));
        let step = json!({"python": {"file": "steps.py", "source": STEPS, "function": function}});
        let component =
            json!({"name": function, "inputs": inputs, "outputs": outputs, "implementation": step});
        self.components.insert(function.to_owned(), component);
    }

    fn task(&mut self, name: &str, function: &str, arguments: &Value) {
        self.tasks.push(call(name, function, arguments));
    }

    /// Returns the document, with an exit handler that receives the failures.
    fn document(mut self) -> Value {
        let failures = json!({"field": {"of": {"reference": {"status": "all"}}, "name": "failures"}});
        self.component("list_failures", &json!({"failures": {"type": "any"}}), Some(&json!("text")));
        let exit = call("list_failures", "list_failures", &json!({"failures": failures}));
        let body = json!({"tasks": self.tasks});
        let handler = json!({"exit_handler": {"body": body, "exit": {"tasks": [exit]}}});
        let root = json!({"tasks": [{"id": "all", "name": "all", "kind": handler}]});
        json!({
            "schema_version": 1,
            "pipelines": [{"name": "leaky", "root": root}],
            "components": self.components,
        })
    }
}

fn call(name: &str, function: &str, arguments: &Value) -> Value {
    let call = json!({"callee": {"component": function}, "arguments": arguments});
    let policy = json!({"environment": {"HOOK": {"secret": {"name": "hook", "key": "url"}}}});
    json!({"id": name, "name": name, "kind": {"call": call}, "policy": policy})
}

/// Returns a pipeline that uses every channel, with these encodings for channels that need a task for each.
fn leaky(encodings: &[&str]) -> Value {
    let mut pipeline = Pipeline::default();
    let token = json!({"type": "secret"});
    let (with_token, text) = (json!({"token": token}), json!("text"));
    let arguments = json!({"token": {"constant": "account/token"}});
    for function in ["log", "fail_with_hook", "leave", "report"] {
        pipeline.component(function, &with_token, None);
        pipeline.task(function, function, &arguments);
    }
    for (function, r#type) in [
        ("deep", json!("any")),
        ("key", json!("any")),
        ("wrong_type", json!("float")),
        ("bypass", json!("float")),
    ] {
        pipeline.component(function, &with_token, Some(&r#type));
        pipeline.task(function, function, &arguments);
    }
    pipeline.component("fail_long", &json!({"token": token, "before": {"type": "integer"}}), None);
    for before in [1990, 2000, 2030] {
        let arguments = json!({"token": {"constant": "account/token"}, "before": {"constant": before}});
        pipeline.task(&format!("long-{before}"), "fail_long", &arguments);
    }
    let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
    pipeline.component("build", &json!({}), Some(&model));
    let mut build = call("build", "build", &json!({}));
    build["policy"] = json!({"cache": {"for": {"max_age": "1h"}}});
    pipeline.tasks.push(build);
    pipeline.component("read", &json!({"model": {"type": model}}), Some(&text));
    let built = json!({"model": {"reference": {"output": {"task": "build", "output": "result"}}}});
    pipeline.task("read", "read", &built);
    let choice = json!({"token": token, "how": {"type": "string"}});
    for (function, output) in [("fail", None), ("output", Some(&text)), ("metadata", Some(&model))] {
        pipeline.component(function, &choice, output);
        for how in encodings {
            let arguments = json!({"token": {"constant": "account/token"}, "how": {"constant": how}});
            pipeline.task(&format!("{function}-{how}"), function, &arguments);
        }
    }
    pipeline.document()
}

/// A folder with a pipeline and its secrets.
struct Attack {
    folder: TempDir,
    secrets: [String; 2],
}

impl Attack {
    fn new(document: &Value, secrets: [String; 2]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("leaky.json"), document.to_string()).unwrap();
        fs::write(folder.path().join("token"), &secrets[0]).unwrap();
        Self { folder, secrets }
    }

    /// Runs a command with umask 000 and returns its output.
    fn kfpc(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("sh");
        command
            .args(["-c", "umask 000; exec \"$0\" \"$@\""])
            .arg(&Programs::get().kfpc)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOOK_SOURCE", &self.secrets[1]);
        let output = command.output().unwrap();
        [output.stdout, output.stderr].iter().map(|bytes| String::from_utf8_lossy(bytes)).collect()
    }

    fn run(&self, more: &[&str]) -> String {
        let mut arguments = vec!["run", "leaky.json", "--store", "store"];
        arguments.extend(["--secret", "account/token=file:token", "--secret", "hook/url=env:HOOK_SOURCE"]);
        arguments.extend(more);
        self.kfpc(&arguments)
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Searches `bytes` for each form of each secret; `place` describes where they come from.
    #[track_caller]
    fn search(&self, place: &str, bytes: &[u8]) {
        for secret in &self.secrets {
            for (form, needle) in needles(secret) {
                let position = bytes.windows(needle.len()).position(|window| window == needle);
                if let Some(position) = position {
                    let around = &bytes[position.saturating_sub(200)..(position + 200).min(bytes.len())];
                    let around = String::from_utf8_lossy(around).into_owned();
                    panic!("seed {}: the secret {secret:?} is in {place} as {form}: {around:?}", seed());
                }
            }
        }
    }

    /// Searches everything that the runs have left behind.
    #[track_caller]
    fn search_store(&self) {
        let files = files(&self.store());
        assert!(files.iter().any(|file| file.ends_with("runs.sqlite")), "{files:?}");
        for file in files {
            if file.is_file() {
                self.search(&file.display().to_string(), &fs::read(&file).unwrap());
            }
        }
    }
}

/// Returns the folder and everything below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    if folder.is_dir() && !folder.is_symlink() {
        for entry in fs::read_dir(folder).unwrap() {
            found.extend(files(&entry.unwrap().path()));
        }
    }
    found
}

/// Returns the forms of a secret and of its beginning, computed without the code that masks secrets.
fn needles(secret: &str) -> Vec<(String, Vec<u8>)> {
    let mut needles: Vec<(String, String)> = vec![("it is".to_owned(), secret.to_owned())];
    let beginning: String = secret.chars().take(8).collect();
    needles.push(("its beginning".to_owned(), beginning));
    let json = json!(secret).to_string();
    needles.push(("JSON".to_owned(), json[1..json.len() - 1].to_owned()));
    let mut ascii = String::new();
    for unit in secret.encode_utf16() {
        match char::from_u32(u32::from(unit)).filter(|c| c.is_ascii_graphic() && !"\"\\".contains(*c)) {
            Some(c) => ascii.push(c),
            None if unit == u16::from(b' ') => ascii.push(' '),
            None if unit == u16::from(b'"') => ascii.push_str("\\\""),
            None if unit == u16::from(b'\\') => ascii.push_str("\\\\"),
            None if unit == u16::from(b'\n') => ascii.push_str("\\n"),
            None => write!(ascii, "\\u{unit:04x}").unwrap(),
        }
    }
    needles.push(("canonical JSON".to_owned(), ascii.replace("{{", "{\\u007b").replace('$', "\\u0024")));
    needles.push(("ASCII JSON".to_owned(), ascii));
    for (kept, space) in [("-_.~/", "%20"), ("-_.~", "%20"), ("-_.~", "+"), ("", "%20")] {
        let escaped = |byte: u8| match char::from(byte) {
            ' ' => space.to_owned(),
            c if kept.contains(c) || c.is_ascii_alphanumeric() => c.to_string(),
            _ => format!("%{byte:02X}"),
        };
        needles.push(("percent encoding".to_owned(), secret.bytes().map(escaped).collect()));
    }
    let every: String = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
    needles.push(("every byte in percent encoding".to_owned(), every.clone()));
    needles.push(("hexadecimal digits".to_owned(), every.replace('%', "")));
    needles.push(("uppercase hexadecimal digits".to_owned(), every.replace('%', "").to_uppercase()));
    let mut needles: Vec<(String, Vec<u8>)> =
        needles.into_iter().map(|(form, text)| (form, text.into_bytes())).collect();
    for before in 0..3 {
        // The bytes around the secret only change the first and last characters.
        let whole = [&b"xx"[..before], secret.as_bytes(), b"xx"].concat();
        let coded = base64(&whole);
        let middle = coded[(before * 8).div_ceil(6)..(before + secret.len()) * 8 / 6].to_owned();
        needles.push((
            format!("URL-safe base64 at {before}"),
            middle.replace('+', "-").replace('/', "_").into_bytes(),
        ));
        needles.push((format!("base64 at {before}"), middle.into_bytes()));
    }
    needles.retain(|(_, needle)| needle.len() >= 6);
    needles
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let sextet = |bits: &[u8]| (0..6).fold(0, |acc, idx| acc << 1 | bits.get(idx).copied().unwrap_or(0));
    bits.chunks(6).map(|bits| char::from(ALPHABET[usize::from(sextet(bits))])).collect()
}

#[test]
fn no_secret_leaks_on_any_channel_in_any_encoding() {
    let token = "Tr0ub4dor & \"x\\y\" $(HOME){{z}} é/+%41".to_owned();
    let hook = "Zq81WvT0 https://hooks.example.org/T024/B7?key='~x".to_owned();
    let attack = Attack::new(&leaky(&ENCODINGS), [token, hook]);
    let printed = attack.run(&["--format", "json", "--parallelism", "3"]);
    attack.search("the output of `run`", printed.as_bytes());
    let tasks = tasks(&printed);
    let message = |name: &str| {
        let task =
            tasks.iter().find(|task| task["name"] == name).unwrap_or_else(|| panic!("{name}: {printed}"));
        (task["message"].as_str().unwrap_or_default().to_owned(), task["class"].clone())
    };
    let functions = ["deep", "key", "bypass"].map(str::to_owned);
    let outputs = ENCODINGS.iter().flat_map(|how| [format!("output-{how}"), format!("metadata-{how}")]);
    for name in outputs.chain(functions) {
        let (message, class) = message(&name);
        assert!(message.contains("contains the value of the secret"), "{name}: {message}");
        assert_eq!(class, "data", "{name}: {message}");
    }
    for name in ENCODINGS.iter().map(|how| format!("fail-{how}")) {
        let (message, _) = message(&name);
        assert!(
            message.starts_with("RuntimeError: cannot log in with ") && message.contains("***"),
            "{message}"
        );
    }
    assert_eq!(message("report").0, "bad token ***");
    for arguments in [["runs", "show", "last"].as_slice(), &["runs", "ls"]] {
        let arguments = [arguments, &["--store", "store"]].concat();
        attack.search("the output of `runs`", attack.kfpc(&arguments).as_bytes());
    }
    attack.search_store();
}

/// Returns the tasks of a run from the output of `kfpc run --format json`.
fn tasks(printed: &str) -> Vec<Value> {
    let report = serde_json::Deserializer::from_str(printed).into_iter::<Value>().next();
    let report = report.and_then(Result::ok).unwrap_or_else(|| panic!("no report: {printed}"));
    report["tasks"].as_array().unwrap().clone()
}

#[test]
fn a_step_has_only_its_own_secrets() {
    let mut pipeline = Pipeline::default();
    pipeline.component("look_around", &json!({}), Some(&json!("text")));
    let mut task = call("look-around", "look_around", &json!({}));
    task["policy"] = json!({});
    pipeline.tasks.push(task);
    let attack =
        Attack::new(&pipeline.document(), ["token-of-another".to_owned(), "hook-of-another".to_owned()]);
    let printed = attack.run(&["--format", "json"]);
    let tasks = tasks(&printed);
    let task = tasks.iter().find(|task| task["name"] == "look-around").unwrap();
    let text = task["outputs"]["result"].as_str().unwrap_or_else(|| panic!("{printed}"));
    assert!(text.contains("KFP_RETRIES") && !text.contains("HOOK_SOURCE"), "{text}");
    attack.search_store();
}

#[test]
fn a_store_is_private_whatever_the_umask() {
    let attack =
        Attack::new(&leaky(&["raw"]), ["a-token-of-some-kind".to_owned(), "a-hook-of-some-kind".to_owned()]);
    let printed = attack.run(&[]);
    attack.search("the output of `run`", printed.as_bytes());
    let open = |attack: &Attack| -> Vec<String> {
        let is_open = |file: &PathBuf| {
            let metadata = fs::symlink_metadata(file).unwrap();
            !metadata.is_symlink() && metadata.mode() & 0o077 != 0
        };
        let open = files(&attack.store()).into_iter().filter(is_open);
        open.map(|file| format!("{:o} {}", fs::metadata(&file).unwrap().mode(), file.display())).collect()
    };
    assert_eq!(open(&attack), Vec::<String>::new());
    assert!(files(&attack.store()).len() > 30);
    assert!(attack.store().join("cache/objects").exists());

    // The permissions of a store of an earlier version are tightened.
    for file in files(&attack.store()) {
        let mode = if file.is_dir() { 0o777 } else { 0o666 };
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    }
    attack.run(&[]);
    assert_eq!(open(&attack), Vec::<String>::new());
}

/// Returns a secret of hostile characters that begins with eight unique ones.
fn secret(random: &mut Rng) -> String {
    const PARTS: [&str; 28] = [
        "\"", "\\", "$", "{{", "}}", "${", "$(", "%", "%41", "+", " ", "/", "é", "🦀", "ß", "\n", "'", "&",
        "=", ".*", "(?i)", "[a", "\\n", "\\u0041", "<b>", "#", "~", "\t",
    ];
    let mut secret = String::new();
    for _ in 0..8 {
        secret.push(char::from(b"QWXZKJVY23456789"[random.usize(..16)]));
    }
    for _ in 0..=random.usize(..20) {
        secret.push_str(PARTS[random.usize(..PARTS.len())]);
    }
    secret.push('e');
    secret
}

#[test]
fn random_secrets_stay_secret() {
    let mut random = Rng::with_seed(seed());
    for _ in 0..rounds(1) {
        let encoding = ENCODINGS[random.usize(..ENCODINGS.len())];
        let attack = Attack::new(&leaky(&[encoding]), [secret(&mut random), secret(&mut random)]);
        let printed = attack.run(&["--format", "json", "--parallelism", "3"]);
        assert!(printed.contains("***"), "{printed}");
        attack.search("the output of `run`", printed.as_bytes());
        attack.search_store();
    }
}
