"""Devices are exchanged while no hand is engaged, and one that cannot be opened changes nothing."""

import threading
import time

import pytest

from master.device_bay import OPEN_WITHIN_NS, DeviceBay
from master.devices.device import DeviceError
from master.devices.still import StillDevice

NOW = 10**12


def eventually(condition):
    """What another thread does."""
    deadline_s = time.monotonic() + 10.0
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.001)
    return True


class Device(StillDevice):
    def __init__(self, name):
        self.name = name
        self.closed = False

    def close(self):
        self.closed = True


class Shop:
    """Opens devices by name; those called "slow" wait until they are let."""

    def __init__(self):
        self.opened = []
        self.let = threading.Event()

    def __call__(self, spec):
        if spec.startswith("slow"):
            assert self.let.wait(10.0)
        if spec == "none":
            raise DeviceError("none: there is none")
        if spec == "broken":
            raise RuntimeError("a driver's own")
        self.opened.append(Device(spec))
        return self.opened[-1]


@pytest.fixture
def shop():
    shop = Shop()
    yield shop
    shop.let.set()


def settle(bay, **situation):
    """Step until nothing is on its way; how often the device became another."""
    changed = 0
    deadline_s = time.monotonic() + 10.0
    while True:
        changed += bay.step(NOW, engaged=situation.get("engaged", False), lost=situation.get("lost", False))
        if not bay.opening:
            return changed
        assert time.monotonic() < deadline_s
        time.sleep(0.001)


def test_another_device_takes_the_place_of_the_first_which_is_closed(shop):
    bay = DeviceBay("one", shop)
    bay.choose("two", 1)
    assert settle(bay) == 1
    assert (bay.device.name, bay.spec, bay.trouble) == ("two", "two", "")
    assert eventually(lambda: shop.opened[0].closed)
    assert not shop.opened[1].closed


def test_the_same_choice_again_opens_nothing(shop):
    bay = DeviceBay("one", shop)
    bay.choose("two", 1)
    settle(bay)
    for _ in range(3):
        bay.choose("two", 1)
        assert settle(bay) == 0
    assert len(shop.opened) == 2


def test_nothing_is_exchanged_under_an_engaged_hand(shop):
    bay = DeviceBay("one", shop)
    bay.choose("two", 1)
    for _ in range(20):
        assert not bay.step(NOW, engaged=True, lost=False)
    assert len(shop.opened) == 1
    bay.step(NOW, engaged=False, lost=False)
    while len(shop.opened) < 2:
        time.sleep(0.001)
    time.sleep(0.01)
    assert not bay.step(NOW, engaged=True, lost=False)
    assert bay.device.name == "one"
    assert settle(bay) == 1


@pytest.mark.parametrize(("spec", "says"), [("none", "there is none"), ("broken", "a driver's own")])
def test_one_that_cannot_be_opened_leaves_the_old_one_in_use_and_says_why(shop, spec, says):
    bay = DeviceBay("one", shop)
    bay.choose(spec, 1)
    assert settle(bay) == 0
    assert bay.device.name == "one"
    assert not bay.device.closed
    assert says in bay.trouble
    bay.choose("two", 2)
    settle(bay)
    assert bay.trouble == ""


def test_a_device_that_is_there_is_not_opened_twice_and_one_that_is_gone_is(shop):
    bay = DeviceBay("one", shop)
    bay.choose("one", 1)
    assert settle(bay) == 0
    assert len(shop.opened) == 1
    bay.choose("one", 2)
    assert settle(bay, lost=True) == 1
    assert eventually(lambda: shop.opened[0].closed)


def test_the_one_chosen_last_is_known_whether_it_is_in_use_or_not(shop):
    bay = DeviceBay("one", shop)
    assert bay.chosen == ""
    bay.choose("none", 1)
    settle(bay)
    assert (bay.chosen, bay.spec) == ("none", "one")


def test_the_pilot_never_waits_for_a_slow_device(shop):
    bay = DeviceBay("one", shop)
    bay.choose("slow", 1)
    for _ in range(5):
        assert not bay.step(NOW, engaged=False, lost=False)
    assert bay.opening
    assert bay.device.name == "one"
    shop.let.set()
    assert settle(bay) == 1


def test_nobody_may_engage_while_a_device_is_on_its_way(shop):
    bay = DeviceBay("one", shop)
    bay.choose("slow", 1)
    assert not bay.is_busy, "it waits for the hands to let go, and ends no motion"
    bay.step(NOW, engaged=False, lost=False)
    assert bay.is_busy
    shop.let.set()
    settle(bay)
    assert not bay.is_busy


def test_an_opening_that_never_comes_back_is_given_up_and_says_so(shop):
    bay = DeviceBay("one", shop)
    bay.choose("slow", 1)
    bay.step(NOW, engaged=False, lost=False)
    bay.step(NOW + OPEN_WITHIN_NS, engaged=False, lost=False)
    assert bay.is_busy
    bay.step(NOW + OPEN_WITHIN_NS + 1, engaged=False, lost=False)
    assert not bay.is_busy
    assert "did not open" in bay.trouble
    shop.let.set()
    assert eventually(lambda: len(shop.opened) == 2 and shop.opened[1].closed), "what comes too late is closed again"
    assert bay.device.name == "one"


def test_another_choice_does_not_wait_for_one_that_hangs(shop):
    bay = DeviceBay("one", shop)
    bay.choose("slow", 1)
    bay.step(NOW, engaged=False, lost=False)
    bay.choose("two", 2)
    assert settle(bay) == 1
    assert bay.device.name == "two"
    shop.let.set()
    assert eventually(lambda: len(shop.opened) == 3 and shop.opened[2].closed)


def closes_slowly(device):
    """It lets go when it is let: what to let it by, and who is through."""
    let, through = threading.Event(), []
    device.close = lambda: through.append(let.wait(30.0))
    return let, through


def test_the_pilot_never_waits_for_a_device_that_closes_slowly(shop):
    bay = DeviceBay("one", shop)
    let, through = closes_slowly(shop.opened[0])
    bay.choose("two", 1)
    assert settle(bay) == 1
    assert bay.device.name == "two"
    assert through == []
    let.set()


def test_nor_for_one_that_is_gone_and_is_closed_before_it_is_opened_anew(shop):
    bay = DeviceBay("one", shop)
    let, through = closes_slowly(shop.opened[0])
    bay.choose("one", 1)
    bay.step(NOW, engaged=False, lost=True)
    assert bay.device.sample(NOW) is None, "what is being closed is not read"
    assert through == []
    let.set()
    assert settle(bay) == 1
    assert through == [True]


def test_a_first_device_that_cannot_be_opened_is_refused():
    with pytest.raises(DeviceError, match="there is none"):
        DeviceBay("none", Shop())
