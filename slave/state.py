"""What the surgeon's side is told at every tick, from the accounts of supervisor and controller. Pure."""

from protocol.messages import State
from protocol.records import Authority, Report


def state_of(session: int, sequence: int, authority: Authority, report: Report) -> State:
    """The state to send now. Its stamp is the age of what it shows, not of its sending: the older account's."""
    return State(
        version=1,
        session=session,
        authority_epoch=authority.authority_epoch,
        sequence=sequence,
        stamp_ns=min(authority.stamp_ns, report.stamp_ns),
        sent_ns=report.sent_ns,
        heard_ns=report.heard_ns,
        owner=authority.owner,
        mode=authority.mode,
        freeze_class=authority.freeze_class,
        calling=authority.calling,
        slowed=authority.slowed,
        energy_on=authority.energy,
        stop_number=authority.stop_number,
        stops_heard=authority.stops_heard,
        nonce=authority.nonces[-1] if authority.nonces else 0,
        link_good_ns=authority.link_good_ns,
        speed_cap_m_s=authority.speed_cap_m_s,
        culprit=authority.culprit,
        arms=report.arms,
    )
