"""Replaces the download of a pretrained language model.

A real step would fetch weights from a hub. This one writes small built-in models, so that it needs no network and
produces the same files on a laptop and in a pod.
"""

import json
import os

from kfp.dsl import Model, Output

# The result of "pretraining": related words share a dimension of their embedding.
TOPICS = {
    "outage": "down outage offline unavailable crash crashes crashed broken failing fails error errors 500 timeout",
    "pressure": "urgent immediately asap now today critical emergency blocked blocking stuck production losing",
    "danger": "breach leaked exposed stolen hacked unauthorized security deleted lost corrupted missing double",
    "question": "how where which what can could possible wondering question help explain documentation guide",
    "wish": "would nice suggestion idea feature request wish someday prefer maybe later dark theme",
    "thanks": "thanks thank great love happy works appreciate kind regards enjoy good wonderful",
    "routine": "invoice copy update address change name newsletter unsubscribe monthly schedule meeting plan",
}

MODELS = {"ticket-bert-mini": len(TOPICS), "ticket-bert-tiny": 5}


class UnknownModel(Exception):
    kfp_class = "data"


def download_pretrained_llm(model_name: str, model_dir: Output[Model]) -> None:
    if model_name not in MODELS:
        known = ", ".join(sorted(MODELS))
        raise UnknownModel(f"unknown base model `{model_name}`, expected one of {known}")
    topics = sorted(TOPICS)[: MODELS[model_name]]
    vocabulary = {}
    for dimension, topic in enumerate(topics):
        for word in TOPICS[topic].split():
            vocabulary.setdefault(word, [0.0] * len(topics))[dimension] = 1.0
    os.makedirs(model_dir.path)
    with open(os.path.join(model_dir.path, "vocabulary.json"), "w", encoding="utf-8") as file:
        json.dump(vocabulary, file, sort_keys=True)
    with open(os.path.join(model_dir.path, "config.json"), "w", encoding="utf-8") as file:
        json.dump({"model": model_name, "dimensions": topics}, file)
    model_dir.metadata["model"] = model_name
    model_dir.metadata["words"] = len(vocabulary)
