"""Where on its screen a window stands. Without Qt, for those who only read a command line."""

from enum import StrEnum


class Half(StrEnum):
    """On all of it, or beside another window."""

    WHOLE = "whole"
    LEFT = "left"
    RIGHT = "right"

    def of(self, left_px: int, width_px: int) -> tuple[int, int]:
        """Left edge and width of its part of a room that has these."""
        middle_px = width_px // 2
        return {
            Half.WHOLE: (left_px, width_px),
            Half.LEFT: (left_px, middle_px),
            Half.RIGHT: (left_px + middle_px, width_px - middle_px),
        }[self]
