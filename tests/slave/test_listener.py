import socket
import time
from contextlib import ExitStack

import pytest
import zmq

from protocol import curve, lanes
from protocol.accepted_lanes import HOARDS, NOT_SEEN, REFUSED_OFTEN, UNHEARD_MAX_BYTES
from protocol.crowd import STRANGERS_AT_MOST
from protocol.fingerprint import fingerprint
from protocol.ports import command_port, free_ports, observer_port, session_port, state_port
from protocol.roles import Door
from protocol.shunned import REFUSALS
from protocol.zap import Knock
from slave.listener import PEERS_PER_ADDRESS, Listener, PortError

pytestmark = pytest.mark.live

HOST_KEYS, OURS = curve.new_pair(), curve.new_pair()
PATIENCE_S = 5.0


@pytest.fixture
def stack():
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def port():
    return free_ports()


def listening(stack, port, told=None):
    told = [] if told is None else told
    listener = Listener("127.0.0.1", port, HOST_KEYS, lambda *incident: told.append(incident))
    stack.callback(listener.close)
    return listener


def master(stack, kind, port, key):
    context = zmq.Context()
    stack.callback(context.term)
    socket = lanes.pull(context) if kind == zmq.PULL else context.socket(kind)
    stack.callback(socket.close, 0)
    curve.be_client(socket, OURS, key)
    if kind == zmq.SUB:
        socket.subscribe(b"")
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket


def streamed(listener, socket, seconds=PATIENCE_S, lets_in=lambda _: True, shown=b"shown"):
    """The first frame of now that comes out of `socket` while states go out, or None: not what was still on its way."""
    end_s, tick = time.monotonic() + seconds, 0
    while time.monotonic() < end_s:
        time.sleep(0.001)
        tick += 1
        listener.answer_knocks(lets_in)
        listener.tick(time.monotonic_ns(), tick)
        listener.send(b"state")
        listener.show(shown)
        frames = [frame for frame in lanes.drain(socket) if frame in (b"state", shown)]
        if frames:
            return frames[0]
    return None


def test_states_go_to_whoever_knows_the_sessions_key_and_to_nobody_else(stack, port):
    listener = listening(stack, port)
    keys = curve.new_pair()
    listener.open_states(keys)
    assert streamed(listener, master(stack, zmq.PULL, state_port(port), keys.public)) == b"state"
    assert streamed(listener, master(stack, zmq.PULL, state_port(port), HOST_KEYS.public), 0.5) is None
    assert listener.states_sent > 0


def test_the_next_session_has_the_port_and_the_last_one_hears_nothing_more(stack, port):
    listener = listening(stack, port)
    first, second = curve.new_pair(), curve.new_pair()
    listener.open_states(first)
    old = master(stack, zmq.PULL, state_port(port), first.public)
    assert streamed(listener, old) == b"state"
    listener.open_states(second)
    assert streamed(listener, master(stack, zmq.PULL, state_port(port), second.public)) == b"state"
    lanes.drain(old)
    assert streamed(listener, old, 0.5) is None


def test_observers_see_what_is_shown_and_not_the_sessions_own(stack, port):
    listener = listening(stack, port)
    listener.open_states(curve.new_pair())
    assert streamed(listener, master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)) == b"shown"


@pytest.mark.parametrize(
    ("door", "port_of", "kind"),
    [(Door.STATES, state_port, zmq.PULL), (Door.OBSERVERS, observer_port, zmq.SUB)],
)
def test_whom_the_doorman_does_not_let_in_hears_nothing(stack, port, door, port_of, kind):
    listener, knocks = listening(stack, port), []

    def lets_in(knock):
        knocks.append(knock)
        return False

    listener.open_states(HOST_KEYS)
    watcher = master(stack, kind, port_of(port), HOST_KEYS.public)
    assert streamed(listener, watcher, 0.5, lets_in) is None
    assert knocks[0] == Knock(door.value, "127.0.0.1", OURS.public)
    trusted = master(stack, kind, port_of(port), HOST_KEYS.public)
    assert streamed(listener, trusted) is not None, "who is trusted later is let in then"


def test_without_an_answer_of_the_doorman_nobody_comes_in(stack, port):
    listener = listening(stack, port)
    socket = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    end_s = time.monotonic() + 0.5
    while time.monotonic() < end_s:
        time.sleep(0.001)
        listener.show(b"shown")
        assert lanes.drain(socket) == []


def test_watchers_are_let_go_and_only_those_who_may_come_back(stack, port):
    listener = listening(stack, port)
    watcher = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    assert streamed(listener, watcher) == b"shown"
    listener.close_observers()
    knocks = []
    assert streamed(listener, watcher, PATIENCE_S, lambda knock: not knocks.append(knock), b"anew") == b"anew"
    assert knocks, "he was asked for his key anew"
    listener.close_observers()
    assert streamed(listener, watcher, 0.7, lambda _: False, b"no more") is None


