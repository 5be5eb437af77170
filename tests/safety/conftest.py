"""The patient's side in the modes that most tests of the supervisor begin from."""

from copy import deepcopy

import pytest

from protocol.messages import Action, Mode
from tests.safety.patient import in_local


@pytest.fixture(scope="module")
def settled():
    return in_local()


@pytest.fixture
def world(settled):
    """Reset, tested, and with a link that has been good for long enough: LOCAL."""
    return deepcopy(settled)


@pytest.fixture
def ready(world):
    assert world.tick(1, Action.GIVE) is Mode.READY
    return world


@pytest.fixture
def following(ready):
    ready.press()
    assert ready.tick() is Mode.FOLLOWING
    return ready
