"""From a console's increments to a hand's pose, for live packets and recordings alike.

A packet carries, for each hand, position increments and rotation increments in counts. Positions are summed as whole
counts, so the sum neither drifts nor depends on how the packets are grouped. A rotation increment is a small rotation
vector along the axes of H, which do not turn with the hand: it is composed on the left, as RAVEN II does
(`teleopIntoDS1` in src/raven/local_io.cpp of uw-biorobotics/raven2).
"""

import math
from typing import TypeAlias

from master.devices.device import HandInput
from master.devices.settings import Axes, DeviceSettings
from protocol.pose import IDENTITY, Quaternion, Vector, from_rotation_vector, multiply, norm

Counts: TypeAlias = tuple[float, float, float]


def mapped(axes: Axes, v: Counts) -> Vector:
    """`v` written in the axes whose rows are given."""
    x, y, z = v
    a, b, c = (row[0] * x + row[1] * y + row[2] * z for row in axes)
    return (a, b, c)


def position_m(counts: Counts, settings: DeviceSettings) -> Vector:
    """Position in H, in m, of summed position counts."""
    x, y, z = mapped(settings.position_axes, counts)
    scale = settings.position_m_per_count
    return (x * scale, y * scale, z * scale)


def turned_by(q: Quaternion, counts: Counts, settings: DeviceSettings) -> Quaternion:
    """`q` after one packet's rotation increment."""
    if counts == (0.0, 0.0, 0.0):  # most packets of a recording
        return q
    x, y, z = mapped(settings.rotation_axes, counts)
    scale = settings.rotation_rad_per_count
    return multiply(from_rotation_vector((x * scale, y * scale, z * scale)), q)


def jaw_rad(grasp: float, settings: DeviceSettings) -> float:
    """Jaw angle of a grasp reading in counts, clipped to the jaw's range."""
    closed = (grasp - settings.grasp_open) / (settings.grasp_closed - settings.grasp_open)
    return settings.jaw_max_rad - min(1.0, max(0.0, closed)) * (settings.jaw_max_rad - settings.jaw_min_rad)


def fault(del_counts: Counts, rotation_counts: Counts, settings: DeviceSettings) -> str | None:
    """Why an increment cannot be a hand's ("not finite", "too far"), or None if it can."""
    if not all(map(math.isfinite, (*del_counts, *rotation_counts))):
        return "not finite"
    far = norm(del_counts) * settings.position_m_per_count > settings.step_max_m
    far = far or norm(rotation_counts) * settings.rotation_rad_per_count > settings.turn_max_rad
    return "too far" if far else None


class HandIntegrator:
    """Sums one hand's increments. Begins at the origin of H, not turned, its jaw open."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._settings = settings
        self._counts: Counts = (0, 0, 0)
        self._q_HT = IDENTITY
        self._jaw_rad = settings.jaw_max_rad

    def advance(self, del_counts: Counts, rotation_counts: Counts, grasp: float) -> None:
        """Take in one packet whose increments `fault` has passed."""
        x, y, z = self._counts
        self._counts = (x + del_counts[0], y + del_counts[1], z + del_counts[2])
        self._q_HT = turned_by(self._q_HT, rotation_counts, self._settings)
        self._jaw_rad = jaw_rad(grasp, self._settings)

    def hand(self) -> HandInput:
        """The pose and the jaw so far."""
        return HandInput(position_m(self._counts, self._settings), self._q_HT, self._jaw_rad)
