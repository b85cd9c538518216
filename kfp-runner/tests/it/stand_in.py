"""A program with steps that keep the executor contract, or break it in one way each."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time

name = sys.argv[2]
argument = sys.argv[sys.argv.index("--executor_input") + 1]
with open(argument[1:]) as file:
    contract = json.load(file)
values = contract["inputs"]["parameterValues"]
outputs = contract["outputs"]


def give(output, value):
    give_raw(output, json.dumps(value))


def give_raw(output, text):
    with open(outputs["parameters"][output]["outputFile"], "w") as file:
        file.write(text)


def end(code, failure_class, message):
    with open(os.environ["KFP_TERMINATION_LOG"], "w") as file:
        json.dump({"class": failure_class, "message": message}, file)
    sys.exit(code)


def wait_for(path):
    deadline = time.monotonic() + 20
    while not os.path.exists(path):
        if time.monotonic() > deadline:
            end(11, "permanent", "nobody came: " + path)
        time.sleep(0.005)


def touch(path):
    open(path, "w").close()


def count(path):
    with open(path, "a") as file:
        file.write("x")
    return os.path.getsize(path)


def echo():
    give("value", values["value"])


def fail():
    print("about to fail")
    end(values["code"], values["class"], values["message"])


def plain_fail():
    sys.exit(values["code"])


def flaky():
    tries = count(values["counter"])
    if tries < values["succeeds_at"]:
        end(values["code"], "transient", "try %d" % tries)
    give("value", tries)


def counted():
    give("value", count(values["counter"]))


def meet():
    touch(values["mine"])
    wait_for(values["theirs"])
    give("value", True)


def hang():
    if values["stubborn"]:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    touch(values["started"])
    while True:
        time.sleep(1)


def once_hang():
    """Hangs the first time only, with everything written that the runner would read."""
    if count(values["counter"]) == 1:
        for path in (
            os.environ["KFP_TERMINATION_LOG"],
            outputs["outputFile"],
            outputs["parameters"]["value"]["outputFile"],
        ):
            with open(path, "w") as file:
                file.write("a-secret-left-behind")
            os.chmod(path, 0o644)
        touch(values["started"])
        while True:
            time.sleep(1)
    give("value", 7)


def silent():
    pass


def raw():
    give_raw("value", values["text"])


def die():
    os.kill(os.getpid(), values["signal"])


def fork():
    """Leaves a child behind that would outlive the step by far."""
    child = subprocess.Popen(["sleep", "600"])
    give("value", child.pid)


def escape():
    """Leaves a child behind, in a session of its own, that holds the step's output."""
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    give("value", child.pid)


def recorded():
    """Whether the parent is on record by the time this runs."""
    connection = sqlite3.connect(values["store"])
    pids = [pid for (pid,) in connection.execute("SELECT pid FROM attempts WHERE ended_at IS NULL")]
    give("value", os.getppid() in pids)


def stop_parent():
    os.kill(os.getppid(), signal.SIGSTOP)
    time.sleep(600)


def kill_parent():
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    with open(values["child"], "w") as file:
        file.write(str(child.pid))
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def odd():
    """Puts something else in the place of a file or folder."""
    file = outputs["paths"]["file"]
    attempt = os.path.dirname(os.environ["KFP_TERMINATION_LOG"])
    os.makedirs(os.path.join(file, "deep"))
    give("value", 1)
    give("file", outputs["artifacts"]["file"]["artifacts"][0])
    place = {
        "parameter": outputs["parameters"]["value"]["outputFile"],
        "metadata": outputs["parameters"]["file"]["outputFile"],
        "artifact": file,
        "content": os.path.join(file, "deep", "odd"),
        "partial": os.path.dirname(file),
        "parameters": os.path.dirname(outputs["parameters"]["value"]["outputFile"]),
        "termination": os.environ["KFP_TERMINATION_LOG"],
        "log": os.path.join(attempt, "log"),
    }[values["place"]]
    if os.path.isdir(place):
        os.rename(place, os.path.join(attempt, "moved"))
    elif os.path.exists(place):
        os.remove(place)
    os.chdir(os.path.dirname(place))
    name = os.path.basename(place)
    if values["kind"] == "fifo":
        os.mkfifo(name)
    elif values["kind"] == "socket":
        socket.socket(socket.AF_UNIX).bind(name)
    elif values["kind"] == "folder":
        os.mkdir(name)
    else:
        os.symlink({"link": os.path.join(attempt, "moved"), "zero": "/dev/zero"}[values["kind"]], name)
    sys.exit(values["code"])


def spam():
    line = "x" * 1023 + "\n"
    for _ in range(values["megabytes"]):
        sys.stdout.write(line * 1024)
    print("the last line")
    give("value", True)


def secret():
    token = os.environ["KFP_SECRET_TOKEN"]
    print("the token is " + token)
    give("value", len(token))


def secret_fail():
    end(11, "permanent", "bad token " + os.environ["KFP_SECRET_TOKEN"])


def secret_artifact():
    value = dict(outputs["artifacts"]["file"]["artifacts"][0])
    value[values["field"] or "digest"] = os.environ["KFP_SECRET_TOKEN"] if values["field"] else "sha256:12"
    touch(outputs["paths"]["file"])
    give("file", value)


def hard_link():
    os.link(values["path"], outputs["paths"]["file"])
    give("file", outputs["artifacts"]["file"]["artifacts"][0])
    os.link(values["path"], os.path.join(os.path.dirname(os.environ["KFP_TERMINATION_LOG"]), "other"))


def environment():
    give("value", {name: os.environ[name] for name in values["names"]})


def write():
    value = dict(outputs["artifacts"]["file"]["artifacts"][0])
    value["metadata"] = {"size": len(values["text"])}
    with open(outputs["paths"]["file"], "w") as file:
        file.write(values["text"])
    give("file", value)
    if values["fails"]:
        end(11, "permanent", "failed after it wrote")


def read():
    (value,) = contract["inputs"]["artifacts"]["file"]["artifacts"]
    if value is None:
        give("text", "absent")
        return
    with open(contract["inputs"]["paths"]["file"]) as file:
        give("text", "%s %s" % (file.read(), value["metadata"].get("size")))


def read_all():
    folder = contract["inputs"]["paths"]["files"]
    texts = []
    for value in contract["inputs"]["artifacts"]["files"]["artifacts"]:
        with open(os.path.join(folder, value["key"].lstrip("/"))) as file:
            texts.append(file.read())
    give("value", texts)


def measure():
    value = dict(outputs["artifacts"]["scores"]["artifacts"][0])
    value["metadata"] = {"accuracy": values["number"], "note": "no number"}
    touch(outputs["paths"]["scores"])
    give("scores", value)


def empty_artifact():
    give("file", outputs["artifacts"]["file"]["artifacts"][0])


def notify():
    give("value", {"state": values["state"], "failures": values["failures"], "number": values["number"]})


steps = dict(globals())
steps["number"] = steps["flag"] = steps["text"] = steps["optional"] = steps["numbers"] = echo
steps[name.replace("-", "_")]()
