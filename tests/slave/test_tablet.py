"""What the staff press on a tablet goes through the gateway like a press on the patient's host; STOP does not."""

import time

import pytest
import zmq

from protocol import curve, lanes, run_keys
from protocol.codec import encode
from protocol.messages import Action, Mode, StaffAction, StaffStop
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


def test_a_tablets_press_is_heard_and_its_stop_is_not(slave, tablet):
    authority = slave.board.view("authority", Authority)
    measured = slave.board.view("measured", Measured)
    socket = tablet(Role.LOCAL)
    socket.poll(5000, zmq.POLLOUT)
    assert lanes.send(socket, encode(StaffAction(1, 99, 1, Action.RESET, stand_in=True)))
    assert until(lambda: authority.latest().mode is Mode.LOCAL)
    until(lambda: lanes.send(socket, encode(StaffStop(1, 99, stand_in=True))))
    until(lambda: lanes.send(socket, encode(StaffAction(1, 99, 2, Action.FREEZE, stand_in=True))))
    assert until(lambda: authority.latest().mode is Mode.FROZEN), "what came after the STOP is heard, so it came too"
    assert not measured.latest().stopped
    assert measured.latest().powered


@pytest.mark.parametrize("role", [Role.SURGEON, Role.ENGINEER])
def test_a_press_by_a_key_of_another_role_is_not_heard(slave, tablet, role):
    authority = slave.board.view("authority", Authority)
    assert until(lambda: authority.latest().mode is Mode.FROZEN)
    forged, staff = tablet(role), tablet(Role.LOCAL)
    for socket in (forged, staff):
        assert socket.poll(5000, zmq.POLLOUT)
    number = 10 + list(Role).index(role)
    for _ in range(20):
        lanes.send(forged, encode(StaffAction(1, 98, number, Action.RELEASE, stand_in=True)))
        time.sleep(0.01)
    assert authority.latest().mode is Mode.FROZEN
    lanes.send(staff, encode(StaffAction(1, 99, number, Action.RELEASE, stand_in=True)))
    assert until(lambda: authority.latest().mode is Mode.LOCAL)
    lanes.send(staff, encode(StaffAction(1, 99, number + 1, Action.FREEZE, stand_in=True)))
