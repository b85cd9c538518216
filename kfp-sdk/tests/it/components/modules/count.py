import helpers
from lib import tables


def count(path: str) -> int:
    return helpers.limited(tables.rows(path))
