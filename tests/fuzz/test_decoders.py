"""Every decoder, for a moment, in the suite; for as long as one likes: make fuzz."""

import random

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.decoder import Decoder
from tests.fuzz.mutations import DAMAGES, DATA_MAX, damaged
from tests.fuzz.table import DECODERS
from tests.fuzz.wire import COMMANDS

every_decoder = pytest.mark.parametrize("decoder", DECODERS, ids=[decoder.name for decoder in DECODERS])
seeds = st.integers(0, 2**32)


@every_decoder
@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=400))
def test_bytes_of_any_kind_are_survived(decoder: Decoder, data: bytes) -> None:
    decoder.survive(data)


@every_decoder
@settings(max_examples=120, deadline=None)
@given(seed=seeds)
def test_damaged_samples_are_survived(decoder: Decoder, seed: int) -> None:
    decoder.survive(damaged(random.Random(seed), decoder.samples))


@given(seeds)
def test_damage_is_the_same_from_the_same_seed_and_bounded(seed):
    first, second = (damaged(random.Random(seed), COMMANDS) for _ in range(2))
    assert first == second
    assert len(first) <= DATA_MAX


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_each_kind_of_damage_changes_something(damage):
    changed = sum(damage(random.Random(seed), COMMANDS[0], COMMANDS) != COMMANDS[0] for seed in range(50))
    assert changed > 25


def test_some_damage_leaves_a_frame_that_is_whole():
    frames = (damaged(random.Random(seed), COMMANDS) for seed in range(400))
    whole = 0
    for frame in frames:
        try:
            whole += isinstance(msgpack.unpackb(frame), list) and frame not in COMMANDS
        except (ValueError, msgpack.exceptions.UnpackException):
            continue
    assert whole > 100
