"""The limits: none can be missing, switched off or at odds, and each of them changes what happens."""

import math
from importlib import resources

import pytest

from safety.limits import (
    _UNITS,
    LimitsError,
    NoLinkLimits,
    hardware_may_use,
    load_limits,
    parse_limits,
    procedures,
)

FOLDER = resources.files("safety").joinpath("procedures")
COMMON, OWN = (FOLDER.joinpath(f"{name}.toml").read_text() for name in ("common", "laparoscopic"))
NUMBERS = [
    (which, line.split(" = ")[0], number)
    for which, text in (("common", COMMON), ("own", OWN))
    for number, line in enumerate(text.splitlines())
    if " = " in line and not line.startswith("#") and '"' not in line
]


def with_line(which, number, line):
    lines = (COMMON if which == "common" else OWN).splitlines()
    lines[number] = line
    text = "\n".join(lines)
    return parse_limits("laparoscopic", *((text, OWN) if which == "common" else (COMMON, text)))


def test_every_procedure_loads_and_only_none_is_refused_for_hardware():
    assert procedures() == ("laparoscopic", "none", "vascular")
    assert [hardware_may_use(load_limits(name)) for name in procedures()] == [True, False, True]
    assert isinstance(load_limits("none").link, NoLinkLimits)


@pytest.mark.parametrize(("which", "name", "number"), NUMBERS, ids=str)
@pytest.mark.parametrize("value", ["0", "0.0", "-1", "nan", "inf", "-inf", "9" * 400, "true", "[1]"])
def test_no_value_switches_a_limit_off(which, name, number, value):
    with pytest.raises(LimitsError, match=r"laparoscopic\.toml"):
        with_line(which, number, f"{name} = {value}")


@pytest.mark.parametrize(("which", "name", "number"), NUMBERS, ids=str)
def test_no_limit_may_be_missing_or_misspelt(which, name, number):
    with pytest.raises(LimitsError):
        with_line(which, number, "")
    with pytest.raises(LimitsError):
        with_line(which, number, f"x{name} = 100")


def test_a_refusal_names_the_file_the_limit_the_value_and_the_bound():
    number = next(number for _, name, number in NUMBERS if name == "lag_mm")
    with pytest.raises(LimitsError, match=r"laparoscopic.toml: people.lag_mm = 0 must be a finite number above 0"):
        with_line("common", number, "lag_mm = 0")
    with pytest.raises(LimitsError, match="end its name with a unit"):
        with_line("common", number, "lag = 10")


def test_a_number_beyond_all_sense_is_refused():
    number = next(number for _, name, number in NUMBERS if name == "park_ms")
    assert with_line("common", number, "park_ms = 1_000_000_000").people.park_ns == 10**15
    with pytest.raises(LimitsError, match=r"people.park_ms = 1000000001 must be .* at most 1e\+09: no value"):
        with_line("common", number, "park_ms = 1_000_000_001")


@pytest.mark.parametrize("text", ["not toml", "a = " + "9" * 5000, "a = " + "[" * 5000])
def test_what_cannot_be_read_is_refused_with_its_file(text):
    with pytest.raises(LimitsError, match=r"laparoscopic\.toml: "):
        parse_limits("laparoscopic", COMMON, text)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("pause_ms = 250", "silence.pause_ns = 2.5e.08 must be below link.silence.freeze_ns"),
        ("jog_life_ms = 4", "below 5 periods"),
        ("slow_leave_ms = 220", "slow_leave_ns"),
        ("freeze_at_once_ms = 300", "freeze_at_once_ns"),
        ("blind_ms = 299", "master.blind_ns must be"),
        ("cap_floor_percent = 101", "is a share"),
        ("handover_ms = 2000", "people.call_ns"),
        ("near_mm = 10", "people.near_m"),
        ("watchdog_ms = 49", "process.watchdog_ns must not be below"),
        ("lease_ms = 50", "process.lease_ns"),
        ("minimum_over_ms = 1000", "minimum_over_ns"),
        ("silence_from_ms = 100", "silence_from_ns"),
    ],
)
def test_limits_at_odds_refuse_to_start(line, says):
    name = line.split(" = ")[0]
    which, number = next((which, number) for which, other, number in NUMBERS if other == name)
    with pytest.raises(LimitsError, match=says):
        with_line(which, number, line)


def test_the_verdict_is_off_for_none_alone():
    off = '[link]\nverdict = "off"\n[master]\nblind_ms = 300\n'
    with pytest.raises(LimitsError, match="for the procedure"):
        parse_limits("laparoscopic", COMMON, off)
    with pytest.raises(LimitsError, match="for the procedure"):
        parse_limits("none", COMMON, OWN)
    with pytest.raises(LimitsError, match="unknown procedure 'cardiac'; known are: laparoscopic, none, vascular"):
        load_limits("cardiac")
    with pytest.raises(LimitsError, match=r"laparoscopic.toml"):
        parse_limits("laparoscopic", COMMON, "not toml")


def test_two_limits_have_one_hash_only_if_they_are_the_same():
    hashes = {load_limits(name).hash for name in procedures()}
    assert len(hashes) == 3
    assert load_limits("vascular").hash in hashes
    number = next(number for _, name, number in NUMBERS if name == "jog_mm_s")
    assert with_line("common", number, "jog_mm_s = 10.000001").hash not in hashes


def test_units_are_made_si():
    numbers = load_limits("laparoscopic").named()
    assert numbers["link.silence.freeze_ns"] == 250_000_000
    assert numbers["people.jog_m_s"] == 0.01
    assert numbers["people.lag_rad"] == math.radians(10.0)
    assert numbers["link.effective_loss.freeze_share"] == 0.05
    assert len(numbers) == len(NUMBERS)


def test_no_unit_is_the_end_of_another():
    """So that the first that fits is the only one."""
    endings = [unit[0] for unit in _UNITS]
    assert not [(a, b) for a in endings for b in endings if a != b and a.endswith(b)]


def test_refusals_name_file_value_bound_and_units():
    short = next((which, number) for which, name, number in NUMBERS if name == "jog_life_ms")
    with pytest.raises(LimitsError) as refused:
        with_line(*short, "jog_life_ms = 3")
    assert str(refused.value) == (
        "laparoscopic.toml: people.jog_life_ns = 3 ms is below 5 periods of the loops it watches (5 ms)"
    )
    with pytest.raises(LimitsError, match=r"end its name with a unit: _ms, _mm, _mm_s, _deg, _deg_s, _percent$"):
        with_line(*short, "jog_life_s = 1")


def test_five_periods_and_a_whole_share_are_just_allowed():
    short = next((which, number) for which, name, number in NUMBERS if name == "jog_life_ms")
    assert with_line(*short, "jog_life_ms = 5").people.jog_life_ns == 5_000_000
    share = next((which, number) for which, name, number in NUMBERS if name == "cap_floor_percent")
    assert with_line(*share, "cap_floor_percent = 100").link.slow.cap_floor_share == 1.0
