"""Fine-tunes the base model: trains a classifier on its features, and saves it as JSON."""

import json
import os
from typing import NamedTuple

import pandas as pd
from kfp.dsl import Dataset, Input, Model, Output
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, log_loss


class BadParameter(Exception):
    kfp_class = "data"


class Fit(NamedTuple):
    accuracy: float
    loss: float


def train_model(
    processed_data: Input[Dataset],
    base_model: Input[Model],
    trained_model: Output[Model],
    learning_rate: float = 0.01,
    n_epochs: int = 50,
) -> Fit:
    if n_epochs < 1:
        raise BadParameter(f"invalid n_epochs {n_epochs}: expected at least 1")
    if learning_rate <= 0:
        raise BadParameter(f"invalid learning_rate {learning_rate}: expected a number above 0")
    train = pd.read_csv(os.path.join(processed_data.path, "train.csv"))
    validation = pd.read_csv(os.path.join(processed_data.path, "validation.csv"))
    classifier = SGDClassifier(
        loss="log_loss", learning_rate="constant", eta0=learning_rate, alpha=1e-3, random_state=7
    )
    features, labels = train.drop(columns="label"), train["label"]
    for epoch in range(n_epochs):
        classifier.partial_fit(features, labels, classes=[0, 1])
        if (epoch + 1) % 10 == 0:
            print(f"epoch {epoch + 1}: accuracy {classifier.score(features, labels):.3f} on the training rows")
    held_out = validation.drop(columns="label")
    accuracy = accuracy_score(validation["label"], classifier.predict(held_out))
    loss = log_loss(validation["label"], classifier.predict_proba(held_out), labels=[0, 1])
    os.makedirs(trained_model.path)
    with open(os.path.join(trained_model.path, "weights.json"), "w", encoding="utf-8") as file:
        weights = dict(zip(features.columns, classifier.coef_[0].tolist()))
        json.dump({"bias": float(classifier.intercept_[0]), "weights": weights}, file, indent=1)
    with open(os.path.join(base_model.path, "vocabulary.json"), encoding="utf-8") as source:
        with open(os.path.join(trained_model.path, "vocabulary.json"), "w", encoding="utf-8") as target:
            target.write(source.read())
    trained_model.framework = "scikit-learn"
    trained_model.metadata.update(accuracy=accuracy, loss=loss, epochs=n_epochs)
    return Fit(accuracy, loss)
