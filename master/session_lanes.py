"""The lanes of one session, as the surgeon's side opens them: commands out, states in, over one carrier or several."""

from master.pilot_records import LaneMap
from protocol import curve, lanes
from protocol.carriers import Carriage, Carrier
from protocol.clock import NS_PER_MS
from protocol.fields import clipped
from protocol.lane_set import LaneFigures, LaneSet, Target, unanswered_ms, unheard_ms
from protocol.messages import Welcome
from protocol.packet_loss import PacketLoss
from protocol.ports import command_port, state_port
from protocol.run_keys import RunKeys

LOSS_EVERY_NS = 200 * NS_PER_MS


class SessionLanes:
    """Opened when the session is, closed with it. Nothing here waits or raises."""

    def __init__(
        self,
        context: lanes.Context,
        carriers: tuple[Carrier, ...],
        carriage: Carriage,
        port: int,
        count: int,
        rate_hz: int,
        keys: RunKeys,
        welcome: Welcome,
    ) -> None:
        self._carriers = carriers
        striped = carriage is Carriage.STRIPE
        self._offer = self._by_turns if striped else self._to_all
        self._turn = 0
        # A socket for each carrier: ZeroMQ's own turn would give one of them many commands in a row.
        self._out = []
        for carrier in carriers:
            socket = lanes.push(context)
            curve.be_client(socket, keys.own, keys.server)
            target = Target(carrier.host, command_port(port), carrier.source, carrier.device)
            share = max(1, count // len(carriers)) if striped else count
            self._out.append((socket, LaneSet(socket, [target], share, rate_hz, unanswered_ms)))
        self._in = lanes.pull(context)
        curve.be_client(self._in, keys.own, welcome.state_key)
        targets = [Target(each.host, state_port(port), each.source, each.device) for each in carriers]
        self._in_lanes = LaneSet(self._in, targets, count, welcome.tick_hz, unheard_ms)
        self._loss_ns = 0
        self.loss = PacketLoss()
        """Of the commands' packets."""

    def tick(self, now_ns: int) -> None:
        """Keep all lanes going."""
        for _, lane_set in self._out:
            lane_set.tick(now_ns)
        self._in_lanes.tick(now_ns)
        if now_ns - self._loss_ns >= LOSS_EVERY_NS:
            self._loss_ns = now_ns
            self.loss.step(now_ns, self._command_counters())

    def send(self, frame: bytes) -> bool:
        """Put a command on a free lane of the carrier whose turn it is, or of every one; False where none was free."""
        return self._offer(frame)

    def _by_turns(self, frame: bytes) -> bool:
        # One after the other, whatever becomes of each: a carrier that is cut then costs every other command, and no
        # two in a row, from its first moment on, long before anybody knows of it.
        for _ in self._out:
            socket, _ = self._out[self._turn]
            self._turn = (self._turn + 1) % len(self._out)
            if lanes.send(socket, frame):
                return True
        return False

    def _to_all(self, frame: bytes) -> bool:
        sent = False
        for socket, _ in self._out:
            sent = lanes.send(socket, frame) or sent
        return sent

    def receive(self) -> list[bytes]:
        """All states that wait."""
        return lanes.drain(self._in)

    def _command_counters(self) -> dict[int, tuple[int, int]]:
        return {cookie: counts for _, lane_set in self._out for cookie, counts in lane_set.counters().items()}

    def standing(self) -> tuple[int, int]:
        """How many command lanes carry, and how many stand still."""
        return (
            sum(lane_set.live for _, lane_set in self._out),
            sum(lane_set.stalled for _, lane_set in self._out),
        )

    def figures(self) -> tuple[LaneFigures, LaneFigures]:
        """Of the command lanes and of the state lanes."""
        each = [lane_set.figures() for _, lane_set in self._out]
        return LaneFigures(*map(sum, zip(*each, strict=True))), self._in_lanes.figures()

    def maps(self) -> tuple[tuple[LaneMap, ...], tuple[LaneMap, ...]]:
        """Each carrier's command lanes, and its state lanes."""
        out = [
            lane_map
            for (_, lanes_out), carrier in zip(self._out, self._carriers, strict=True)
            for lane_map in _maps(lanes_out, (carrier,))
        ]
        return tuple(out), _maps(self._in_lanes, self._carriers)

    @property
    def refused(self) -> tuple[str, ...]:
        """What of TCP this kernel does not have, and a quick recovery would need."""
        return self._in_lanes.refused

    def close(self) -> None:
        """Close all."""
        for _, lane_set in self._out:
            lane_set.close()
        self._in_lanes.close()


def _maps(lane_set: LaneSet, carriers: tuple[Carrier, ...]) -> tuple[LaneMap, ...]:
    closed = lane_set.figures().closed
    names = [each.source or each.device or each.host for each in carriers]
    return tuple(
        LaneMap(clipped(name), clipped(letters), closed)
        for name, letters in zip(names, lane_set.letters(), strict=True)
    )
