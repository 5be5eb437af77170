import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from protocol.messages import FreezeClass, Mode
from protocol.widgets.banner import Banner
from protocol.widgets.language import Language, switch
from protocol.widgets.look import Look
from protocol.widgets.theme import THEMES
from protocol.widgets.words import Seen, Who, words
from tests.window_fixtures import PATIENCE_MS, Screen, dress

LONGEST = "LAG: arm 0 is 12.3 mm, 11.4 deg behind the hand (limit 10 mm, 10 deg)"
SEEN = [
    *(Seen(mode, calling=calling) for mode in Mode if mode is not Mode.FROZEN for calling in (False, True)),
    *(Seen(Mode.FROZEN, freeze, LONGEST, link_wait_s=2.5) for freeze in tuple(FreezeClass)[1:]),
    Seen(Mode.FOLLOWING, slowed=True),
    Seen(Mode.SAFE, testing=True),
    Seen(None),
    Seen(None, silent_s=12.3),
]


@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("seen", SEEN)
def test_no_banner_is_cut_off(
    seen: Seen, who: Who, screen: Screen, language: Language, qapp: QApplication, qtbot: QtBot
) -> None:
    banner = Banner(dress(qapp, screen.dpi))
    qtbot.addWidget(banner)
    banner.resize(screen.width, banner.sizeHint().height())
    banner.show_mode(words(seen, who), for_s=3725.0)
    assert not banner.is_cut()


@pytest.mark.parametrize("who", Who)
def test_every_banner_is_read_from_two_metres(
    who: Who, screen: Screen, language: Language, qapp: QApplication, qtbot: QtBot
) -> None:
    """Capitals of 7 arc minutes, where normal eyes read 5; the mode's name of 11."""
    banner = Banner(dress(qapp, screen.dpi))
    qtbot.addWidget(banner)
    banner.resize(screen.width, banner.sizeHint().height())
    for seen in SEEN:
        banner.show_mode(words(seen, who), for_s=3725.0)
        heading, reason, advice = banner.capitals_mm()
        assert heading >= 6.4
        assert min(reason, advice) >= 4.05, seen


def test_a_banner_without_room_says_so(look: Look, qtbot: QtBot) -> None:
    banner = Banner(look)
    qtbot.addWidget(banner)
    banner.resize(300, 60)
    banner.show_mode(words(Seen(Mode.FROZEN, FreezeClass.MASTER, LONGEST), Who.STAFF))
    assert banner.is_cut()


def test_it_speaks_the_language_of_now_and_screen_readers_hear_it(look: Look, qapp: QApplication, qtbot: QtBot) -> None:
    banner = Banner(look)
    qtbot.addWidget(banner)
    banner.show_mode(words(Seen(Mode.FROZEN, FreezeClass.LINK, "no command for 250 ms (limit 250 ms)"), Who.SURGEON))
    assert banner.texts[0] == "FROZEN"
    assert banner.accessibleName() == "FROZEN: No command for 250 ms (limit 250 ms)"
    switch(qapp, Language.ZH)
    qtbot.waitUntil(lambda: banner.accessibleName().startswith("已冻结"), timeout=PATIENCE_MS)
    assert banner.texts[0] == "已冻结"
    switch(qapp, Language.EN)


@pytest.mark.parametrize("mode", [*Mode, None])
def test_each_mode_is_painted_in_its_colours(mode: Mode | None, look: Look, qtbot: QtBot) -> None:
    banner = Banner(look)
    qtbot.addWidget(banner)
    banner.resize(1000, 150)
    banner.show_mode(words(Seen(mode), Who.SURGEON))
    # Between border and glyph, where only the ground is.
    colour = banner.grab().toImage().pixelColor(12, 75).name()
    assert colour == THEMES["dark"].mode(mode).ground


def test_a_called_staffs_banner_flashes_and_another_stands_still(
    look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    banner = Banner(look)
    qtbot.addWidget(banner)
    banner.resize(1000, 150)
    pictures = []
    for lit in (True, False):
        monkeypatch.setattr("protocol.widgets.banner.flash_is_on", lambda _priority, lit=lit: lit)
        banner.show_mode(words(Seen(Mode.LOCAL, calling=True), Who.STAFF))
        banner._flash()
        pictures.append(banner.grab().toImage())
    assert pictures[0] != pictures[1]
    assert banner._timer.isActive()
    banner.show_mode(words(Seen(Mode.LOCAL), Who.STAFF))
    assert not banner._timer.isActive()


def test_time_in_the_mode_is_shown_without_moving_the_words(look: Look, qtbot: QtBot) -> None:
    banner = Banner(look)
    qtbot.addWidget(banner)
    banner.resize(1000, 150)
    pictures = []
    for for_s in (0.4, 9.9, 59.0):
        banner.show_mode(words(Seen(Mode.READY), Who.SURGEON), for_s)
        pictures.append(banner.grab().copy(0, 0, 600, 150).toImage())
    assert pictures[0] == pictures[1] == pictures[2]
