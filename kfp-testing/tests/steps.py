"""Steps of the tests."""


def shout(text: str) -> str:
    return text.upper()
