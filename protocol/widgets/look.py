"""How a window looks on its screen: theme and scale, and what Qt makes of them. Every widget is handed it."""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from protocol.widgets.screen import GAP_MM, NEAR_TEXT_MM, TOUCH_MM, Scale, scale_of
from protocol.widgets.theme import Theme

FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Noto Sans", "DejaVu Sans")
"""The first has both scripts in one design, so that a mixed line stands on one base line."""
PROBE_PX = 200


class Look(NamedTuple):
    """`bold` and plain fonts by the height of their capitals; sizes by millimetres; colours by name of the theme."""

    theme: Theme
    scale: Scale

    def px(self, mm: float) -> int:
        """Pixels of so many millimetres."""
        return self.scale.px(mm)

    def font(self, capitals_mm: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """A font whose capitals are so high on the glass."""
        return font_px(capitals_mm * self.scale.dpi / 25.4, weight)


def look_of(app: QApplication, theme: Theme) -> Look:
    """Dress `app` for the screen that it stands on."""
    look = Look(theme, scale_of(app.primaryScreen()))
    apply(app, look)
    return look


@lru_cache(maxsize=256)
def font_px(capitals_px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """A font whose capitals are so many pixels high, to within rounding to whole pixels of size."""
    font = QFont(list(FAMILIES))
    font.setWeight(weight)
    font.setPixelSize(PROBE_PX)
    share = QFontMetricsF(font).capHeight() / PROBE_PX
    # A font that does not tell its capitals' height: they are about seven tenths of any.
    font.setPixelSize(max(1, round(capitals_px / (share if share > 0.3 else 0.7))))
    return font


def apply(app: QApplication, look: Look) -> None:
    """Dress all windows of `app`: palette, font, and the few standard controls that we use, large enough for gloves."""
    theme = look.theme
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, theme.window),
        (QPalette.ColorRole.WindowText, theme.text),
        (QPalette.ColorRole.Base, theme.surface),
        (QPalette.ColorRole.AlternateBase, theme.raised),
        (QPalette.ColorRole.Text, theme.text),
        (QPalette.ColorRole.Button, theme.raised),
        (QPalette.ColorRole.ButtonText, theme.text),
        (QPalette.ColorRole.ToolTipBase, theme.raised),
        (QPalette.ColorRole.ToolTipText, theme.text),
        (QPalette.ColorRole.PlaceholderText, theme.dim),
        (QPalette.ColorRole.Highlight, theme.focus),
        (QPalette.ColorRole.HighlightedText, theme.window),
    ):
        palette.setColor(role, QColor(colour))
    app.setPalette(palette)
    app.setFont(look.font(NEAR_TEXT_MM))
    app.setStyleSheet(style_sheet(look))


def style_sheet(look: Look) -> str:
    """For Qt's own controls; ours draw themselves."""
    theme, touch, gap = look.theme, look.px(TOUCH_MM), look.px(GAP_MM)
    edge, radius = max(1, look.px(0.3)), look.px(1.2)
    field = (
        f"background: {theme.raised}; color: {theme.text}; border: {edge}px solid {theme.line};"
        f" border-radius: {radius}px; min-height: {touch - 2 * edge}px; padding: 0 {gap}px;"
    )
    return f"""
        QToolTip {{ background: {theme.raised}; color: {theme.text}; border: {edge}px solid {theme.line}; }}
        QPushButton, QComboBox, QLineEdit, QSpinBox, QDoubleSpinBox {{ {field} }}
        QPushButton:focus, QComboBox:focus, QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
            border-color: {theme.focus}; border-width: {max(2, look.px(0.6))}px; }}
        QPushButton:checked {{ background: {theme.focus}; color: {theme.window}; }}
        QPushButton:disabled, QComboBox:disabled, QLineEdit:disabled {{ color: {theme.dim}; border-style: dashed; }}
        QComboBox::drop-down {{ width: {touch}px; border: none; }}
        QComboBox QAbstractItemView {{ background: {theme.raised}; color: {theme.text}; outline: none;
            selection-background-color: {theme.focus}; selection-color: {theme.window}; }}
        QComboBox QAbstractItemView::item, QListView::item {{ min-height: {touch}px; }}
        QSlider {{ min-height: {touch}px; }}
        QSlider::groove:horizontal {{ height: {gap}px; background: {theme.raised}; border: {edge}px solid {theme.line};
            border-radius: {gap // 2}px; }}
        QSlider::handle:horizontal {{ width: {touch}px; margin: -{(touch - gap) // 2}px 0; background: {theme.text};
            border-radius: {touch // 2}px; }}
        QSlider:focus {{ border: {edge}px solid {theme.focus}; }}
        QCheckBox, QRadioButton {{ spacing: {gap}px; min-height: {touch}px; }}
        QCheckBox::indicator, QRadioButton::indicator {{ width: {touch // 2}px; height: {touch // 2}px; }}
        QScrollBar:vertical {{ width: {touch}px; background: {theme.window}; }}
        QScrollBar::handle:vertical {{ min-height: {touch}px; background: {theme.line}; border-radius: {radius}px;
            margin: {edge * 2}px; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    """
