"""What the patient's side and the pilot tell in English, made sentences that translate. Pure.

They say why the arm stopped, or why a press engaged nothing, as text with culprit, value and limit. Here stands the
shape of each such text. A text of no known shape is shown as it came: a reason in English is better than none.
"""

import re
from functools import cache
from typing import NamedTuple

from protocol.widgets.names import name_of
from protocol.widgets.sentence import Sentence, Value, literal, mark

NAMES = ("joint", "wall", "process")
CAUSE = "cause"
"""This value is a text of such a shape itself."""

SHAPES = (
    # The link's verdict.
    mark("no command of this session yet"),
    mark("no echo of a state of ours"),
    mark("no command for {age} (limit {limit})"),
    mark("loop age {age} (limit {limit} for {long})"),
    mark("loop age {age} (limit {limit})"),
    mark("effective loss {share} (limit {limit})"),
    mark("packet loss {share} (limit {limit})"),
    mark("slowed: loop age {age}, effective loss {late}, packet loss {lost}"),
    # The surgeon's side.
    mark("the surgeon's input device is gone"),
    mark("the surgeon's input device gave nothing new for {age}"),
    mark("the surgeon's console paints nothing"),
    mark("the surgeon's side receives no state"),
    mark("the surgeon's side let go"),
    mark("the surgeon's session ended or fell silent"),
    mark("another console has opened the session"),
    mark("the key of the surgeon's console was revoked"),
    mark("STOP pressed by the surgeon"),
    mark("LAG: arm {arm} is {way}, {turn} behind the hand (limit {limit}, {turn_limit})"),
    mark("after a pause hand {hand} cannot be compared with its arm (limit {limit}, {turn_limit})"),
    mark("after a pause hand {hand} was {way}, {turn} from the arm (limit {limit}, {turn_limit})"),
    # People and time.
    mark("FREEZE pressed by the local staff"),
    mark("STOP + POWER OFF"),
    mark("no good link for {time}"),
    mark("frozen for {time}: {cause}"),
    # The gate's refusals, of the controller's and of the plant's; before what is measured, which is worded alike.
    mark("plant's gate: {cause}"),
    mark("gate: {cause}"),
    mark("number of arms: {count} (limit {limit})"),
    mark("arm {arm}: number of joints: {count} (limit {limit})"),
    mark("arm {arm}: a number that is not finite: {value} (limit {limit})"),
    mark("arm {arm}: tip speed in m/s: {value} (limit {limit})"),
    mark("arm {arm}: tip turning in rad/s: {value} (limit {limit})"),
    mark("arm {arm}: tip acceleration in m/s2: {value} (limit {limit})"),
    mark("arm {arm}: tip angular acceleration in rad/s2: {value} (limit {limit})"),
    mark("arm {arm}: wrist depth in m: {value} (limit {limit})"),
    mark("arm {arm}: inside the wall '{wall}' by m: {value} (limit {limit})"),
    mark("arms {arm} and {other}: shafts' axes apart by m: {value} (limit {limit})"),
    mark("LAG: arm {arm}: lag in m: {value} (limit {limit})"),
    mark("LAG: arm {arm}: lag in rad: {value} (limit {limit})"),
    mark("arm {arm}: {joint} position off its velocity: {value} (limit {limit})"),
    mark("arm {arm}: {joint} position: {value} (limit {limit})"),
    mark("arm {arm}: {joint} speed: {value} (limit {limit})"),
    mark("arm {arm}: {joint} step: {value} (limit {limit})"),
    mark("arm {arm}: {joint} acceleration: {value} (limit {limit})"),
    mark("arm {arm}: {joint} position {value} (limit {limit})"),
    # The arms as they are measured.
    mark("standstill: {cause}"),
    mark("arm {arm}: moved {way} (limit {limit})"),
    mark("arm {arm}: moves at {speed} (limit {limit})"),
    mark("arm {arm}: a measurement that is not finite {value} (limit {limit})"),
    mark("arm {arm}: tip speed {speed} (limit {limit})"),
    mark("arm {arm}: tracking error {error} (limit {limit})"),
    mark("arm {arm}: beyond the wall '{wall}' {way} (limit {limit})"),
    mark("arm {arm}: wrist depth {way} (limit {limit})"),
    mark("arm {arm}: force: a motor's effort {effort} (limit {limit})"),
    # Drives and processes.
    mark("drives: without power"),
    mark("drives: their watchdog tripped, no setpoint for over {time} (limit {limit})"),
    mark("drives: {count} arms (limit {limit})"),
    mark("permit: lapsed, not renewed for over {time} (limit {limit})"),
    mark("supervisor: held up for {time} (limit {limit})"),
    mark("plant: no setpoint for {time} (limit {limit})"),
    mark("{process}: last measured {time} ago (limit {limit})"),
    mark("{process}: last reported {time} ago (limit {limit})"),
    mark("{process}: its limits are {hash} (limit {limit}, the supervisor's)"),
    mark("{process}: its limits are {hash} (limit {limit}, ours)"),
    mark("{process}: was started anew (count {count} after {before})"),
    mark("{process}: no progress for {time} (limit {limit})"),
    mark("simulation diverged: {more}"),
    # The self-test.
    mark("self-test: the plant tells nothing after {time} (limit {limit})"),
    mark("self-test: the drives do not follow after {time} (limit {limit})"),
    mark("self-test: the drives ceased to follow after {time} (limit {limit})"),
    mark("self-test: the plant moves without a permit: {count} signs of it (limit {limit})"),
    mark("self-test: no power after {time} (limit {limit})"),
    mark("self-test: a lapsed permit did not stop the plant after {time} (limit {limit})"),
    # Why a press engaged nothing.
    mark("the arm is {mode}: the patient's side must act first"),
    mark("the link has been good for {time} (limit {limit}): lift the pedal, wait, and press again"),
    mark("the hand moves at {speed} (limit {limit}): hold still, lift the pedal, and press again"),
    mark("your hands rest: end the rest first, then lift the pedal and press again"),
    mark("the hand is not followed now: lift the pedal and press again once the console says READY"),
    # Why there is no session.
    mark("looking for keys"),
    mark("no answer from {where} yet: is it running, and is its key the one we trust?"),
    mark("{where} does not trust our key, {key}: there, farhand keys trust; here, farhand keys show"),
    mark("no patient's side of this user at {where} made keys for this host: start `farhand slave`, or give --keys"),
    mark("{folder}: this device has no key yet: farhand keys new"),
    mark(
        "which key has {where}? On that host `farhand keys show` tells it; here type"
        " farhand keys trust NAME patient KEY --host {host}"
    ),
    mark("the key of {who} is trusted as {role}, not as surgeon"),
    mark("another console of this key has the session until it is silent for {time}"),
    mark("{who} has the session; another may, once it was silent for {time} and the arms are LOCAL (TAKE)"),
    mark("UNKNOWN: no state from {where} for {time}: {cause}"),
    mark("UNKNOWN: no state from {where} for {time}"),
    mark("no state from {where} for {time}: {cause}"),
    mark("no state from {where} for {time}"),
    mark("no session is asked for"),
    mark("the pilot ended by itself ({how})"),
    # Why the check of the link advises as it does.
    mark("no command was answered: is the patient's side running, and its session free?"),
    mark("the session was lost meanwhile: somebody else may have it; measure again"),
    mark("this host stood still for {time} (limit {limit}): measure again on a quiet one"),
    mark("{count} ticks are too few (at least {limit}): measure for longer"),
    mark("this procedure has no limits for the link: nothing to judge by"),
    mark("loop age, for long {value}: from {limit} on the arm is {cause}"),
    mark("loop age {value}: from {limit} on the arm is {cause}"),
    mark("silence {value}: from {limit} on the arm is {cause}"),
    mark("effective loss {value}: from {limit} on the arm is {cause}"),
    mark("packet loss {value}: from {limit} on the arm is {cause}"),
    mark("slowed or paused"),
    mark("frozen"),
    # What anything else of the drives tells, last: it would take all that begins alike.
    mark("drives: {cause}"),
)


