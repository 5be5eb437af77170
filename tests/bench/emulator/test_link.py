import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.emulator import namespaces
from bench.emulator.ends import Side, address
from bench.emulator.link import EmulatedLink
from bench.emulator.namespaces import NamespaceError
from bench.emulator.profile import Carrier, Delay, LinkProfile, Loss, Outages, Rate, Reorder

PORT = 5000
PATIENCE_S = 5.0


def allowed():
    try:
        namespaces.close(namespaces.make(()))
    except NamespaceError as error:
        return str(error)
    return ""


REFUSAL = allowed()
pytestmark = [pytest.mark.live, pytest.mark.skipif(bool(REFUSAL), reason=REFUSAL)]


def profile(*carriers, **changes):
    return LinkProfile("a test", carriers or (Carrier(**{"delay": Delay(2.0), **changes}),), "test")


class Ends:
    """A datagram socket at each end of a carrier."""

    opened = []

    def __init__(self, link, carrier=0, pair=0):
        self.opened.append(self)
        self.sockets = []
        for side in Side:
            with link.ends.inside(side, pair):
                end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            end.bind((address(carrier, side), PORT))
            end.settimeout(0.3)
            self.sockets.append(end)
        self.surgeon, self.patient = self.sockets
        self.to = address(carrier, Side.PATIENT), PORT

    def send(self, count, size=20):
        for number in range(count):
            self.surgeon.sendto(number.to_bytes(size, "big"), self.to)
            time.sleep(0.0005)

    def heard(self):
        numbers = []
        try:
            while True:
                numbers.append(int.from_bytes(self.patient.recv(2000), "big"))
        except TimeoutError:
            return numbers

    def close(self):
        for end in self.sockets:
            end.close()


@pytest.fixture
def opened():
    """Opens a link, and a socket at each of its ends; `opened.link` without these. All are closed in the end."""
    links = []

    def make(*carriers, seed=1, pairs=1, **changes):
        links.append(EmulatedLink(profile(*carriers, **changes), seed, pairs))
        return links[-1]

    def both(*carriers, **changes):
        link = make(*carriers, **changes)
        return link, Ends(link)

    both.link = make
    yield both
    while Ends.opened:
        Ends.opened.pop().close()
    for link in links:
        link.close()


def figures(link, direction="upstream"):
    return next(each for each in link.figures() if each.direction == direction)


def test_packets_come_through_late_whole_and_in_order(opened):
    link, ends = opened()
    ends.send(200)
    assert ends.heard() == list(range(200))
    told = figures(link)
    assert (told.packets_in, told.packets_out, told.lost) == (200, 200, 0)
    assert told.delay_mean_ms == 2.0
    assert figures(link, "downstream").packets_in == 0


def test_tcp_comes_through_and_what_was_lost_is_sent_again(opened):
    link = opened.link(loss=Loss(0.05))
    with link.ends.inside(Side.PATIENT):
        server = socket.create_server((address(0, Side.PATIENT), PORT))
    with link.ends.inside(Side.SURGEON):
        client = socket.create_connection((address(0, Side.PATIENT), PORT), timeout=PATIENCE_S)
    peer, _ = server.accept()
    peer.settimeout(PATIENCE_S)
    client.sendall(bytes(200_000))
    received = 0
    while received < 200_000:
        received += len(peer.recv(65536))
    assert figures(link).lost > 0
    for each in (client, peer, server):
        each.close()


def test_the_same_seed_loses_the_same_packets_on_every_pair_and_another_seed_others(opened):
    heard = []
    for seed in (1, 2):
        link = opened.link(seed=seed, pairs=2, loss=Loss(0.2, 3.0))
        for pair in range(2):
            ends = Ends(link, pair=pair)
            ends.send(200)
            heard.append(ends.heard())
    assert heard[0] == heard[1]
    assert heard[2] == heard[3]
    assert heard[0] != heard[2]
    assert 100 < len(heard[0]) < 199


