"""What stops, pressed on a tablet, goes through the gateway; what starts something is pressed on the patient's host."""

import time

import pytest
import zmq

from protocol import curve, lanes, run_keys
from protocol.codec import encode
from protocol.messages import Action, Mode, StaffAction, StaffJog, StaffStop
from protocol.ports import free_ports, session_port
from protocol.records import Authority, Measured
from protocol.roles import Role
from safety.limits import load_limits
from slave.config import SlaveConfig
from slave.launch import SlaveProcesses, development_lease_ns

pytestmark = pytest.mark.live

PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def slave():
    port = free_ports()
    lease_ns = development_lease_ns(load_limits("laparoscopic"))
    processes = SlaveProcesses(SlaveConfig("127.0.0.1", port, "laparoscopic", lease_ns))
    try:
        processes.start()
        processes.port = port
        yield processes
    finally:
        processes.stop()


@pytest.fixture
def tablet(slave):
    context = zmq.Context()
    made = []

    def connect(role):
        keys = run_keys.keys_on(slave.board.directory, role)
        socket = lanes.dealer(context)
        curve.be_client(socket, keys.own, keys.server)
        socket.connect(f"tcp://127.0.0.1:{session_port(slave.port)}")
        made.append(socket)
        return socket

    yield connect
    for socket in made:
        socket.close()
    context.term()


def until(condition):
    end_s = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.01)
    return condition()


@pytest.fixture
def local(slave):
    """Arms that the staff own, by presses on the patient's host."""
    context = zmq.Context()
    panel = lanes.push(context)
    panel.connect(slave.board.ipc("staff"))
    authority = slave.board.view("authority", Authority)

    def press(action):
        press.number += 1
        until(lambda: lanes.send(panel, encode(StaffAction(1, 7, press.number, action, stand_in=True))))

    press.number = time.monotonic_ns()
    if until(lambda: authority.latest() is not None) and authority.latest().mode is Mode.SAFE:
        press(Action.RESET)
    elif authority.latest().mode is Mode.FROZEN:
        press(Action.RELEASE)
    assert until(lambda: authority.latest().mode is Mode.LOCAL)
    yield press
    panel.close()
    context.term()


def test_a_freeze_by_a_tablet_is_heard_and_what_starts_or_cuts_power_is_not(slave, tablet, local):
    authority = slave.board.view("authority", Authority)
    measured = slave.board.view("measured", Measured)
    socket = tablet(Role.LOCAL)
    assert socket.poll(5000, zmq.POLLOUT)
    until(lambda: lanes.send(socket, encode(StaffStop(1, 99, stand_in=True))))
    until(lambda: lanes.send(socket, encode(StaffAction(1, 99, 1, Action.FREEZE, stand_in=True))))
    assert until(lambda: authority.latest().mode is Mode.FROZEN), "what came after the STOP is heard, so it came too"
    assert not measured.latest().stopped
    assert measured.latest().powered
    for number, action in enumerate((Action.RELEASE, Action.RESET, Action.GIVE), start=2):
        press = encode(StaffAction(1, 99, number, action, stand_in=True))
        until(lambda frame=press: lanes.send(socket, frame))
    frozen_at = authority.latest().entered_ns
    until(lambda: lanes.send(socket, encode(StaffJog(1, 99, 9, 0, 2, 1, stand_in=True))))
    until(lambda: lanes.send(socket, encode(StaffAction(1, 99, 10, Action.TAKE, stand_in=True))))
    assert until(lambda: authority.latest().mode is Mode.LOCAL), "what came after them is heard"
    assert authority.latest().entered_ns > frozen_at
    assert authority.latest().jog is None


@pytest.mark.parametrize("role", [Role.SURGEON, Role.ENGINEER])
def test_a_press_by_a_key_of_another_role_is_not_heard(slave, tablet, local, role):
    authority = slave.board.view("authority", Authority)
    forged, staff = tablet(role), tablet(Role.LOCAL)
    for socket in (forged, staff):
        assert socket.poll(5000, zmq.POLLOUT)
    for number in range(20):
        lanes.send(forged, encode(StaffAction(1, 98, number, Action.FREEZE, stand_in=True)))
        time.sleep(0.01)
    assert authority.latest().mode is Mode.LOCAL
    lanes.send(staff, encode(StaffAction(1, 99, 1, Action.FREEZE, stand_in=True)))
    assert until(lambda: authority.latest().mode is Mode.FROZEN)
