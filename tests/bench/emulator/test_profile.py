import math

import pytest

from bench.emulator.profile import Pings, ProfileError, fit, known_profiles, load_profile

GOOD = "about = 'x'\n[[carriers]]\n"


@pytest.mark.parametrize("name", known_profiles())
def test_every_shipped_profile_loads_and_tells_where_its_figures_come_from(name):
    profile = load_profile(name)
    assert profile.name == name
    assert len(profile.about) > 20
    assert all(carrier.direction.delay.mean_ms > 0.0 for carrier in profile.carriers)


def test_the_seeds_profiles_have_the_papers_mean_and_least():
    for name, mean_ms, least_ms, loss in (
        ("urumqi-shanghai", 106.66, 87.94, 0.008256),
        ("beijing-shanghai", 60.43, 40.61, 0.00055),
        ("urumqi-shanghai-slow", 106.66, 87.94, 0.008256),
        ("beijing-shanghai-slow", 60.43, 40.61, 0.00055),
    ):
        (carrier,) = load_profile(name).carriers
        assert 2.0 * carrier.direction.delay.mean_ms == pytest.approx(mean_ms)
        assert 2.0 * carrier.direction.delay.floor_ms == pytest.approx(least_ms)
        assert carrier.loss.share == loss


def test_the_greatest_ping_is_expected_once_in_all_of_them():
    pings = Pings(106.66, 87.94, 1927.12)
    delay = fit(pings)
    above_ms = pings.max_ms - pings.min_ms
    exceeds = sum(w * math.exp(-r * above_ms) for w, r in zip(delay.weights, delay.rates_per_ms, strict=True))
    assert 2.0 * pings.samples * exceeds == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize("pings", [Pings(10.0, 10.0, 10.0), Pings(11.0, 10.0, 11.5), Pings(20.0, 10.0, 21.0, 5.0)])
def test_odd_but_possible_pings_are_fitted_in_the_mean(pings):
    assert 2.0 * fit(pings).mean_ms == pytest.approx(pings.mean_ms, rel=1e-6)


def test_an_unknown_profile_names_the_known():
    with pytest.raises(ProfileError, match=r"unknown profile 'mars'.*urumqi-shanghai"):
        load_profile("mars")


@pytest.mark.parametrize("name", ["../profiles/lan", "/etc/passwd", "", "lan.toml"])
def test_no_other_file_is_taken_for_one(name):
    with pytest.raises(ProfileError, match="unknown profile"):
        load_profile(name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("delay = { floor_ms = 1.0 }\nloss = { share = 1.5 }", "loss.share = 1.5 is outside 0 to 1"),
        ("delay = { floor_ms = -1.0 }", "delay.floor_ms = -1.0 is outside"),
        ("delay = { floor_ms = nan }", "delay.floor_ms = nan is outside"),
        ("pings = { mean_ms = 50.0, min_ms = 40.0, max_ms = 45.0 }", "must not fall"),
        ("pings = { mean_ms = 50.0, min_ms = -40.0, max_ms = 55.0 }", "pings.min_ms = -40.0"),
        ("loss = { share = 0.1 }", "either"),
        ("delay = { floor_ms = 1.0, weights = [1.0] }", "1 weights but 0 rates_per_ms"),
        ("delay = { floor_ms = 1.0, weights = [0.4], rates_per_ms = [1.0] }", "add up to 1"),
        ("delay = { floor_ms = 1.0, weights = [1.0], rates_per_ms = [0.0] }", "rates_per_ms"),
        ("delay = { floor_ms = 1.0 }\nloss = { share = 0.1, burst_mean = 0.5 }", "loss.burst_mean = 0.5"),
        ("delay = { floor_ms = 1.0 }\noutages = { pause_s = 1.0, shortest_s = 2.0, longest_s = 1.0 }", "outages"),
        ("delay = { floor_ms = 1.0 }\noutages = { at_s = [[1.0, 0.0]] }", "outages.at_s"),
        ("delay = { floor_ms = 1.0 }\noutages = { at_s = [[nan, 1.0]] }", "outages.at_s"),
        ("delay = { floor_ms = 1.0 }\noutages = { at_s = [[1.0, inf]] }", "outages.at_s"),
        ("delay = { floor_ms = 1.0 }\nrate = { mbit_s = 1.0, queue_bytes = 100 }", "rate.queue_bytes"),
        ("delay = { floor_ms = 1.0 }\nduplicate_share = -0.1", "duplicate_share"),
        ("delay = { floor_ms = 1.0 }\nreorder = { share = 2.0, by_ms = 1.0 }", "reorder.share"),
        ("delay = { floor_ms = 1.0 }\nlatency = 5", "latency"),
        ("delay = { floor_ms = 'slow' }", "floor_ms"),
        ("delay = { floor_ms = " + "9" * 5000 + " }", "mine.toml"),
        ("delay = " + "[" * 5000, "mine.toml"),
    ],
)
def test_what_is_impossible_is_one_line_that_says_what(tmp_path, text, says):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + text + "\n")
    with pytest.raises(ProfileError) as caught:
        load_profile(str(path))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_users_own_file_is_taken(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + "delay = { floor_ms = 7.0 }\n")
    profile = load_profile(str(path))
    assert (profile.name, profile.carriers[0].direction.delay.mean_ms) == ("mine", 7.0)


def test_five_carriers_are_too_many(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("about = 'x'\n" + "[[carriers]]\ndelay = { floor_ms = 7.0 }\n" * 5)
    with pytest.raises(ProfileError, match="5 carriers; give 1 to 4"):
        load_profile(str(path))
