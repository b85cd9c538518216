"""Tiny steps in Python."""

import os
from typing import Any, Dict, List, NamedTuple, Optional

from kfp.dsl import Artifact, Dataset, Input, Output


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


def python_log_accuracy(accuracy, metrics):
    metrics.log_metric("accuracy", accuracy)


def python_log_classes(classes):
    classes.log_roc_curve([0.25], [1.0], [0.5])
    classes.log_confusion_matrix(["cat", "dog"], [[8, 1], [2, 9]])


def python_log_above_zero(accuracy, metrics):
    if accuracy > 0:
        metrics.log_metric("accuracy", accuracy)


def python_log_nothing(metrics):
    pass


def python_describe_model(model):
    model.metadata["framework"] = "none"


class MetricsRead(NamedTuple):
    content: str
    metadata: Dict[str, Any]


def python_read_metrics(metrics: Input[Artifact]) -> MetricsRead:
    with open(metrics.path, encoding="utf-8") as file:
        return MetricsRead(file.read(), metrics.metadata)
