import pytest

from protocol.clock import NS_PER_MS
from protocol.widgets.link_figures import NOTHING, LinkFigures, cells, lanes_note, limiting
from protocol.widgets.theme import Level
from safety.limits import load_limits

MS = NS_PER_MS
LIMITS = load_limits("laparoscopic").named()
GOOD = LinkFigures(
    loop_age_ns=80 * MS,
    worst_age_ns=120 * MS,
    effective_loss=0.001,
    packet_loss=0.008,
    jitter_ns=2.1 * MS,
    longest_gap_ns=12 * MS,
    lanes=32,
    carriers=2,
    carriers_up=2,
    clock_bound_ns=22 * MS,
)


def shown(figures: LinkFigures) -> dict[str, tuple[str, Level | None]]:
    return {cell.name.english: (cell.value, cell.level) for cell in cells(figures, LIMITS)}


def test_a_good_link_is_good_throughout() -> None:
    assert shown(GOOD) == {
        "loop age": ("80 ms", Level.OK),
        "worst, last minute": ("120 ms", Level.OK),
        "longest gap": ("12 ms", Level.OK),
        "effective loss": ("0.1 %", Level.OK),
        "packet loss": ("0.8 %", Level.OK),
        "jitter": ("2.1 ms", None),
        "clock known to": ("± 22 ms", None),
        "lanes": ("32", Level.OK),
        "carriers": ("2/2", Level.OK),
    }


@pytest.mark.parametrize(
    ("name", "field", "slow", "freeze"),
    [
        ("loop age", "loop_age_ns", 220 * MS, 300 * MS),
        ("longest gap", "longest_gap_ns", 100 * MS, 250 * MS),
        ("effective loss", "effective_loss", 0.01, 0.05),
        ("packet loss", "packet_loss", 0.05, 0.20),
    ],
)
def test_a_figure_is_judged_by_the_limits_in_force_at_their_values(
    name: str, field: str, slow: float, freeze: float
) -> None:
    for value, level in (
        (slow * 0.999, Level.OK),
        (slow, Level.SLOW),
        (freeze * 0.999, Level.SLOW),
        (freeze, Level.FREEZE),
    ):
        assert shown(GOOD._replace(**{field: value}))[name][1] is level


def test_what_nobody_can_tell_is_no_good_sign() -> None:
    assert {value for value, _ in shown(LinkFigures()).values()} == {NOTHING}
    assert Level.OK not in {level for _, level in shown(LinkFigures()).values()}


def test_without_limits_figures_have_no_verdict() -> None:
    assert {cell.level for cell in cells(GOOD, {})[:7]} == {None}


def test_what_limits_is_what_is_nearest_to_freezing() -> None:
    assert cells(GOOD, LIMITS)[limiting(cells(GOOD, LIMITS)) or 0].name.english == "loop age"
    lossy = cells(GOOD._replace(effective_loss=0.045), LIMITS)
    assert lossy[limiting(lossy) or 0].name.english == "effective loss"
    assert limiting(cells(LinkFigures(), LIMITS)) is None


def test_lanes_and_carriers_that_fail_are_told() -> None:
    assert shown(GOOD._replace(stalled=3))["lanes"][1] is Level.SLOW
    notes = [lanes_note(GOOD._replace(stalled=stalled, replaced=1)) for stalled in (3, 0)]
    assert [note and note.english for note in notes] == ["3 stalled", "1 new"]
    assert lanes_note(GOOD) is None
    assert shown(GOOD._replace(carriers_up=1))["carriers"] == ("1/2", Level.SLOW)
    assert shown(GOOD._replace(carriers_up=0))["carriers"][1] is Level.FREEZE
