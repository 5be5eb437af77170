"""The audit log's process, the real one: killed, flooded, fed with garbage, and with a disk that is full."""

import json
import os
import resource
import signal
import time
from contextlib import contextmanager

import msgspec
import pytest
import zmq

from protocol.audit_records import AuditState, Turns
from protocol.board import Board
from protocol.children import ChildError, Children
from protocol.messages import Mode, Owner
from protocol.records import Authority, Incident, Session
from safety import turns
from safety.modes import Event
from safety.supervisor import Ruling
from safety.turns import TurnsKept
from slave.audit_log import TORN, verify
from slave.audit_merge import ALIKE_MAX
from slave.config import SlaveConfig
from slave.launch import CELLS
from tests.protocol.samples import AUTHORITY, PERMIT, SESSION

pytestmark = pytest.mark.live

WAIT_S = 30


class Patient:
    """A board as the launcher makes it, the audit process on it, and a supervisor and a gateway that the test plays."""

    def __init__(self, path):
        self.path = path
        self.board = Board.create("audit")
        for name in CELLS:
            self.board.add_cell(name)
        self.board.add_cell("turns", turns.CELL_BYTES)
        self.children = Children(self.board)
        self._turns = self.board.post("turns", Turns)
        self._authority = self.board.post("authority", Authority)
        self.session = self.board.post("session", Session)
        self._state = self.board.view("audit.state", AuditState)
        self._kept = TurnsKept()
        self._context = zmq.Context()
        self.gateway = self._context.socket(zmq.PUSH)
        self.gateway.setsockopt(zmq.LINGER, 0)
        self.gateway.setsockopt(zmq.SNDHWM, 100_000)
        self.gateway.connect(self.board.ipc("audit"))
        self.turned = 0

    def start(self):
        config = SlaveConfig("127.0.0.1", 7200, "laparoscopic", 1, audit=str(self.path))
        self.children.start("audit", "slave.audit_process", msgspec.json.encode(config).decode())
        return self.children.await_ready()

    @property
    def pid(self):
        return self.children.pid("audit")

    def turn(self, event=Event.FREEZE, **changes):
        self.turned += 1
        authority = msgspec.structs.replace(
            AUTHORITY, stamp_ns=time.monotonic_ns(), stop_number=self.turned, culprit=f"stop {self.turned}", **changes
        )
        self._turns.publish(self._kept.step(Ruling(authority, PERMIT, event)))
        self._authority.publish(authority)

    def tell(self, what, who="f00d", why="not trusted", count=1):
        self.gateway.send(msgspec.msgpack.encode(Incident(time.monotonic_ns(), what, who, why, count)))

    def state(self):
        return self._state.latest()

    def close(self):
        self.children.stop()
        self._context.destroy(0)
        self.board.remove()


@contextmanager
def patient(path):
    it = Patient(path)
    try:
        yield it
    finally:
        it.close()


