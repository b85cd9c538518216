"""A component as Kubeflow Pipelines has it."""

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


def _helper(rows):
    return rows


def other():
    pass


@dsl.component(
    base_image="python:3.11-slim",
    packages_to_install=["pandas==2.2.3", "scikit-learn==1.5.2"],
    pip_index_urls=["https://pypi.org/simple"],
)
def trainModel(
    dataset: Input[Dataset],
    model: Output[Model],
    learning_rate: float = 0.01,
    n_epochs: int = 50,
) -> float:
    """Train a model
    on preprocessed data.

    It is kept as JSON.

    Args:
        dataset: The rows, with a `label`
            column.
        model: The model.
        learning_rate (float): How far one step goes.

    Returns:
        The accuracy.
    """
    return 0.5
