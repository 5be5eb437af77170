"""What the pilot tells the window of its console, as records. Reads, and changes nothing."""

from master.device_bay import DeviceBay
from master.devices.device import DeviceSample
from master.link import SlaveLink
from master.loop_ages import LoopAges
from master.pilot import Pilot
from master.pilot_records import HandCommanded, HandSeen, PilotHands, PilotLink
from master.wishes import Heeded
from protocol.fields import clipped
from protocol.messages import Command, Rest, TipPose


def hands_told(now_ns: int, sample: DeviceSample | None, command: Command | None) -> PilotHands:
    """The device's hands and those of the newest command; None where there is none."""
    seen = (
        ()
        if sample is None
        else tuple(
            HandSeen(hand.p_HT_m, hand.q_HT, hand.jaw_rad, down)
            for hand, down in zip(sample.hands, sample.pedal_down, strict=True)
        )
    )
    hands = () if command is None else command.hands
    return PilotHands(
        stamp_ns=now_ns,
        rest=Rest.NONE if command is None else command.rest,
        device_age_ns=None if sample is None else max(0, now_ns - sample.stamp_ns),
        seen=seen,
        commanded=tuple(
            HandCommanded(hand.clutch_epoch, hand.engaged, hand.p_W_m, hand.q_W, hand.jaw_rad)
            for hand in hands
            if isinstance(hand, TipPose)
        ),
    )


def link_told(
    now_ns: int,
    slave: SlaveLink,
    ages: LoopAges | None,
    bay: DeviceBay,
    heeded: Heeded,
    pilot: Pilot | None,
    scale: float,
) -> PilotLink:
    """Session and link, and what the window chose; `scale` is the one in force."""
    loop_ns, link_ns = (None, None) if ages is None else ages.take()
    commands, states = ((), ()) if slave.lanes is None else slave.lanes.maps()
    offset = slave.offset
    return PilotLink(
        stamp_ns=now_ns,
        session=0 if slave.welcome is None else slave.welcome.session,
        asked=heeded.control,
        trouble=clipped(slave.trouble(now_ns)),
        loop_age_ns=loop_ns,
        link_age_ns=link_ns,
        late=None if ages is None else ages.late,
        command_lanes=commands,
        state_lanes=states,
        offset_ns=0 if offset is None else offset.offset_ns,
        offset_error_ns=None if offset is None else offset.error_ns,
        device=clipped(bay.device.name),
        device_opening=bay.opening,
        device_trouble=clipped(bay.trouble),
        scale=scale,
        resting=heeded.rest,
        stops=0 if pilot is None else pilot.stops,
        device_chosen=clipped(bay.chosen),
    )
