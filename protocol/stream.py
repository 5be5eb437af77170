"""A stream's figures as a record, for the cells that tell of them."""

from protocol.clock import NS_PER_S
from protocol.quality import QualityFigures
from protocol.records import StreamQuality

JITTER_MAX_NS = float(NS_PER_S)
"""More is told as so much: stamps are the sender's to choose, and a figure out of bounds makes a record unreadable."""


def stream_quality(figures: QualityFigures) -> StreamQuality:
    """What of them is told."""
    return StreamQuality(
        figures.longest_gap_ns,
        min(figures.jitter_ns, JITTER_MAX_NS),
        figures.effective_loss_share,
        figures.longest_run,
        figures.runs,
    )
