"""The local staff's stand-in, for runs without a panel: it presses over the panel's own ipc, and says that it is one.

GIVE while the arm is LOCAL; RELEASE once a freeze has lasted so long that real staff are called. Pressing does nothing
until a surgeon's session lives and the arms are well, for the supervisor alone decides.
"""

import secrets

import zmq

from protocol import lanes
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.codec import encode
from protocol.messages import Action, Mode, StaffAction
from protocol.records import Authority
from protocol.ticker import Ticker
from safety.limits import DEFAULT

PRESSES_PER_S = 2


def main(child: Child) -> None:
    """Press GIVE while the arm is LOCAL, until asked to end."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = lanes.push(context)
    socket.connect(child.board.ipc("staff"))
    authority = child.board.view("authority", Authority)
    child.ready()
    clock = MonotonicClock()
    ticker = Ticker(clock, PRESSES_PER_S)
    panel, number = secrets.randbits(62), 0
    while child.running:
        ticker.wait()
        action = _action(authority.latest(), clock.now_ns())
        if action is not None:
            number += 1
            lanes.send(socket, encode(StaffAction(1, panel, number, action, stand_in=True)))


def _action(authority: Authority | None, now_ns: int) -> Action | None:
    if authority is None:
        return None
    if authority.mode is Mode.LOCAL:
        return Action.GIVE
    called = authority.mode is Mode.FROZEN and now_ns - authority.entered_ns >= DEFAULT.call_ns
    return Action.RELEASE if called else None


if __name__ == "__main__":
    run("staff", main)
