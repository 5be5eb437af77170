"""The ends of rivals, on loopback: that those with keys have them, and those without have none."""

import time
from contextlib import ExitStack

import pytest

from bench.link import means
from bench.link.rival import (
    CPU_EVERY_NS,
    CpuLog,
    RivalConfig,
    Stop,
    command,
    receiver,
    run_receiver,
    run_sender,
    sender,
)
from protocol.clock import NS_PER_MS, ManualClock
from protocol.codec import decode_command, encode
from protocol.curve import KeyPair, new_pair
from protocol.ticker import Ticker

PAIR = new_pair()
PUBLIC = KeyPair(PAIR.public, "")
# An address of its own for each, so that nothing waits for another's port.
HOSTS = (f"127.78.0.{k}" for k in range(1, 255))


def carried(kind, sender_keys, receiver_keys, seconds):
    """How many commands were taken from the sender, and the numbers that arrived, until some did."""
    host, taken, arrived, number = next(HOSTS), 0, [], 0
    with ExitStack() as stack:
        receive = receiver(stack, RivalConfig(kind, False, 1, host, 1000, 4, None, receiver_keys, ""))
        send = sender(stack, RivalConfig(kind, True, 1, host, 1000, 4, None, sender_keys, ""))
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s and not arrived:
            number += 1
            taken += send(time.monotonic_ns(), encode(command(number, 10**12)))
            time.sleep(0.002)
            arrived += [decode_command(frame).sequence for frame in receive()]
    return taken, arrived


@pytest.mark.live
@pytest.mark.parametrize(
    ("kind", "sender_keys", "receiver_keys"),
    [("udp", None, None), ("zmq", None, None), ("lanes-keyed", PUBLIC, PAIR), ("lanes-plain", None, None)],
)
def test_each_kind_carries_commands(kind, sender_keys, receiver_keys):
    taken, arrived = carried(kind, sender_keys, receiver_keys, 20.0)
    assert arrived
    assert taken >= len(arrived)


@pytest.mark.live
def test_the_keyed_listen_to_nobody_without_the_key_and_the_plain_to_nobody_with_one():
    assert carried("lanes-keyed", None, PAIR, 1.0)[1] == []
    assert carried("lanes-keyed", KeyPair(new_pair().public, ""), PAIR, 1.0)[1] == []
    assert carried("lanes-plain", PUBLIC, None, 1.0)[1] == []


class StopAfter(Stop):
    def __init__(self, ticks):
        self.left = ticks

    @property
    def asked(self):
        self.left -= 1
        return self.left < 0


def test_a_sender_counts_what_was_taken_and_stamps_what_was_due():
    clock, cpu, frames = ManualClock(10**12), CpuLog(), []

    def send(now_ns, frame):
        frames.append((now_ns, decode_command(frame)))
        clock.advance(300_000)
        return len(frames) % 2 == 0

    run_sender(send, Ticker(clock, 1000), StopAfter(1001), cpu)
    assert [each.sequence for _, each in frames] == list(range(1, 1002))
    assert all(each.sent_ns == now_ns for now_ns, each in frames)
    readings = [tuple(cpu.rows[k : k + 3]) for k in range(0, len(cpu.rows), 3)]
    assert len(readings) == 1000 * NS_PER_MS // CPU_EVERY_NS + 1
    assert [sent for _, _, sent in readings] == [50 * k for k in range(11)]
    for column in (0, 1):
        values = [each[column] for each in readings]
        assert values == sorted(values)
    assert readings[-1][1] > readings[0][1], "the processor worked meanwhile"


def test_a_receiver_keeps_the_newest_and_notes_every_tick():
    clock, arriving = ManualClock(10**12), iter([[], [2], [3, 1], [], [1]])

    def receive():
        return [encode(command(number, 10**9 * number)) for number in next(arriving)]

    rows = run_receiver(receive, Ticker(clock, 1000), StopAfter(5), CpuLog())
    assert list(rows[1::2]) == [0, 2 * 10**9, 3 * 10**9, 3 * 10**9, 3 * 10**9]
    assert [b - a for a, b in zip(rows[0::2], rows[2::2], strict=False)] == [NS_PER_MS] * 4


def test_only_the_kinds_of_lanes_need_lanes(monkeypatch):
    made = []
    monkeypatch.setattr(means, "lanes_sender", lambda *asked: made.append(asked[2:]))
    with ExitStack() as stack:
        sender(stack, RivalConfig("lanes-keyed", True, 1, "h", 500, 32, 0, PUBLIC, ""))
        sender(stack, RivalConfig("lanes-plain", True, 1, "h", 500, 32, 1, None, ""))
    assert made == [(32, 500, PAIR.public), (32, 500, "")]
