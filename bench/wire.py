"""What does a command cost on its way to bytes and back, all checks included, beside the same list unchecked?"""

import timeit
from collections.abc import Callable

import msgpack

from bench.figure import Figure
from protocol.codec import decode_command, encode
from protocol.messages import Command, Rest, TipPose
from protocol.pose import from_rotation_vector

CALLS = 20_000
ROUNDS = 15
BOUND = 0.8


def sample_command() -> Command:
    """A two-hand command as they are in flight: large stamps, a session of 62 bits, no round numbers."""
    hands = tuple(
        TipPose(
            clutch_epoch=12,
            engaged=True,
            stop_number=3,
            nonce=2**61 + number,
            p_W_m=(0.012345 + number, -0.023456, 0.034567),
            q_W=from_rotation_vector((0.1, -0.2, 0.3)),
            jaw_rad=0.5123,
        )
        for number in range(2)
    )
    return Command(
        version=1,
        session=2**61 + 12345,
        authority_epoch=2,
        sequence=1_234_567,
        sent_ns=10**15 + 7,
        received_ns=10**15 + 8,
        shown_ns=10**15 + 9,
        device_age_ns=1_234_567,
        packet_loss=0.0083,
        rest=Rest.NONE,
        energy=0,
        stops=0,
        hands=hands,
    )


def run(progress: Callable[[str], None]) -> list[Figure]:
    """Interleaved rounds; the median of the rounds' ratios stands."""
    command = sample_command()
    content = msgpack.unpackb(encode(command))

    def ours() -> None:
        decode_command(encode(command))

    def theirs() -> None:
        msgpack.unpackb(msgpack.packb(content))

    ratios, ours_us, theirs_us = [], [], []
    for number in range(ROUNDS):
        progress(f"round {number + 1} of {ROUNDS}")
        ours_us.append(timeit.timeit(ours, number=CALLS) / CALLS * 1e6)
        theirs_us.append(timeit.timeit(theirs, number=CALLS) / CALLS * 1e6)
        ratios.append(ours_us[-1] / theirs_us[-1])
    middle = ROUNDS // 2
    return [
        Figure(
            name="command.ratio",
            asked="encode and decode of a two-hand command, checked, over msgpack's unchecked",
            measured=sorted(ratios)[middle],
            bound=BOUND,
            unit="",
            holds=sorted(ratios)[middle] <= BOUND,
            note=f"median of {ROUNDS} rounds of {CALLS}; ours {sorted(ours_us)[middle]:.2f} us,"
            f" msgpack {sorted(theirs_us)[middle]:.2f} us, {len(encode(command))} bytes",
        )
    ]
