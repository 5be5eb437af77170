"""The banner's sentences: for every mode, freeze and reader, and never advice that the reader cannot follow."""

import itertools

import pytest

from protocol.messages import FreezeClass, Mode
from protocol.widgets.sentence import CONTEXT, render
from protocol.widgets.ts_file import Key, read_language
from protocol.widgets.words import Seen, Who, Words, words

CHINESE = read_language("zh_CN")
CLASSES = {Mode.FROZEN: tuple(FreezeClass)[1:]}
ALL = [
    Seen(mode, freeze_class, culprit, calling, slowed, testing, wait_s)
    for mode in Mode
    for freeze_class in CLASSES.get(mode, (FreezeClass.NONE,))
    for culprit, calling, slowed, testing, wait_s in itertools.product(
        ("", "no command for 250 ms (limit 250 ms)"), (False, True), (False, True), (False, True), (0.0, 2.4)
    )
] + [Seen(None), Seen(None, silent_s=0.62)]
BUTTONS = ("FREEZE", "RELEASE", "TAKE CONTROL", "GIVE CONTROL", "RESET", "I AM HERE", "STOP + POWER OFF")


def english(said: Words) -> str:
    return f"{said.heading.english}: {said.reason.english}. {said.advice.english}"


def test_the_issues_own_example() -> None:
    seen = Seen(Mode.FROZEN, FreezeClass.LINK, "no command for 250 ms (limit 250 ms)", link_wait_s=2.4)
    assert english(words(seen, Who.SURGEON)) == (
        "FROZEN: no command for 250 ms (limit 250 ms). Lift the pedal, wait for the link (3 s), press again."
    )


@pytest.mark.parametrize("who", Who)
def test_there_is_always_a_heading_a_reason_and_something_to_do(who: Who) -> None:
    for said in (words(seen, who) for seen in ALL):
        assert all(text.english.strip() for text in (said.heading, said.reason, said.advice))
        assert said.advice.english.endswith(".")


def test_the_surgeon_is_never_told_to_press_a_button_of_the_staff() -> None:
    for seen in ALL:
        advice = words(seen, Who.SURGEON).advice.english
        assert not any(button in advice for button in BUTTONS), seen


def test_the_staff_are_never_told_to_do_something_with_the_pedal() -> None:
    for seen in ALL:
        assert "pedal" not in words(seen, Who.STAFF).advice.english, seen


@pytest.mark.parametrize("freeze_class", [FreezeClass.LOCAL, FreezeClass.ARM])
def test_a_surgeon_is_not_sent_to_the_pedal_while_the_staff_must_release(freeze_class: FreezeClass) -> None:
    advice = words(Seen(Mode.FROZEN, freeze_class), Who.SURGEON).advice.english
    assert "press again" not in advice
    assert "local team" in advice
    assert "RELEASE" in words(Seen(Mode.FROZEN, freeze_class), Who.STAFF).advice.english


def test_the_wait_for_the_link_counts_down_and_never_says_nought() -> None:
    for wait_s, says in ((3.0, "(3 s)"), (2.01, "(3 s)"), (2.0, "(2 s)"), (0.001, "(1 s)")):
        assert says in words(Seen(Mode.READY, link_wait_s=wait_s), Who.SURGEON).advice.english
    assert "Wait" not in words(Seen(Mode.READY), Who.SURGEON).advice.english


def test_called_staff_are_told_to_answer_before_anything_else() -> None:
    for mode in (Mode.LOCAL, Mode.SAFE):
        said = words(Seen(mode, calling=True), Who.STAFF)
        assert "I AM HERE" in said.advice.english
        assert said.heading.english == "YOU ARE CALLED"
        assert said.calling


def test_a_mode_that_nobody_tells_is_no_mode() -> None:
    said = words(Seen(None, silent_s=0.62), Who.SURGEON)
    assert said.mode is None
    assert said.heading.english == "UNKNOWN"
    assert "0.6 s" in said.reason.english
    assert words(Seen(None), Who.STAFF).calling


def test_a_reason_that_is_over_is_not_shown_while_the_arms_follow() -> None:
    said = words(Seen(Mode.FOLLOWING, culprit="no command for 110 ms (limit 100 ms)"), Who.SURGEON)
    assert "no command" not in said.reason.english


def test_advice_names_buttons_as_they_are_written_on_the_panel() -> None:
    """In Chinese, too: whoever is told to press a button must find it."""
    written = {key.source: text for key, text in CHINESE.items() if key.source in BUTTONS}
    for key, text in CHINESE.items():
        if key.context == CONTEXT and key.source.endswith("."):
            for button in (button for button in BUTTONS if button in key.source and button in written):
                assert f"“{written[button]}”" in text, text


@pytest.mark.parametrize("who", Who)
def test_every_banner_is_chinese_in_chinese(who: Who) -> None:
    for said in (words(seen, who) for seen in ALL):
        for text in (said.heading, said.reason, said.advice):
            in_chinese = render(text, lambda source: CHINESE.get(Key(CONTEXT, source), source))
            assert any("\u4e00" <= letter <= "\u9fff" for letter in in_chinese), text
