"""Keyboard and mouse of the console's window as two hands: for trying and for simulation.

The window integrates keys and mouse to poses, and sends them whole over ipc; here they are only taken in. A window
that hangs or dies falls silent: its hands grow old, and the pilot lets go as of any stale device.
"""

import zmq

from master.console_messages import WindowHand, WindowHands, decode_wish
from master.devices.device import DeviceError, DeviceSample, HandInput, resting_hand
from master.devices.settings import DeviceSettings
from protocol import lanes
from protocol.clock import NS_PER_MS
from protocol.codec import FrameError

AHEAD_NS = 5 * NS_PER_MS
"""A message may have been written after this tick was begun."""


class WindowDevice:
    """Bound to `endpoint`, where the window sends. Raises DeviceError where it cannot be bound.

    Its stamp is the window's own, on this host's clock: a message that waited is as old as it is, and one from the
    future is refused. What another window sends is a press only once its pedals have been up.
    """

    name = "window"

    def __init__(self, endpoint: str, settings: DeviceSettings) -> None:
        if not endpoint:
            raise DeviceError("window: only `farhand console` has one; use another device (synthetic)")
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = lanes.pull(self._context)
        try:
            self._socket.bind(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise DeviceError(f"window: {endpoint} cannot be listened on ({error}); end this console") from error
        self._settings = settings
        self._hands = (resting_hand(settings.jaw_max_rad),) * 2
        self._pedals = (False, False)
        self._window = 0
        self._stamp_ns = 0

    def start(self, now_ns: int) -> None:
        """A person keeps no script."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """Take in all that waits; the newest counts."""
        if self._socket.closed:
            return None
        for frame in lanes.drain(self._socket):
            try:
                message = decode_wish(frame)
            except FrameError:
                continue
            if isinstance(message, WindowHands) and self._stamp_ns < message.stamp_ns <= now_ns + AHEAD_NS:
                self._take(message)
        return DeviceSample(min(self._stamp_ns, now_ns), self._hands, self._pedals)

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Release the socket."""
        if not self._socket.closed:
            self._socket.close(0)
            self._context.term()

    def _take(self, message: WindowHands) -> None:
        self._stamp_ns = message.stamp_ns
        self._hands = (self._limited(message.hands[0]), self._limited(message.hands[1]))
        known, self._window = message.window == self._window, message.window
        left, right = message.hands
        self._pedals = (known and left.pedal_down, known and right.pedal_down)

    def _limited(self, hand: WindowHand) -> HandInput:
        jaw_rad = min(max(hand.jaw_rad, self._settings.jaw_min_rad), self._settings.jaw_max_rad)
        return HandInput(hand.p_HT_m, hand.q_HT, jaw_rad)
