"""What the team is told of the surgeon: who, how the link is, and what he reads on his own screen."""

import pytest

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import FreezeClass, Mode
from protocol.records import NO_SESSION
from protocol.widgets.theme import Level
from slave.panel.conditions import conditions
from slave.panel.picture import picture_of
from slave.panel.surgeon_view import banner_seen, link_level, surgeon_view, team_words
from tests.slave.panel.scene import AUTHORITY_NOW, COMMAND_NOW, LIMITS, NOW, late, replace, seen


def view(*mode, **changes):
    return surgeon_view(picture_of(seen(*mode, **changes)))


def commanded(age_ms, silent_ms=0):
    stamp_ns = NOW - age_ms * NS_PER_MS
    command = replace(COMMAND_NOW, received_ns=stamp_ns, shown_ns=stamp_ns)
    return replace(seen().accepted, accepted_ns=NOW - silent_ms * NS_PER_MS, command=command)


def test_a_good_link_and_what_the_surgeon_reads():
    told = view(Mode.FROZEN, FreezeClass.LOCAL)
    assert told.who.english == "theatre-2 (spacemouse)"
    assert told.link.english == "link: good for 42 s"
    assert told.level is Level.OK
    assert told.sees.english == "sees a picture 100 ms old"
    assert told.reads.english.startswith("reads: FROZEN. The local team must release")


def test_without_a_console_there_is_nothing_to_tell():
    told = view(Mode.LOCAL, session=NO_SESSION)
    assert told.who.english == "no console is connected"
    assert (told.link.english, told.sees.english, told.reads.english) == ("", "", "")
    assert told.level is Level.UNKNOWN


def test_of_a_cut_link_the_surgeon_reads_that_he_knows_nothing():
    told = view(Mode.FROZEN, FreezeClass.LINK, accepted=commanded(3000, 3000))
    assert told.link.english == "link: cut for 3.0 s"
    assert told.level is Level.FREEZE
    assert told.sees.english == "last saw a picture 3.0 s ago"
    assert "reads: UNKNOWN" in told.reads.english


def test_a_supervisor_that_is_silent_tells_the_surgeon_nothing_either():
    assert "UNKNOWN" in view(authority=late(AUTHORITY_NOW)).reads.english


@pytest.mark.parametrize(
    ("age_ms", "good_ns", "level"),
    [(90, 42 * NS_PER_S, Level.OK), (90, 0, Level.SLOW), (310, 42 * NS_PER_S, Level.FREEZE)],
)
def test_the_level_is_that_of_the_procedures_limits(age_ms, good_ns, level):
    shown = picture_of(seen(accepted=commanded(age_ms), link_good_ns=good_ns))
    assert link_level(shown) is level


def test_a_link_that_is_becoming_good_says_how_long_it_must_be():
    assert view(link_good_ns=NS_PER_S).link.english == "link: good for 1.0 s of 3.0 s"
    assert view(link_good_ns=0).link.english == "link: not good"
    waits = banner_seen(picture_of(seen(link_good_ns=NS_PER_S)))
    assert waits.link_wait_s == (LIMITS.people.link_good_ns - NS_PER_S) / NS_PER_S
    assert banner_seen(picture_of(seen())).link_wait_s == 0.0


def test_with_no_picture_painted_yet_it_says_so():
    command = replace(COMMAND_NOW, received_ns=0, shown_ns=0)
    told = view(accepted=replace(seen().accepted, command=command))
    assert told.sees.english == "has seen no picture yet"
    assert told.level is Level.UNKNOWN


def test_a_run_that_ended_in_order_is_told_as_that_and_alarms_nobody():
    ended = picture_of(seen(authority=late(AUTHORITY_NOW, ms=9000), ended=True))
    assert team_words(ended).heading.english == "RUN ENDED"
    assert conditions(ended, (), None) == ()
    silent = picture_of(seen(authority=late(AUTHORITY_NOW, ms=9000)))
    assert team_words(silent).heading.english == "SUPERVISOR SILENT"
