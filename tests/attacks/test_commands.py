"""A console gone mad, or whoever has stolen the key of the session that is open: what of it is heard, and what is not.

He may move the arm, for he is the surgeon by all that we can know. He may not do so by what is old, leaps or is broken,
and he locks the console out by nothing of that kind.
"""

import itertools
import math
import os
import time

import msgspec
import pytest

from bench.theatre import SURGEON
from protocol.codec import encode
from protocol.messages import MAX_FRAME_BYTES
from protocol.roles import Door
from tests.attacks.scene import TRIES
from tests.attacks.tools import AHEAD, Attacker, forged

pytestmark = pytest.mark.live

S = 1_000_000_000
SAID_S = 0.3
EACH_AT_LEAST = 5
"""Of what is said so often in 0.3 s that this much of it came, on a machine that is busy with all else."""


def said(theatre, *makers):
    """Say what `makers` make, by turns, over a lane of the session's key."""

    def attack():
        with Attacker(theatre) as attacker:
            lane = attacker.knock(Door.COMMANDS, theatre.key(SURGEON))
            end_s, turns = time.monotonic() + SAID_S, 0
            while time.monotonic() < end_s or turns < EACH_AT_LEAST:
                turns += 1
                for make in makers:
                    lane.send(make(theatre))
                time.sleep(0.005)
            time.sleep(0.1)

    return attack


def of_now(command, sequence):
    now_ns = time.monotonic_ns()
    stamps = {"sent_ns": now_ns, "received_ns": now_ns, "shown_ns": now_ns}
    return msgspec.structs.replace(command, sequence=sequence, **stamps)


def test_what_would_move_the_arm_if_it_were_heard_does_so(theatre):
    """Or all these tests would show nothing: the same command, and nothing wrong with it."""
    way_mm = 0.0
    for _ in range(TRIES):
        assert theatre.await_following()
        since, aside = theatre.mark(), forged(theatre)
        sequence = itertools.count(aside.sequence)
        said(theatre, lambda _, aside=aside, sequence=sequence: encode(of_now(aside, next(sequence))))()
        way_mm = max(way_mm, theatre.ticks(since).tip_way_mm())
        # Until the surgeon's own commands are newer again, and the tip is back.
        time.sleep(AHEAD * 1e-3 + 0.5)
        if way_mm > 1.0:
            break
    assert way_mm > 1.0


def changed(**changes):
    """A command that would move the arm, but for what is wrong with it."""
    return lambda theatre: encode(forged(theatre, **{name: make(theatre) for name, make in changes.items()}))


def bent(**changes):
    """One with hands that are bent by `changes`, past all checks of ours."""

    def make(theatre):
        told = forged(theatre)
        hands = tuple(msgspec.structs.replace(hand, **changes) for hand in told.hands)
        return encode(msgspec.structs.replace(told, hands=hands))

    return make


def epoch(theatre):
    return theatre.authority.latest().authority_epoch


BAD = {
    "authority epoch": (
        changed(authority_epoch=lambda theatre: epoch(theatre) - 1),
        changed(authority_epoch=lambda theatre: epoch(theatre) + 1),
    ),
    "session": (
        changed(session=lambda theatre: theatre.session.latest().number + 1),
        changed(session=lambda _: 0),
    ),
    "leap": (
        changed(sequence=lambda _: 2**62),
        changed(ahead=lambda _: 5000),
    ),
    "age": (
        changed(sent_ns=lambda _: time.monotonic_ns() - 5 * S, received_ns=lambda _: 0),
        changed(sent_ns=lambda _: 0, received_ns=lambda _: time.monotonic_ns() - 2 * S),
    ),
    "version": (changed(version=lambda _: 2),),
    "malformed": (
        lambda _: b"\xc1" + os.urandom(200),
        lambda _: b"",
        lambda theatre: encode(forged(theatre))[:-9],
        lambda _: b"\x91" * 4000,
    ),
    "field": (
        lambda _: encode([1, 1, *range(12)]),
        bent(p_W_m=(math.nan, 0.0, 0.0)),
        bent(p_W_m=(math.inf, 0.0, 0.0)),
        bent(p_W_m=(1e9, 0.0, 0.0)),
        bent(clutch_epoch=-1),
    ),
    "quaternion": (
        bent(q_W=(0.5, 0.0, 0.0, 0.0)),
        bent(q_W=(math.nan, 0.0, 0.0, 0.0)),
    ),
}


@pytest.mark.parametrize("why", list(BAD))
def test_a_command_that_is_old_leaps_or_is_broken_moves_nothing_and_locks_nobody_out(theatre, play, why):
    before = theatre.intake.latest().rejected.get(why, 0)
    scene = play(said(theatre, *BAD[why]))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("dropped", SURGEON, f"command: {why}")
    counted = theatre.intake.latest().rejected[why] - before
    assert counted >= EACH_AT_LEAST * len(BAD[why]), "all of them were noticed"


def test_a_command_that_was_heard_before_is_not_heard_again(theatre, play):
    """Replayed a moment later, by the very key that sent it first."""
    old = []

    def replayed(theatre):
        old.append(encode(theatre.accepted.latest().command))
        return old[max(0, len(old) - 20)]

    before = theatre.intake.latest().superseded
    scene = play(said(theatre, replayed))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    assert theatre.until(lambda: theatre.intake.latest().superseded >= before + len(old) // 2, 5.0)


def test_a_frame_that_is_too_long_ends_its_connection_and_no_other(theatre, play):
    scene = play(said(theatre, lambda _: bytes(MAX_FRAME_BYTES + 1)))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("broken off or left", why="commands: what it sent is no frame of its connection")
