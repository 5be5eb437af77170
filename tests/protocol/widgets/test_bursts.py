"""The sounds, measured: as many pulses as the standard asks for, at its pitch, with its harmonics."""

import io
import wave

import numpy as np
import pytest

from protocol.widgets.bursts import BURSTS, RATE_HZ, samples, wave_file
from protocol.widgets.theme import Priority

PULSES = {Priority.HIGH: 10, Priority.MEDIUM: 3, Priority.LOW: 1}


@pytest.mark.parametrize("priority", Priority)
def test_a_burst_has_the_pulses_of_its_priority(priority: Priority) -> None:
    loud = np.abs(samples(priority).astype(float)) > 300.0
    # Within a pulse the wave passes zero: 10 ms without sound are a pause.
    window = RATE_HZ // 100
    heard = np.convolve(loud, np.ones(window), mode="same") > 0
    begins = np.count_nonzero(np.diff(heard.astype(int)) == 1) + int(heard[0])
    assert begins == PULSES[priority]


@pytest.mark.parametrize("priority", Priority)
def test_its_tone_has_the_standards_fundamental_and_harmonics(priority: Priority) -> None:
    burst = BURSTS[priority]
    first = samples(priority)[: int(burst.pulse_s * RATE_HZ)].astype(float)
    spectrum = np.abs(np.fft.rfft(first * np.hanning(len(first)), n=RATE_HZ))
    level_db = 20.0 * np.log10(spectrum + 1e-9)
    fundamental = int(np.argmax(spectrum))
    assert 150 <= fundamental <= 1000
    assert fundamental == pytest.approx(burst.fundamental_hz, abs=5)
    harmonics = [k * fundamental for k in range(2, 10) if 300 <= k * fundamental <= 4000]
    strong = [f for f in harmonics if abs(level_db[f - 8 : f + 9].max() - level_db[fundamental]) <= 15.0]
    assert len(strong) >= 4


def test_a_burst_neither_clips_nor_clicks() -> None:
    for priority in Priority:
        sound = samples(priority).astype(float)
        assert np.abs(sound).max() < 32767
        assert abs(sound[0]) < 100
        assert abs(sound[-1]) < 100


def test_its_file_is_one_that_players_read() -> None:
    with wave.open(io.BytesIO(wave_file(Priority.LOW))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        assert file.getnframes() == len(samples(Priority.LOW))
