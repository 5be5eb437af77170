"""A healthy patient's side with a surgeon, under a real supervisor, on a clock that the test moves."""

import msgspec

from kinematics.description import load_description
from protocol.clock import NS_PER_MS
from protocol.messages import Action, FreezeClass, Mode, Rest, StaffAction, StaffJog
from protocol.records import Accepted, ArmMeasured, ArmSetpoint, Grant, Report, Setpoint
from safety.limits import load_limits
from safety.supervisor import Observation, Supervisor
from tests.protocol.samples import ARM_STATE, COMMAND, MEASURED, SESSION, TIP_POSE

ROBOT = load_description("psm")
LIMITS = load_limits("laparoscopic")
LEASE_NS = LIMITS.process.lease_ns
HOME = (*(joint.home for joint in ROBOT.joints), 0.0)
STILL = (0.0,) * 7
ARM = ArmMeasured(HOME, STILL, STILL)


class World:
    """A healthy slave with a surgeon who does what `hand` says; `*_changes` break things."""

    def __init__(self, limits=LIMITS):
        self.now_ns = 10**12
        self.step_ns = NS_PER_MS
        self.limits_hash = limits.hash
        self.supervisor = Supervisor(ROBOT, limits, LEASE_NS, self.now_ns)
        self.session = SESSION
        self.authority = self.permit = self.event = self.accepted = None
        self.nonce = 1000
        self.ticks = self.presses = 0
        self.hand = msgspec.structs.replace(TIP_POSE, engaged=False, clutch_epoch=0)
        self.rest = Rest.NONE
        self.age_ns = 40 * NS_PER_MS
        self.talking = True
        self.command_changes = {}
        self.report_changes = {}
        self.measured_changes = {}
        self.setpoint_arm = ArmSetpoint(HOME, STILL)
        self.staff = ()
        self.lapsed = False
        self.has_report = self.has_measured = True

    def tick(self, ticks=1, *actions):
        for action in actions:
            self.presses += 1
            self.staff += (StaffAction(1, 9, self.presses, action, stand_in=True),)
        for _ in range(ticks):
            self.now_ns += self.step_ns
            self.ticks += 1
            self.nonce += 1
            if self.talking:
                epoch = 0 if self.authority is None else self.authority.authority_epoch
                echo = self.now_ns - self.age_ns
                command = msgspec.structs.replace(
                    COMMAND,
                    hands=(self.hand,),
                    rest=self.rest,
                    authority_epoch=epoch,
                    received_ns=self.now_ns - 40 * NS_PER_MS,
                    shown_ns=echo,
                )
                self.accepted = Accepted(self.now_ns, msgspec.structs.replace(command, **self.command_changes))
            self.observe()
        return self.authority.mode

    def wait(self, ms):
        """So long, in ticks of 10 ms: half a lease."""
        self.step_ns = 10 * NS_PER_MS
        mode = self.tick(ms // 10)
        self.step_ns = NS_PER_MS
        return mode

    def observe(self):
        staff, self.staff = self.staff, ()
        arms = (msgspec.structs.replace(ARM_STATE, opened_epoch=self.hand.clutch_epoch),) * 2
        report = Report(self.now_ns, self.ticks, 0, 1, 1, "", FreezeClass.NONE, self.limits_hash, arms)
        self.authority, self.permit, self.event = self.supervisor.step(
            Observation(
                now_ns=self.now_ns,
                session=self.session,
                accepted=self.accepted,
                report=msgspec.structs.replace(report, **self.report_changes) if self.has_report else None,
                setpoint=Setpoint(self.now_ns, self.ticks, 1, (self.setpoint_arm,) * 2),
                measured=self.measured() if self.has_measured else None,
                staff=staff,
                fresh_nonce=self.nonce,
            )
        )

    def measured(self):
        return msgspec.structs.replace(self.plant(), **self.measured_changes)

    def plant(self):
        """A plant that obeys its permit as the real one does."""
        permit = self.permit
        alive = permit is not None and permit.grant is not Grant.NONE and self.now_ns < permit.expires_ns
        self.lapsed = permit is not None and permit.grant is not Grant.NONE and not alive
        return msgspec.structs.replace(
            MEASURED,
            stamp_ns=self.now_ns,
            step=self.ticks,
            tick=self.ticks,
            powered=permit is not None and permit.power,
            following=alive,
            permitted=alive,
            lapsed=self.lapsed,
            generation=0 if permit is None else permit.generation,
            limits_hash=self.limits_hash,
            arms=(ARM, ARM),
        )

    def press(self, **changes):
        """The pedal goes down after up, with what the console shows now."""
        self.hand = msgspec.structs.replace(
            self.hand,
            engaged=True,
            clutch_epoch=self.hand.clutch_epoch + 1,
            stop_number=self.authority.stop_number,
            nonce=self.authority.nonces[-1],
        )
        self.hand = msgspec.structs.replace(self.hand, **changes)

    def lift(self):
        self.hand = msgspec.structs.replace(self.hand, engaged=False)


def in_local(limits=LIMITS):
    world = World(limits)
    world.tick(5)
    world.tick(200, Action.RESET)
    assert world.tick(3000) is Mode.LOCAL
    return world


def again(world):
    """The pedal comes up, and down with what the console shows."""
    world.lift()
    world.tick()
    world.press()
    return world.tick()


def words(world, *actions):
    mode = world.tick(1, *actions)
    return mode, world.authority.culprit


def lagging(world, lag_m, lag_rad):
    arm = msgspec.structs.replace(ARM_STATE, following=True, lag_m=lag_m, lag_rad=lag_rad)
    world.report_changes = {"arms": (arm, arm)}
    return world.tick()


def jog(world, press, ticks=1, arm=0, axis=2, direction=-1):
    for number in range(ticks):
        if number % 50 == 0:
            world.staff += (StaffJog(1, 8, press, arm, axis, direction, stand_in=True),)
        world.tick()
    return world.authority.jog


def stall(world, ms):
    """The supervisor alone stands still; the rest goes on."""
    world.now_ns += ms * NS_PER_MS


def of_session(world, session, command):
    """A tick in which another console's session has this number, and a command of session `command` brings a STOP."""
    world.session = msgspec.structs.replace(world.session, number=session, key="another")
    world.command_changes = {"session": command, "stops": 1}
    return world.tick()
