"""Runs one Python function as a step of a pipeline.

Usage: python3 -c SHIM STEP [--source SOURCE] --executor_input INPUT, each as text or as @ and the path of a
file with it. STEP describes the function, INPUT its arguments and the paths of its outputs; both are JSON.
SOURCE is Python, unless STEP contains it. Only the standard library is required. Modules that plain steps do not
need are imported where they are used, to reduce the start-up time.
"""
import json
import os
import sys

# Modules that are imported when needed, but before modules of the step that may have the same names.
LATER = "ast base64 decimal hashlib importlib.util linecache re stat tokenize traceback"
STANDARD = {}
CODES = {"data": 10, "permanent": 11, "transient": 75, "unknown": 1}
LIMIT = 32768
TERMINATION_LIMIT = 2048


class StepError(Exception):
    def __init__(self, kfp_class, message):
        super().__init__(message)
        self.kfp_class = kfp_class


def standard(name):
    """Returns a standard module, even if the step has a module of that name."""
    if name not in STANDARD:
        STANDARD[name] = __import__(name, fromlist=["*"])
    return STANDARD[name]


def encode(value):
    """Returns the canonical text of a value: sorted keys, Go's numbers, printable ASCII, nothing that Argo expands."""
    text = plain(value).replace("{" * 2, "{\\u007b").replace(chr(36), "\\u0024")
    return text.replace(chr(127), "\\u007f")


def plain(value):
    if value is None or value is True or value is False:
        return json.dumps(value)
    if isinstance(value, str):
        value.encode()
        return json.dumps(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(plain, value)) + "]"
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("it has keys that are not strings")
        return "{" + ",".join(plain(key) + ":" + plain(value[key]) for key in sorted(value)) + "}"
    raise ValueError("it contains a value of type `%s`, which is not JSON" % type(value).__name__)


def number(value):
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("NaN and infinity are not allowed in JSON")
    text = float.__repr__(value)
    if text.endswith(".0"):
        return text[:-2]
    if "e" not in text:
        return text
    if 1e-6 <= abs(value) < 1e21:
        return format(standard("decimal").Decimal(text), "f")
    digits, exponent = text.split("e")
    return "%se%s%d" % (digits, exponent[0], int(exponent[1:]))


# The encodings that each view of a string reverses, outermost first. The Rust runtime has the same list.
BACKSLASH, PERCENT, FORM, WRAPPED = range(4)
CHAINS = ((), (BACKSLASH,), (BACKSLASH, BACKSLASH), (PERCENT,), (FORM,))
CHAINS += ((BACKSLASH, FORM), (FORM, BACKSLASH), (BACKSLASH, WRAPPED))
SECRETS = {}


def find_secrets():
    """Finds the secrets of this step, by the names of their variables."""
    masked = os.environ.get("KFP_MASKED_VARIABLES", "").split(",")
    for name, value in os.environ.items():
        if (name.startswith("KFP_SECRET_") or name in masked) and value.strip():
            SECRETS[name] = patterns(value.strip())


