"""Steps that start processes which try to stay alive."""

import os
import signal
import subprocess
import sys
import time

LASTING = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def start_lasting(folder):
    """Starts a child, a child in its own session, and an orphan without the environment of the step."""
    lasting = [sys.executable, "-S", "-c", LASTING, folder]
    subprocess.Popen(lasting)
    subprocess.Popen(lasting, start_new_session=True)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve(lasting[0], lasting, {})
        os._exit(0)
    os.wait()


def note(folder, name):
    with open(os.path.join(folder, name), "a") as file:
        file.write("x\n")


def leave_processes(folder, name):
    """Leaves processes behind, and takes a short time."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(folder, name)
    start_lasting(folder)
    time.sleep(0.05 * (int(name.split("-")[1]) % 7))
    return name


def hang(folder, name):
    """Leaves processes behind, and never ends."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    start_lasting(folder)
    note(folder, name)
    time.sleep(600)
    return name
