"""The local staff's stand-in: presses GIVE twice a second, over the panel's own ipc, and nothing else.

For runs without a panel. It asks what a member of the staff would see first: pressing does nothing until a surgeon's
session lives and the arms are well, for the supervisor alone decides.
"""

import zmq

from protocol import lanes
from protocol.child import Child, run
from protocol.clock import MonotonicClock
from protocol.messages import Action, Mode, StaffAction, encode
from protocol.records import Authority
from protocol.ticker import Ticker

PRESSES_PER_S = 2


def main(child: Child) -> None:
    """Press GIVE while the arm is LOCAL, until asked to end."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    socket = lanes.push(context)
    socket.connect(child.board.ipc("staff"))
    authority = child.board.view("authority", Authority)
    child.ready()
    ticker = Ticker(MonotonicClock(), PRESSES_PER_S)
    number = 0
    while child.running:
        ticker.wait()
        now = authority.latest()
        if now is not None and now.mode is Mode.LOCAL:
            number += 1
            lanes.send(socket, encode(StaffAction(1, number, Action.GIVE, stand_in=True)))


if __name__ == "__main__":
    run("staff", main)
