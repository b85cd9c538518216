"""Functions that return in every way."""

from typing import Any, List, Literal, NamedTuple, Optional, Tuple, TypedDict

Scores = NamedTuple("Scores", [("accuracy", float), ("loss", float)])


class Outputs(NamedTuple):
    rows: int
    type: str


class Counts(TypedDict):
    good: int
    bad: int


def nothing() -> None:
    """Do nothing."""


def unannotated(text: str):
    return text


def one(text: str) -> str:
    return text


def a_list() -> List[Optional[float]]:
    return []


def unknown() -> "np.ndarray":
    return None


def anything() -> Any:
    return None


def named() -> Scores:
    return Scores(0.5, 0.5)


def taken() -> Outputs:
    return Outputs(1, "a")


def typed_dict() -> Counts:
    return {"good": 1, "bad": 2}


def a_pair() -> Tuple[str, int]:
    return "a", 1


def in_place() -> NamedTuple("Outputs", [("rows", int), ("share", float)]):
    return (1, 0.5)


def scores() -> Scores:
    return Scores(0.5, 0.5)


class Mode(NamedTuple):
    state: Literal["on", "off"]
    other: Literal["A", "B"]


def clashes(mode: Literal["x", "y"], state: Literal["on", "off"], clashes: Literal["1a", "a"]) -> Mode:
    return Mode("on", "A")


def model(rows: int) -> int:
    return rows
