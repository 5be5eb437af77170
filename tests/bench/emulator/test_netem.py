import pytest

from bench.emulator.link import EmulatorError
from bench.emulator.namespaces import NamespaceError
from bench.emulator.netem import NetemLink, netem_arguments
from bench.emulator.profile import (
    Carrier,
    Delay,
    Direction,
    LinkProfile,
    Loss,
    Outages,
    ProfileError,
    Rate,
    Reorder,
    load_profile,
)


def test_what_netem_can_say_is_said_to_it():
    said = netem_arguments(Direction(Delay(15.0), Loss(0.1), duplicate_share=0.02), 7)
    assert " ".join(said) == "limit 100000 delay 15ms loss random 10% duplicate 2% seed 7"


def test_bursts_are_gilberts_chances_to_enter_and_to_leave():
    said = netem_arguments(Direction(Delay(15.0), Loss(0.3, 5.0)), 1)
    enter, leave = (float(text.rstrip("%")) / 100.0 for text in said[said.index("gemodel") + 1 :][:2])
    assert enter / (enter + leave) == pytest.approx(0.3)
    assert 1.0 / leave == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("direction", "what"),
    [
        (load_profile("urumqi-shanghai").carriers[0].direction, "hyperexponential"),
        (Direction(Delay(1.0), reorder=Reorder(0.1, 5.0)), "late"),
        (Direction(Delay(1.0), rate=Rate(1.0)), "queue"),
    ],
)
def test_what_netem_cannot_say_is_refused(direction, what):
    with pytest.raises(ProfileError, match=rf"{what}.*--netem"):
        netem_arguments(direction, 1)


def test_outages_are_refused_before_anything_is_made():
    profile = LinkProfile("x", (Carrier(delay=Delay(1.0), outages=Outages(pause_s=1.0, longest_s=1.0)),))
    with pytest.raises(ProfileError, match="outages"):
        NetemLink(profile, 1)


def outcome():
    """The link, or the one line that says why there is none."""
    try:
        return NetemLink(load_profile("netfi-loss-10"), 1)
    except NamespaceError as error:
        pytest.skip(str(error))
    except EmulatorError as error:
        return str(error)


@pytest.mark.live
def test_a_kernel_without_netem_says_so_in_one_line_and_one_with_it_makes_the_link():
    made = outcome()
    if isinstance(made, str):
        assert "--netem" in made
        assert "\n" not in made
    else:
        assert made.figures() == []
        made.close()
