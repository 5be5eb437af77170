"""Power, brakes and the hard-wired line, in words. Pure."""

from typing import NamedTuple

from kinematics.description import RobotDescription
from protocol.clock import NS_PER_MS
from protocol.figures import StopLine
from protocol.widgets.sentence import Sentence, sentence
from protocol.widgets.theme import Level
from slave.panel.picture import Picture
from slave.panel.snapshot import free_by_hand, listed, open_brakes


class PowerView(NamedTuple):
    """`power` and `line`, each with how bad it is; `note` is what else there is to know, `warns` if it matters now."""

    power: Sentence
    level: Level
    line: Sentence
    line_level: Level
    note: Sentence
    warns: bool


def power_view(shown: Picture) -> PowerView:
    """From the picture of this moment. Without power it names the axes that no brake holds."""
    power, level = _power(shown)
    line, line_level = _line(shown)
    free = () if shown.robot is None else free_by_hand(shown.robot)
    if shown.power is not None and not shown.power.powered and free:
        return PowerView(power, level, line, line_level, _loose(free), True)
    return PowerView(power, level, line, line_level, _host(shown), False)


def _loose(free: tuple[str, ...]) -> Sentence:
    return sentence("without brakes, may sag: {axes}", axes=listed(free))


def _power(shown: Picture) -> tuple[Sentence, Level]:
    power = shown.power
    if power is None:
        return sentence("power: unknown, the drives are silent"), Level.FREEZE
    if power.stopped:
        if power.powered:
            return sentence("STOPPED: coming to rest"), Level.FREEZE
        return sentence("STOPPED: power off, {brakes}", brakes=_brakes(shown)[0]), Level.FREEZE
    if power.tripped:
        return sentence("the drives' watchdog stopped the arms"), Level.FREEZE
    if not power.powered:
        brakes, all_hold = _brakes(shown)
        return sentence("power off, {brakes}", brakes=brakes), Level.UNKNOWN if all_hold else Level.FREEZE
    if shown.robot is not None and len(free_by_hand(shown.robot)) < _axes(shown.robot) and _brakes(shown)[1]:
        return sentence("power on, parked: brakes closed"), Level.OK
    if power.following:
        return sentence("power on, the arms may move"), Level.OK
    return sentence("power on, holding"), Level.OK


def _axes(robot: RobotDescription) -> int:
    return len(robot.joints) + 1


def _brakes(shown: Picture) -> tuple[Sentence, bool]:
    """How the brakes stand, as the drives tell; whether all that there are hold."""
    if shown.robot is None:
        return sentence("brakes unknown"), False
    if len(free_by_hand(shown.robot)) == _axes(shown.robot):
        return sentence("this robot has no brakes"), True
    unclosed = open_brakes(shown.robot, tuple(arm.brakes for arm in shown.arms))
    if unclosed is None:
        return sentence("brakes unknown"), False
    if not unclosed:
        return sentence("brakes closed"), True
    axes = tuple(dict.fromkeys(axis for _, axis in unclosed))
    arms = tuple(dict.fromkeys(arm for arm, _ in unclosed))
    return sentence("BRAKES OPEN: {arms}: {axes}", arms=listed(arms), axes=listed(axes)), False


def _line(shown: Picture) -> tuple[Sentence, Level]:
    if shown.power is None:
        return sentence("hard-wired stop: unknown"), Level.FREEZE
    return {
        StopLine.NONE: (sentence("hard-wired stop: none (simulated)"), Level.UNKNOWN),
        StopLine.CLOSED: (sentence("hard-wired stop: ready"), Level.OK),
        StopLine.OPEN: (sentence("hard-wired stop: PRESSED, or its wire is broken"), Level.FREEZE),
    }[shown.power.line]


def _host(shown: Picture) -> Sentence:
    if not shown.lease_ns:
        return sentence("development host, not for hardware")
    lease = f"{shown.lease_ns / NS_PER_MS:.0f}"
    if shown.limits is None:
        return sentence("development host, permit {lease} ms; limits unknown", lease=lease)
    watchdog = f"{shown.limits.process.watchdog_ns / NS_PER_MS:.0f}"
    return sentence("development host: permit {lease} ms, watchdog {watchdog} ms", lease=lease, watchdog=watchdog)