def entries(path):
    """Those whose line is whole."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line.endswith(b"}")]


def whats(path):
    return [entry["what"] for entry in entries(path)]


def account(path):
    with path.open("rb") as file:
        return verify(file)


def await_that(condition):
    deadline_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "audit.jsonl"


def test_a_run_is_told_from_its_beginning_to_its_end(path):
    with patient(path) as run:
        (note,) = run.start()
        assert str(path) in note
        run.turn()
        run.turn(Event.TAKE, owner=Owner.LOCAL, mode=Mode.LOCAL, authority_epoch=9)
        run.session.publish(msgspec.structs.replace(SESSION, opened_ns=time.monotonic_ns()))
        run.tell("refused", "192.0.2.1")
        run.tell("key revoked", "f00d")
        await_that(lambda: "key revoked" in whats(path) and "session opened" in whats(path))
        await_that(lambda: run.state() is not None and run.state().entries == len(entries(path)))
        assert run.state().trouble == ""
    written = entries(path)
    assert (written[0]["what"], written[-1]["what"]) == ("run started", "run ended")
    assert written[0]["details"]["robot"] == "psm"
    assert written[0]["details"]["pid"] == os.getpid()
    assert written[-1]["why"] == "in order"
    assert {"stop", "authority", "mode", "refused", "key revoked", "session opened"} <= set(whats(path))
    assert account(path).bad == ""
    assert len({entry["boot"] for entry in written}) == 1


def test_stops_of_every_millisecond_are_all_there_in_order(path):
    with patient(path) as run:
        run.start()
        for _ in range(500):
            run.turn()
            time.sleep(0.001)
        await_that(lambda: f"stop {run.turned}" in path.read_text())
    stops = [entry["details"]["stop_number"] for entry in entries(path) if entry["what"] == "stop"]
    missed = sum(entry["count"] for entry in entries(path) if entry["what"] == "turns missed")
    assert stops == sorted(set(stops))
    assert len(stops) + missed == 500, "a process that the host held up for 32 ms misses some, and says how many"


def test_killed_in_the_middle_of_writing_it_goes_on_where_it_was_and_the_whole_verifies(path):
    """The kernel seldom lets a kill cut a write short: so some bytes are cut off as well, another number each time."""
    kills = 6
    for kill in range(kills):
        with patient(path) as run:
            run.start()
            number = run.state().entries
            deadline_s = time.monotonic() + 0.3 + 0.07 * kill
            while time.monotonic() < deadline_s or len(entries(path)) < number + 5:
                run.turn()
                run.tell("refused", f"peer {run.turned}")
                time.sleep(0.0005)
            os.kill(run.pid, signal.SIGKILL)
            await_that(lambda run=run: run.children.ended() == ("audit",))
        assert account(path).bad == ""
        os.truncate(path, path.stat().st_size - 23 * kill)
        assert account(path).bad == ""
    with patient(path) as run:
        run.start()
    found = account(path)
    assert (found.bad, found.torn_bytes) == ("", 0)
    assert found.torn_lines >= kills - 1
    assert whats(path).count("run started") == kills + 1
    assert whats(path)[-1] == "run ended"


def test_a_torn_line_is_told_of_by_the_run_that_found_it(path):
    with patient(path) as run:
        run.start()
    size = path.stat().st_size
    os.truncate(path, size - 20)
    assert account(path).torn_bytes > 0
    with patient(path) as run:
        assert "cut short" in run.start()[0]
        await_that(lambda: "torn line" in whats(path))
    assert account(path)[3:] == (1, 0, 0, "")
    assert whats(path)[:3] == ["run started", "torn line", "run started"]


def test_a_second_run_on_the_same_log_is_refused_and_the_first_goes_on(path):
    with patient(path) as run:
        run.start()
        second = Board(run.board.directory)
        children = Children(second)
        config = SlaveConfig("127.0.0.1", 7200, "laparoscopic", 1, audit=str(path))
        children.start("audit2", "slave.audit_process", msgspec.json.encode(config).decode())
        await_that(lambda: children.ended() == ("audit2",))
        children.stop()
        run.turn()
        await_that(lambda: "stop 1" in path.read_text())
    assert whats(path).count("run started") == 1


@pytest.mark.parametrize("spoil", ["open", "falsified"])
def test_a_log_that_is_not_fit_is_refused_in_one_line(path, spoil):
    with patient(path) as run:
        run.start()
    if spoil == "open":
        path.chmod(0o644)
    else:
        path.write_bytes(path.read_bytes().replace(b'"in order"', b'"in peace"'))
    with patient(path) as run, pytest.raises(ChildError, match=r"the audit log .* is (open to others|not as it was)"):
        run.start()


def test_a_flood_of_refused_peers_is_bounded_and_counted_and_hides_no_key(path):
    with patient(path) as run:
        run.start()
        begun_s = time.monotonic()
        for number in range(3000):
            run.tell("refused", f"peer {number % 100}")
            if number == 2000:
                run.tell("key trusted")
            if number % 50 == 0:
                time.sleep(0.01)
        await_that(lambda: "key trusted" in whats(path))
        await_that(lambda: sum(entry["count"] for entry in entries(path) if entry["what"] == "refused") == 3000)
        seconds = time.monotonic() - begun_s
    refused = whats(path).count("refused")
    assert refused <= (ALIKE_MAX + 1) * 2 * (seconds + 2)


def test_garbage_on_its_socket_is_counted_and_harms_nothing(path):
    with patient(path) as run:
        run.start()
        for frame in (b"", b"\xc1", b"\x91" * 3000, msgspec.msgpack.encode([1, "a", "b", "c", -1]), b"x" * 4000):
            run.gateway.send(frame)
        run.gateway.send(msgspec.msgpack.encode([1, "a" * 500, "b", "c", 1]))
        run.tell("key trusted")
        await_that(lambda: "key trusted" in whats(path))
        await_that(lambda: sum(e["count"] for e in entries(path) if e["what"] == "unreadable") == 6)
        run.turn()
        await_that(lambda: "stop 1" in path.read_text())


def test_what_only_the_log_itself_may_say_is_taken_from_nobody_and_the_log_stays_whole(path):
    with patient(path) as run:
        run.start()
        run.tell(TORN)
        await_that(lambda: "unreadable" in whats(path))
        assert TORN not in whats(path)
    assert account(path).bad == ""


def test_a_disk_that_is_full_is_told_in_the_status_and_what_happened_meanwhile_is_written_later(path):
    with patient(path) as run:
        run.start()
        run.turn()
        await_that(lambda: "stop 1" in path.read_text())
        soft, hard = resource.prlimit(run.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (path.stat().st_size + 70, hard))
        for _ in range(3):
            run.turn()
        await_that(lambda: "entries wait" in run.state().trouble)
        assert account(path).bad == ""
        waiting = run.state().waiting
        run.turn()
        await_that(lambda: run.state().waiting > waiting)
        resource.prlimit(run.pid, resource.RLIMIT_FSIZE, (soft, hard))
        await_that(lambda: f"stop {run.turned}" in path.read_text() and not run.state().trouble)
    assert account(path).bad == ""
    stops = [entry["details"]["stop_number"] for entry in entries(path) if entry["what"] == "stop"]
    assert stops == list(range(1, run.turned + 1))


def test_a_supervisor_that_dies_is_in_the_log(path):
    with patient(path) as run:
        run.start()
        run.turn()
        await_that(lambda: "supervisor silent" in whats(path))
        run.turn()
        await_that(lambda: "supervisor back" in whats(path))


def test_a_process_that_is_stopped_for_a_while_misses_nothing(path):
    with patient(path) as run:
        run.start()
        os.kill(run.pid, signal.SIGSTOP)
        for number in range(turns.KEPT - 2):
            run.turn()
            run.tell("dropped", f"peer {number % 5}", count=3)
        time.sleep(0.05)
        os.kill(run.pid, signal.SIGCONT)
        await_that(lambda: f"stop {run.turned}" in path.read_text())
        await_that(lambda: sum(e["count"] for e in entries(path) if e["what"] == "dropped") == 3 * run.turned)
    assert "turns missed" not in whats(path)
