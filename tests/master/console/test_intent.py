"""What the window wishes, and what it takes over from the one before it."""

from msgspec.structs import replace

from master.console.intent import SCALES, Intent
from master.console.options import NO_DEVICE
from tests.master.console.scenes import LAUNCHER, LINK, NOW


def intent():
    return Intent(7, "window", 1.0)


def test_a_new_window_goes_on_where_the_one_before_it_left_off():
    wish = intent()
    wish.adopt(LAUNCHER, replace(LINK, device_chosen="synthetic", resting=True, scale=0.2), NOW)
    assert (wish.side, wish.device, wish.scale, wish.control, wish.rest) == (
        LAUNCHER.side,
        "synthetic",
        0.2,
        True,
        True,
    )
    assert wish.wishes().stops == wish.wishes().device_tries == 0


def test_what_a_dead_pilot_said_is_not_taken_over():
    wish = intent()
    wish.adopt(LAUNCHER, LINK, NOW + 2 * 10**9)
    assert (wish.control, wish.scale, wish.device) == (False, 1.0, "window")


def test_a_pilot_that_was_told_no_device_yet_gets_the_one_of_the_command_line():
    wish = intent()
    wish.adopt(LAUNCHER, replace(LINK, device=NO_DEVICE, device_chosen=""), NOW)
    assert wish.device == "window"


def test_the_device_that_was_chosen_is_taken_over_and_not_the_name_of_the_one_in_use():
    chosen = replace(LINK, device=NO_DEVICE, device_chosen="evdev:/dev/input/event7", device_trouble="no such file")
    for seen, now_ns in ((chosen, NOW), (replace(chosen, device="evdev"), NOW), (chosen, NOW + 60 * 10**9)):
        wish = intent()
        wish.adopt(LAUNCHER, seen, now_ns)
        assert wish.wishes().device == "evdev:/dev/input/event7"


def test_another_side_is_asked_for_nothing():
    wish = intent()
    wish.choose_side("a:1")
    wish.control = True
    wish.choose_side("a:1")
    assert wish.control
    wish.choose_side("b:1")
    assert not wish.control
    assert wish.launcher_wish().side == "b:1"


def test_another_side_hears_of_no_stop_that_was_pressed_before():
    wish = intent()
    wish.choose_side("a:1")
    wish.stops = 2
    wish.choose_side("b:1")
    assert wish.wishes().stops == 0


def test_scales_go_up_and_down_and_end():
    wish = intent()
    seen = []
    for _ in range(2 * len(SCALES)):
        wish.step_scale(-1)
        seen.append(wish.scale)
    assert seen[-1] == SCALES[0]
    for _ in range(2 * len(SCALES)):
        wish.step_scale(1)
    assert wish.scale == SCALES[-1]
    wish.scale = 0.33
    wish.step_scale(1)
    assert wish.scale == 0.4


def test_choosing_the_same_device_again_is_another_try():
    wish = intent()
    wish.choose_device("mouse")
    wish.choose_device("mouse")
    assert (wish.wishes().device, wish.wishes().device_tries) == ("mouse", 2)
