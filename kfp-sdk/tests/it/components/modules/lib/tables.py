def rows(path: str) -> int:
    with open(path, encoding="utf-8") as file:
        return sum(1 for _ in file)
