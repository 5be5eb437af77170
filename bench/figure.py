"""One figure of a bench: what was asked, what was measured, and whether it holds."""

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """`holds` is None where nothing could be measured; `note` then says why, and otherwise how it was done."""

    name: str
    asked: str
    measured: float
    bound: float
    unit: str
    holds: bool | None
    note: str
