from typing import Any

import numpy as np
from numpy.typing import NDArray

LOST: int
LOST_IN_BURST: int
DOUBLED: int
REORDERED: int
COUNTERS: tuple[str, ...]
STATS_ROW: int
CONTROL_ROW: int
STEP_NS: int
FIRST_BUCKET: int

class Engine:
    def __init__(self, origin_ns: int) -> None: ...
    def add(
        self,
        source: int,
        sink: int,
        fates: NDArray[np.uint8],
        delays: NDArray[np.int64],
        *,
        delay_step_ns: int,
        keeps_order: bool,
        reorder_ns: int,
        rate_bit_s: int,
        queue_bytes: int,
        outages: NDArray[np.int64],
        stats: NDArray[Any],
        control: NDArray[Any],
    ) -> None: ...
    def carry(self, stop: NDArray[Any]) -> None: ...
