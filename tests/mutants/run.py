#!/usr/bin/env python3
"""Measures how many mutants the tests catch: tries a fixed sample of what `cargo mutants` would change, one by one.

Usage: run.py [OPTIONS] COPY; README.md says what it does and needs. COPY is a folder outside the workspace, which is
created or updated. Options:

--seed NUMBER     takes a different sample
--show            prints the sample and exits
--only NUMBER     tries only that mutant of the sample; may be repeated
--jobs NUMBER     number of mutants to try in parallel (default 1)
--outcomes FILE   continues a stopped run from the outcomes in the file, and appends to it
--minutes NUMBER  starts no further mutant after that time
--wrap COMMAND    a command to put before each build and each test program
"""

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from switches import SWITCH, Switches, offset

HERE = Path(__file__).resolve().parent
WORKSPACE = HERE.parents[1]

SEED = 20260704
# The mutated folder, the tests that should catch the mutants, and the sample size.
AREAS = {
    "evaluator": ("kfp-runner/src/evaluate", "runner", 40),
    "lowering": ("kfp-compiler/src/lower", "compiler", 100),
    "scheduler": ("kfp-runner/src/schedule", "runner", 60),
}
# Fast ones first: the package, then the cargo target.
TESTS = {
    "compiler": [("kfp-compiler", "lowering"), ("kfp-compiler", "kfp_compiler")],
    "runner": [("kfp-runner", "kfp_runner"), ("kfp-runner", "harness"), ("kfp-runner", "it"), ("tests", "conformance")],
}
SHORTEST_TIMEOUT = 30


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("copy", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", type=int, action="append")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--outcomes", type=Path)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--wrap", default="")
    options = parser.parse_args()
    mutants = sample(options.seed)
    if options.show:
        for mutant in mutants:
            print(mutant["number"], mutant["name"])
        return
    outcomes = Outcomes(options.outcomes)
    bench = Bench(options.copy.resolve(), shlex.split(options.wrap), options.jobs, outcomes)
    bench.until = time.monotonic() + 60 * options.minutes
    bench.run(mutants, options.only)
    outcomes.report(mutants)


def sample(seed):
    """Returns the sampled mutants, numbered from 1, in source order.

    They are selected by a hash of the change and its function, so that most of the sample stays the same while the
    workspace changes around it.
    """
    files = [argument for folder, *_ in AREAS.values() for argument in ("--file", folder + "/**")]
    command = ["cargo", "mutants", "--list", "--json", *files]
    found = json.loads(subprocess.run(command, cwd=WORKSPACE, check=True, capture_output=True).stdout)
    found.sort(key=place)
    alike = Counter()
    for mutant in found:
        what = re.sub(r":\d+:\d+:", ":", mutant["name"])
        alike[what] += 1
        mutant["hash"] = hashlib.sha256(f"{seed} {what} {alike[what]}".encode()).hexdigest()
        mutant["area"] = next(area for area, (folder, *_) in AREAS.items() if mutant["file"].startswith(folder))
    found.sort(key=lambda mutant: mutant["hash"])
    chosen = []
    for area, (_, _, size) in AREAS.items():
        chosen += [mutant for mutant in found if mutant["area"] == area][:size]
    chosen.sort(key=place)
    for number, mutant in enumerate(chosen, 1):
        mutant["number"] = number
    print(f"{len(chosen)} of {len(found)} mutants, seed {seed}", flush=True)
    return chosen


def place(mutant):
    start = mutant["span"]["start"]
    return (mutant["file"], start["line"], start["column"], mutant["replacement"])


