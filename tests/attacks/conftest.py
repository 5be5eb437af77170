import functools

import pytest

from bench.theatre import Theatre, engaged_at_rest
from bench.yardstick import Yardstick
from protocol.realtime import Cores

pytest.register_assert_rewrite("tests.attacks.scene", "tests.attacks.tools")

from tests.attacks import scene  # noqa: E402


class House:
    """One theatre at a time: that of the last test, if it is of the kind asked for and nothing in it is broken."""

    def __init__(self, folders):
        self._folders = folders
        self._kind = self.theatre = None

    def show(self, kind, make):
        if self._kind != kind or self.theatre.slave.children.ended() or self.theatre.master.children.ended():
            self.close()
            folder = self._folders.mktemp("theatre")
            self.theatre = make(folder, engaged_at_rest(folder / "hands.csv"))
            self._kind = kind
            self.theatre.start()
        return self.theatre

    def close(self):
        if self.theatre is not None:
            self.theatre.stop()
        self._kind = self.theatre = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if "theatre" in item.fixturenames:
            item.add_marker(pytest.mark.attack)


@pytest.fixture(scope="package")
def house(tmp_path_factory):
    house = House(tmp_path_factory)
    yield house
    house.close()


@pytest.fixture(scope="package")
def yardsticks():
    yardsticks = [Yardstick(cores) for cores in Cores]
    yield yardsticks
    for each in yardsticks:
        each.stop()


@pytest.fixture
def theatre(house):
    return house.show("plain", Theatre)


@pytest.fixture
def play(theatre, yardsticks):
    return functools.partial(scene.play, theatre, yardsticks)
