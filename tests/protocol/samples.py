"""Messages to begin with; tests change what they are about."""

from protocol.messages import ArmState, Command, Mode, Owner, Rest, State, TipPose

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
    rest=Rest.NONE,
    hands=(TIP_POSE, TIP_POSE),
)
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
    owner=Owner.REMOTE,
    mode=Mode.READY,
    stop_number=1,
    nonce=77,
    speed_cap_m_s=0.2,
    culprit="",
    arms=(ARM_STATE, ARM_STATE),
)
