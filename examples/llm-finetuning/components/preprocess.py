"""Converts raw support tickets to features of the base model, split into training and validation rows."""

import json
import os
import re

import pandas as pd
from kfp.dsl import Dataset, Input, Model, Output

LABELS = {"urgent": 1, "normal": 0}


class BadData(Exception):
    kfp_class = "data"


def read_tickets(path: str) -> pd.DataFrame:
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    except OSError as error:
        raise BadData(f"cannot read `{path}`: {error.strerror}") from error
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadData(f"`{path}` is not a UTF-8 CSV file: {error}") from error
    missing = {"text", "label"} - set(rows.columns)
    if missing:
        raise BadData(f"missing column in `{path}`: {', '.join(sorted(missing))}")
    rows = rows[["text", "label"]].drop_duplicates().reset_index(drop=True)
    unknown = set(rows["label"]) - set(LABELS)
    if unknown:
        raise BadData(f"unknown label {sorted(unknown)[0]!r} in `{path}`, expected 'urgent' or 'normal'")
    return rows


def embed(text: str, vocabulary: dict, size: int) -> list:
    """Returns the weight of each dimension of the base model, and the number of words and exclamation marks."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    sums = [0.0] * size
    for word in words:
        for dimension, weight in enumerate(vocabulary.get(word, ())):
            sums[dimension] += weight
    return sums + [float(len(words)) / 10, float(text.count("!"))]


def preprocess_data(
    raw_data_path: str,
    base_model: Input[Model],
    processed_data: Output[Dataset],
    validation_split: float = 0.2,
) -> None:
    if not 0 < validation_split < 1:
        raise BadData(f"invalid validation_split {validation_split}: expected a number between 0 and 1")
    with open(os.path.join(base_model.path, "vocabulary.json"), encoding="utf-8") as file:
        vocabulary = json.load(file)
    with open(os.path.join(base_model.path, "config.json"), encoding="utf-8") as file:
        dimensions = json.load(file)["dimensions"]
    rows = read_tickets(raw_data_path)
    columns = dimensions + ["words", "exclamations"]
    features = pd.DataFrame(
        [embed(text, vocabulary, len(dimensions)) for text in rows["text"]], columns=columns
    )
    features["label"] = rows["label"].map(LABELS)
    shuffled = features.sample(frac=1, random_state=7).reset_index(drop=True)
    count = max(1, round(len(shuffled) * validation_split))
    os.makedirs(processed_data.path)
    shuffled[:count].to_csv(os.path.join(processed_data.path, "validation.csv"), index=False)
    shuffled[count:].to_csv(os.path.join(processed_data.path, "train.csv"), index=False)
    processed_data.metadata.update(rows=len(shuffled), validation_rows=count, columns=columns)
