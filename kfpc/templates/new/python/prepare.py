"""Writes the examples that a model learns from."""

import csv

from kfp.dsl import Dataset, Output


def prepare_data(rows: int, data: Output[Dataset]) -> None:
    """Writes examples of `y = 2x + 1` as a CSV file."""
    if rows < 2:
        raise ValueError(f"`rows` must be at least 2, found {rows}")
    with open(data.path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["x", "y"])
        for x in range(rows):
            noise = 0.25 if x % 2 == 0 else -0.25
            table.writerow([x, 2 * x + 1 + noise])
    data.metadata["rows"] = rows
