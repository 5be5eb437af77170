"""Live packets of an existing console over UDP: increments of both hands, and one pedal (see itp_packet.py)."""

import socket

from master.devices.device import DeviceError, DeviceSample
from master.devices.increments import HandIntegrator, fault
from master.devices.itp_packet import LAYOUT, REASONS, ItpPacket, SequenceGate, decode
from master.devices.settings import DeviceSettings

DRAIN_MAX = 128  # datagrams a sample: 0.25 s of a console; a flood waits in the kernel and cannot hold the pilot


class ItpDevice:
    """A UDP port where a console's packets arrive. `rejected` counts the dropped ones by reason.

    A datagram is stamped with the drain before the one that found it, which is the earliest it can have arrived: so a
    pilot that stood still for a while never takes an old packet for a fresh one. At 1 kHz the stamp is 1 ms early.
    When packets cease the stamp ages and nothing else changes; the pilot judges the age.

    Raises DeviceError when the address cannot be bound.
    """

    def __init__(self, host: str, port: int, settings: DeviceSettings) -> None:
        self.rejected: dict[str, int] = dict.fromkeys(REASONS, 0)
        self._settings = settings
        self._gate = SequenceGate()
        self._integrators = (HandIntegrator(settings), HandIntegrator(settings))
        self._pedal_down = False
        self._stamp_ns = 0
        self._drained_ns: int | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise DeviceError(
                f"itp: cannot listen on UDP {host}:{port} ({error.strerror}); give a free port of this host"
            ) from error
        self.address: tuple[str, int] = self._socket.getsockname()
        self.name = f"itp:{self.address[1]}"

    def start(self, now_ns: int) -> None:
        """A console keeps its own time: nothing to begin."""

    def sample(self, now_ns: int) -> DeviceSample | None:
        """Take in up to DRAIN_MAX datagrams. None after close, or when the socket has failed."""
        arrived_ns = now_ns if self._drained_ns is None else self._drained_ns
        for _ in range(DRAIN_MAX):
            try:
                data = self._socket.recv(LAYOUT.size + 1)  # one more, to tell a longer datagram
            except BlockingIOError:
                break
            except OSError:
                return None
            if (reason := self._take(data)) is None:
                self._stamp_ns = arrived_ns
            else:
                self.rejected[reason] += 1
        self._drained_ns = now_ns
        left, right = self._integrators
        return DeviceSample(self._stamp_ns, (left.hand(), right.hand()), (self._pedal_down,) * 2)

    def ended(self, now_ns: int) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Free the port."""
        self._socket.close()

    def _take(self, data: bytes) -> str | None:
        """Add one datagram to the hands, or say why not. A hand's motion is taken whole or not at all."""
        packet = decode(data, self._settings.itp_versions)
        if not isinstance(packet, ItpPacket):
            return packet
        moves = tuple(zip(packet.del_counts, packet.rotation_counts, packet.grasps, strict=True))
        for counts, turn, _ in moves:
            if (reason := fault(counts, turn, self._settings)) is not None:
                return reason
        if (reason := self._gate.judge(packet.sequence)) is not None:
            return reason
        for integrator, (counts, turn, grasp) in zip(self._integrators, moves, strict=True):
            integrator.advance(counts, turn, grasp)
        self._pedal_down = packet.pedal_down
        return None
