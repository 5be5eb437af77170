"""Who is let in at which door, by role and, for the lanes of a session, by who has it. Pure, but for what it audits."""

from protocol.fingerprint import fingerprint
from protocol.records import NO_SESSION
from protocol.roles import DOORS, Door
from protocol.zap import Knock
from slave.admission import Admission
from slave.incidents import Incidents

OF_THE_SESSION = (Door.COMMANDS, Door.STATES)


class Doors:
    """`session` is the present one."""

    def __init__(self, admission: Admission, incidents: Incidents) -> None:
        self._admission = admission
        self._incidents = incidents
        self.session = NO_SESSION

    def lets_in(self, knock: Knock) -> bool:
        """Whether who knocks may come in; who may not is audited."""
        refusal = self._refusal(knock)
        if refusal:
            peer = self._admission.peers.get(knock.key)
            who = peer.name if peer is not None else f"{knock.address} {fingerprint(knock.key)}"
            self._incidents.add("refused", who, f"{knock.door}: {refusal}")
        return not refusal

    def _refusal(self, knock: Knock) -> str:
        peer = self._admission.peers.get(knock.key)
        if peer is None:
            return "its key is not trusted"
        if knock.door not in tuple(Door) or peer.role not in DOORS[Door(knock.door)]:
            return f"its key is trusted as {peer.role.value}"
        if knock.door in OF_THE_SESSION and (self.session.key != peer.key or self.session.revoked):
            return "it does not have the session"
        return ""
