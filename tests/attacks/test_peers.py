"""Peers that are no ZeroMQ, or that say nothing, at every door."""

import os
import time
from contextlib import suppress

import pytest

from protocol.roles import Door
from tests.attacks.tools import ADDRESS, Attacker, greeting, is_ended

pytestmark = pytest.mark.live

CURVE = greeting(b"CURVE")
NOISE = (
    os.urandom(4096),
    bytes(4096),
    b"GET / HTTP/1.1\r\nHost: arm\r\n\r\n",
    b"\xff" + bytes(8) + b"\x7f\x00" + bytes(53),
    CURVE + b"\x06" + (2**62).to_bytes(8, "big"),
    CURVE + b"\x04\xc8" + b"\x05HELLO".ljust(200, b"x"),
    CURVE + b"\x04\xc8" + b"\x05HELLO\x01\x00".ljust(80, b"\0") + os.urandom(120),
    CURVE + b"\x04\x1a" + b"\x07MESSAGE" + bytes(18),
)
"""Noise, zeros, HTTP, a version that is none, a frame of 2**62 bytes, a hello of another form, one that no key made, a
message before the keys were agreed on."""


def test_noise_at_every_door_is_broken_off_and_told_of_by_its_address(theatre, play):
    def attack():
        with Attacker(theatre) as attacker:
            peers = [(attacker.bare(door), noise) for door in Door for noise in NOISE]
            for peer, noise in peers:
                peer.sendall(noise)
            assert all(is_ended(peer, 5.0) for peer, _ in peers)

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in Door:
        scene.log_tells("broken off", ADDRESS, f"{door.value}: what it sent is no frame of its connection")


def test_half_open_peers_and_those_that_speak_a_byte_at_a_time_are_ended_and_told_of(theatre, play):
    """A handshake has six seconds, whether the peer says nothing, or now and then a byte of it."""

    def attack():
        with Attacker(theatre) as attacker:
            silent = [attacker.bare(door) for door in Door for _ in range(3)]
            slow = [attacker.bare(door) for door in Door]
            end_s = time.monotonic() + 15.0
            for byte in CURVE:
                if all(is_ended(peer, 0.001) for peer in (*silent, *slow)) or time.monotonic() > end_s:
                    break
                for peer in slow:
                    with suppress(OSError):
                        peer.send(bytes((byte,)))
                time.sleep(0.2)
            assert all(is_ended(peer, 1.0) for peer in (*silent, *slow))

    scene = play(attack)
    scene.moved_nothing()
    scene.surgeon_goes_on()
    for door in Door:
        told = scene.log_tells("broken off", ADDRESS, f"{door.value}: it did not say who it is for 6 s")
        assert told.count >= 1
