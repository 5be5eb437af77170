"""The console's stand-in: paints nothing, but reports like a window that paints at 30 Hz and is one frame late.

For runs without a screen. It speaks to the pilot over the very ipc of the real console, and says that it is a stand-in.
"""

import zmq

from protocol import lanes
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.codec import FrameError, decode_state, encode
from protocol.messages import ConsoleReport, State
from protocol.ticker import Ticker

FRAMES_PER_S = 30


def main(child: Child) -> None:
    """Report what the frame before this one showed, until asked to end."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    states = lanes.pull(context)
    states.connect(child.board.ipc("console.states"))
    reports = lanes.push(context)
    reports.connect(child.board.ipc("console.reports"))
    child.ready()
    ticker = Ticker(MonotonicClock(), FRAMES_PER_S)
    being_drawn: State | None = None
    newest: State | None = None
    while child.running:
        ticker.wait()
        if being_drawn is not None:
            report = ConsoleReport(
                version=1,
                painted_ns=being_drawn.stamp_ns,
                stop_number=being_drawn.stop_number,
                nonce=being_drawn.nonce,
                stand_in=True,
            )
            lanes.send(reports, encode(report))
        for frame in lanes.drain(states):
            try:
                newest = decode_state(frame)
            except FrameError:
                continue
        being_drawn = newest


if __name__ == "__main__":
    run("console", main)
