"""Whole numbers as people write them."""

DIGITS_MAX = 18
"""Python itself refuses to read more than 4300 digits, with a ValueError of its own."""


def whole(text: str, low: int, high: int) -> int | None:
    """The number from `low` to `high` that plain digits write; None for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX):
        return None
    number = int(text)
    return number if low <= number <= high else None
