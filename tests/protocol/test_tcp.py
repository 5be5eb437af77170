import os
import socket
import sys
import time

import pytest

from protocol import tcp
from protocol.tcp import TcpConnection

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="TCP_INFO is Linux's")


@pytest.fixture
def pair():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        peer, _ = server.accept()
    yield client, peer
    client.close()
    peer.close()


def wait_for(condition):
    end_s = time.monotonic() + 5.0
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.005)


def test_it_tells_what_was_sent_and_answered_and_when_something_came(pair):
    client, peer = pair
    connection = TcpConnection(client.fileno())
    for _ in range(7):
        client.send(b"x" * 300)
        peer.recv(300)
    wait_for(lambda: connection.info().unacked == 0)
    info = connection.info()
    assert info.segments_out == 7
    assert info.retransmits == 0
    assert 0 < info.rtt_us < 1_000_000
    time.sleep(0.06)
    assert connection.info().last_data_recv_ms >= 50
    peer.send(b"y")
    wait_for(lambda: connection.info().last_data_recv_ms < 50)
    connection.close()


def test_it_knows_where_it_leads_and_is_told_apart_for_good(pair):
    client, peer = pair
    near, far = TcpConnection(client.fileno()), TcpConnection(peer.fileno())
    assert (near.peer, near.local) == (far.local, far.peer)
    host, port = near.peer
    assert near.leads_to(host, port)
    assert near.leads_to("localhost", port)
    assert not near.leads_to("127.0.0.2", port)
    assert not near.leads_to(host, port + 1)
    assert near.cookie != far.cookie
    again = TcpConnection(client.fileno())
    assert again.cookie == near.cookie
    for each in (near, far, again):
        each.close()
    assert client.fileno() >= 0
    client.send(b"still ours")
    assert peer.recv(20) == b"still ours"


def test_timers_are_asked_for_and_each_connection_has_a_pace_of_its_own(pair):
    client, _ = pair
    connection = TcpConnection(client.fileno())
    paces = set()
    for number in range(64):
        refused = connection.hasten(number)
        if "TCP_RTO_MAX_MS" in refused:
            pytest.skip("this kernel has no TCP_RTO_MAX_MS (6.15 has)")
        paces.add(client.getsockopt(socket.IPPROTO_TCP, tcp.TCP_RTO_MAX_MS))
    assert client.getsockopt(socket.IPPROTO_TCP, tcp.TCP_THIN_LINEAR_TIMEOUTS) == 1
    assert len(paces) == tcp.RTO_PACES
    assert min(paces) == tcp.RTO_MAX_MS
    assert max(paces) < tcp.RTO_MAX_MS + tcp.RTO_SPREAD_MS
    connection.close()


def test_its_buffer_holds_so_many_messages_and_then_reads_as_full(pair):
    client, _ = pair
    connection = TcpConnection(client.fileno())
    connection.make_room(6)
    assert client.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 6 * tcp.SKB_BYTES
    connection.close()


def test_a_descriptor_that_is_no_connection_is_told(pair):
    read, write = os.pipe()
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="socket"):
        TcpConnection(read)
    assert len(os.listdir("/proc/self/fd")) == before, "the copy is given back"
    os.close(read)
    os.close(write)
    with pytest.raises(OSError, match="descriptor"):
        TcpConnection(read)
    with socket.socket() as unconnected, pytest.raises(OSError, match="connected"):
        TcpConnection(unconnected.fileno())


def test_a_descriptor_that_has_become_another_kind_of_socket_is_no_connection():
    ends = socket.socketpair()
    try:
        with pytest.raises(OSError, match="no TCP connection"):
            TcpConnection(ends[0].fileno())
    finally:
        for end in ends:
            end.close()
