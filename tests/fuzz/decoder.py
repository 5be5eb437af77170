"""One reader of bytes from outside, as the fuzzers see it."""

from collections.abc import Callable
from typing import NamedTuple


class Decoder(NamedTuple):
    """`read` raises one of `refuses` for what it does not take, AssertionError where it broke a promise, and no more.

    `samples` are valid, to mutate from. `cost`: how many times as long as a bare message it takes; it is tried so many
    times less often.
    """

    name: str
    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...]
    samples: tuple[bytes, ...]
    cost: int = 1

    def survive(self, data: bytes) -> None:
        """Read once. Raises what must not be raised."""
        try:
            self.read(data)
        except self.refuses:
            return
