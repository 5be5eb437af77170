"""Many runs: profiles by lanes by rates; and how the age of commands grows with loss and with the round trip."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import msgspec

from bench.link import html, plots
from bench.link.options import LinkOptions
from bench.link.result import LinkResult
from bench.link.screen import number

HEADS = ("profile", "lanes, Hz", "RTT, ms", "loss, %", "p50 / p99 / p99.9", "UDP, ZMQ p99.9", "Mbit/s")


def plans(profiles: list[str], lanes: list[int], rates_hz: list[int], base: LinkOptions) -> Iterator[LinkOptions]:
    """All combinations, in that order."""
    for profile, count, rate_hz in product(profiles, lanes, rates_hz):
        yield base._replace(profile=profile, lanes=count, rate_hz=rate_hz)


def run(options: list[LinkOptions], measure: Callable[[LinkOptions, str], LinkResult]) -> list[LinkResult]:
    """One run after the other, ending with the first that did not come to its end, which counts."""
    results: list[LinkResult] = []
    for number_of, each in enumerate(options, start=1):
        title = f"{number_of} of {len(options)}: {each.profile}, {each.lanes} lanes, {each.rate_hz} Hz"
        results.append(measure(each, title))
        if not results[-1].complete:
            break
    return results


def rows(results: list[LinkResult]) -> list[tuple[str, ...]]:
    """One for each run; see HEADS."""
    found: list[tuple[str, ...]] = []
    for each in results:
        ages = each.farhand.command_age_ms
        rivals = [None if rival is None else rival.command_age_ms.p999 for rival in (each.udp, each.zmq)]
        found.append(
            (
                each.profile,
                f"{each.lanes}, {each.rate_hz}",
                number(each.rtt_ms.mean),
                number(each.loss_percent, 3),
                " / ".join(number(value) for value in (ages.p50, ages.p99, ages.p999)),
                ", ".join(map(number, rivals)),
                number(each.farhand.upstream_mbit_s, 2),
            )
        )
    return found


def write(path: Path, results: list[LinkResult]) -> None:
    """The page of a sweep, with how the age grows. Raises OSError."""
    points = [
        (
            each.profile,
            {
                "farhand": each.farhand.command_age_ms.p999,
                "bare UDP": each.udp.command_age_ms.p999 if each.udp is not None else None,
                "one ZeroMQ connection": each.zmq.command_age_ms.p999 if each.zmq is not None else None,
            },
            each,
        )
        for each in results
    ]
    by_loss = [(name, each.loss_percent, ages) for name, ages, each in points]
    by_trip = [(name, each.rtt_ms.mean or 0.0, ages) for name, ages, each in points]
    content = "".join(
        (
            "<h1>How the age of commands grows</h1>",
            html.table(HEADS, rows(results)),
            "<h2>With loss</h2>",
            plots.growth(by_loss, "packets lost by the link, %"),
            "<h2>With the round trip</h2>",
            plots.growth(by_trip, "round trip, mean, ms"),
            *(html.body(each) for each in results),
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html.page("farhand bench sweep", content), encoding="utf-8")


def store(path: Path, results: list[LinkResult], asked: int) -> None:
    """All runs as JSON; `complete` only if all that were asked for came to their end. Raises OSError."""
    whole = len(results) == asked and all(each.complete for each in results)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"complete": whole, "runs": results}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
