"""A package that imports its own module."""

from .length import METRES


def convert(value: float, unit: str) -> float:
    return value * METRES[unit]
