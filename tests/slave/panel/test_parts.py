"""Which part is dead: by counters that stand, not by stamps alone, and never by the panel's own absence."""

import pytest

from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.records import NO_SESSION
from slave.panel.parts import GATEWAY_STALE_NS, LINK_STALE_NS, STALE_NS, Part, Parts, duration
from tests.slave.panel.scene import AUTHORITY_NOW, DRIVES, INTAKE, NOW, REPORT, late, records, replace, seen

OF_HOST = {
    Part.GATEWAY: ("intake", INTAKE, "stamp_ns"),
    Part.CONTROLLER: ("report", REPORT, "tick"),
    Part.SUPERVISOR: ("authority", AUTHORITY_NOW, "tick"),
    Part.PLANT: ("measured", DRIVES, "tick"),
    Part.DRIVES: ("drives", DRIVES, "step"),
}


def dead(standings):
    return {standing.part for standing in standings if not standing.works}


def ticking(k, without=(), stamped=()):
    """The records after `k` looks of 50 ms; those in `without` say nothing any more, those in `stamped` only stamp."""
    ns = NOW + k * 50 * NS_PER_MS
    changed = {}
    for part, (field, record, counter) in OF_HOST.items():
        if part in stamped:
            changed[field] = replace(record, stamp_ns=ns)
        elif part not in without:
            changed[field] = replace(record, **{"stamp_ns": ns, counter: (ns if counter == "stamp_ns" else 1 + k)})
    accepted = seen().accepted
    return ns, records(seen(**changed, accepted=replace(accepted, accepted_ns=ns)))


def test_all_who_tick_work():
    parts = Parts()
    for k in range(20):
        assert dead(parts.step(*ticking(k))) == set()


@pytest.mark.parametrize("part", OF_HOST)
def test_one_that_falls_silent_is_told_and_nobody_else_is(part):
    parts = Parts()
    for k in range(30):
        told = parts.step(*ticking(k, without=(part,)))
    assert dead(told) == {part}
    (standing,) = (each for each in told if each.part is part)
    assert standing.silent_ns == 29 * 50 * NS_PER_MS
    assert "silent for 1.4 s" in standing.why.english or "silent for 1.5 s" in standing.why.english


@pytest.mark.parametrize("part", [Part.CONTROLLER, Part.SUPERVISOR, Part.DRIVES])
def test_one_that_goes_on_stamping_and_does_nothing_is_told(part):
    parts = Parts()
    for k in range(30):
        told = parts.step(*ticking(k, stamped=(part,)))
    assert dead(told) == {part}
    (standing,) = (each for each in told if each.part is part)
    assert "stands still" in standing.why.english


def test_the_plant_is_judged_by_its_own_counter_and_not_by_the_stamps_of_the_drives_that_it_passes_on():
    parts = Parts()
    for k in range(30):
        told = parts.step(*ticking(k, stamped=(Part.PLANT,)))
    assert dead(told) == {Part.PLANT}
    parts = Parts()
    for k in range(30):
        now_ns, seen_now = ticking(k, without=(Part.DRIVES,))
        old_stamps = replace(seen_now.measured, stamp_ns=NOW)
        told = parts.step(now_ns, seen_now._replace(measured=old_stamps))
    assert dead(told) == {Part.DRIVES}


@pytest.mark.parametrize("part", OF_HOST)
def test_one_that_was_dead_before_the_panel_came_is_told_at_the_first_look(part):
    field, record, _ = OF_HOST[part]
    assert dead(seen(**{field: late(record, ms=800)}).parts) == {part}
    assert dead(seen(**{field: None}).parts) == {part}


def test_a_panel_that_was_away_for_long_calls_nobody_dead():
    parts = Parts()
    parts.step(*ticking(0))
    assert dead(parts.step(*ticking(400))) == set()


def test_one_that_comes_back_works_again():
    parts = Parts()
    for k in range(30):
        parts.step(*ticking(k, without=(Part.CONTROLLER,)))
    assert dead(parts.step(*ticking(30))) == set()


@pytest.mark.parametrize("part", OF_HOST)
def test_the_limits_are_kept_to_the_nanosecond(part):
    limit_ns = GATEWAY_STALE_NS if part is Part.GATEWAY else STALE_NS
    field, record, _ = OF_HOST[part]
    parts = Parts()
    parts.step(NOW, records(seen(**{field: replace(record, stamp_ns=NOW)})))
    same = records(seen(**{field: replace(record, stamp_ns=NOW)}))
    assert part not in dead(parts.step(NOW + limit_ns, same))
    assert part in dead(parts.step(NOW + limit_ns + 1, same))


def link(**changes):
    snapshot = seen(**changes)
    return next(each for each in snapshot.parts if each.part is Part.LINK)


def test_the_link_is_judged_by_the_commands_of_the_session():
    accepted = seen().accepted
    now_ns = seen().now_ns
    assert link().works
    assert link(accepted=replace(accepted, accepted_ns=now_ns - LINK_STALE_NS)).works
    cut = link(accepted=replace(accepted, accepted_ns=now_ns - 3 * NS_PER_S))
    assert (cut.works, cut.why.english) == (False, "cut for 3.0 s")
    session = seen().session
    assert "dead" in link(session=replace(session, silent=True)).why.english
    assert link(session=NO_SESSION).why.english == "no console is connected"
    assert link(session=None).why.english == "no console is connected"
    assert "revoked" in link(session=replace(session, revoked=True, silent=True)).why.english


def test_commands_of_an_older_session_say_nothing_about_the_link():
    session = replace(seen().session, number=99, opened_ns=NOW - 2 * NS_PER_S)
    assert link(session=session).why.english == "cut for 2.0 s"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0.0 s"),
        (-1.0, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (99.4, "99 s"),
        (100.0, "1:40"),
        (3661.0, "1:01:01"),
    ],
)
def test_times_are_short_and_never_negative(seconds, shown):
    assert duration(round(seconds * NS_PER_S)) == shown
