"""The sounds of alarms, made from sines: bursts of pulses after IEC 60601-1-8. Pure: from a priority to samples.

From the standard: ten pulses for high, three for medium, one for low; a fundamental within 150 to 1000 Hz, and at least
four harmonics within 300 to 4000 Hz that are no more than 15 dB weaker or stronger. Lengths and pauses of pulses are
assumed, of the size that is usual.
"""

import io
import wave
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from protocol.widgets.theme import Priority

RATE_HZ = 44_100
HARMONICS_DB = (0.0, -4.0, -6.0, -8.0, -10.0)
"""The fundamental, and its next four multiples."""
EDGE_SHARE = 0.2
"""Of a pulse, for its rise and as much for its fall: without them it clicks."""
PEAK = 0.8


class Burst(NamedTuple):
    """`starts_s`: when each pulse begins."""

    fundamental_hz: float
    pulse_s: float
    starts_s: tuple[float, ...]


def _five(begin_s: float) -> tuple[float, ...]:
    """Three pulses, a breath, two more: twice that is what everybody in a theatre knows."""
    step_s, breath_s = 0.25, 0.20
    return tuple(begin_s + k * step_s + (breath_s if k >= 3 else 0.0) for k in range(5))


BURSTS = {
    Priority.HIGH: Burst(740.0, 0.15, (*_five(0.0), *_five(1.95))),
    Priority.MEDIUM: Burst(523.0, 0.20, (0.0, 0.40, 0.80)),
    Priority.LOW: Burst(392.0, 0.20, (0.0,)),
}


def samples(priority: Priority) -> NDArray[np.int16]:
    """One burst, mono."""
    burst = BURSTS[priority]
    sound = np.zeros(int((burst.starts_s[-1] + burst.pulse_s) * RATE_HZ) + RATE_HZ // 10)
    pulse = _pulse(burst)
    for start_s in burst.starts_s:
        first = int(start_s * RATE_HZ)
        sound[first : first + len(pulse)] += pulse
    return np.asarray(sound * PEAK * 32767.0, dtype=np.int16)


def wave_file(priority: Priority) -> bytes:
    """One burst as a file that any player plays."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples(priority).tobytes())
    return content.getvalue()


def _pulse(burst: Burst) -> NDArray[np.float64]:
    t = np.arange(int(burst.pulse_s * RATE_HZ)) / RATE_HZ
    tone = np.zeros_like(t)
    for number, level_db in enumerate(HARMONICS_DB, start=1):
        tone += 10.0 ** (level_db / 20.0) * np.sin(2.0 * np.pi * burst.fundamental_hz * number * t)
    edge = EDGE_SHARE * burst.pulse_s
    shape = np.clip(np.minimum(t, burst.pulse_s - t) / edge, 0.0, 1.0)
    shaped: NDArray[np.float64] = tone / np.abs(tone).max() * shape
    return shaped
