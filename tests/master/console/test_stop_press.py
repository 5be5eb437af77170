from msgspec.structs import replace

from master.console.stop_press import FAILED_NS, SHOWN_NS, Answer, StopPress
from protocol.clock import NS_PER_MS
from tests.master.console.scenes import LINK, READY

HEARD = READY._replace(state=replace(READY.state, stops_heard=1))


def later(seen, passed_ns):
    return seen._replace(now_ns=READY.now_ns + passed_ns)


def pressed(times=1):
    press = StopPress()
    for _ in range(times):
        press.press(READY)
    return press


def test_before_a_press_there_is_no_answer():
    assert StopPress().step(HEARD) is Answer.NONE


def test_a_press_waits_until_the_patients_side_says_that_it_heard():
    press = pressed()
    assert press.step(READY) is Answer.WAITING, "what was heard before, and the pilot's word of before, say nothing"
    assert press.step(later(HEARD, 50 * NS_PER_MS)) is Answer.HEARD
    assert press.step(later(HEARD, 50 * NS_PER_MS + SHOWN_NS)) is Answer.NONE


def test_without_word_of_it_a_press_failed_and_may_be_heard_yet():
    press = pressed()
    assert press.step(later(READY, FAILED_NS)) is Answer.FAILED
    assert press.step(later(READY._replace(state=None, link=None), 60 * FAILED_NS)) is Answer.FAILED
    assert press.step(later(HEARD, 2 * FAILED_NS)) is Answer.HEARD


def test_of_two_presses_both_must_be_heard():
    press = pressed(2)
    assert press.step(HEARD) is Answer.WAITING
    assert press.step(READY._replace(state=replace(READY.state, stops_heard=2))) is Answer.HEARD


def test_another_session_heard_nothing_of_it():
    press = pressed()
    other = HEARD._replace(state=replace(HEARD.state, session=HEARD.state.session + 1))
    assert press.step(other) is Answer.WAITING


def test_a_press_after_one_that_was_lost_is_counted_by_what_the_pilot_knows():
    press = pressed()
    press.press(later(READY, 2 * FAILED_NS))
    assert press.step(later(HEARD, 2 * FAILED_NS)) is Answer.HEARD


def test_it_counts_on_from_earlier_presses():
    press, seen = StopPress(), READY._replace(link=replace(LINK, stops=3), state=replace(READY.state, stops_heard=3))
    press.press(seen)
    assert press.step(seen) is Answer.WAITING
    assert press.step(seen._replace(state=replace(seen.state, stops_heard=4))) is Answer.HEARD
