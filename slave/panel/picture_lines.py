"""A picture as lines of styled words, 80 columns wide, for engineers at a terminal. Pure."""

from kinematics.description import Jaw, Joint
from protocol.clock import NS_PER_S
from protocol.messages import Mode
from protocol.widgets.names import owner_name
from protocol.widgets.theme import Level
from protocol.widgets.words import Who, words
from slave.panel.link_view import LinkWatch
from slave.panel.parts import duration
from slave.panel.picture import Arm, Picture
from slave.panel.power_view import power_view
from slave.panel.snapshot import axis_names
from slave.panel.surgeon_view import banner_seen, surgeon_view
from slave.panel.tip_words import told_of
from slave.panel.view import MODE_STYLES, WHY, Line, bar, shown_value

LEVEL_STYLES = {Level.OK: "green", Level.SLOW: "bold yellow", Level.FREEZE: "bold red", Level.UNKNOWN: "dim"}
UNKNOWN = "bold white on magenta"


def picture_lines(now_ns: int, shown: Picture, link: LinkWatch) -> list[Line]:
    """The whole picture. `link` keeps the worst of the last minute."""
    said = words(banner_seen(shown), Who.STAFF)
    heading = said.heading.english if shown.mode is not None else "UNKNOWN"
    since = "" if shown.for_ns is None else f"  for {duration(shown.for_ns)}"
    style = UNKNOWN if shown.mode is None else MODE_STYLES[shown.mode]
    rows: list[Line] = [((f" {heading} ", style), (since, ""), ("  slowed" if shown.slowed else "", "bold yellow"))]
    reason = _why(shown) or said.reason.english
    rows.append(((f" why: {reason}"[: WHY + 6], "bold" if shown.mode in (Mode.FROZEN, None) else ""),))
    if shown.owner is not None:
        view = surgeon_view(shown)
        rows.append(((f" owner: {owner_name(shown.owner).english} | surgeon: {view.who.english}"[:79], "bold"),))
        link_words = " | ".join(each.english for each in (view.link, view.sees) if each.source)
        rows.append(((f" {link_words}"[:79], LEVEL_STYLES[view.level]),))
    if shown.power is not None:
        power = power_view(shown)
        rows.append(((f" {power.power.english} | {power.line.english}"[:79], LEVEL_STYLES[power.level]),))
    rows += [(), *_figures(now_ns, shown, link), (), *_arms(shown)]
    return rows


def _why(shown: Picture) -> str:
    if shown.mode is not None:
        return shown.culprit
    return next((standing.why.english for standing in shown.parts if not standing.works), "")


def _figures(now_ns: int, shown: Picture, link: LinkWatch) -> list[Line]:
    cells = link.step(now_ns, shown)
    row = []
    for cell in cells:
        text = f" {cell.name.english} {cell.value}"
        row.append((f"{text:<26}", "" if cell.level is None else LEVEL_STYLES[cell.level]))
    return [tuple(row[:3]), tuple(row[3:])]


def _arms(shown: Picture) -> list[Line]:
    rows: list[Line] = [((f" {told_of(arm).english}"[:79], ""),) for arm in shown.arms]
    robot = shown.robot
    if robot is None or not any(arm.position for arm in shown.arms):
        return rows
    rows.append(())
    rows.append(((" " * 19 + "".join(f"{arm.name:<30}" for arm in shown.arms[:2]), "bold"),))
    axes: tuple[Joint | Jaw, ...] = (*robot.joints, robot.jaw)
    for number, (name, axis) in enumerate(zip(axis_names(robot), axes, strict=False)):
        line = [(f" {name:<18}", "")]
        for arm in shown.arms[:2]:
            if number < len(arm.position):
                line.append((bar(arm.position[number], axis.position_min, axis.position_max), ""))
                value = shown_value(arm.position[number], is_length=getattr(axis, "prismatic", False))
                line.append((value, "cyan" if _braked(arm, number) else ""))
        rows.append(tuple(line))
    return rows


def _braked(arm: Arm, number: int) -> bool:
    return number < len(arm.brakes) and arm.brakes[number]


def status_of(shown: Picture) -> str:
    """What matters, in one plain line."""
    said = words(banner_seen(shown), Who.STAFF)
    mode = said.heading.english if shown.mode is not None else "UNKNOWN"
    reason = _why(shown) or said.reason.english
    owner = "" if shown.owner is None else f" | owner: {owner_name(shown.owner).english}"
    age_ns = shown.link.loop_age_ns
    age = "" if age_ns is None else f" | loop age {age_ns * 1e3 / NS_PER_S:.0f} ms"
    return f"{mode} | {reason}{owner}{age}"
