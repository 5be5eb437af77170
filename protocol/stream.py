"""A stream's figures as a record, for the cells that tell of them."""

from protocol.quality import QualityFigures
from protocol.records import StreamQuality


def stream_quality(figures: QualityFigures) -> StreamQuality:
    """What of them is told."""
    return StreamQuality(
        figures.longest_gap_ns,
        figures.jitter_ns,
        figures.effective_loss_share,
        figures.longest_run,
        figures.runs,
    )
