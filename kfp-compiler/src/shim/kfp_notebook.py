import json
import os
import re
import sys
import tempfile

TRANSIENT = ("ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "ConnectionAbortedError")
TRANSIENT += ("BrokenPipeError", "TimeoutError")

# The artifact objects in a notebook, and the function that writes its outputs at the end.
KERNEL = """
import json as _json, os as _os

class _Artifact:
    def __init__(self, fields):
        self.name, self.uri, self.path, self.metadata = (fields[key] for key in ("name", "uri", "path", "metadata"))

    @property
    def framework(self):
        return self.metadata.get("framework", "")

    @framework.setter
    def framework(self, value):
        self.metadata["framework"] = value

    def log_metric(self, metric, value):
        self.metadata[metric] = value

    def log_roc_curve(self, fpr, tpr, threshold):
        names = ("falsePositiveRate", "recall", "confidenceThreshold")
        self.metadata["confidenceMetrics"] = [dict(zip(names, point)) for point in zip(fpr, tpr, threshold)]

    def log_confusion_matrix(self, categories, matrix):
        specs = [{"displayName": category} for category in categories]
        rows = [{"row": list(row)} for row in matrix]
        self.metadata["confusionMatrix"] = {"annotationSpecs": specs, "rows": rows}

def _artifacts(fields):
    if isinstance(fields, list):
        return [_artifacts(item) for item in fields]
    return fields and _Artifact(fields)

def _plain(value):
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "__dataclass_fields__"):
        return {name: getattr(value, name) for name in value.__dataclass_fields__}
    return list(value)

def _write_outputs(path, outputs, artifacts):
    names = globals()
    result = {
        "values": {name: names[name] for name in outputs if name in names},
        "metadata": {name: names[name].metadata for name in artifacts if hasattr(names.get(name), "metadata")},
    }
    with open(path, "w", encoding="utf-8") as file:
        _json.dump(result, file, default=_plain)
"""


def run_notebook(**given):
    """Runs the notebook with these values, and returns the variables with the names of its outputs."""
    import __main__ as shim
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from traitlets.config import Config

    class Client(NotebookClient):
        def process_message(self, message, cell, cell_index):
            output = super().process_message(message, cell, cell_index)
            if output is not None:
                show(output)
            return output

    folder = tempfile.mkdtemp()
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        os.environ.setdefault(name, os.path.join(folder, name.lower()))
    # The kernel is a separate process and needs the packages of this one.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    result_file = os.path.join(folder, "result.json")
    notebook = nbformat.reads(json.dumps(with_cells(json.loads(NOTEBOOK), given, result_file)), as_version=4)
    # Kernels start slowly on a busy node; cells have the timeout of the step.
    timeouts = {"startup_timeout": 300, "timeout": None}
    # Prevents access to the kernel from the network and by other users. Without `ip`, the sockets of all kernels have
    # the same names in the current folder, so kernels that run at the same time receive each other's messages.
    config = Config(ConnectionFileMixin={"transport": "ipc", "ip": os.path.join(folder_of_sockets(folder), "kernel")})
    try:
        Client(notebook, config=config, kernel_name="python3", **timeouts).execute()
    except CellExecutionError as error:
        kfp_class = "transient" if error.ename in TRANSIENT else "unknown"
        raise shim.StepError(kfp_class, "%s: %s" % (error.ename, error.evalue)) from None
    with open(result_file, encoding="utf-8") as file:
        result = json.load(file)
    for name, metadata in result["metadata"].items():
        given[name].metadata = metadata
    values = result["values"]
    return values.get(OUTPUTS[0]) if len(OUTPUTS) == 1 else values


def folder_of_sockets(folder):
    """Returns the folder, or one with a shorter path if the paths of sockets in it would exceed the limit of Unix."""
    return folder if len(os.fsencode(folder)) < 80 else tempfile.mkdtemp(dir="/tmp")


def with_cells(notebook, given, result_file):
    """Returns the notebook with a cell of inputs after the parameters, like papermill, and with a last cell."""
    cells = [cell for cell in notebook["cells"] if "injected-parameters" not in tags(cell)]
    position = next((place + 1 for place, cell in enumerate(cells) if "parameters" in tags(cell)), 0)
    artifacts = [name for name, value in given.items() if is_artifact(value)]
    cells.insert(position, code(KERNEL + "\n".join(line(*item) for item in given.items()), "injected-parameters"))
    cells.append(code("_write_outputs(%r, %r, %r)" % (result_file, OUTPUTS, artifacts), "kfp-outputs"))
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
        if notebook.get("nbformat_minor", 0) >= 5:
            cell.setdefault("id", "kfp-%d" % place)
    return dict(notebook, cells=cells)


def tags(cell):
    return cell.get("metadata", {}).get("tags", [])


def code(source, tag):
    return {"cell_type": "code", "metadata": {"tags": [tag]}, "source": source}


def line(name, value):
    if name in SECRETS:
        return "%s = _os.environ.get(%r)" % (name, SECRETS[name])
    make = "_artifacts(%s)" if describes(value) else "%s"
    return "%s = %s" % (name, make % ("_json.loads(%r)" % json.dumps(plain(value))))


def is_artifact(value):
    return hasattr(value, "metadata") and hasattr(value, "path")


def describes(value):
    return any(map(describes, value)) if isinstance(value, list) else is_artifact(value)


def plain(value):
    if isinstance(value, list):
        return [plain(item) for item in value]
    if is_artifact(value):
        return {"name": value.name, "uri": value.uri, "path": value.path, "metadata": value.metadata}
    return value


def show(output):
    if output["output_type"] == "stream":
        stream = sys.stderr if output["name"] == "stderr" else sys.stdout
        stream.write(output["text"])
    elif output["output_type"] == "error":
        colours = re.compile("\x1b\\[[0-9;]*m")
        sys.stderr.write(colours.sub("", "\n".join(output["traceback"])) + "\n")
    else:
        print(output["data"].get("text/plain", ""))
