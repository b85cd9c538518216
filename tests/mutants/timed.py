"""Runs a test program: `timed.py SECONDS PROGRAM`. Prints as JSON whether it passes (null if it times out) and how many
seconds it took. Processes that it leaves running are killed."""

import json
import os
import signal
import subprocess
import sys
import time


def main():
    begun = time.monotonic()
    process = subprocess.Popen(
        ["nice", "-n", "19", sys.argv[2], "--quiet"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    try:
        passes = process.wait(timeout=float(sys.argv[1])) == 0
    except subprocess.TimeoutExpired:
        passes = None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    json.dump({"passes": passes, "seconds": time.monotonic() - begun}, sys.stdout)


main()
