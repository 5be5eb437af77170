"""A console gone mad, or whoever has stolen the key of the session that is open: what of it is heard, and what is not.

He may move the arm, for he is the surgeon by all that we can know. He may not do so by what is old, leaps or is broken,
and he locks the console out by nothing of that kind.
"""

import math
import os
import time

import msgspec
import pytest

from bench.theatre import SURGEON
from protocol.codec import encode
from protocol.messages import MAX_FRAME_BYTES
from protocol.roles import Door
from tests.attacks.tools import ADDRESS, AHEAD, Attacker, forged, greeting, is_ended

pytestmark = pytest.mark.live

S = 1_000_000_000


def said(theatre, *makers, seconds=0.3):
    """Say what `makers` make, over a lane of the session's key, again and again."""

    def attack():
        with Attacker(theatre) as attacker:
            lane = attacker.knock(Door.COMMANDS, theatre.key(SURGEON))
            end_s = time.monotonic() + seconds
            while time.monotonic() < end_s:
                for make in makers:
                    lane.send(make())
                time.sleep(0.005)
            time.sleep(0.2)

    return attack


def command(theatre, **changes):
    return lambda: encode(forged(theatre, **changes))


def epoch(theatre):
    return theatre.authority.latest().authority_epoch


def test_what_would_move_the_arm_if_it_were_heard_does_so(theatre):
    """Or all these tests would show nothing: the same command, and nothing wrong with it."""
    assert theatre.await_following()
    since = theatre.mark()
    said(theatre, command(theatre, ahead=1))()
    assert theatre.ticks(since).tip_way_mm() > 1.0
    time.sleep(1.0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (lambda theatre: {"authority_epoch": epoch(theatre) - 1}, "command: authority epoch"),
        (lambda theatre: {"authority_epoch": epoch(theatre) + 1}, "command: authority epoch"),
        (lambda theatre: {"session": theatre.session.latest().number + 1}, "command: session"),
        (lambda theatre: {"sequence": 2**62}, "command: leap"),
        (lambda theatre: {"ahead": 5000}, "command: leap"),
        (lambda theatre: {"sent_ns": time.monotonic_ns() - 5 * S, "received_ns": 0}, "command: age"),
        (lambda theatre: {"sent_ns": 0, "received_ns": time.monotonic_ns() - 2 * S}, "command: age"),
        (lambda theatre: {"version": 2}, "command: version"),
    ],
    ids=["old epoch", "epoch to come", "old session", "leap", "small leap", "held back", "old echo", "version"],
)
def test_a_command_that_is_old_or_leaps_moves_nothing_and_locks_nobody_out(theatre, play, changes, why):
    def make():
        return encode(forged(theatre, **changes(theatre)))

    scene = play(said(theatre, make))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("dropped", SURGEON, why)


def test_a_command_that_was_heard_before_is_not_heard_again(theatre, play):
    """Replayed a moment later, by the very key that sent it first."""
    old = []

    def replayed():
        old.append(encode(theatre.accepted.latest().command))
        return old[max(0, len(old) - 20)]

    before = theatre.intake.latest().superseded
    scene = play(said(theatre, replayed))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    assert theatre.until(lambda: theatre.intake.latest().superseded >= before + len(old) // 2, 5.0)


def bent(theatre, **changes):
    """A command with a hand that is bent by `changes`, past all checks of ours."""
    told = forged(theatre)
    hands = tuple(msgspec.structs.replace(hand, **changes) for hand in told.hands)
    return encode(msgspec.structs.replace(told, hands=hands))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda theatre: os.urandom(200), "command: malformed"),
        (lambda theatre: b"", "command: malformed"),
        (lambda theatre: encode(forged(theatre))[:-9], "command: malformed"),
        (lambda theatre: b"\x91" * 4000, "command: malformed"),
        (lambda theatre: encode([1, 1, *range(12)]), "command: field"),
        (lambda theatre: bent(theatre, p_W_m=(math.nan, 0.0, 0.0)), "command: field"),
        (lambda theatre: bent(theatre, p_W_m=(math.inf, 0.0, 0.0)), "command: field"),
        (lambda theatre: bent(theatre, p_W_m=(1e9, 0.0, 0.0)), "command: field"),
        (lambda theatre: bent(theatre, q_W=(0.5, 0.0, 0.0, 0.0)), "command: quaternion"),
        (lambda theatre: bent(theatre, q_W=(math.nan, 0.0, 0.0, 0.0)), "command: quaternion"),
    ],
    ids=["noise", "empty", "cut short", "nested", "other fields", "nan", "inf", "far", "not unit", "nan turn"],
)
def test_a_malformed_command_is_counted_by_what_is_wrong_with_it_and_moves_nothing(theatre, play, make, why):
    scene = play(said(theatre, lambda: make(theatre)))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("dropped", SURGEON, why)


def test_a_frame_that_is_too_long_ends_its_connection_and_no_other(theatre, play):
    scene = play(said(theatre, lambda: bytes(MAX_FRAME_BYTES + 1)))
    scene.moved_nothing()
    scene.surgeon_goes_on()
    scene.log_tells("broken off or left", why="commands: what it sent is no frame of ours")


NOISE = {
    "noise": lambda: os.urandom(4096),
    "http": lambda: b"GET / HTTP/1.1\r\nHost: arm\r\n\r\n",
    "zeros": lambda: bytes(4096),
    "no such version": lambda: b"\xff" + bytes(8) + b"\x7f\x00" + bytes(53),
    "too long a frame": lambda: greeting(b"CURVE") + b"\x06" + (2**62).to_bytes(8, "big"),
    "no hello": lambda: greeting(b"CURVE") + b"\x04\xc8" + b"\x05HELLO".ljust(200, b"x"),
    "no key's hello": lambda: (
        greeting(b"CURVE") + b"\x04\xc8" + b"\x05HELLO\x01\x00".ljust(80, b"\0") + os.urandom(120)
    ),
    "not asked for": lambda: greeting(b"CURVE") + b"\x04\x1a" + b"\x07MESSAGE" + bytes(18),
}


@pytest.mark.parametrize("noise", list(NOISE))
def test_noise_at_every_door_is_broken_off_and_told_of_by_its_address(theatre, play, noise):
    def attack():
        with Attacker(theatre) as attacker:
            peers = [attacker.bare(door) for door in Door]
            for peer in peers:
                peer.sendall(NOISE[noise]())
            assert all(is_ended(peer, 5.0) for peer in peers)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in Door:
        scene.log_tells("broken off", ADDRESS, f"{door.value}: ")


def test_half_open_peers_and_those_that_speak_a_byte_at_a_time_are_ended_and_told_of(theatre, play):
    """A handshake has six seconds, whether the peer says nothing, or now and then a byte of it."""
    assert AHEAD

    def attack():
        with Attacker(theatre) as attacker:
            silent = [attacker.bare(door) for door in Door for _ in range(3)]
            slow = [attacker.bare(door) for door in Door]
            words = greeting(b"CURVE")
            for byte in range(len(words)):
                if all(is_ended(peer) for peer in silent):
                    break
                for peer in slow:
                    if not is_ended(peer):
                        peer.send(words[byte : byte + 1])
                time.sleep(0.2)
            assert all(is_ended(peer, 2.0) for peer in (*silent, *slow))

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in Door:
        told = scene.log_tells("broken off", ADDRESS, f"{door.value}: it did not say who it is for 6 s")
        assert told.count >= 1
