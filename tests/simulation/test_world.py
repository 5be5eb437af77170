"""The simulated world: all rules hold over seeds, and a bug in the real code is found. Long runs: make sim."""

import os
import random
import subprocess
import sys

import pytest

from bench.sim import SeedsError, parse_seeds
from bench.world.link import Outage, SimulatedLink
from bench.world.run import SimOptions, replay_command, results, run_seed, summary
from bench.world.scenario import CLEAN, scenario
from bench.world.stalls import LATE_MS, stall_ms
from bench.world.world import STORY_NS
from protocol.clock import NS_PER_MS
from tests.simulation.bugs import BUGS
from tests.tree import ROOT

OPTIONS = SimOptions(0, 200, 5.0, "laparoscopic", "psm")
QUICK = (
    "a_freeze_does_not_withdraw_the_permit",
    "a_change_of_owner_is_no_new_epoch",
    "an_older_command_is_taken_for_new",
)
NOW = 10**12


def test_a_hundred_seeds_break_no_rule_and_healthy_ones_do_not_even_trip():
    done = list(results(OPTIONS._replace(end=100)))
    broken = [f"{each.broken}: {replay_command(each.seed, OPTIONS)}" for each in done if each.broken]
    assert len(done) == 100
    assert broken == []
    assert [each.seed for each in done if each.healthy and each.trips] == []
    assert any(each.healthy for each in done)
    assert sum(each.modes_s.get("FOLLOWING", 0.0) for each in done) > 30.0


@pytest.mark.parametrize(("procedure", "robot"), [("vascular", "psm"), ("none", "psm"), ("laparoscopic", "psm_si")])
def test_other_procedures_and_robots_keep_the_rules_too(procedure, robot):
    options = SimOptions(500, 506, 5.0, procedure, robot)
    assert [each.broken for each in results(options) if each.broken] == []


def test_a_seed_tells_the_same_story_every_time():
    first, second = run_seed(7, OPTIONS), run_seed(7, OPTIONS)
    assert (first.modes_s, first.trips) == (second.modes_s, second.trips)


def find(bug):
    with bug():
        for seed in range(OPTIONS.first, OPTIONS.end):
            broken = run_seed(seed, OPTIONS).broken
            if broken:
                return broken
    return ""


@pytest.mark.parametrize("bug", [bug for bug in BUGS if bug.__name__ in QUICK], ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_found(bug):
    assert find(bug)


@pytest.mark.sim
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_every_planted_bug_is_found_within_200_seeds(bug):
    assert find(bug)


@pytest.mark.sim
@pytest.mark.parametrize("procedure", ["laparoscopic", "vascular", "none"])
def test_thousands_of_seeds_break_no_rule(procedure):
    seeds = int(os.environ.get("FARHAND_SIM_SEEDS", "10000"))
    done = results(SimOptions(0, seeds, 5.0, procedure, "psm"))
    assert [each.broken for each in done if each.broken or (each.healthy and each.trips)] == []


def test_a_failing_seed_names_the_command_that_replays_it():
    command = replay_command(41, OPTIONS)
    assert command == "farhand sim --seeds 41:42 --seconds 5 --procedure laparoscopic --robot psm"


def test_the_command_runs_and_shows_its_figures(tmp_path):
    words = ["sim", "--seeds", "3:5", "--seconds", "1", "--json", str(tmp_path / "sim.json")]
    done = subprocess.run(
        [sys.executable, str(ROOT / "farhand.py"), *words], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "faster than life" in done.stdout
    assert '"complete": true' in (tmp_path / "sim.json").read_text()


@pytest.mark.parametrize("text", ["", "5", "5:5", "9:3", "a:b", "-1:4", "0:99999999", "0:" + "9" * 5000])
def test_a_range_that_is_none_is_refused(text):
    with pytest.raises(SeedsError, match="give A:B"):
        parse_seeds(text)


def test_culprits_are_counted_without_their_figures():
    assert summary("no command for 251 ms (limit 250 ms)") == "no command for ms"


def test_a_clean_link_delivers_everything_once_and_an_outage_nothing():
    link = SimulatedLink(CLEAN._replace(outages=(Outage(NOW + 50 * NS_PER_MS, NOW + 60 * NS_PER_MS),)), "seed")
    for tick in range(100):
        link.send(NOW + tick * NS_PER_MS, bytes([tick]))
    arrived = link.receive(NOW + 10**9)
    assert sorted(frame[0] for frame in arrived) == [tick for tick in range(100) if not 50 <= tick < 60]
    assert link.receive(NOW + 10**10) == []


def test_a_foul_link_loses_doubles_and_damages():
    profile = CLEAN._replace(
        loss=0.2, burst_length=4.0, duplicates=0.2, corruption=0.2, far_share=0.1, far_tail_ms=50.0
    )
    link = SimulatedLink(profile, "seed")
    for tick in range(2000):
        link.send(NOW + tick * NS_PER_MS, b"frame" * 10)
    arrived = link.receive(NOW + 10**10)
    whole = sum(frame == b"frame" * 10 for frame in arrived)
    assert 1200 < whole < len(arrived)
    assert 1700 < len(arrived) < 2600


def test_stories_differ_and_some_are_healthy():
    stories = [scenario(seed, STORY_NS, 5.0) for seed in range(200)]
    assert 10 < sum(story.healthy for story in stories) < 50
    assert len({story.commands for story in stories}) > 150
    killed = {fault.process for story in stories for fault in story.faults if fault.killed}
    assert {"pilot", "gateway", "supervisor", "controller", "plant"} <= killed


def test_stalls_are_those_that_were_measured():
    rng = random.Random(1)
    drawn = {stall_ms(rng) for _ in range(5000)}
    assert drawn == {length for length, _ in LATE_MS}
