"""What of the cells' words is written into the audit log: every change, in order, with whose doing it was."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.audit_records import Turn, Turns
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Action, Mode
from protocol.records import NO_SESSION, Session
from protocol.roles import Role
from safety.modes import Event
from safety.supervisor import Ruling
from safety.turns import KEPT, TurnsKept
from slave.audit_watch import CAUSES, SILENT_NS, AuditWatch, Seen
from tests.protocol.samples import AUTHORITY, MEASURED, PERMIT
from tests.safety.patient import again, in_local

NOW = AUTHORITY.stamp_ns
NOTHING = Seen(None, None, None, None)
SURGEON = Session(7, "its key", Role.SURGEON, "theatre-2", "synthetic", NOW - 5, silent=False, revoked=False)
NOBODY = NO_SESSION


def seen(**cells):
    return NOTHING._replace(**cells)


def ruling(event, **changes):
    return Ruling(msgspec.structs.replace(AUTHORITY, **changes), PERMIT, event)


class Watched:
    """A real supervisor whose turns a watch reads every so many ticks."""

    def __init__(self, every):
        self.world = in_local()
        self.every = every
        self.kept = TurnsKept()
        self.watch = AuditWatch()
        self.turns = None
        self.told = []
        self.ticks = 0
        self.step()

    def step(self, *actions, ticks=1):
        for _ in range(ticks):
            self.world.tick(1, *actions)
            actions = ()
            self.note()
        return self.world.authority.mode

    def note(self):
        ruling = Ruling(self.world.authority, self.world.permit, self.world.event)
        self.turns = self.kept.step(ruling) or self.turns
        self.ticks += 1
        if self.ticks % self.every == 0:
            self.look()

    def look(self):
        self.told += self.watch.step(self.world.now_ns, seen(turns=self.turns, authority=self.world.authority))

    def whats(self):
        return [(happening.what, happening.why) for happening in self.told]


def test_a_freeze_a_take_and_a_return_are_told_with_whose_doing_they_were():
    watched = Watched(every=1)
    watched.told.clear()
    assert watched.step(Action.GIVE) is Mode.READY
    assert watched.step(Action.FREEZE) is Mode.FROZEN
    assert watched.step(Action.TAKE) is Mode.LOCAL
    give, freeze, take = (CAUSES[Event.GIVE], "FREEZE pressed by the local staff", CAUSES[Event.TAKE])
    assert watched.whats() == [
        ("authority", give),
        ("mode", give),
        ("stop", freeze),
        ("mode", freeze),
        ("authority", take),
        ("mode", take),
    ]
    stop, taken = watched.told[2], watched.told[4]
    assert stop.details == {
        "mode": "FROZEN",
        "owner": "REMOTE",
        "freeze_class": "LOCAL",
        "from_mode": "READY",
        "from_owner": "REMOTE",
        "stop_number": watched.world.authority.stop_number,
    }
    assert taken.details["authority_epoch"] == watched.world.authority.authority_epoch
    assert (taken.details["owner"], taken.details["from_owner"]) == ("LOCAL", "REMOTE")
    assert stop.at_ns < taken.at_ns == watched.world.now_ns


@pytest.mark.parametrize("every", [1, 3, KEPT])
def test_however_seldom_the_watch_looks_it_tells_the_same(every):
    """Freezes and takes come and go within single milliseconds; a cell of the newest word alone would show few."""
    watched = Watched(every)
    for _ in range(10):
        watched.step(Action.GIVE)
        watched.step(Action.FREEZE)
        watched.step(Action.TAKE)
    watched.look()
    whats = [what for what, _ in watched.whats()]
    assert whats.count("stop") == 10
    assert whats.count("authority") == 20
    assert whats.count("mode") == 30
    assert "turns missed" not in whats


def test_turns_that_were_overtaken_are_counted_and_their_sum_is_told():
    watched = Watched(every=10**9)
    watched.look()
    watched.told.clear()
    before = watched.world.authority
    for _ in range(KEPT):
        watched.step(Action.GIVE)
        watched.step(Action.TAKE)
    watched.look()
    (missed,) = [happening for happening in watched.told if happening.what == "turns missed"]
    assert missed.count == KEPT
    epochs = [happening.details["authority_epoch"] for happening in watched.told if happening.what == "authority"]
    assert epochs[-1] == before.authority_epoch + 2 * KEPT


def test_an_engage_and_a_trip_name_surgeon_and_culprit():
    watched = Watched(every=1)
    watched.step(Action.GIVE)
    watched.told.clear()
    world = watched.world
    again(world)
    watched.note()
    assert watched.whats()[-1] == ("mode", CAUSES[Event.ENGAGE])
    world.talking = False
    assert watched.step(ticks=400) is Mode.FROZEN
    modes = [happening for happening in watched.told if happening.what == "mode"]
    assert [happening.details["mode"] for happening in modes] == ["FOLLOWING", "PAUSED", "FROZEN"]
    stop = next(happening for happening in watched.told if happening.what == "stop")
    assert "limit 250 ms" in stop.why
    assert stop.details["freeze_class"] == "LINK"


def test_a_freeze_that_becomes_another_one_and_a_self_test_that_begins_are_told_though_the_mode_stays():
    watched = Watched(every=1)
    watched.step(Action.GIVE)
    again(watched.world)
    watched.note()
    watched.world.talking = False
    watched.step(ticks=400)
    watched.step(Action.FREEZE)
    watched.world.measured_changes = {"stopped": True}
    watched.step()
    watched.world.measured_changes = {}
    watched.step(Action.RESET)
    modes = [happening.details for happening in watched.told if happening.what == "mode"][-4:]
    assert [(one["mode"], one["freeze_class"], one["testing"]) for one in modes] == [
        ("FROZEN", "LINK", False),
        ("FROZEN", "LOCAL", False),
        ("SAFE", "", False),
        ("SAFE", "", True),
    ]


def test_a_call_for_the_staff_begins_and_ends():
    watched = Watched(every=1)
    watched.step(Action.GIVE)
    watched.step(Action.FREEZE)
    watched.step(ticks=2001)
    (called,) = [happening for happening in watched.told if happening.what == "calling"]
    assert called.why == f"{CAUSES[Event.CALL_DUE]} (FREEZE pressed by the local staff)"
    watched.step(Action.TAKE)
    assert watched.told[-1].what == "attended"


def test_a_supervisor_that_starts_is_told_and_so_is_one_that_starts_anew():
    watch = AuditWatch()
    for now_ns in (NOW, NOW + NS_PER_S):
        begun = TurnsKept().step(ruling(None, stamp_ns=now_ns, mode=Mode.SAFE))
        (started,) = watch.step(now_ns, seen(turns=begun))
        assert (started.what, started.at_ns, started.details["mode"]) == ("supervisor started", now_ns, "SAFE")
        assert watch.step(now_ns + 1, seen(turns=begun)) == []


def test_what_was_told_once_is_not_told_again():
    watched = Watched(every=1)
    watched.step(Action.GIVE)
    watched.told.clear()
    for _ in range(5):
        watched.look()
    assert watched.told == []


def test_a_jog_is_no_change_of_authority():
    watch, kept = AuditWatch(), TurnsKept()
    watch.step(NOW, seen(turns=kept.step(ruling(None))))
    for number, event in enumerate((Event.JOG, Event.JOG_ENDED), start=1):
        turns = kept.step(ruling(event, stamp_ns=NOW + number, generation=number))
        assert watch.step(NOW + number, seen(turns=turns)) == []


@pytest.mark.parametrize("event", list(Event))
def test_no_turn_is_without_a_reason(event):
    turn = Turn(event.name, 2, AUTHORITY.owner, Mode.FROZEN, AUTHORITY.freeze_class, "", False, False, 1, 2)
    started = msgspec.structs.replace(turn, event="", stamp_ns=1, stop_number=1)
    told = AuditWatch().step(NOW, seen(turns=Turns(2, (started, turn))))
    assert told[1].what == "stop"
    assert told[1].why


def test_a_supervisor_that_falls_silent_is_told_once_and_so_is_its_return():
    watch = AuditWatch()

    def look(now_ns, stamp_ns):
        authority = msgspec.structs.replace(AUTHORITY, stamp_ns=stamp_ns)
        return [happening.what for happening in watch.step(now_ns, seen(authority=authority))]

    assert look(NOW + SILENT_NS, NOW) == []
    assert look(NOW + SILENT_NS + 1, NOW) == ["supervisor silent"]
    assert look(NOW + 2 * SILENT_NS, NOW) == []
    assert look(NOW + 3 * SILENT_NS, NOW + 3 * SILENT_NS) == ["supervisor back"]
    assert look(NOW + 4 * SILENT_NS, NOW + 4 * SILENT_NS) == []


def test_the_stop_button_is_told_by_the_drives_themselves():
    watch = AuditWatch()
    pressed = msgspec.structs.replace(MEASURED, stopped=True)
    told = [watch.step(NOW, seen(measured=measured)) for measured in (MEASURED, pressed, pressed, MEASURED)]
    assert [[happening.what for happening in some] for some in told] == [
        [],
        ["STOP + POWER OFF"],
        [],
        ["drives rearmed"],
    ]
    assert told[1][0].who == "drives"


def test_a_session_is_told_from_its_opening_to_its_end():
    watch = AuditWatch()
    silent = msgspec.structs.replace(SURGEON, silent=True)
    other = Session(8, "another key", Role.SURGEON, "theatre-9", "mouse", NOW + NS_PER_S, silent=False, revoked=False)
    steps = [NOBODY, SURGEON, SURGEON, silent, SURGEON, silent, other, NOBODY]
    told = [
        [(happening.what, happening.who) for happening in watch.step(NOW + 2 * NS_PER_S, seen(session=session))]
        for session in steps
    ]
    assert told == [
        [],
        [("session opened", "theatre-2")],
        [],
        [("session silent", "theatre-2")],
        [("session resumed", "theatre-2")],
        [("session silent", "theatre-2")],
        [("session ended", "theatre-2"), ("session opened", "theatre-9")],
        [("session ended", "theatre-9")],
    ]


def test_the_number_of_a_session_is_a_secret_and_is_not_written():
    told = AuditWatch().step(NOW, seen(session=msgspec.structs.replace(SURGEON, number=1234567890123)))
    assert "1234567890123" not in str(told)


@given(st.lists(st.tuples(st.sampled_from(Event), st.integers(0, 3)), max_size=80), st.integers(1, KEPT))
def test_each_stop_is_told_once_whatever_the_looks(steps, every):
    """`steps`: an event, and how many ticks pass after it."""
    kept, watch = TurnsKept(), AuditWatch()
    now_ns, stops, told = NOW, 0, []
    authority = AUTHORITY
    turns = kept.step(ruling(None))
    tick = 0
    for event, wait in [(None, 0), *steps]:
        for quiet in range(wait + 1):
            now_ns += NS_PER_MS
            fires = event if quiet == 0 else None
            if fires is Event.FREEZE:
                stops += 1
            authority = msgspec.structs.replace(
                authority, stamp_ns=now_ns, stop_number=AUTHORITY.stop_number + stops, culprit=str(stops)
            )
            turns = kept.step(Ruling(authority, PERMIT, fires)) or turns
            tick += 1
            if tick % every == 0:
                told += watch.step(now_ns, seen(turns=turns))
    told += watch.step(now_ns, seen(turns=turns))
    numbers = [happening.details["stop_number"] for happening in told if happening.what == "stop"]
    assert numbers == [AUTHORITY.stop_number + 1 + k for k in range(stops)]


def test_a_session_whose_key_was_revoked_is_told_so_once_and_not_as_one_that_fell_silent():
    watch = AuditWatch()
    watch.step(NOW, Seen(None, None, SURGEON, None))
    revoked = msgspec.structs.replace(SURGEON, silent=True, revoked=True)
    told = watch.step(NOW, Seen(None, None, revoked, None)) + watch.step(NOW, Seen(None, None, revoked, None))
    assert [(each.what, each.who) for each in told] == [("session revoked", "theatre-2")]


def test_turns_that_stand_in_no_order_are_not_told_at_every_look_anew():
    """They cannot, but who looks a hundred times a second would fill the disk."""
    world = Watched(1)
    turn = world.turns.newest[-1]
    newest = tuple(msgspec.structs.replace(turn, stamp_ns=turn.stamp_ns + after, stop_number=after) for after in (9, 5))
    disordered = seen(turns=Turns(world.turns.number + 2, newest))
    assert world.watch.step(world.world.now_ns, disordered) != []
    assert world.watch.step(world.world.now_ns, disordered) == []