def patterns(value):
    """Returns the encoded forms of a secret, whether to match only whole words, and the secret itself."""
    base64 = standard("base64")
    whole = value.encode("utf-8", "surrogateescape")
    if len(whole) < 4:
        return [whole], True, value
    found = set()
    lines = [line.strip() for line in value.split("\n")]
    for text in [value] + [line for line in lines if len(line.encode("utf-8", "surrogateescape")) >= 8]:
        data = text.encode("utf-8", "surrogateescape")
        found.update((data, data.hex().encode(), data.hex().upper().encode()))
        unicode = data.decode("utf-8", "replace")
        usual = json.dumps(unicode, ensure_ascii=False)[1:-1]
        for form in (data, usual.encode(), encode(unicode)[1:-1].encode()):
            for before in range(3):
                coded = base64.b64encode(bytes(before) + form + bytes(3))
                inside = coded[-(-before * 8 // 6) : (before + len(form)) * 8 // 6]
                found.update((inside, inside.translate(bytes.maketrans(b"+/", b"-_"))))
    return list(found), False, value


def meaning(encoding, match):
    """Returns the decoded bytes of an escape."""
    text = match[0]
    if encoding == WRAPPED:
        return b""
    if text == b"+":
        return b" "
    if text[:1] == b"%" or text[1:2] == b"x":
        return bytes([int(text[-2:], 16)])
    if text[1:2] in b"uU":
        if len(text) == 12:
            return json.loads('"%s"' % text.decode()).encode()
        code = int(text[2:].strip(b"{}"), 16)
        return chr(code).encode() if code < 0xD800 or 0xE000 <= code < 0x110000 else text
    plain, meant = b"nrtbfva", b"\n\r\t\b\f\v\a"
    return text[1:2].translate(bytes.maketrans(plain, meant))


def undo(encoding, data, places):
    """Returns the bytes with an encoding reversed, and the origin of each byte."""
    re = standard("re")
    escapes = (
        rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}"
        rb"|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[\x22\x27\\/nrtbfva])",
        rb"%[0-9a-fA-F]{2}",
        rb"%[0-9a-fA-F]{2}|\+",
        rb"[ \t\n\r\f]+",
    )
    undone, spans, position = bytearray(), [], 0
    for match in re.finditer(escapes[encoding], data):
        start, end = match.span()
        undone += data[position:start]
        spans += places[position:start]
        meant = meaning(encoding, match)
        undone += meant
        whole = meant == match[0]
        spans += places[start:end] if whole else [(places[start][0], places[end - 1][1])] * len(meant)
        position = end
    return bytes(undone + data[position:]), spans + places[position:]


def occurrences(data, secrets):
    """Yields the positions of the secrets in the bytes, in any encoding."""
    for chain in CHAINS:
        view, places = data, [(position, position + 1) for position in range(len(data))]
        for encoding in chain:
            view, places = undo(encoding, view, places)
        if chain and view == data:
            continue
        for forms, is_word, _ in secrets:
            for form in forms:
                if WRAPPED in chain and len(form) < 16:
                    continue
                start = view.find(form)
                while start >= 0:
                    end = start + len(form)
                    around = view[max(start - 1, 0) : start] + view[end : end + 1]
                    if not is_word or not any(chr(byte).isalnum() or byte == 95 or byte > 127 for byte in around):
                        yield places[start][0], places[end - 1][1]
                    start = view.find(form, start + 1)


def mask(text):
    """Returns the text with secrets replaced by stars."""
    if not SECRETS:
        return text
    data = text.encode("utf-8", "surrogateescape")
    masked, position = bytearray(), 0
    for start, end in sorted(occurrences(data, SECRETS.values())):
        if start >= position:
            masked += data[position:start] + b"***"
        position = max(position, end)
    return bytes(masked + data[position:]).decode("utf-8", "replace")


def secret_in(value):
    """Returns the variable of a secret that a string or key of the value contains, or that is one of its numbers."""
    if isinstance(value, dict):
        return secret_in(list(value)) or secret_in(list(value.values()))
    if isinstance(value, list):
        return next(filter(None, map(secret_in, value)), None)
    if isinstance(value, bool) or value is None:
        return None
    for name, secret in SECRETS.items():
        if isinstance(value, str):
            if next(occurrences(value.encode("utf-8", "surrogateescape"), [secret]), None):
                return name
        elif encode(value) == secret[2]:
            return name
    return None


def refuse_secrets(what, value):
    variable = secret_in(value)
    if variable:
        message = "%s contains the value of the secret in `%s`: " % (what, variable)
        message += "values are stored and displayed, so pass the secret directly to the steps that need it"
        raise StepError("data", message)


def unwrap(value, depth=0):
    """Converts numpy values, dataclasses and named tuples to JSON values."""
    if depth > 126:
        raise ValueError("it is nested too deeply: 125 levels are allowed")
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise ValueError("it contains an integer of more than 64 bits: use a float or a string")
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        return unwrap(value.tolist(), depth + 1)
    if hasattr(value, "__dataclass_fields__"):
        return {name: unwrap(getattr(value, name), depth + 1) for name in value.__dataclass_fields__}
    if hasattr(value, "_fields") and isinstance(value, tuple):
        return {name: unwrap(getattr(value, name), depth + 1) for name in value._fields}
    if isinstance(value, dict):
        return {key: unwrap(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [unwrap(item, depth + 1) for item in value]
    return value


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


CHECKS = {
    "text": lambda value: isinstance(value, str),
    "enum": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: is_number(value) and isinstance(value, int) and -(2**63) <= value < 2**63,
    "float": is_number,
    "list": lambda value: isinstance(value, list),
    "map": lambda value: isinstance(value, dict),
    "struct": lambda value: isinstance(value, dict),
    "any": lambda value: True,
}


class Artifact:
    schema_title = "system.Artifact"
    schema_version = "0.0.1"

    def __init__(self, name="", uri="", metadata=None, path=None):
        self.name, self.uri, self.metadata = name, uri, metadata or {}
        self.path = path or uri


class Model(Artifact):
    schema_title = "system.Model"

    @property
    def framework(self):
        return self.metadata.get("framework", "")

    @framework.setter
    def framework(self, value):
        self.metadata["framework"] = value


class Dataset(Artifact):
    schema_title = "system.Dataset"


class HTML(Artifact):
    schema_title = "system.HTML"


class Markdown(Artifact):
    schema_title = "system.Markdown"


class Metrics(Artifact):
    schema_title = "system.Metrics"

    def log_metric(self, metric, value):
        self.metadata[metric] = value


class ClassificationMetrics(Artifact):
    schema_title = "system.ClassificationMetrics"

    def log_roc_curve(self, fpr, tpr, threshold):
        points = zip(unwrap(fpr), unwrap(tpr), unwrap(threshold))
        names = ("falsePositiveRate", "recall", "confidenceThreshold")
        self.metadata["confidenceMetrics"] = [dict(zip(names, point)) for point in points]

    def log_confusion_matrix(self, categories, matrix):
        self.metadata["confusionMatrix"] = {
            "annotationSpecs": [{"displayName": category} for category in categories],
            "rows": [{"row": row} for row in unwrap(matrix)],
        }


# Artifacts of these types need no file if they have metadata.
METRICS = (Metrics.schema_title, ClassificationMetrics.schema_title)
KINDS = {
    kind.schema_title: kind
    for kind in (Artifact, Model, Dataset, HTML, Markdown, Metrics, ClassificationMetrics)
}


class Annotation:
    """Replaces Input[..] and Output[..]: annotations are ignored here, because the step defines the types."""

    def __class_getitem__(cls, item):
        return item

    def __init__(self, *_args):
        pass


def component(function=None, **_options):
    return function if function is not None else (lambda inner: inner)


def provide_kfp():
    """Provides a substitute for `kfp.dsl` if the package is not installed."""
    spec = standard("importlib.util").find_spec("kfp")
    if spec is not None and spec.origin is not None:  # a folder that happens to be called kfp has no origin
        return
    package, dsl = type(sys)("kfp"), type(sys)("kfp.dsl")
    package.__path__, package.dsl, dsl.component = [], dsl, component
    for name in ("Input", "Output", "InputPath", "OutputPath"):
        setattr(dsl, name, Annotation)
    for kind in KINDS.values():
        setattr(dsl, kind.__name__, kind)
    sys.modules.update({"kfp": package, "kfp.dsl": dsl})


def is_satisfied(requirement):
    from importlib import metadata

    try:
        from packaging.requirements import Requirement
    except ImportError:
        try:
            from pip._vendor.packaging.requirements import Requirement
        except ImportError:
            Requirement = Pinned
    parsed = Requirement(requirement)
    if parsed.marker is not None and not parsed.marker.evaluate():
        return True
    try:
        return parsed.specifier.contains(metadata.version(parsed.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False


class Pinned:
    """A requirement of the form `name==version; python_version < '3.10'`, for images that lack packaging."""

    def __init__(self, requirement):
        pin, _, marker = requirement.partition(";")
        self.name, _, self.version = (part.strip() for part in pin.partition("=="))
        self.specifier = self
        self.words = marker.split()
        self.marker = self if self.words else None

    def contains(self, version, prereleases):
        return version == self.version

    def evaluate(self):
        if len(self.words) != 3 or self.words[0] != "python_version":
            return True
        wanted = tuple(map(int, self.words[2].strip("'" + '"').split(".")))
        order = (sys.version_info[:2] > wanted) - (sys.version_info[:2] < wanted)
        return order in {"<": (-1,), "<=": (-1, 0), "==": (0,), "!=": (-1, 1), ">=": (0, 1), ">": (1,)}[self.words[1]]


def install(step, folder):
    """Installs missing packages in a folder next to the outputs."""
    missing = [requirement for requirement in step["packages"] if not is_satisfied(requirement)]
    if not missing:
        return
    if os.environ.get("KFP_PIP_NO_INSTALL"):
        raise StepError("permanent", "the image lacks %s, and installation is disabled" % ", ".join(missing))
    import subprocess

    target = os.path.join(folder, "packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", target] + (["--index-url", step["pip_index"]] if step["pip_index"] else [])
    if subprocess.call(command + missing) != 0:
        raise StepError("transient", "pip failed to install %s" % ", ".join(missing))
    sys.path.insert(0, target)


def write_modules(modules, folder):
    """Writes the modules next to the outputs, from where the source can import them."""
    target = os.path.join(folder, "modules")
    for name, source in modules.items():
        path = os.path.join(target, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(source)
    loaded = set(sys.modules)
    for name in LATER.split():
        standard(name)
    for name in set(sys.modules) - loaded:
        # The step still imports its own module.
        if name + ".py" in modules or name + "/__init__.py" in modules:
            del sys.modules[name]
    sys.path.insert(0, target)


def load(step):
    """Returns the function, loaded from its source."""
    if "kfp" in step["source"] + str(step.get("modules")):
        provide_kfp()
    module = type(sys)("kfp_step")
    module.__file__ = step["file"]
    sys.modules["kfp_step"] = module
    exec(compile(step["source"], step["file"], "exec"), module.__dict__)
    function = getattr(module, step["function"], None)
    function = getattr(function, "python_func", function)
    if not callable(function):
        raise StepError("permanent", "`%s` has no function `%s`" % (step["file"], step["function"]))
    return function


def artifact(value, path):
    kind = KINDS.get(value["type"]["schemaTitle"], Artifact)
    return kind(value.get("name", ""), value.get("uri", ""), dict(value.get("metadata") or {}), path)


def own_defaults(function):
    code = getattr(function, "__code__", None)
    if code is None:
        return set()
    names = code.co_varnames[: code.co_argcount]
    count = len(function.__defaults__ or ())
    return set(names[len(names) - count :] if count else ()) | set(function.__kwdefaults__ or ())


def artifact_list(values, folder):
    """Returns the artifacts of a list and its nested lists; each is stored under its key."""
    return [
        artifact_list(value, folder)
        if isinstance(value, list)
        else value and artifact(value, os.path.join(folder, value["key"].lstrip("/")))
        for value in values
    ]


def as_float(value, depth):
    """Converts integers to floats. `depth` is the nesting of lists around floats; None for other types."""
    if depth is None:
        return value
    if isinstance(value, list):
        return [as_float(item, depth - 1) for item in value]
    return float(value) if isinstance(value, int) else value


def whole_number(text):
    """`-0` is an integer in JSON's grammar, but only a float has that value."""
    return -0.0 if text == "-0" else int(text)


def input_value(name, spec, inputs):
    if spec["kind"] == "secret":
        upper = "".join(c.upper() if c.isascii() and c.isalnum() else "_" for c in name)
        return os.environ.get("KFP_SECRET_" + upper)
    if spec["kind"] == "parameter":
        value = inputs.get("parameterValues", {}).get(name)
        return as_float(spec.get("default") if value is None else value, spec.get("floats"))
    values = inputs.get("artifacts", {}).get(name, {}).get("artifacts", [])
    path = inputs.get("paths", {}).get(name)
    if spec.get("list"):
        return artifact_list(values or [], path)
    return artifact(values[0], path) if values and values[0] else None


def arguments(step, function, executor_input):
    given, defaults = {}, own_defaults(function)
    for name, spec in step["inputs"].items():
        value = input_value(name, spec, executor_input.get("inputs", {}))
        if value is None and name in defaults:
            continue
        if value is None and not spec["optional"]:
            raise StepError("data", "missing required input `%s`" % name)
        given[name] = value
    return given


def returned(step, result):
    """Returns the values by the names of the outputs."""
    names = step["returns"]
    if not names:
        return {}
    fields = getattr(result, "_fields", None) or getattr(result, "__dataclass_fields__", None)
    if fields is not None and all(name in fields for name in names):
        return {name: getattr(result, name) for name in names}
    if len(names) == 1:
        return {names[0]: result}
    if isinstance(result, dict):
        return {name: result[name] for name in names if name in result}
    if isinstance(result, (list, tuple)) and len(result) == len(names):
        return dict(zip(names, result))
    raise StepError("data", "expected the function to return %s, found %s" % (", ".join(names), type(result).__name__))


def parameter_text(name, spec, values):
    value, expected = values.get(name), spec["type"]
    if value is None and not spec["optional"]:
        raise StepError("data", "output `%s` was not written" % name)
    try:
        value = float(value) if expected == "float" and is_number(value) else unwrap(value)
        if value is not None and not CHECKS[expected](value):
            shown = type(value).__name__
            raise StepError("data", "output `%s`: expected type %s, found %s" % (name, expected, shown))
        return encode(value)
    except (ValueError, OverflowError) as error:
        raise StepError("data", "output `%s` cannot be written: %s" % (name, error)) from None


def artifact_text(name, spec, outputs, artifacts):
    path = outputs["paths"][name]
    value = dict(outputs["artifacts"][name]["artifacts"][0])
    is_metrics = value["type"]["schemaTitle"] in METRICS
    is_logged = is_metrics and artifacts[name].metadata != (value.get("metadata") or {})
    if is_logged and not os.path.lexists(path):
        # Every artifact has a file, so that it can be stored, and other steps can read it.
        open(path, "w").close()
    if not os.path.exists(path):
        if spec["optional"]:
            return "null"
        message = "artifact `%s` was not written: its path does not exist" % name
        raise StepError("data", message + (", and no metrics were logged" if is_metrics and not is_logged else ""))
    try:
        value["metadata"] = unwrap(artifacts[name].metadata, 1)
        digest = artifact_digest(value, path)
        return encode(dict(value, digest=digest) if digest else value)
    except (ValueError, UnicodeError) as error:
        raise StepError("data", "the metadata of artifact `%s` cannot be written: %s" % (name, error)) from None


def artifact_digest(value, path):
    """Returns the digest of an artifact: of its files, metadata, name and type, but not of its location."""
    hashlib = standard("hashlib")
    try:
        seen = {"content": content_digest(path)}
    except OSError:
        return None
    if seen["content"] is None:
        return None
    seen.update((field, value.get(field)) for field in ("metadata", "name", "type"))
    return "sha256:" + hashlib.sha256(encode(seen).encode()).hexdigest()


def content_digest(path):
    """Returns the digest of a file or folder, equal to that of `kfp-digest` in Rust, or None if it is too large."""
    hashlib, stat = standard("hashlib"), standard("stat")
    limit = os.environ.get("KFP_DIGEST_LIMIT", "")
    limit = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 20 else 10 << 30
    root = os.fsencode(path)
    entries, size, waiting = [], 0, [(root, b"", os.stat(root), [])]

    def too_large():
        return limit == 0 or size > limit or len(entries) + len(waiting) > 100000

    def visit(place, name, found, around):
        nonlocal size
        if stat.S_ISDIR(found.st_mode):
            around = around + [(found.st_dev, found.st_ino)]
            for entry in os.listdir(place):
                if too_large():
                    return
                inner = os.path.join(place, entry)
                below = name + b"/" + entry if name else entry
                target = os.stat(inner) if os.path.exists(inner) else None
                if os.path.islink(inner) and (target is None or (target.st_dev, target.st_ino) in around):
                    entries.append((below, b"l", os.readlink(inner)))
                else:
                    waiting.append((inner, below, os.stat(inner), around))
            if name:
                entries.append((name, b"d", b""))
        elif stat.S_ISREG(found.st_mode):
            size += found.st_size
            entries.append((name, b"x" if found.st_mode & 0o111 else b"f", place))
        else:
            raise OSError("neither a file nor a folder")

    def content(kind, place):
        total = hashlib.sha256(place if kind == b"l" else b"")
        if kind in b"fx":
            with open(place, "rb") as stream:
                for chunk in iter(lambda: stream.read(131072), b""):
                    total.update(chunk)
        return b"" if kind == b"d" else total.hexdigest().encode()

    while waiting and not too_large():
        visit(*waiting.pop())
    if too_large():
        return None
    if entries and entries[0][:2] == (b"", b"f"):
        return content(b"f", root).decode()
    total = hashlib.sha256(b"kfp-tree" + bytes(1))
    for name, kind, place in sorted(entries):
        total.update(kind + b" " + content(kind, place) + b" " + name + bytes(1))
    return total.hexdigest()


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = path + ".tmp"
    with open(temporary, "w", encoding="ascii", newline="") as file:
        file.write(text)
    os.replace(temporary, path)


def size(value):
    """Returns the size in bytes: of a string itself, and of any other value as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))


def finish(step, outputs, artifacts, values):
    """Writes all outputs, after all of them were checked."""
    texts = {}
    for name, spec in step["outputs"].items():
        is_artifact = spec["kind"] == "artifact"
        text = artifact_text(name, spec, outputs, artifacts) if is_artifact else parameter_text(name, spec, values)
        written = json.loads(text)
        what = "metadata of output `%s`" % name if is_artifact else "output `%s`" % name
        refuse_secrets(what, (written or {}).get("metadata") if is_artifact else written)
        length = size(written)
        if length > LIMIT:
            message = "output `%s` has %d bytes, more than the limit of %d: use an artifact" % (name, length, LIMIT)
            raise StepError("data", message)
        texts[name] = text
    for name, text in texts.items():
        write(outputs["parameters"][name]["outputFile"], text)
    decoded = {name: json.loads(text) for name, text in texts.items()}
    kinds = {name: spec["kind"] for name, spec in step["outputs"].items()}
    write(outputs["outputFile"], encode({
        "parameterValues": {name: value for name, value in decoded.items() if kinds[name] == "parameter"},
        "artifacts": {name: {"artifacts": [value]} for name, value in decoded.items() if kinds[name] == "artifact"},
    }))


def run(step, executor_input):
    outputs = executor_input["outputs"]
    if step["packages"]:
        install(step, os.path.dirname(outputs["outputFile"]))
    if "modules" in step:
        write_modules(step["modules"], os.path.dirname(outputs["outputFile"]))
    function = load(step)
    given = arguments(step, function, executor_input)
    artifacts = {}
    for name, path in outputs.get("paths", {}).items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        artifacts[name] = artifact(outputs["artifacts"][name]["artifacts"][0], path)
    values = returned(step, function(**given, **artifacts))
    finish(step, outputs, artifacts, values)


def clean(outputs):
    """Removes all outputs."""
    for output in outputs.get("parameters", {}).values():
        for path in (output["outputFile"], output["outputFile"] + ".tmp"):
            if os.path.exists(path):
                os.remove(path)
    for path in outputs.get("paths", {}).values():
        remove_all(path)


def remove_all(path):
    """Removes a file or folder of any depth."""
    folders = [path]
    try:
        if os.path.islink(path) or not os.path.isdir(path):
            return os.remove(path)
        for folder in folders:
            for entry in list(os.scandir(folder)):
                folders.append(entry.path) if entry.is_dir(follow_symlinks=False) else os.remove(entry.path)
        for folder in reversed(folders):
            os.rmdir(folder)
    except OSError:
        pass  # What cannot be removed remains.


def report(step, error):
    """Reports why the step failed, and returns the exit code."""
    kfp_class = getattr(error, "kfp_class", None)
    if kfp_class not in CODES:
        kfp_class = "transient" if isinstance(error, (ConnectionError, TimeoutError)) else "unknown"
    message = str(error)
    if not hasattr(error, "kfp_class"):
        message = "%s: %s" % (type(error).__name__, message) if message else type(error).__name__
    # Masked before truncation, because a part of a secret would not be found.
    message = mask(message)
    if not isinstance(error, StepError):
        linecache, traceback = standard("linecache"), standard("traceback")
        # The step has ended, and these modules import others when they are used.
        sys.modules.update(STANDARD)
        lines = step["source"].splitlines(True)
        linecache.cache[step["file"]] = (len(step["source"]), None, lines, step["file"])
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != "<string>"]
        if frames:
            lines = "".join(traceback.format_list(frames))
            sys.stderr.write("Traceback (most recent call last):\n" + mask(lines))
    sys.stderr.write("error: %s\n" % message)
    terminate(kfp_class, message)
    return CODES[kfp_class]


def terminate(kfp_class, message):
    path = os.environ.get("KFP_TERMINATION_LOG") or "/dev/termination-log"
    message = message.encode("utf-8", "replace").decode()[:TERMINATION_LIMIT]
    text = encode({"class": kfp_class, "message": message})
    while len(text) > TERMINATION_LIMIT - 1:
        message = message[: len(message) * 3 // 4]
        text = encode({"class": kfp_class, "message": message})
    if "KFP_TERMINATION_LOG" in os.environ or os.access(path, os.W_OK):
        with open(path, "w", encoding="ascii") as file:
            file.write(text + "\n")


def argument(text):
    if text.startswith("@/"):
        with open(text[1:], encoding="utf-8") as file:
            return file.read()
    return text


def main():
    find_secrets()
    step = json.loads(argument(sys.argv[1]))
    executor_input = argument(sys.argv[-1])
    executor_input = json.loads(executor_input, parse_int=whole_number)
    if sys.argv[2] == "--source":
        # A decorator also starts with @, but more than a path follows it.
        step["source"] = sys.argv[3] if "\n" in sys.argv[3] else argument(sys.argv[3])
    try:
        run(step, executor_input)
        return 0
    except SystemExit as error:
        if error.code in (None, 0):
            error = StepError("data", "the function exited before it returned its outputs")
        clean(executor_input["outputs"])
        code = report(step, error)
        return error.code if isinstance(getattr(error, "code", None), int) else code
    except Exception as error:
        clean(executor_input["outputs"])
        return report(step, error)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    code = main()
    sys.stdout.flush()
    sys.exit(code)
