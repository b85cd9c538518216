"""Functions with arguments of every type."""

import datetime
import typing as t
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Dict, List, Literal, Optional, Union

from kfp import dsl
from kfp.dsl import HTML, Dataset, Input, Metrics, Model, Output

LIMIT = 3


@dataclass
class Report:
    """What is known at the end."""

    rows: int
    share: float
    by_label: Dict[str, float]
    best: Optional[str]
    mode: Literal["fast", "slow"]
    frame: "DataFrame"


def every_type(
    text: str,
    number: float,
    whole: int,
    truth: bool,
    anything: Any,
    untyped,
    frame: "pd.DataFrame",
    when: datetime.datetime,
    quoted: "list[str]",
    rates: list[float],
    table: List[List[int]],
    plain_list: list,
    names: Sequence[str],
    limits: dict[str, float],
    nested: Dict[str, List[int]],
    plain_dict: dict,
    by_number: Dict[int, str],
    annotated: Annotated[int, "rows"],
    numbers: Union[int, float],
    several: Union[int, str],
    maybe: Optional[int],
    maybe_text: "str | None",
    mode: Literal["fast", "very-slow"],
    odd: Literal["1", "+"],
    bits: Literal[16, 32],
    type: str,
    data: Input[Dataset],
    any_artifact: Input,
    models: Input[List[Model]],
    more_models: t.List[Input[Model]],
    maybe_data: Optional[Input[Dataset]],
    page: Output[HTML],
    metrics: dsl.Output[Metrics],
) -> Report:
    pass


def every_default(
    text: str = "a \"quote\"\n",
    number: float = 1,
    small: float = 1e-5,
    whole: int = -3,
    truth: bool = False,
    rates: List[float] = [0.1, 1],
    table: List[List[int]] = [[1, 2], [3], []],
    names: list[str] = ["a", "b"],
    empty: List[str] = [],
    limits: Dict[str, float] = {"cpu": 1.0},
    anything: Any = {"a": [1, None, True]},
    mode: Literal["fast", "slow"] = "slow",
    nothing: float = None,
    maybe: Optional[int] = 5,
    maybe_nothing: Optional[str] = None,
    untyped=3,
    computed: int = LIMIT * 2,
    infinite: float = float("inf"),
    wrong: int = "three",
    large: int = 2**70,
    keyed: Any = {1: "a"},
    half: str = "\ud800",
    data: Input[Dataset] = None,
    *,
    keyword: str = "k",
):
    pass