class Outcomes:
    """The outcome of each mutant by name, and what a continued run does not need to find out again: which mutants
    are built separately, and the time limits of the tests."""

    def __init__(self, path):
        self.path, self.known, self.alone, self.limits = path, {}, set(), {}
        if path and path.exists():
            for line in path.read_text().splitlines():
                kind, what, value = json.loads(line)
                self.note(kind, what, value)

    def note(self, kind, what, value):
        if kind == "alone":
            self.alone.add(what)
        else:
            {"outcome": self.known, "limits": self.limits}[kind][what] = value

    def add(self, kind, what, value=None):
        self.note(kind, what, value)
        if self.path:
            with self.path.open("a") as file:
                file.write(json.dumps([kind, what, value]) + "\n")

    def record(self, mutant, outcome):
        print(f"{mutant['number']:4} {outcome:24} {mutant['name']}", flush=True)
        self.add("outcome", mutant["name"], outcome)

    def report(self, mutants):
        print("\n| area | mutants | unviable | caught | timed out | missed | share |\n|---|---|---|---|---|---|---|")
        for area in [*AREAS, None]:
            of = [self.known[m["name"]] for m in mutants if area in (None, m["area"]) and m["name"] in self.known]
            unviable, missed = of.count("unviable"), of.count("missed")
            late = sum(outcome.startswith("time") for outcome in of)
            caught = len(of) - unviable - missed - late
            share = 100 * (caught + late) / max(1, len(of) - unviable)
            print(f"| {area or 'all'} | {len(of)} | {unviable} | {caught} | {late} | {missed} | {share:.1f} % |")


class Bench:
    """A copy of the workspace in which mutants are built and tried."""

    def __init__(self, copy, wrap, jobs, outcomes):
        self.copy, self.wrap, self.jobs, self.outcomes = copy, wrap, jobs, outcomes

    def run(self, mutants, only):
        wanted = [m for m in mutants if m["name"] not in self.outcomes.known and (not only or m["number"] in only)]
        if not wanted:
            return
        alone = self.outcomes.alone
        if any(m["name"] not in alone for m in wanted) or not alone:
            self.build_switched(mutants)
        for group in TESTS:
            of = [m for m in wanted if AREAS[m["area"]][1] == group and m["name"] not in alone]
            if of:
                self.run_group(group, of)
        for mutant in wanted:
            if mutant["name"] in alone and time.monotonic() < self.until:
                self.outcomes.record(mutant, self.try_alone(mutant))

    def run_group(self, group, mutants):
        if group not in self.outcomes.limits:
            self.outcomes.add("limits", group, self.limits_of(group))
        limits = self.outcomes.limits[group]
        print(f"{group}: test time limits: {[round(limit) for limit in limits]} s", flush=True)

        def try_one(mutant):
            if time.monotonic() < self.until:
                self.outcomes.record(mutant, self.outcome(self.programs[group], limits, mutant["number"]))

        with ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(try_one, mutants))

    def limits_of(self, group):
        limits = []
        for program in self.programs[group]:
            outcome = self.passes(program, 0, 900)
            if not outcome["passes"]:
                sys.exit(f"{program[1]} fails without a mutant")
            limits.append(max(SHORTEST_TIMEOUT, 4 * self.jobs * outcome["seconds"]))
        return limits

    def outcome(self, programs, limits, number):
        for program, limit in zip(programs, limits):
            passes = self.passes(program, number, limit)["passes"]
            if not passes:
                return f"{'time' if passes is None else 'caught'}: {program[1]}"
        return "missed"

    def passes(self, program, number, limit):
        folder = self.copy / program[0]
        environment = {**os.environ, "KFP_MUTANT": str(number), "INSTA_UPDATE": "no", "PROPTEST_CASES": "64"}
        environment["CARGO_MANIFEST_DIR"] = str(folder)
        command = [*self.wrap, sys.executable, str(HERE / "timed.py"), str(limit), program[2]]
        return json.loads(subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True).stdout)

    def build_switched(self, mutants):
        """Builds all mutants that can be switched; records the others as to be built separately."""
        names = {mutant["number"]: mutant["name"] for mutant in mutants}

        def build_alone(numbers):
            for number in sorted(numbers):
                self.outcomes.add("alone", names[number])

        while True:
            texts, unfit = switched_files([m for m in mutants if m["name"] not in self.outcomes.alone])
            build_alone(unfit)
            refresh(self.copy, texts)
            wrong = self.build(TESTS)
            if wrong is None:
                return
            found = culprits(wrong, texts)
            if not found:
                sys.exit("the copy does not build:\n" + "\n".join(f"{file}:{line}" for file, line in wrong[:9]))
            print(f"{len(found)} mutants do not build as they are switched", flush=True)
            build_alone(found)

    def build(self, groups):
        """Builds the tests; returns the locations of errors, or `None`."""
        wanted = [test for group in groups for test in TESTS[group]]
        packages = [a for name in dict.fromkeys(name for name, _ in wanted) for a in ("--package", name)]
        targets = [a for name, target in wanted for a in (["--test", target] if target != name.replace("-", "_") else [])]
        command = [*self.wrap, "cargo", "test", "--no-run", "--lib", "--bins", "--message-format=json", *packages, *targets]
        done = subprocess.run(command, cwd=self.copy, capture_output=True, text=True)
        messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if done.returncode != 0:
            return [place for message in messages for place in places(message)] or [(done.stderr[-2000:], 0)]
        executables = {
            (message["target"]["name"], message["manifest_path"]): message["executable"]
            for message in messages
            if message["reason"] == "compiler-artifact" and message.get("executable") and is_test(message)
        }
        self.programs = {
            group: [(name, target, executables[target, str(self.copy / name / "Cargo.toml")]) for name, target in TESTS[group]]
            for group in groups
        }
        return None

    def try_alone(self, mutant):
        text = (WORKSPACE / mutant["file"]).read_text()
        start, end = (offset(text, mutant["span"][side]) for side in ("start", "end"))
        refresh(self.copy, {mutant["file"]: text[:start] + mutant["replacement"] + text[end:]})
        group = AREAS[mutant["area"]][1]
        if self.build([group]) is not None:
            return "unviable"
        return self.outcome(self.programs[group], [240] * len(TESTS[group]), 0)


