"""Messages to begin with; tests change what they are about."""

from protocol.figures import StopLine
from protocol.messages import ArmState, Command, FreezeClass, Mode, Owner, Rest, State, TipPose
from protocol.records import ArmMeasured, Authority, Grant, Measured, Permit, Session
from protocol.roles import Role

TIP_POSE = TipPose(
    clutch_epoch=3,
    engaged=True,
    stop_number=1,
    nonce=77,
    p_W_m=(0.01, -0.02, 0.03),
    q_W=(1.0, 0.0, 0.0, 0.0),
    jaw_rad=0.5,
)
COMMAND = Command(
    version=1,
    session=5,
    authority_epoch=2,
    sequence=100,
    sent_ns=10**12,
    received_ns=10**12,
    shown_ns=10**12,
    device_age_ns=10**6,
    packet_loss=None,
    rest=Rest.NONE,
    energy=0,
    stops=0,
    hands=(TIP_POSE, TIP_POSE),
)
SESSION = Session(COMMAND.session, "its key", Role.SURGEON, "console", "hand", 1, silent=False, revoked=False)
ARM_STATE = ArmState(
    opened_epoch=3,
    following=True,
    reach=0,
    base_p_W_m=(0.0, 0.0, -0.1),
    base_q_W=(1.0, 0.0, 0.0, 0.0),
    opening_p_W_m=(0.0, 0.0, 0.0),
    opening_q_W=(1.0, 0.0, 0.0, 0.0),
    setpoint_p_W_m=(0.0, 0.0, -0.1),
    setpoint_q_W=(1.0, 0.0, 0.0, 0.0),
    measured_p_W_m=(0.0, 0.0, -0.1),
    measured_q_W=(1.0, 0.0, 0.0, 0.0),
    measured_jp=(0.0, 0.0, 0.12, 0.0, 0.0, 0.0),
    jaw_rad=0.5,
    lag_m=0.0,
    lag_rad=0.0,
)
STATE = State(
    version=1,
    session=5,
    authority_epoch=2,
    sequence=7,
    stamp_ns=10**12,
    sent_ns=10**12,
    heard_ns=10**12,
    owner=Owner.REMOTE,
    mode=Mode.READY,
    freeze_class=FreezeClass.NONE,
    calling=False,
    slowed=False,
    energy_on=False,
    stop_number=1,
    stops_heard=0,
    nonce=77,
    link_good_ns=10**10,
    speed_cap_m_s=0.2,
    culprit="",
    arms=(ARM_STATE, ARM_STATE),
)
AUTHORITY = Authority(
    stamp_ns=10**12,
    tick=1,
    owner=Owner.REMOTE,
    mode=Mode.READY,
    entered_ns=0,
    freeze_class=FreezeClass.NONE,
    culprit="",
    calling=False,
    slowed=False,
    testing=False,
    energy=False,
    authority_epoch=COMMAND.authority_epoch,
    generation=40,
    stop_number=TIP_POSE.stop_number,
    stops_heard=0,
    nonces=(5, TIP_POSE.nonce),
    open_epochs=(),
    jog=None,
    link_good_ns=10**10,
    speed_cap_m_s=0.2,
    limits_hash=0,
)
PERMIT = Permit(
    stamp_ns=10**12, expires_ns=10**12, generation=40, grant=Grant.MOVE, power=True, park=False, resets=0, energy=False
)
MEASURED = Measured(
    stamp_ns=10**12,
    step=1,
    tick=1,
    powered=True,
    tripped=False,
    stopped=False,
    following=True,
    energy=False,
    holding=False,
    permitted=True,
    lapsed=False,
    generation=40,
    limits_hash=0,
    fault="",
    refused=0,
    brakes=((), ()),
    arms=(ArmMeasured((0.0,) * 7, (0.0,) * 7, (0.0,) * 7),) * 2,
    line=StopLine.NONE,
)
