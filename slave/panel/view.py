"""What the panel shows, as lines of styled words. Pure: from the newest records to text, 80 columns wide."""

import math

from kinematics.description import Jaw, Joint
from protocol.clock import NS_PER_S
from protocol.messages import FreezeClass, Mode, Owner
from slave.panel.actions import jog_refusal
from slave.panel.parts import Part
from slave.panel.press import STOP, Outcome
from slave.panel.snapshot import Snapshot, axis_names, free_by_hand, is_dead, mode_of, open_brakes

BAR = 21
WHY = 74

MODE_STYLES = {
    Mode.SAFE: "bold white on blue",
    Mode.LOCAL: "bold black on cyan",
    Mode.READY: "bold black on green",
    Mode.FOLLOWING: "bold white on green",
    Mode.PAUSED: "bold black on yellow",
    Mode.FROZEN: "bold white on red",
}


Line = tuple[tuple[str, str], ...]
"""Words and their styles, in order."""


def lines(seen: Snapshot) -> list[Line]:
    """The whole panel, 23 lines."""
    return [_banner(seen), *_why(seen), _next(seen), _who(seen), _health(seen), (), *_arms(seen), (), *_keys(seen)]


def status(seen: Snapshot) -> str:
    """Everything that matters in one plain line."""
    words = ["".join(word for word, _ in line).strip() for line in (_banner(seen), *_why(seen), _who(seen))]
    return " | ".join(word for word in words if word)


def _banner(seen: Snapshot) -> Line:
    authority = seen.authority
    if authority is None or is_dead(seen, Part.SUPERVISOR):
        return ((" SUPERVISOR SILENT ", "bold white on red"), ("  the arm holds; STOP + POWER OFF works", "bold"))
    mode = f"{authority.mode} ({authority.freeze_class})" if authority.freeze_class else authority.mode.value
    for_s = max(0, seen.now_ns - authority.entered_ns) / NS_PER_S
    call = (
        ("  YOU ARE CALLED", "bold white on red" if int(for_s * 4) % 2 else "bold red")
        if authority.calling
        else ("", "")
    )
    slowed = ("  slowed", "bold yellow") if authority.slowed and authority.mode is Mode.FOLLOWING else ("", "")
    test = ("  self-test runs", "bold") if authority.testing else ("", "")
    return ((f" {mode} ", MODE_STYLES[authority.mode]), (f"  for {for_s:.1f} s", ""), slowed, test, call)


def _why(seen: Snapshot) -> tuple[Line, ...]:
    """Two lines, whatever there is to say, so that nothing below them moves."""
    culprit = "" if seen.authority is None else seen.authority.culprit
    first, second = culprit[:WHY], culprit[WHY : 2 * WHY]
    return ((f" why: {first}" if first else "", "bold"),), ((f"      {second}" if second else "", "bold"),)


def _next(seen: Snapshot) -> Line:
    authority = seen.authority
    if authority is None or is_dead(seen, Part.SUPERVISOR):
        return ((" do: press S if anything moves; end this run and start it again", ""),)
    by_staff = authority.freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM)
    what = {
        Mode.SAFE: "arms without power: look that nobody is in the way, then z RESET",
        Mode.LOCAL: "the arms are yours: + and - jog; g GIVE hands them to the surgeon",
        Mode.READY: "the surgeon may engage; t TAKE takes the arms",
        Mode.FOLLOWING: "the arms move with the surgeon; f FREEZE stops them",
        Mode.PAUSED: "a short silence of the link; it goes on by itself or freezes",
        Mode.FROZEN: "r RELEASE when the cause is gone, or t TAKE"
        if by_staff
        else "the surgeon may go on by a new press; t TAKE takes the arms",
    }[authority.mode]
    if authority.calling and authority.mode in (Mode.LOCAL, Mode.SAFE):
        what = "press a: I AM HERE; before that nothing can be jogged"
    return ((f" do: {what}", ""),)


def _who(seen: Snapshot) -> Line:
    owner = "nobody knows"
    if seen.authority is not None and mode_of(seen) is not None:
        owner = "the staff" if seen.authority.owner is Owner.LOCAL else "the surgeon"
    session = seen.session
    who = f"{session.master} ({session.device})" if session is not None and session.number else "no console"
    link_s = 0.0 if seen.authority is None else seen.authority.link_good_ns / NS_PER_S
    link = f"link good for {min(link_s, 999.0):.0f} s" if link_s > 0.0 else "link not good"
    return ((f" owner: {owner}", "bold"), (f" | surgeon: {who} | {link}"[:66], ""))


