"""Tiny steps in Python."""

import os
from typing import Any, Dict, List, NamedTuple, Optional

from kfp.dsl import Dataset, Input, Output


def echo(value):
    return value


def type_names(
    text: str,
    integer: int,
    float: float,
    boolean: bool,
    list: List[int],
    map: Dict[str, int],
    defaulted: int = 7,
    optional: Optional[str] = None,
) -> List[str]:
    return [type(value).__name__ for value in (text, integer, float, boolean, list, map, defaulted, optional)]


class Divided(NamedTuple):
    quotient: int
    remainder: int


def divide(dividend: int, divisor: int) -> Divided:
    return Divided(dividend // divisor, dividend % divisor)


def python_shout(quiet: Input[Dataset], loud: Output[Dataset]) -> int:
    with open(quiet.path, encoding="utf-8") as file:
        text = file.read()
    with open(loud.path, "w", encoding="utf-8") as file:
        file.write(text.upper())
    loud.metadata["characters"] = len(text)
    return len(text)


class Classified(Exception):
    pass


def python_fail(class_name: str, message: str) -> int:
    if class_name == "transient":
        raise ConnectionError(message)
    if class_name == "unknown":
        raise RuntimeError(message)
    error = Classified(message)
    error.kfp_class = class_name
    raise error


def python_succeeds_at(attempt: int) -> int:
    count = int(os.environ["KFP_RETRIES"]) + 1
    if count < attempt:
        raise TimeoutError(f"try {count} is not yet {attempt}")
    return count


def python_read_all(files: Input[List[Dataset]]) -> List[str]:
    texts = []
    for artifact in files:
        with open(artifact.path, encoding="utf-8") as file:
            texts.append(file.read())
    return texts


def python_write_unless(text, unless, file):
    if text != unless:
        with open(file.path, "w", encoding="utf-8") as out:
            out.write(text)
