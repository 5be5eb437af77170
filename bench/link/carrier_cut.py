"""What a cut of one carrier does to the age of commands: its seconds beside the others of the same run. Pure."""

from collections.abc import Sequence

import numpy as np

from bench.link.ages import Ages, Floats, Integers, Span, summarise
from bench.link.result import CarrierCut, CutPart
from bench.link.seconds import Bounded, bounded, by_second, of_cuts, outside

TICKS_A_SECOND = 1000


def carrier_cut(
    rows: tuple[Integers, Integers], every: Sequence[Span], quiet: Sequence[Span], cuts: Sequence[Span]
) -> CarrierCut:
    """Of `every` second of the run those that are `quiet` count, in the cut as outside it.

    `rows`: the ticks' times, and the newest command's own.
    """
    quiet_parts = of_cuts(quiet, cuts), outside(quiet, cuts)
    in_cut, beside = (by_second(rows, part) for part in quiet_parts)

    def ratio(picked_in_cut: Integers, picked_beside: Integers) -> Floats:
        return np.array([_p999(in_cut, picked_in_cut) / _p999(beside, picked_beside)])

    return CarrierCut(
        during=_part(rows, of_cuts(every, cuts), quiet_parts[0]),
        outside=_part(rows, outside(every, cuts), quiet_parts[1]),
        p999_ratio=bounded(ratio, len(in_cut), len(beside))[0] if in_cut and beside else Bounded(),
    )


def _part(rows: tuple[Integers, Integers], every: Sequence[Span], quiet: Sequence[Span]) -> CutPart:
    return CutPart(_ages(rows, quiet), _ages(rows, every), len(quiet), len(every) - len(quiet))


def _ages(rows: tuple[Integers, Integers], seconds: Sequence[Span]) -> Ages:
    ages = [np.zeros(0, dtype=np.int64), *by_second(rows, seconds)]
    return summarise(np.concatenate(ages), TICKS_A_SECOND)


def _p999(ages: Sequence[Integers], picked: Integers) -> float:
    return float(np.percentile(np.concatenate([ages[k] for k in picked]), 99.9))
