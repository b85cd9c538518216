def train(rows: int) -> None:
    pass


def score(rows: int) -> float:
    return 0.5
