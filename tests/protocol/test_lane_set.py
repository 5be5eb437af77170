import time
from contextlib import ExitStack

import pytest
import zmq

from protocol import curve, lane_set, lanes
from protocol.accepted_lanes import AcceptedLanes
from protocol.lane_set import KNOCK_AGAIN_NS, REKEY_NS, LaneSet, Target, unanswered_ms, unheard_ms
from protocol.ports import free_ports
from protocol.roles import Door
from protocol.zap import Doorman, guard

pytestmark = pytest.mark.live

SERVER, CLIENT = curve.new_pair(), curve.new_pair()
PATIENCE_S = 10.0


class Ends:
    """Both ends of lanes on loopback."""

    def __init__(self, stack, wanted=4, hosts=("127.0.0.1",), server_key=SERVER.public, rekey_ns=REKEY_NS):
        self.context = zmq.Context()
        stack.callback(self.context.term)
        self.port = free_ports()
        self.sink = None
        self.stack = stack
        source = lanes.push(self.context)
        curve.be_client(source, CLIENT, server_key)
        targets = [Target(host, self.port) for host in hosts]
        self.source = source
        self.set = LaneSet(source, targets, wanted, 1000, unanswered_ms, rekey_ns)
        stack.callback(self.set.close)
        self.sent = 0
        self.heard = []

    def listen(self):
        self.sink = lanes.pull(self.context)
        curve.be_server(self.sink, SERVER)
        self.sink.bind(f"tcp://0.0.0.0:{self.port}")
        self.accepted = AcceptedLanes(self.sink, self.port, None, 64)

    def deafen(self):
        self.accepted.close()
        self.sink.close()
        self.sink = None

    def run_until(self, done, seconds=PATIENCE_S):
        end_s = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end_s:
                return False
            time.sleep(0.001)
            self.set.tick(time.monotonic_ns())
            self.sent += lanes.send(self.source, b"%d" % self.sent)
            if self.sink is not None:
                self.accepted.read()
                self.accepted.look()
                self.heard += lanes.drain(self.sink)
        return True

    def live(self):
        return self.set.figures().live


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def ends(stack):
    ends = Ends(stack)
    ends.listen()
    stack.callback(lambda: ends.sink and ends.deafen())
    return ends


def test_as_many_lanes_as_wanted_carry_and_are_seen_at_both_ends(ends):
    assert ends.run_until(lambda: ends.live() == 4 and len(ends.heard) > 200)
    assert ends.set.figures() == (4, 0, 0, 4, 0)
    assert len(ends.set.counters()) == 4
    assert sum(segments for segments, _ in ends.set.counters().values()) > 100
    assert ends.run_until(lambda: len(ends.accepted.counters()) == 4)
    assert ends.set.round_trip_ns < 50_000_000


def test_messages_come_through_on_every_lane(ends):
    assert ends.run_until(lambda: ends.live() == 4)
    before = {cookie: segments for cookie, (segments, _) in ends.set.counters().items()}
    assert ends.run_until(lambda: len(ends.heard) > 400)
    after = ends.set.counters()
    assert all(after[cookie][0] > segments + 20 for cookie, segments in before.items())


def test_whoever_has_not_the_servers_key_is_not_heard(stack):
    ends = Ends(stack, server_key=curve.new_pair().public)
    ends.listen()
    stack.callback(ends.deafen)
    assert not ends.run_until(lambda: ends.live() or ends.heard, 0.7)


def test_lanes_get_fresh_keys_one_at_a_time_and_no_moment_without_them(stack):
    ends = Ends(stack, rekey_ns=300_000_000)
    ends.listen()
    stack.callback(ends.deafen)
    assert ends.run_until(lambda: ends.live() == 4)
    first, fewest = set(ends.set.counters()), []

    def all_fresh():
        fewest.append(ends.live() + ends.set.figures().stalled)
        return ends.live() == 4 and not first & set(ends.set.counters())

    assert ends.run_until(all_fresh)
    assert min(fewest) >= 4, "the old one goes when the new one carries"
    assert sum(ends.set.figures()[:3]) <= 5


