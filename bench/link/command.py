"""The commands of the link's bench: `farhand bench link`, `sweep` and `compare`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from master.command import absolute
from protocol.terminal import (
    INTERRUPTED,
    ending_in_order,
    measuring,
    notice,
    progressing,
    refuse,
    refusing,
    require,
    screen,
)

if TYPE_CHECKING:
    from bench.emulator.profile import LinkProfile
    from bench.link.options import LinkOptions
    from bench.link.result import LinkResult

Profile = Annotated[str, typer.Option(help="A profile that `farhand bench profiles` lists, or a .toml file.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the link, and of the synthetic hands.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write the report here, as one HTML file.")]
FEWEST_CORES = 2


def link(
    profile: Profile = "urumqi-shanghai",
    seconds: Annotated[float, typer.Option(help="How long is measured; longer, if the cuts need it.")] = 60.0,
    rate: Annotated[int, typer.Option(help="Commands a second, 100 to 1000.")] = 1000,
    lanes: Annotated[
        int, typer.Option(help="Connections for the commands, and as many for the states, 1 to 128.")
    ] = 32,
    rivals: Annotated[
        str, typer.Option(help="udp,zmq,curve: beside it on equal links bare UDP, one connection, keys or none.")
    ] = "",
    cuts: Annotated[str, typer.Option(help="COUNTxSECONDS: cut the link so often for so long, such as 20x5.")] = "",
    cut_carrier: Annotated[int | None, typer.Option(help="Cut this carrier only, counted from 0.")] = None,
    carriage: Annotated[str, typer.Option(help="stripe | duplicate: what several carriers are used for.")] = "stripe",
    procedure: Annotated[
        str, typer.Option(help="laparoscopic | vascular | none: the limits in force.")
    ] = "laparoscopic",
    netem: Annotated[bool, typer.Option("--netem", help="Let the kernel's netem emulate, where it can.")] = False,
    device: Annotated[str, typer.Option(help="synthetic | recording:FILE: the surgeon's hands.")] = "synthetic",
    seed: Seed = 1,
    json: Annotated[
        Path | None, typer.Option("--json", help="Write the figures, and what they were measured on.")
    ] = None,
    report: Report = None,
) -> None:
    """How fresh is motion over a long, lossy link? Both sides as processes at the ends of an emulated one, and rivals.

    The link runs packet by packet between network namespaces, under the real TCP; all is drawn from the seed. Ages
    count from when a command was due, and are taken at every tick of the receiver. A minute and a half as it stands.
    """
    from bench.link import html
    from bench.link.options import LinkOptions, parse_carriage, parse_cuts, parse_rivals
    from bench.link.screen import tables

    require("--seconds", seconds, 1.0, 86400.0)
    require("--rate", rate, 100, 1000)
    require("--lanes", lanes, 1, 128)
    with refusing(*_errors()):
        planned = parse_cuts(cuts)
        options = LinkOptions(
            profile,
            max(seconds, planned.take_s),
            rate,
            lanes,
            seed,
            procedure,
            "psm",
            absolute(device),
            parse_carriage(carriage),
            parse_rivals(rivals),
            planned,
            cut_carrier,
            netem,
        )
    result = measure_link(options)
    for table in tables(result):
        screen.print(table)
    with refusing(OSError):
        if json is not None:
            store(json, result)
        if report is not None:
            html.write(report, result)
            screen.print(f"written: {report}")
    if not result.complete:
        notice(f"the run ended early ({result.ended_by}): its figures are of a part")
        raise typer.Exit(INTERRUPTED)


def sweep(
    profiles: Annotated[
        str, typer.Option(help="Profiles, with commas between.")
    ] = "lan,beijing-shanghai,urumqi-shanghai",
    lanes: Annotated[str, typer.Option(help="Numbers of lanes, with commas between.")] = "8,32",
    rates: Annotated[str, typer.Option(help="Commands a second, with commas between.")] = "1000",
    seconds: Annotated[float, typer.Option(help="How long each run is measured.")] = 30.0,
    rivals: Annotated[str, typer.Option(help="udp,zmq: beside each run.")] = "udp,zmq",
    procedure: Annotated[str, typer.Option(help="laparoscopic | vascular | none: the limits in force.")] = "none",
    seed: Seed = 1,
    json: Annotated[Path | None, typer.Option("--json", help="Write all runs here.")] = None,
    report: Report = None,
) -> None:
    """How does the age of commands grow with loss and with the round trip? Profiles by lanes by rates, one by one."""
    from rich.table import Table

    from bench.link import sweep as question
    from bench.link.options import LinkOptions, OptionsError, parse_numbers, parse_rivals

    require("--seconds", seconds, 1.0, 86400.0)
    with refusing(OptionsError):
        names = [name.strip() for name in profiles.split(",") if name.strip()]
        counts, frequencies = parse_numbers("--lanes", lanes, 1, 128), parse_numbers("--rates", rates, 100, 1000)
        base = LinkOptions("", seconds, seed=seed, procedure=procedure, rivals=parse_rivals(rivals))
    plans = list(question.plans(names, counts, frequencies, base))
    for each in plans:
        check(each)
    results = question.run(plans, measure_link)
    table = Table(title="farhand bench sweep: command age, ms", title_justify="left")
    for head in question.HEADS:
        table.add_column(head, justify="left" if head == "profile" else "right", overflow="fold")
    for row in question.rows(results):
        table.add_row(*row)
    screen.print(table)
    with refusing(OSError):
        if json is not None:
            question.store(json, results, len(plans))
        if report is not None:
            question.write(report, results)
            screen.print(f"written: {report}")
    if len(results) < len(plans) or not results[-1].complete:
        raise typer.Exit(INTERRUPTED)


def compare(
    first: Annotated[Path, typer.Argument(help="A.json, as `farhand bench link --json` wrote it.")],
    second: Annotated[Path, typer.Argument(help="B.json.")],
) -> None:
    """Two runs side by side: which is fresher, by more than the bounds of both leave room for?"""
    from rich.table import Table

    from bench.link import compare as question

    with refusing(question.CompareError):
        a, b = question.load(first), question.load(second)
    for text in question.unlike(a, b):
        notice(f"not alike: {text}")
    table = Table(title="farhand bench compare", title_justify="left")
    for head in ("figure", f"A: {first.name}", f"B: {second.name}", "by 95 % bounds"):
        table.add_column(head, justify="left" if head == "figure" else "right")
    for row in question.rows(a, b):
        table.add_row(*row)
    screen.print(table)


def profiles() -> None:
    """The links that can be emulated, and where their figures come from."""
    from rich.table import Table

    from bench.emulator.profile import known_profiles, load_profile

    table = Table(title="farhand bench profiles", title_justify="left", show_lines=True)
    for title in ("profile", "one way, ms", "loss", "about"):
        table.add_column(title)
    for name in known_profiles():
        profile = load_profile(name)
        delays = " + ".join(f"{carrier.direction.delay.mean_ms:.1f}" for carrier in profile.carriers)
        loss = ", ".join(f"{carrier.loss.share:.2%}" for carrier in profile.carriers)
        table.add_row(name, delays, loss, profile.about)
    screen.print(table)


def check(options: "LinkOptions") -> "LinkProfile":
    """The profile of a run that can be made here; what cannot be run is refused in one line."""
    import os

    from bench.emulator import namespaces
    from bench.emulator.profile import load_profile
    from safety.limits import load_limits

    with refusing(*_errors()):
        profile = load_profile(options.profile)
        load_limits(options.procedure)
        namespaces.become_able()
    if options.cut_carrier is not None and not 0 <= options.cut_carrier < len(profile.carriers):
        refuse(f"--cut-carrier {options.cut_carrier}: {options.profile} has {len(profile.carriers)}, counted from 0")
    if len(os.sched_getaffinity(0)) < FEWEST_CORES:
        refuse(f"this takes {FEWEST_CORES} cores at least, one of them for control; this host gives one")
    return profile


def measure_link(options: "LinkOptions", title: str = "") -> "LinkResult":
    """One run, with its progress shown."""
    from bench.link.findings import find
    from bench.link.run import run

    profile = check(options)
    with ending_in_order(*_errors()), progressing(screen, options.seconds, title or options.profile) as progress:
        raw = run(options, profile, progress)
    with measuring(screen) as say:
        say("summing up")
        return find(raw, options, profile)


def store(path: Path, result: "LinkResult") -> None:
    """As JSON, making its folder. Raises OSError."""
    import msgspec

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")


def _errors() -> tuple[type[Exception], ...]:
    from bench.emulator.link import EmulatorError
    from bench.emulator.namespaces import NamespaceError
    from bench.emulator.profile import ProfileError
    from bench.link.options import OptionsError
    from safety.limits import LimitsError

    return EmulatorError, NamespaceError, ProfileError, OptionsError, LimitsError