def places(message):
    """Returns the locations of the error in a message of cargo, if there is one."""
    if message["reason"] != "compiler-message" or message["message"]["level"] != "error":
        return []
    parts = [message["message"], *message["message"]["children"]]
    return [(span["file_name"], span["line_start"]) for part in parts for span in part["spans"]]


def is_test(artifact):
    """Returns whether it is a test program of ours; the empty test programs of binaries are excluded."""
    return artifact["profile"]["test"] and "bin" not in artifact["target"]["kind"]


def refresh(copy, texts):
    """Makes the copy equal to the workspace except for `texts`; unchanged files keep their modification time."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=WORKSPACE, check=True, capture_output=True, text=True)
    names = {name for name in listed.stdout.split("\0") if name and (WORKSPACE / name).is_file()}
    for path in copy.glob("**/*.rs"):
        name = path.relative_to(copy)
        if str(name) not in names and name.parts[0] != "target":
            path.unlink()
    for name in names:
        source = WORKSPACE / name
        content = texts[name].encode() if name in texts else source.read_bytes()
        target = copy / name
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(source.stat().st_mode)


def switched_files(mutants):
    """Returns the files with all mutants in them, each behind a switch, and the mutants that cannot be switched."""
    by_file = {}
    for mutant in mutants:
        by_file.setdefault(mutant["file"], []).append(mutant)
    texts, unfit = {}, set()
    for file, group in by_file.items():
        texts[file], without = Switches((WORKSPACE / file).read_text()).add(group)
        unfit |= without
    for crate in {file.split("/")[0] for file in texts}:
        root = f"{crate}/src/lib.rs"
        texts[root] = (WORKSPACE / root).read_text() + SWITCH
    return texts, unfit


def culprits(wrong, texts):
    """Returns the mutants whose switches are on the lines that do not build."""
    found = set()
    for file, line in wrong:
        lines = texts.get(file, "").split("\n")
        if 0 < line <= len(lines):
            found |= {int(number) for number in re.findall(r"mutant::on\((\d+)\)", lines[line - 1])}
    return found


if __name__ == "__main__":
    main()