def _health(seen: Snapshot) -> Line:
    drives = seen.drives
    if drives is None or is_dead(seen, Part.DRIVES):
        power = ("drives SILENT", "bold red")
    elif drives.stopped:
        power = ("STOPPING" if drives.powered else f"STOPPED, power off, {_brakes(seen)}", "bold red")
    else:
        power = ("power on, holding" if drives.powered and not drives.following else "power on", "green")
        if not drives.powered:
            power = (f"power off, {_brakes(seen)}", "bold")
        elif any(map(any, drives.brakes)) and open_brakes(seen.robot, drives.brakes) == ():
            power = ("parked: power on, brakes closed", "green")
    trouble = [
        word
        for word, is_so in (("tripped", drives and drives.tripped), (drives.fault if drives else "", True))
        if is_so and word
    ]
    controller = ("controller runs", "green")
    if is_dead(seen, Part.CONTROLLER):
        controller = ("controller SILENT: no jog", "bold red")
    dead = [f"{part} SILENT" for part in (Part.PLANT, Part.GATEWAY) if is_dead(seen, part)]
    permit = "permit lives" if seen.measured is not None and seen.measured.permitted else "no permit"
    return (
        (" ", ""),
        power,
        (" | ", ""),
        controller,
        (f" | {permit}", ""),
        (f" | {', '.join(dead + trouble)}" if dead or trouble else "", "bold red"),
    )


def _brakes(seen: Snapshot) -> str:
    """Once there is no power."""
    unclosed = None if seen.drives is None else open_brakes(seen.robot, seen.drives.brakes)
    if unclosed is None:
        return "brakes unknown"
    return "BRAKES OPEN" if unclosed else "brakes closed"


def _arms(seen: Snapshot) -> list[Line]:
    names = axis_names(seen.robot)
    axes: tuple[Joint | Jaw, ...] = (*seen.robot.joints, seen.robot.jaw)
    arms = () if seen.drives is None or is_dead(seen, Part.DRIVES) else seen.drives.arms
    head = " " * 19 + "".join(f"{mount.name:<30}" for mount in seen.robot.mounts)
    rows: list[Line] = [((head, "bold"),)]
    for number, (name, axis) in enumerate(zip(names, axes, strict=False)):
        words: list[tuple[str, str]] = [(f" {name:<18}", "reverse" if number == seen.axis else "")]
        for index, arm in enumerate(arms):
            chosen = number == seen.axis and index == seen.arm
            low, high = axis.position_min, axis.position_max
            words.append((bar(arm.position[number], low, high), "bold cyan" if chosen else ""))
            words.append((shown_value(arm.position[number], is_length=getattr(axis, "prismatic", False)), ""))
        rows.append(tuple(words))
    if is_dead(seen, Part.CONTROLLER):
        free = ", ".join(free_by_hand(seen.robot)) or "nothing"
        rows.append(((f" by hand, once S took the power: {free}"[:WHY], "bold"),))
        return rows
    rows.append(tuple((f" {names[k]} ", "reverse" if k == seen.axis else "dim") for k in range(len(axes), len(names))))
    return rows


def bar(value: float, low: float, high: float) -> str:
    """Where a joint stands between its limits."""
    share = min(1.0, max(0.0, (value - low) / (high - low)))
    place = round(share * (BAR - 1))
    return f"[{'-' * place}#{'-' * (BAR - 1 - place)}]"


def shown_value(value: float, *, is_length: bool) -> str:
    """In mm or degrees."""
    shown = round(value * 1e3 if is_length else math.degrees(value)) or 0
    return f"{shown:4d} mm" if is_length else f"{shown:4d}\N{DEGREE SIGN}  "


def _keys(seen: Snapshot) -> list[Line]:
    style = "bold" if not jog_refusal(seen).source else "dim"
    chosen = f"{seen.robot.mounts[seen.arm].name}, {axis_names(seen.robot)[seen.axis]}"
    pressed = ("", "")
    if seen.what:
        pressed = (f" {seen.what}: {seen.outcome}", "bold green" if seen.outcome is Outcome.DONE else "bold yellow")
    if seen.outcome is Outcome.FAILED:
        pressed = (f" {seen.what}: FAILED, not confirmed within 100 ms", "bold white on red")
    if dict(seen.outcomes).get(STOP) is Outcome.FAILED:
        pressed = (" FAILED, not confirmed: use the hard-wired stop", "bold white on red")
    return [
        ((" f FREEZE   r RELEASE   t TAKE   g GIVE   z RESET   a I AM HERE", "bold"), ("       q quit", "")),
        ((f" jog, hold: + -   choose: 1 2 arm, up down axis   now: {chosen}", style),),
        ((" S  STOP + POWER OFF ", "bold white on red"), pressed),
    ]
