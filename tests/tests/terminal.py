"""Runs a command on a terminal of its own, types an answer each time it is asked, and prints what it showed.

Usage: python3 terminal.py ANSWERS COMMAND..; ANSWERS is a JSON list of pairs: what is shown, what is typed then.
"""
import json
import os
import pty
import sys

answers, shown = json.loads(sys.argv[1]), ""
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:  # the other end is closed
        break
    if not chunk:
        break
    shown += chunk.decode()
    if answers and answers[0][0] in shown:
        question, answer = answers.pop(0)
        shown = shown[shown.index(question) + len(question):]
        os.write(terminal, (answer + "\n").encode())
    sys.stdout.write(chunk.decode())
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
