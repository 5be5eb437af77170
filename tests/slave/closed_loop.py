"""Supervisor, controller, plant's guard and drives, the real ones, closed in one loop on a clock that a test moves."""

import msgspec
import numpy as np

from kinematics import load_robot
from protocol.clock import NS_PER_MS
from protocol.messages import Action, Mode, StaffAction, StaffJog
from protocol.pose import IDENTITY
from protocol.records import Accepted, DriveOrder, Report, Setpoint, Verb
from safety.gate import GatedSetpoint
from safety.limits import load_limits
from safety.supervisor import Observation, Supervisor
from slave.controller import Controller, Seen
from slave.plants.drives_process import account, is_news, obey
from slave.plants.guard import PlantGuard
from slave.plants.mujoco_drives import MujocoDrives
from slave.plants.plant_process import with_account
from tests.protocol.samples import COMMAND, SESSION, TIP_POSE

ARM = load_robot("psm")
LIMITS = load_limits("laparoscopic")
LEASE_NS = LIMITS.process.lease_ns
WATCHDOG_NS = LIMITS.process.watchdog_ns
HAND_SPEED_M_S = 0.2
AT_REST = msgspec.structs.replace(TIP_POSE, engaged=False, clutch_epoch=0, p_W_m=(0.0, 0.0, 0.0), q_W=IDENTITY)


class ClosedLoop:
    """A surgeon moves the left arm along x, away and back. `stalled` names a process that does not run now."""

    def __init__(self):
        self.now_ns = 10**12
        self.stalled = ""
        self.supervisor = Supervisor(ARM.description, LIMITS, LEASE_NS, self.now_ns)
        self.controller = Controller(ARM, LIMITS, LEASE_NS, 0.001)
        self.guard = PlantGuard(ARM.description, LIMITS, LEASE_NS, 0.001)
        self.drives = MujocoDrives(ARM.description, WATCHDOG_NS / 1e9, self.now_ns)
        self.session = msgspec.structs.replace(SESSION, opened_ns=self.now_ns)
        self.hand = AT_REST
        self.presses = 0
        self.staff = ()
        self.permit = None
        self.authority = self.accepted = self.drives_measured = self.measured = self.setpoint = self.report = None
        self.verb = self.order = None
        self.obeyed = 0
        self.ticks = self.setpoints = 0
        self.moving = False
        self.tips = []
        self.modes = []

    def run(self, ticks, *actions):
        for action in actions:
            self.presses += 1
            self.staff += (StaffAction(1, 9, self.presses, action, stand_in=True),)
        for _ in range(ticks):
            self.tick()
        return self.authority.mode

    def jog(self, ticks, arm, axis, direction):
        """Hold a jog down for so long."""
        self.presses += 1
        for number in range(ticks):
            if number % 50 == 0:
                self.staff += (StaffJog(1, 9, self.presses, arm, axis, direction, stand_in=True),)
            self.tick()

    def tick(self):
        self.now_ns += NS_PER_MS
        self.ticks += 1
        if self.moving:
            x = self.hand.p_W_m[0] + HAND_SPEED_M_S * 1e-3
            self.hand = msgspec.structs.replace(self.hand, p_W_m=(min(x, 0.04), 0.0, 0.0))
        for name in ("drives", "surgeon", "supervisor", "controller", "plant"):
            if name != self.stalled:
                getattr(self, f"_{name}")()
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
        echo = {"received_ns": self.now_ns - 40 * NS_PER_MS, "shown_ns": self.now_ns - 70 * NS_PER_MS}
        command = msgspec.structs.replace(COMMAND, sequence=self.ticks, authority_epoch=epoch, hands=hands, **echo)
        self.accepted = Accepted(self.now_ns, command)

    def _supervisor(self):
        seen = (self.session, self.accepted, self.report, self.setpoint, self.measured)
        staff, self.staff = self.staff, ()
        self.authority, self.permit, _ = self.supervisor.step(Observation(self.now_ns, *seen, staff, 1000 + self.ticks))

    def _controller(self):
        decided = self.controller.tick(Seen(self.now_ns, self.authority, self.accepted, self.measured))
        if decided.setpoint is not None:
            self.setpoints += 1
            self.setpoint = Setpoint(self.now_ns, self.setpoints, decided.generation, decided.setpoint.arms)
            states = tuple(arm.state for arm in decided.arms)
            refused = decided.refusal, decided.refusal_class
            self.report = Report(self.now_ns, self.setpoints, 0, 1, 1, *refused, LIMITS.hash, states)

    def _plant(self):
        decided = self.guard.decide(self.now_ns, self.drives_measured, self.setpoint, self.permit)
        if isinstance(decided, GatedSetpoint):
            self.verb = Verb.SERVO
            energy = self.guard.permit.energy
            self.order = DriveOrder(self.ticks, Verb.SERVO, self.setpoint.stamp_ns, energy, decided.arms)
        elif decided is not None and decided is not self.verb:
            self.verb = decided
            self.order = DriveOrder(self.ticks, decided, self.now_ns, False, ())
        if self.drives_measured is not None:
            self.measured = with_account(self.drives_measured, self.guard, self.ticks, LIMITS.hash)

    def _drives(self):
        self.drives.step(self.now_ns)
        if (
            self.order is not None
            and self.order.number != self.obeyed
            and is_news(self.order, self.now_ns, WATCHDOG_NS)
        ):
            obey(self.drives, self.order)
            self.obeyed = self.order.number
        self.drives_measured = account(self.drives, self.ticks, 2)


def ready():
    """Reset, tested, given, with a link that has been good for long enough."""
    loop = ClosedLoop()
    loop.run(5)
    loop.run(500, Action.RESET)
    loop.run(3000)
    assert loop.run(5, Action.GIVE) is Mode.READY, loop.authority
    return loop


def following():
    """In full motion, hand at 0.2 m/s."""
    loop = ready()
    loop.engage()
    loop.run(5)
    loop.moving = True
    assert loop.run(100) is Mode.FOLLOWING
    assert loop.speeds_m_s()[-1] > 0.08
    return loop