def ticked(listener, done, seconds=PATIENCE_S):
    """Look after the connections until `done`; whether it came to that."""
    end_s, tick = time.monotonic() + seconds, 0
    while not done():
        if time.monotonic() > end_s:
            return False
        tick += 1
        listener.tick(time.monotonic_ns(), tick)
        time.sleep(0.001)
    return True


def connected(stack, port, address="127.0.0.2"):
    return stack.enter_context(socket.create_connection(("127.0.0.1", port), source_address=(address, 0)))


def seen(listener, peer):
    """`peer`, once the listener has been told of it: what greets has accepted."""
    peer.settimeout(PATIENCE_S)
    assert peer.recv(1)
    for tick in range(4):
        listener.tick(time.monotonic_ns(), tick)
    return peer


def is_closed(peer):
    """Whether the other side has ended it, greeting or not."""
    peer.setblocking(False)
    try:
        while peer.recv(1000):
            pass
    except BlockingIOError:
        return False
    except ConnectionResetError:
        pass
    return True


def test_an_address_with_too_many_connections_is_turned_away_and_others_are_not(stack, port):
    told = []
    listener = listening(stack, port, told)
    peers = [connected(stack, session_port(port)) for _ in range(PEERS_PER_ADDRESS + 3)]
    assert ticked(listener, lambda: len(told) >= 3)
    assert told == 3 * [("turned away", "127.0.0.2", "sessions: too many connections from one address")]
    ours = connected(stack, session_port(port), "127.0.0.3")
    assert not ticked(listener, lambda: is_closed(ours), 0.1), "it is listened to"
    assert sum(map(is_closed, peers)) == 3
    assert len(told) == 3


def test_strangers_have_a_room_of_their_own_and_none_of_it_is_that_of_those_who_were_let_in(stack, port):
    told = []
    listener = listening(stack, port, told)
    watcher = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    assert streamed(listener, watcher) == b"shown"
    strangers = [
        connected(stack, observer_port(port), f"127.0.1.{2 + number % 50}") for number in range(STRANGERS_AT_MOST + 40)
    ]
    late = connected(stack, observer_port(port), "127.0.2.1")
    assert ticked(listener, lambda: len(told) >= 41)
    assert {incident[2] for incident in told} == {"observers: too many connections of strangers"}
    assert sum(map(is_closed, strangers)) == 41
    assert not is_closed(late), "who has few of them gets in"
    lanes.drain(watcher)
    assert streamed(listener, watcher) == b"shown"
    ours = [connected(stack, observer_port(port), "127.0.0.1") for _ in range(PEERS_PER_ADDRESS - 1)]
    assert not ticked(listener, lambda: any(map(is_closed, ours)), 0.1), "its address has its own room"


def let_in(stack, kind, port):
    """A device that was let in, with all the room that it wants."""
    context = zmq.Context()
    stack.callback(context.term)
    peer = context.socket(kind)
    stack.callback(peer.close, 0)
    peer.setsockopt(zmq.SNDHWM, 0)
    curve.be_client(peer, OURS, HOST_KEYS.public)
    peer.connect(f"tcp://127.0.0.1:{port}")
    return peer


