"""What the pilot notes of every tick, as rows of float64 in the ring `pilot.ticks`: for the bench.

Times in ns. `state_*` are of the newest state: its stamp on the slave's clock, when it came on ours, and
`heard_sent_ns`, our own stamp of the newest command that the slave had accepted by then. 0 before the first.
`offset_error_ns` is -1 while nothing is known of the slave's clock.
"""

from master.link import SlaveLink

RING_ROWS = 16384
COLUMNS = (
    "now_ns",
    "late_ns",
    "sent",
    "state_sequence",
    "state_stamp_ns",
    "state_ns",
    "heard_sent_ns",
    "lanes_live",
    "lanes_stalled",
    "offset_ns",
    "offset_error_ns",
)


def row(now_ns: int, late_ns: int, link: SlaveLink, *, sent: bool) -> tuple[float, ...]:
    """One tick as numbers, in the order of COLUMNS."""
    state = link.state
    live, stalled = (0, 0) if link.lanes is None else link.lanes.standing()
    stamps = (0, 0, 0, 0) if state is None else (state.sequence, state.stamp_ns, link.state_ns or 0, state.sent_ns)
    offset = (0, -1) if link.offset is None else (link.offset.offset_ns, link.offset.error_ns)
    return (now_ns, late_ns, sent, *stamps, live, stalled, *offset)
