import math

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from protocol.widgets.fitting import SMALLEST, TIGHT, FitLabel, draw_fitted, fit
from protocol.widgets.look import Look, font_px, look_of
from protocol.widgets.screen import FAR_TEXT_MM
from protocol.widgets.theme import DARK, LIGHT

LONG = "arm 0: outer wrist pitch position off its velocity: 0.123456 (limit 0.05)"
NORMAL = QFont.Weight.Normal


@pytest.mark.parametrize("capitals_px", [8.0, 25.0, 60.0])
def test_a_font_has_capitals_of_the_height_asked_for(qapp, capitals_px: float) -> None:
    assert QFontMetricsF(font_px(capitals_px)).capHeight() == pytest.approx(capitals_px, abs=0.6)


def test_text_with_room_has_its_full_size(qapp) -> None:
    found = fit("FROZEN", 2000, 200, 40.0, NORMAL)
    assert found.fits
    assert found.font.pixelSize() == font_px(40.0).pixelSize()


@pytest.mark.parametrize("text", [LONG, "机械臂 0:外部偏转位置与速度不符,现场人员须先解除冻结,然后抬起踏板"])
@pytest.mark.parametrize(("width", "height"), [(700, 60), (400, 160), (260, 300)])
def test_text_without_room_is_smaller_or_wrapped_and_stands_within(qapp, text: str, width: int, height: int) -> None:
    found = fit(text, width, height, 30.0, NORMAL)
    assert found.fits
    taken = QFontMetricsF(found.font).boundingRect(QRect(0, 0, width, 10_000), 0x1000, text)
    assert taken.width() <= width
    # The letters themselves, without the blank that a font leaves between two lines.
    assert taken.height() - QFontMetricsF(found.font).lineSpacing() + TIGHT * found.font.pixelSize() <= height


@pytest.mark.parametrize("text", ["Ágjy()", "机械臂 gÁ"])
def test_no_letter_stands_out_of_the_room_that_is_just_large_enough(qapp, text: str) -> None:
    """Drawn in its tightest room, with blank around it: nothing is painted beyond the room."""
    font = font_px(40.0)
    height = math.ceil(TIGHT * font.pixelSize())
    assert fit(text, 2000, height, 40.0, NORMAL).font.pixelSize() == font.pixelSize()
    image = QImage(1000, 3 * height, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    draw_fitted(painter, QRect(10, height, 900, height), text, 40.0, "#ffffff")
    painter.end()
    rows = [y for y in range(3 * height) if any(image.pixelColor(x, y).red() for x in range(1000))]
    assert height <= rows[0]
    assert rows[-1] < 2 * height


def test_text_that_fits_at_no_size_is_said_to_be_cut(qapp) -> None:
    found = fit(LONG, 60, 20, 30.0, NORMAL)
    assert not found.fits
    assert found.font.pixelSize() == font_px(30.0 * SMALLEST).pixelSize()


def test_a_label_tells_whether_it_is_cut_and_how_large_it_is(look: Look, qtbot: QtBot) -> None:
    label = FitLabel(look, FAR_TEXT_MM, look.theme.text)
    qtbot.addWidget(label)
    label.set_text("READY")
    label.resize(label.sizeHint())
    assert not label.is_cut()
    assert label.capitals_mm() == pytest.approx(FAR_TEXT_MM, abs=0.3)
    label.set_text(LONG)
    assert label.is_cut()
    assert label.accessibleName() == LONG


def test_markup_from_elsewhere_is_only_text(look: Look, qtbot: QtBot) -> None:
    label = FitLabel(look, FAR_TEXT_MM, look.theme.text)
    qtbot.addWidget(label)
    label.set_text("<b>x</b>")
    assert label.sizeHint().width() > QFontMetricsF(look.font(FAR_TEXT_MM)).horizontalAdvance("xxxxx")


def test_a_windows_look_is_made_for_the_screen_that_it_stands_on(qapp, monkeypatch: pytest.MonkeyPatch) -> None:
    told = qapp.primaryScreen().physicalDotsPerInch()
    assert look_of(qapp, DARK).scale.dpi == pytest.approx(told)
    assert qapp.palette().window().color().name() == DARK.window
    monkeypatch.setenv("FARHAND_DPI", "72")
    assert look_of(qapp, LIGHT).scale.dpi == 72.0
    assert qapp.palette().window().color().name() == LIGHT.window
