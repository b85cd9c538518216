def limited(count: int) -> int:
    return min(count, 1000)
