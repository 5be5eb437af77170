"""A tip in words: where it is, how far behind its command, and whether it follows. Pure."""

from protocol.widgets.names import name_of
from protocol.widgets.sentence import Sentence, sentence
from slave.panel.picture import Arm

REACHED = 0


def told_of(arm: Arm) -> Sentence:
    """One arm in one line."""
    if arm.tip_W_m is None:
        return sentence("{arm}: nothing is told of its tip", arm=name_of(arm.name))
    x, y, z = (f"{1e3 * part:.1f}" for part in arm.tip_W_m)
    lag = "?" if arm.lag_m is None else f"{1e3 * arm.lag_m:.2f}"
    if not arm.following:
        how = sentence("rests")
    elif arm.reach == REACHED:
        how = sentence("follows")
    else:
        how = sentence("out of reach")
    return sentence(
        "{arm}: {x}, {y}, {z} mm; lag {lag} mm; {how}", arm=name_of(arm.name), x=x, y=y, z=z, lag=lag, how=how
    )