class Shape(NamedTuple):
    """A source, and the pattern of the texts that it stands for."""

    source: str
    pattern: re.Pattern[str]


@cache
def shapes() -> tuple[Shape, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(Shape(source, re.compile(_pattern(source))) for source in SHAPES)


def told(text: str) -> Sentence:
    """The sentence that `text` is an instance of, or `text` as it is."""
    for source, pattern in shapes():
        found = pattern.fullmatch(text)
        if found is not None:
            return Sentence(source, tuple((name, _value(name, value)) for name, value in found.groupdict().items()))
    return literal(text)


def is_known(text: str) -> bool:
    """Whether `text`, and every text within it, has a shape of its own."""
    return _is_known(told(text))


def _is_known(what: Sentence) -> bool:
    if what.source == "{text}":
        return False
    return all(_is_known(value) for name, value in what.values if name == CAUSE and isinstance(value, Sentence))


def _value(name: str, text: str) -> Value:
    if name == CAUSE:
        return told(text)
    return name_of(text) if name in NAMES else text.replace(" deg", "\N{DEGREE SIGN}")


def _pattern(source: str) -> str:
    parts = re.split(r"\{(\w+)\}", source)
    names = (f"(?P<{part}>.+?)" if k % 2 else re.escape(part) for k, part in enumerate(parts))
    return "".join(names)
