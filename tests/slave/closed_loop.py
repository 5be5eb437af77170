"""Supervisor, controller, plant's guard and drives, the real ones, closed in one loop on a clock that a test moves."""

import msgspec
import numpy as np

from kinematics import load_robot
from protocol.clock import NS_PER_MS
from protocol.messages import Action, Mode
from protocol.pose import IDENTITY
from protocol.records import Accepted, ArmMeasured, DriveOrder, Measured, Report, Session, Setpoint, Verb
from safety.gate import GatedSetpoint
from safety.limits import DEFAULT
from safety.supervisor import Observation, Supervisor
from slave.controller import Controller, Seen
from slave.plants.drives_process import is_news, obey
from slave.plants.guard import PlantGuard
from slave.plants.mujoco_drives import MujocoDrives
from tests.protocol.samples import COMMAND, TIP_POSE

ARM = load_robot("psm")
HAND_SPEED_M_S = 0.2
AT_REST = msgspec.structs.replace(TIP_POSE, engaged=False, clutch_epoch=0, p_W_m=(0.0, 0.0, 0.0), q_W=IDENTITY)


class ClosedLoop:
    """A surgeon moves the left arm along x, away and back. `stalled` names a process that does not run now."""

    def __init__(self):
        self.now_ns = 10**12
        self.stalled = ""
        self.supervisor = Supervisor(DEFAULT, 0.2, self.now_ns)
        self.controller = Controller(ARM, DEFAULT, 0.001)
        self.guard = PlantGuard(ARM.description, DEFAULT, 0.001)
        self.drives = MujocoDrives(ARM.description, 0.05, self.now_ns)
        self.session = Session(COMMAND.session, "console", "hand", self.now_ns)
        self.hand = AT_REST
        self.authority = self.accepted = self.drives_measured = self.measured = self.setpoint = self.report = None
        self.verb = self.order = None
        self.obeyed = 0
        self.ticks = self.setpoints = 0
        self.moving = False
        self.tips = []
        self.modes = []

    def run(self, ticks, *actions):
        for number in range(ticks):
            self.tick(actions if number == 0 else ())
        return self.authority.mode

    def tick(self, actions=()):
        self.now_ns += NS_PER_MS
        self.ticks += 1
        if self.moving:
            x = self.hand.p_W_m[0] + HAND_SPEED_M_S * 1e-3
            self.hand = msgspec.structs.replace(self.hand, p_W_m=(min(x, 0.04), 0.0, 0.0))
        for name in ("drives", "surgeon", "supervisor", "controller", "plant"):
            if name != self.stalled:
                getattr(self, f"_{name}")(*((actions,) if name == "supervisor" else ()))
        self.tips.append(ARM.forward_cp(tuple(self.drives.measured_js(0)[0][:6]))[0])
        self.modes.append(self.authority.mode)

    def engage(self):
        self.hand = msgspec.structs.replace(
            self.hand,
            engaged=True,
            clutch_epoch=self.hand.clutch_epoch + 1,
            stop_number=self.authority.stop_number,
            nonce=self.authority.nonces[-1],
            p_W_m=(0.0, 0.0, 0.0),
        )

    def speeds_m_s(self, since=0):
        return np.linalg.norm(np.diff(np.array(self.tips[since:]), axis=0), axis=1) * 1e3

    def _surgeon(self):
        epoch = 0 if self.authority is None else self.authority.authority_epoch
        hands = (self.hand, AT_REST)
        command = msgspec.structs.replace(COMMAND, sequence=self.ticks, authority_epoch=epoch, hands=hands)
        self.accepted = Accepted(self.now_ns, command)

    def _supervisor(self, actions):
        seen = (self.session, self.accepted, self.report, self.measured)
        self.authority = self.supervisor.step(Observation(self.now_ns, *seen, actions, 1000 + self.ticks))

    def _controller(self):
        decided = self.controller.tick(Seen(self.now_ns, self.authority, self.accepted, self.measured))
        if decided.setpoint is not None:
            self.setpoints += 1
            self.setpoint = Setpoint(self.now_ns, self.setpoints, decided.setpoint.arms)
            states = tuple(arm.state for arm in decided.arms)
            self.report = Report(self.now_ns, self.setpoints, 0, 1, decided.refusal, states)

    def _plant(self):
        decided = self.guard.decide(self.now_ns, self.drives_measured, self.setpoint)
        if isinstance(decided, GatedSetpoint):
            self.verb = Verb.SERVO
            self.order = DriveOrder(self.ticks, Verb.SERVO, self.setpoint.stamp_ns, decided.arms)
        elif decided is not None and decided is not self.verb:
            self.verb = decided
            self.order = DriveOrder(self.ticks, decided, self.now_ns, ())
        if self.drives_measured is not None:
            self.measured = msgspec.structs.replace(
                self.drives_measured, fault=self.drives_measured.fault or self.guard.fault, holding=self.guard.holding
            )

    def _drives(self):
        self.drives.step(self.now_ns)
        if self.order is not None and self.order.number != self.obeyed and is_news(self.order, self.now_ns):
            obey(self.drives, self.order)
            self.obeyed = self.order.number
        state = self.drives.state
        self.drives_measured = Measured(
            stamp_ns=self.drives.time_ns,
            step=self.ticks,
            powered=state.powered,
            tripped=state.tripped,
            holding=False,
            fault=state.fault,
            refused=state.refused,
            brakes=state.brakes,
            arms=tuple(ArmMeasured(*self.drives.measured_js(arm)) for arm in range(2)),
        )


def following():
    """In full motion, hand at 0.2 m/s."""
    loop = ClosedLoop()
    loop.run(300)
    assert loop.run(5, Action.GIVE) is Mode.READY
    loop.engage()
    loop.run(3)
    loop.moving = True
    assert loop.run(100) is Mode.FOLLOWING
    assert loop.speeds_m_s()[-1] > 0.08
    return loop
