"""What the gateway tells, merged so that a flood of it fills no disk. Pure: handed the time.

Alike are those of the same what, who and why: the first is told at once, the others as one, a second after the last
that was told. Of each `what` only so many are told apart; the rest is one number. So a flood of refused peers hides no
key that was trusted meanwhile.
"""

import msgspec

from protocol.clock import NS_PER_S
from protocol.fields import clipped
from protocol.records import Incident
from slave.audit_log import Happening

EVERY_NS = NS_PER_S
ALIKE_MAX = 16
"""Of one `what`, within a second."""
WHATS_MAX = 32
"""The gateway knows fewer. Beyond them, all are of one kind."""
ANY = "incident"
COUNT_MAX = 2**63 - 1


class _Alike(msgspec.Struct):
    """Told at `told_ns`; since then so many more came, the newest at `at_ns`."""

    told_ns: int
    at_ns: int = 0
    more: int = 0


class _What(msgspec.Struct):
    """Of one kind: those told apart by who and why, and how many others there were, of which one is named."""

    alike: dict[tuple[str, str], _Alike] = {}
    rest: int = 0
    rest_told_ns: int = 0
    named: Incident | None = None


class Merger:
    """Holds back what came too soon. Nothing is lost: `due` and `flush` tell of all that `take` held back."""

    def __init__(self) -> None:
        self._whats: dict[str, _What] = {}

    def take(self, now_ns: int, incident: Incident) -> Happening | None:
        """What to write of an incident at once, if anything."""
        if incident.what not in self._whats and len(self._whats) >= WHATS_MAX:
            why = clipped(f"{incident.what}: {incident.why}")
            incident = msgspec.structs.replace(incident, what=ANY, why=why)
        what = self._whats.setdefault(incident.what, _What())
        # No stamp of the future: the order of entries in time is what a reader goes by.
        incident = msgspec.structs.replace(incident, stamp_ns=min(incident.stamp_ns, now_ns))
        key = (incident.who, incident.why)
        alike = what.alike.get(key)
        if alike is not None:
            alike.more += incident.count
            alike.at_ns = incident.stamp_ns
            return None
        if len(what.alike) >= ALIKE_MAX:
            what.rest += incident.count
            what.named = incident
            return None
        what.alike[key] = _Alike(now_ns)
        return Happening(incident.stamp_ns, incident.what, incident.who, incident.why, incident.count)

    def due(self, now_ns: int) -> list[Happening]:
        """What was held back for a second."""
        told: list[Happening] = []
        for name, what in list(self._whats.items()):
            for (who, why), alike in list(what.alike.items()):
                if now_ns - alike.told_ns < EVERY_NS:
                    continue
                if alike.more:
                    told.append(Happening(alike.at_ns, name, who, why, min(alike.more, COUNT_MAX)))
                    alike.told_ns, alike.more = now_ns, 0
                else:
                    del what.alike[who, why]
            if what.named is not None and now_ns - what.rest_told_ns >= EVERY_NS:
                told.append(_rest(what.rest, what.named))
                what.rest_told_ns, what.rest, what.named = now_ns, 0, None
            if not what.alike and what.named is None:
                del self._whats[name]
        return told

    def flush(self, now_ns: int) -> list[Happening]:
        """All that is still held back: the end has come."""
        return self.due(now_ns + 2 * EVERY_NS)


def _rest(count: int, named: Incident) -> Happening:
    why = f"more than {ALIKE_MAX} kinds in a second; of the others the last is {named.who}: {named.why}"
    return Happening(named.stamp_ns, named.what, "others", clipped(why), min(count, COUNT_MAX))
