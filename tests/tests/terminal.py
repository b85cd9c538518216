"""Runs a command on a new terminal, types an answer at each prompt, and prints the terminal output.

Usage: python3 terminal.py ANSWERS COMMAND..; ANSWERS is a JSON list of pairs: a prompt, and the answer to type.
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
        prompt, answer = answers.pop(0)
        shown = shown[shown.index(prompt) + len(prompt):]
        os.write(terminal, (answer + "\n").encode())
    sys.stdout.write(chunk.decode())
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