def test_whoever_is_not_trusted_knows_it_and_asks_again_at_a_persons_pace(stack):
    context = zmq.Context()
    stack.callback(context.term)
    doorman, port, trusted, knocks = Doorman(context), free_ports(), set(), []
    stack.callback(doorman.close)
    sink = lanes.pull(context)
    curve.be_server(sink, SERVER)
    guard(sink, Door.COMMANDS)
    sink.bind(f"tcp://127.0.0.1:{port}")
    stack.callback(sink.close)
    outside = zmq.Context()
    stack.callback(outside.term)
    source = lanes.push(outside)
    curve.be_client(source, CLIENT, SERVER.public)
    lane = LaneSet(source, [Target("127.0.0.1", port)], 4, 1000, unanswered_ms)
    stack.callback(lane.close)

    def run_until(done):
        end_ns = time.monotonic_ns() + round(PATIENCE_S * 1e9)
        while not done() and time.monotonic_ns() < end_ns:
            time.sleep(0.001)
            doorman.answer(lambda knock: knocks.append(knock) or knock.key in trusted)
            lane.tick(time.monotonic_ns())
            lanes.send(source, b"x")
        return done()

    begin_ns = time.monotonic_ns()
    assert run_until(lambda: lane.not_let_in)
    assert run_until(lambda: time.monotonic_ns() > begin_ns + 2 * KNOCK_AGAIN_NS)
    assert len(knocks) <= 4 * (1 + (time.monotonic_ns() - begin_ns) // KNOCK_AGAIN_NS)
    trusted.add(CLIENT.public)
    assert run_until(lambda: lane.figures().live == 4 and not lane.not_let_in)
    heard = []
    assert run_until(lambda: heard.extend(lanes.hear(sink)) or heard)
    assert {frame.key for frame in heard} == {CLIENT.public}


def test_lanes_come_back_to_a_peer_that_began_anew(ends):
    assert ends.run_until(lambda: ends.live() == 4)
    ends.deafen()
    assert ends.run_until(lambda: ends.live() == 0)
    ends.listen()
    heard = len(ends.heard)
    assert ends.run_until(lambda: ends.live() == 4 and len(ends.heard) > heard + 50)
    assert ends.set.figures().connecting == 0


def test_lanes_are_shared_out_between_two_carriers(stack):
    ends = Ends(stack, wanted=6, hosts=("127.0.0.1", "127.0.0.2"))
    ends.listen()
    stack.callback(ends.deafen)
    assert ends.run_until(lambda: ends.live() == 6)


def test_a_receiving_lane_that_brings_nothing_is_replaced_and_their_number_stays(stack):
    context = zmq.Context()
    stack.callback(context.term)
    port = free_ports()
    source = lanes.push(context)
    curve.be_server(source, SERVER)
    source.bind(f"tcp://127.0.0.1:{port}")
    stack.callback(source.close)
    sink = lanes.pull(context)
    curve.be_client(sink, CLIENT, SERVER.public)
    lane = LaneSet(sink, [Target("127.0.0.1", port)], 2, 1000, unheard_ms)
    stack.callback(lane.close)
    end_s = time.monotonic() + PATIENCE_S
    while lane.figures().closed < 2:
        assert time.monotonic() < end_s, lane.figures()
        time.sleep(0.001)
        lane.tick(time.monotonic_ns())
        lanes.drain(sink)
        assert sum(lane.figures()[:3]) <= 4


def test_where_zeromq_tells_nothing_of_a_connection_it_is_given_up_and_tried_anew(stack, monkeypatch):
    monkeypatch.setattr(lane_set, "HANDSHAKE_NS", 0)
    context = zmq.Context()
    stack.callback(context.term)
    source = lanes.push(context)
    lane = LaneSet(source, [Target("127.0.0.1", free_ports(), device="nodev0")], 2, 1000, unanswered_ms)
    stack.callback(lane.close)
    end_s = time.monotonic() + PATIENCE_S
    while lane.figures().opened < 5:
        assert time.monotonic() < end_s, lane.figures()
        time.sleep(0.001)
        lane.tick(time.monotonic_ns())


def test_lanes_can_be_closed_and_opened_again_at_once_as_often_as_sessions_change(stack):
    context = zmq.Context()
    stack.callback(context.term)
    for _ in range(100):
        LaneSet(lanes.push(context), [Target("127.0.0.1", 1)], 1, 1000, unanswered_ms).close()
