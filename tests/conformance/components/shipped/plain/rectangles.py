"""A module in a folder without `__init__.py`."""


def area(width: float, height: float) -> float:
    return width * height
