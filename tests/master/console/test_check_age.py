from msgspec.structs import replace

from master.console.buttons import actions
from master.console.check_age import OLD_NS, CheckAge
from master.console_records import CheckWord
from protocol.widgets.language import say
from tests.master.console.scenes import APART, FOUND, LAUNCHER


def word(number=1, found=FOUND):
    return replace(LAUNCHER, check=CheckWord(number, found is None, "", 20.0, 20.0, found))


def test_it_counts_from_when_the_check_was_seen_to_end():
    age = CheckAge()
    assert age.step(None, 3) is None
    assert age.step(word(found=None), 5) is None
    assert age.step(word(), 7) == 0
    assert age.step(None, 8) == 1
    assert age.step(word(), 9) == 2
    assert age.step(word(2, found=None), 11) is None
    assert age.step(word(2), 12) == 0


def test_a_window_that_came_later_does_not_know_it_but_that_of_the_next_check():
    for first in (None, word()):
        late = CheckAge()
        late.step(first, 5)
        assert late.step(word(), 7) is None
        assert late.step(word(), 9) is None
        assert late.step(word(2), 10) == 0


def test_who_asks_for_control_is_told_that_the_check_is_old():
    for age_ns, warning in (
        (0, None),
        (OLD_NS, "the check of the link is old"),
        (None, "the check of the link is old"),
    ):
        told = actions(APART._replace(launcher=word(), check_age_ns=age_ns), 0.5, None).warning
        assert (told and say(told)) == warning
