"""The local staff's stand-in, for runs without a panel: it presses over the panel's own ipc, and says that it is one.

RESET in SAFE; GIVE while the arm is LOCAL; RELEASE once a freeze that is theirs to end has lasted so long that they
are called. Pressing does nothing until all is well, for the supervisor alone decides.
"""

import secrets

import zmq

from protocol import lanes
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.codec import encode
from protocol.messages import Action, FreezeClass, Mode, StaffAction
from protocol.records import Authority
from protocol.ticker import Ticker

PRESSES_PER_S = 2
STAFFS = (FreezeClass.LOCAL, FreezeClass.ARM)


def main(child: Child) -> None:
    """Press what leads back to READY, until asked to end."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = lanes.push(context)
    socket.connect(child.board.ipc("staff"))
    authority = child.board.view("authority", Authority)
    child.ready()
    ticker = Ticker(MonotonicClock(), PRESSES_PER_S)
    panel, number = secrets.randbits(62), 0
    while child.running:
        ticker.wait()
        action = next_press(authority.latest())
        if action is not None:
            number += 1
            lanes.send(socket, encode(StaffAction(1, panel, number, action, stand_in=True)))


def next_press(authority: Authority | None) -> Action | None:
    """What patient staff would press now."""
    if authority is None or authority.testing:
        return None
    if authority.mode is Mode.SAFE:
        return Action.RESET
    if authority.mode is Mode.LOCAL:
        return Action.GIVE
    called = authority.mode is Mode.FROZEN and authority.calling
    return Action.RELEASE if called and authority.freeze_class in STAFFS else None


if __name__ == "__main__":
    run("staff", main)