def test_doubled_and_late_packets(opened):
    link, ends = opened(duplicate_share=0.5, reorder=Reorder(0.2, 10.0))
    ends.send(100)
    heard = ends.heard()
    told = figures(link)
    assert len(heard) == 100 + told.doubled
    assert 30 <= told.doubled <= 70
    assert sorted(set(heard)) == list(range(100))
    first = list(dict.fromkeys(heard))
    assert first != sorted(first)
    assert told.reordered > 0


def test_a_rate_makes_packets_wait_and_a_full_queue_drops_them(opened):
    link, ends = opened(rate=Rate(0.4, 2000))
    for number in range(40):
        ends.surgeon.sendto(number.to_bytes(472, "big"), ends.to)
    heard = ends.heard()
    told = figures(link)
    assert told.dropped_by_queue == 40 - len(heard) > 0
    assert told.delay_max_ms > 30.0


def test_a_cut_lets_nothing_through_and_ends_by_itself(opened):
    link, ends = opened()
    cut = link.cut(0.4)
    ends.send(100)
    assert time.monotonic_ns() < cut.end_ns
    assert ends.heard() == []
    assert figures(link).cut == 100
    time.sleep(max(0.0, (cut.end_ns - time.monotonic_ns()) / 1e9))
    ends.send(10)
    assert ends.heard() == list(range(10))


def test_one_carrier_can_be_cut_alone(opened):
    link = opened.link(Carrier(delay=Delay(1.0)), Carrier(delay=Delay(3.0)))
    first, second = Ends(link, 0), Ends(link, 1)
    link.cut(PATIENCE_S, carrier=0)
    for ends in (first, second):
        ends.send(20)
    assert first.heard() == []
    assert second.heard() == list(range(20))
    assert {each.carrier: each.delay_mean_ms for each in link.figures() if each.packets_out} == {1: 3.0}


def test_outages_come_at_their_time(opened):
    link, ends = opened(outages=Outages(at_s=((0.0, 30.0),)))
    ends.send(20)
    assert ends.heard() == []
    assert figures(link).cut == 20


def test_processes_live_at_their_end_and_nothing_of_the_host_is_there(opened):
    link = opened.link()
    listing = link.ends.popen(Side.PATIENT, [sys.executable, "-c", "import socket; print(socket.if_nameindex())"])
    assert listing.wait(PATIENCE_S) == 0
    program = (
        "import socket,sys; s=socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
        f"s.bind(('{address(0, Side.PATIENT)}', 1));"
        "sys.exit(len(socket.if_nameindex()))"
    )
    assert link.ends.popen(Side.PATIENT, [sys.executable, "-c", program]).wait(PATIENCE_S) == 2


KILLED = """
import os, sys, time
from bench.emulator.link import EmulatedLink
from bench.emulator.profile import load_profile
link = EmulatedLink(load_profile("lan"), 1)
print(link._process.pid, link._folder, flush=True)
time.sleep(60)
"""


def test_when_its_maker_is_killed_the_emulator_ends(tmp_path):
    root = Path(__file__).resolve().parents[3]
    maker = subprocess.Popen([sys.executable, "-c", KILLED], cwd=root, stdout=subprocess.PIPE, text=True)
    pid, folder = maker.stdout.readline().split()
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    maker.stdout.close()
    end_s = time.monotonic() + PATIENCE_S
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < end_s, "the emulator outlives its maker"
        time.sleep(0.02)
    for path in Path(folder).glob("*"):
        path.unlink()
    Path(folder).rmdir()


AS_NOBODY = """
import os, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
os.execvp("unshare", ["unshare", "--user", "--map-root-user", sys.executable, "-c", '''
import sys
from bench.emulator.link import EmulatedLink
from bench.emulator.profile import load_profile
from bench.emulator.namespaces import NamespaceError
try:
    link = EmulatedLink(load_profile("lan"), 1)
except (NamespaceError, PermissionError) as error:
    sys.exit(f"refused: {error}")
link.close()
'''])
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes nobody, which takes root")
def test_a_user_without_rights_makes_it_in_a_user_namespace():
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", AS_NOBODY], cwd=root, capture_output=True, text=True, check=False)
    if "unshare" in done.stderr or "refused" in done.stderr:
        pytest.skip(f"this host lets nobody make namespaces: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
