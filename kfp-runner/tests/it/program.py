"""A program of steps that fulfil the executor contract, or violate it in one way each."""

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


def write_output(output, value):
    write_raw(output, json.dumps(value))


def write_raw(output, text):
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
            end(11, "permanent", "timed out waiting for " + path)
        time.sleep(0.005)


def touch(path):
    open(path, "w").close()


def count(path):
    with open(path, "a") as file:
        file.write("x")
    return os.path.getsize(path)


def echo():
    write_output("value", values["value"])


def fail():
    print("about to fail")
    end(values["code"], values["class"], values["message"])


def plain_fail():
    sys.exit(values["code"])


def flaky():
    attempts = count(values["counter"])
    if attempts < values["succeeds_at"]:
        end(values["code"], "transient", "attempt %d" % attempts)
    write_output("value", attempts)


def counted():
    write_output("value", count(values["counter"]))


def meet():
    touch(values["mine"])
    wait_for(values["theirs"])
    write_output("value", True)


def hang():
    if values["stubborn"]:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    touch(values["started"])
    while True:
        time.sleep(1)


def hang_once():
    """Hangs the first time, after writing everything that the runner reads."""
    if count(values["counter"]) == 1:
        for path in (
            os.environ["KFP_TERMINATION_LOG"],
            outputs["outputFile"],
            outputs["parameters"]["value"]["outputFile"],
        ):
            with open(path, "w") as file:
                file.write("a-leftover-secret")
            os.chmod(path, 0o644)
        touch(values["started"])
        while True:
            time.sleep(1)
    write_output("value", 7)


def silent():
    pass


def raw():
    write_raw("value", values["text"])


def die():
    os.kill(os.getpid(), values["signal"])


def fork():
    """Leaves a child process that would outlive the step."""
    child = subprocess.Popen(["sleep", "600"])
    write_output("value", child.pid)


def escape():
    """Leaves a child process in another session that keeps the output of the step open."""
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    write_output("value", child.pid)


def recorded():
    """Reports whether the parent has been recorded."""
    connection = sqlite3.connect(values["store"])
    pids = [pid for (pid,) in connection.execute("SELECT pid FROM attempts WHERE ended_at IS NULL")]
    write_output("value", os.getppid() in pids)


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
    """Replaces a file or folder with something else."""
    file = outputs["paths"]["file"]
    attempt = os.path.dirname(os.environ["KFP_TERMINATION_LOG"])
    os.makedirs(os.path.join(file, "deep"))
    write_output("value", 1)
    write_output("file", outputs["artifacts"]["file"]["artifacts"][0])
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
    write_output("value", True)


def secret():
    token = os.environ["KFP_SECRET_TOKEN"]
    print("the token is " + token)
    write_output("value", len(token))


def secret_fail():
    end(11, "permanent", "bad token " + os.environ["KFP_SECRET_TOKEN"])


def secret_artifact():
    value = dict(outputs["artifacts"]["file"]["artifacts"][0])
    value[values["field"] or "digest"] = os.environ["KFP_SECRET_TOKEN"] if values["field"] else "sha256:12"
    touch(outputs["paths"]["file"])
    write_output("file", value)


def hard_link():
    os.link(values["path"], outputs["paths"]["file"])
    write_output("file", outputs["artifacts"]["file"]["artifacts"][0])
    os.link(values["path"], os.path.join(os.path.dirname(os.environ["KFP_TERMINATION_LOG"]), "other"))


def environment():
    write_output("value", {name: os.environ[name] for name in values["names"]})


def write():
    value = dict(outputs["artifacts"]["file"]["artifacts"][0])
    value["metadata"] = {"size": len(values["text"])}
    with open(outputs["paths"]["file"], "w") as file:
        file.write(values["text"])
    write_output("file", value)
    if values["fails"]:
        end(11, "permanent", "failed after writing")


def read():
    (value,) = contract["inputs"]["artifacts"]["file"]["artifacts"]
    if value is None:
        write_output("text", "absent")
        return
    with open(contract["inputs"]["paths"]["file"]) as file:
        write_output("text", "%s %s" % (file.read(), value["metadata"].get("size")))


def read_all():
    folder = contract["inputs"]["paths"]["files"]
    texts = []
    for value in contract["inputs"]["artifacts"]["files"]["artifacts"]:
        with open(os.path.join(folder, value["key"].lstrip("/"))) as file:
            texts.append(file.read())
    write_output("value", texts)


def measure():
    value = dict(outputs["artifacts"]["scores"]["artifacts"][0])
    value["metadata"] = {"accuracy": values["number"], "note": "not a number"}
    touch(outputs["paths"]["scores"])
    write_output("scores", value)


def empty_artifact():
    write_output("file", outputs["artifacts"]["file"]["artifacts"][0])


def notify():
    status = {"state": values["state"], "failures": values["failures"], "number": values["number"]}
    write_output("value", status)


steps = dict(globals())
steps["number"] = steps["flag"] = steps["text"] = steps["optional"] = steps["numbers"] = echo
steps[name.replace("-", "_")]()
