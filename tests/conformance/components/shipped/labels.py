"""A module that writes an artifact."""

from kfp.dsl import Dataset

LABEL = "{{x}} $(HOME) 'é' \"\"\""


def write(report: Dataset, area: float) -> None:
    with open(report.path, "w", encoding="utf-8") as file:
        file.write("area %.1f" % area)