@pytest.mark.parametrize(("kind", "door_port"), [(zmq.PUSH, command_port), (zmq.DEALER, session_port)])
def test_whoever_is_let_in_and_sends_more_than_can_be_heard_is_broken_off(stack, port, kind, door_port):
    """A message of many parts is heard when the last one has come; no whole one is as long as this."""
    told = []
    listener = listening(stack, port, told)
    peer = let_in(stack, kind, door_port(port))
    peer.send_multipart([bytes(2000)] * (4 * UNHEARD_MAX_BYTES // 2000))
    end_s = time.monotonic() + PATIENCE_S
    while not told and time.monotonic() < end_s:
        listener.answer_knocks(lambda _: True)
        ticked(listener, lambda: told, 0.01)
    assert [(what, why.partition(": ")[2]) for what, _, why in told] == [("broken off", HOARDS)]


def test_whoever_says_much_that_is_heard_is_not(stack, port):
    told, heard = [], []
    listener = listening(stack, port, told)
    peer = let_in(stack, zmq.PUSH, command_port(port))
    end_s = time.monotonic() + PATIENCE_S
    for batch in range(1, 101):
        for _ in range(20):
            peer.send(bytes(500))
        while len(heard) < 20 * batch:
            assert time.monotonic() < end_s
            listener.answer_knocks(lambda _: True)
            frames = lanes.hear(listener.commands)
            heard += frames
            listener.command_lanes.heard(frames)
            ticked(listener, lambda: told, 0.002)
    assert sum(len(frame.content) for frame in heard) > 3 * UNHEARD_MAX_BYTES
    assert told == []


def test_whose_keys_are_refused_again_and_again_is_not_listened_to_and_others_are(stack, port):
    told = []
    listener = listening(stack, port, told)
    for _ in range(REFUSALS):
        context = zmq.Context()
        stack.callback(context.term)
        peer = context.socket(zmq.SUB)
        stack.callback(peer.close, 0)
        curve.be_client(peer, curve.new_pair(), HOST_KEYS.public)
        peer.connect(f"tcp://127.0.0.2:0;127.0.0.1:{observer_port(port)}")
    refused = []
    listener.tick(time.monotonic_ns(), 1)
    end_s = time.monotonic() + PATIENCE_S
    while len(refused) < REFUSALS and time.monotonic() < end_s:
        listener.answer_knocks(refused.append)
        ticked(listener, lambda: told, 0.01)
    strangers = [connected(stack, observer_port(port)), connected(stack, observer_port(port), "127.0.0.3")]
    assert ticked(listener, lambda: is_closed(strangers[0]))
    assert ("turned away", "127.0.0.2", f"observers: {REFUSED_OFTEN}") in told
    assert not is_closed(strangers[1])
    assert streamed(listener, master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)) == b"shown"


def greeting(mechanism):
    return b"\xff" + bytes(8) + b"\x7f\x03\x00" + mechanism.ljust(20, b"\0") + bytes(32)


@pytest.mark.parametrize(
    ("says", "what", "why"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "broken off", "no frame of its connection"),
        (greeting(b"NULL"), "broken off", "without a key"),
        (greeting(b"CURVE") + b"\x04\xc8" + b"\x05HELLO".ljust(200, b"x"), "broken off", "no frame of its connection"),
        (greeting(b"CURVE") + b"\x06" + (5000).to_bytes(8, "big"), "broken off", "no frame of its connection"),
        (greeting(b"CURVE") + b"\x06" + (2**63).to_bytes(8, "big"), "broken off", "no frame of its connection"),
        (None, "left", "it went without a word of who it is"),
    ],
)
def test_a_peer_that_says_what_is_no_frame_of_ours_or_nothing_is_told_of_by_its_address(stack, port, says, what, why):
    told = []
    listener = listening(stack, port, told)
    peer = seen(listener, connected(stack, session_port(port)))
    if says is None:
        peer.close()
    else:
        peer.sendall(says)
    assert ticked(listener, lambda: told)
    ((told_what, address, told_why),) = told
    assert (told_what, address) == (what, "127.0.0.2")
    assert why in told_why


def test_one_that_came_and_went_between_two_looks_is_counted_though_nobody_saw_its_address(stack, port):
    told = []
    listener = listening(stack, port, told)
    for _ in range(20):
        connected(stack, session_port(port)).close()
    time.sleep(0.1)
    assert ticked(listener, lambda: len(told) >= 20)
    assert {(what, why) for what, _, why in told} == {("left", "sessions: it went without a word of who it is")}
    assert {address for _, address, _ in told} <= {"127.0.0.2", NOT_SEEN}


def test_who_was_let_in_may_come_and_go_as_its_link_does(stack, port):
    told = []
    listener = listening(stack, port, told)
    watcher = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    assert streamed(listener, watcher) == b"shown"
    watcher.disconnect(watcher.LAST_ENDPOINT)
    seen(listener, connected(stack, session_port(port), "127.0.0.1")).close()
    ticked(listener, lambda: told, 0.2)
    assert told == []


def test_an_observer_that_subscribed_to_something_and_is_gone_troubles_nobody(stack, port):
    """ZeroMQ then says in its stead that it subscribes no more."""
    listener = listening(stack, port)
    for number in range(3):
        context = zmq.Context()
        intruder = context.socket(zmq.XSUB)
        curve.be_client(intruder, OURS, HOST_KEYS.public)
        intruder.connect(f"tcp://127.0.0.1:{observer_port(port)}")
        intruder.send(b"\1topic %d" % number)
        assert not ticked(listener, lambda: listener.answer_knocks(lambda _: True), 0.1)
        context.destroy(0)
        assert not ticked(listener, lambda: listener.show(b"shown"), 0.1)


@pytest.mark.parametrize("says", [b"\1topic", b"STOP", b"", b"\1\1", b"\2"])
def test_an_observer_that_says_anything_is_broken_off_and_told_of_and_the_others_see_on(stack, port, says):
    told = []
    listener = listening(stack, port, told)
    watcher = master(stack, zmq.SUB, observer_port(port), HOST_KEYS.public)
    assert streamed(listener, watcher) == b"shown"
    intruder = master(stack, zmq.XSUB, observer_port(port), HOST_KEYS.public)
    intruder.send(b"\1")
    assert streamed(listener, intruder) == b"shown"
    assert told == []
    intruder.send(says)
    end_s = time.monotonic() + PATIENCE_S
    while not told and time.monotonic() < end_s:
        streamed(listener, watcher)
    ((what, address, why),) = told
    assert (what, address) == ("broken off", "127.0.0.1")
    assert why.startswith("observers: ")
    assert fingerprint(OURS.public) in why


def test_a_port_that_is_taken_is_told_at_once(stack, port):
    listening(stack, port)
    with pytest.raises(PortError, match="--bind"):
        Listener("127.0.0.1", port, HOST_KEYS, lambda *_: None)
