"""The world: every process of both sides as the object that it runs, on one clock that goes by milliseconds.

The order within a millisecond is that of `slave/phases.py`. What processes tell each other through cells stands here as
attributes; what goes over the network is encoded, sent through two simulated links, and decoded, by the real code.
"""

import random
from collections.abc import Callable
from functools import cache

import msgspec

from bench.world.cells import Cells
from bench.world.link import SimulatedLink
from bench.world.people import Staff
from bench.world.scenario import Fault, Scenario
from bench.world.stalls import stall_ms
from bench.world.surgeons_side import SurgeonsSide
from kinematics import load_robot
from kinematics.arm import Arm
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import encode
from protocol.messages import Hello, Other, Owner, Refused, Welcome
from protocol.records import NO_SESSION, DriveOrder, Report, Setpoint, Verb
from protocol.roles import Heard, Peer, Role
from safety.gate import GatedSetpoint
from safety.limits import Limits, load_limits
from safety.supervisor import Observation, Supervisor
from slave.controller import Controller, Seen
from slave.desk import Desk, Draft
from slave.intake import Intake
from slave.plants.drives_process import account, is_news, obey
from slave.plants.guard import PlantGuard
from slave.plants.mujoco_drives import MujocoDrives
from slave.plants.plant_process import with_account
from slave.state import state_of
from slave.welcome import welcome_of

BEGIN_NS = 10**12
GOOD_NS = 3_400 * NS_PER_MS
STORY_NS = BEGIN_NS + GOOD_NS + 3 * NS_PER_MS
"""When the story begins, and its faults with it."""
PERIOD_S = 0.001
FIRST_NONCE = 10**6
INSERTION = 2
SURGEON = Peer("the surgeon's key", "theatre", Role.SURGEON)


@cache
def _robot(name: str) -> Arm:
    return load_robot(name)


class World:
    """One seed's world. `tick` moves it on by a millisecond; `cells` is what its processes have said."""

    def __init__(self, story: Scenario, robot: str, procedure: str) -> None:
        self.story = story
        self.limits: Limits = load_limits(procedure)
        self.limits_hash = self.limits.hash
        self.lease_ns = self.limits.process.lease_ns
        self.arm = _robot(robot)
        self.now_ns = BEGIN_NS
        self.ticks = 0
        self.cells = Cells(NO_SESSION, None, None, None, None, None, None, None)
        self._rng = random.Random(f"world {story.seed}")
        self._commands = SimulatedLink(story.commands, f"commands {story.seed}")
        self._states = SimulatedLink(story.states, f"states {story.seed}")
        self._staff = Staff(story)
        self.master = SurgeonsSide(story, self._hello, self._commands, self._states)
        self._faults = {
            fault.process: [f for f in story.faults if f.process == fault.process] for fault in story.faults
        }
        self._stalls_per_ns = story.stalls_per_s / NS_PER_S
        self._stalls: dict[str, tuple[int, int]] = {}
        self._dead: set[Fault] = set()
        self._counts = dict.fromkeys(("controller", "plant", "drives"), 0)
        self._clock_offset_ns = story.master_clock_offset_ns
        self._panel: tuple[Other, ...] = ()
        self.pressed: tuple[Other, ...] = ()
        self._nonces: dict[int, int] = {}
        self._nonce = 0
        self._obeyed = 0
        self.stopped_ns: int | None = None
        self._verb: Verb | None = None
        self.drives = MujocoDrives(self.arm.description, self.limits.process.watchdog_ns / NS_PER_S, self.now_ns)
        self.start_gateway()
        self.start_controller()
        self.start_plant()
        self.start_supervisor()
        self._prove_link()

    def _prove_link(self) -> None:
        """Before the story begins the link is watched for as long as an engage asks, in SAFE.

        In steps as long as may be: a supervisor that is away for a lease knows nothing of the link meanwhile.
        """
        for _ in range(3):
            self.tick()
        while self.now_ns < STORY_NS:
            self.now_ns = min(self.now_ns + self.lease_ns - NS_PER_MS, STORY_NS)
            if self.cells.report is not None:
                self.cells.report = msgspec.structs.replace(self.cells.report, stamp_ns=self.now_ns)
            self._tick_pilot()
            self._tick_console()
            self._tick_gateway()
            self._tick_supervisor()

    def tick(self) -> None:
        """One millisecond of everybody."""
        self.now_ns += NS_PER_MS
        self.ticks += 1
        for at_ns, leap_ns in self.story.master_clock_steps:
            if at_ns <= self.now_ns < at_ns + NS_PER_MS:
                self._clock_offset_ns += leap_ns
        self._run("drives", self._tick_drives)
        self._run("pilot", self._tick_pilot)
        self._run("console", self._tick_console)
        self._run("gateway", self._tick_gateway)
        self.pressed = self._staff.messages(self.now_ns, self.cells.ruling.authority if self.cells.ruling else None)
        self._panel += self.pressed
        self._run("supervisor", self._tick_supervisor)
        self._run("controller", self._tick_controller)
        self._run("plant", self._tick_plant)

    # Processes: how each begins, and what it does in a millisecond.

    def start_pilot(self) -> None:
        """A pilot that knows nothing of the one before it."""
        self.master.start_pilot()

    def start_console(self) -> None:
        """A console that has painted nothing yet."""
        self.master.start_console()

    def start_gateway(self) -> None:
        """A gateway without a session."""
        self.desk = Desk(welcome_of(self.arm.description, self.limits, 1000))
        self.intake = Intake()
        self._sequence = 0
        self._follow_desk()

    def start_supervisor(self) -> None:
        """A supervisor in SAFE."""
        self.supervisor = Supervisor(self.arm.description, self.limits, self.lease_ns, self.now_ns)

    def start_controller(self) -> None:
        """A controller that has not seen the arms."""
        self._counts["controller"] = 0
        self.controller = Controller(self.arm, self.limits, self.lease_ns, PERIOD_S)

    def start_plant(self) -> None:
        """A plant that holds."""
        self._counts["plant"] = 0
        self._verb = None
        self.guard = PlantGuard(self.arm.description, self.limits, self.lease_ns, PERIOD_S)

    def nonce_ns(self, nonce: int) -> int:
        """When a nonce could first have been issued; long ago for one that never was."""
        return self._nonces.get(nonce, 0)

    @property
    def _master_ns(self) -> int:
        return self.now_ns + self._clock_offset_ns

    def _run(self, process: str, work: Callable[[], None]) -> None:
        if process in self._faults and self._is_down(process):
            return
        if self._stalls_per_ns and self._is_stalled(process):
            return
        work()

    def _is_down(self, process: str) -> bool:
        """Whether a fault holds the process up now; one that was killed is started anew when its fault is over."""
        for fault in self._faults[process]:
            if fault.begin_ns <= self.now_ns < fault.end_ns:
                if fault.killed:
                    self._dead.add(fault)
                return True
            if fault in self._dead:
                self._dead.remove(fault)
                getattr(self, f"start_{process}")()
        return False

    def _is_stalled(self, process: str) -> bool:
        begin_ns, end_ns = self._stalls.get(process, (0, 0))
        if self.now_ns < end_ns:
            return self.now_ns >= begin_ns
        begin_ns = self.now_ns + int(self._rng.expovariate(self._stalls_per_ns))
        self._stalls[process] = begin_ns, begin_ns + stall_ms(self._rng) * NS_PER_MS
        return False

    def _tick_drives(self) -> None:
        self._counts["drives"] += 1
        creep = self.story.creep
        if creep is not None and self.now_ns >= creep.begin_ns:
            self.drives.creep(creep.arm, INSERTION, creep.speed_m_s * PERIOD_S)
        self.drives.step(self.now_ns)
        order = self.cells.order
        if order is not None and order.number != self._obeyed:
            self._obeyed = order.number
            if is_news(order, self.now_ns, self.limits.process.watchdog_ns):
                obey(self.drives, order)
        ruling = self.cells.ruling
        if self._staff.presses_stop(self.now_ns, ruling.authority if ruling else None):
            self.stopped_ns = self.now_ns
            self.drives.stop()
        self.cells.told = account(self.drives, self._counts["drives"], len(self.arm.description.mounts))

    def _tick_pilot(self) -> None:
        self.master.tick_pilot(self.now_ns, self._master_ns)

    def _tick_console(self) -> None:
        self.master.tick_console(self.now_ns, self._master_ns)

    def _hello(self, hello: Hello) -> Welcome | Refused:
        """The session's own connection is slow and sure; its answer is taken to be here at once."""
        ruling, number = self.cells.ruling, self._rng.randrange(1, 2**62)
        owner = Owner.LOCAL if ruling is None else ruling.authority.owner
        answer = self.desk.hello(hello, SURGEON, lambda: Draft(number, ""), owner, self.now_ns)
        self._follow_desk()
        return answer

    def _tick_gateway(self) -> None:
        frames = [Heard(frame, SURGEON.key) for frame in self._commands.receive(self.now_ns)]
        accepted = self.intake.take(frames, self.now_ns)
        if accepted is not None:
            self.cells.accepted = accepted
            self.desk.heard(self.now_ns)
        self.desk.expire(self.now_ns)
        self._follow_desk()
        ruling, report = self.cells.ruling, self.cells.report
        if ruling is None or report is None:
            return
        self.intake.set_authority(ruling.authority.authority_epoch)
        if self.desk.session.number:
            self._sequence += 1
            state = state_of(self.desk.session.number, self._sequence, ruling.authority, report)
            self._states.send(self.now_ns, encode(state))

    def _follow_desk(self) -> None:
        if self.desk.session.number != self.cells.session.number:
            self.intake.begin(self.desk.session, self.now_ns)
        self.cells.session = self.desk.session

    def _tick_supervisor(self) -> None:
        cells, staff = self.cells, self._panel
        self._panel = ()
        self._nonce += 1
        self._nonces[FIRST_NONCE + self._nonce] = self.now_ns
        seen = Observation(
            now_ns=self.now_ns,
            session=cells.session,
            accepted=cells.accepted,
            report=cells.report,
            setpoint=cells.setpoint,
            measured=cells.measured,
            staff=staff,
            fresh_nonce=FIRST_NONCE + self._nonce,
        )
        cells.ruling = self.supervisor.step(seen)

    def _tick_controller(self) -> None:
        cells = self.cells
        authority = None if cells.ruling is None else cells.ruling.authority
        decided = self.controller.tick(Seen(self.now_ns, authority, cells.accepted, cells.measured))
        if decided.setpoint is None:
            return
        self._counts["controller"] += 1
        count = self._counts["controller"]
        states = tuple(arm.state for arm in decided.arms)
        cells.setpoint = Setpoint(self.now_ns, count, decided.generation, decided.setpoint.arms)
        refused = decided.refusal, decided.refusal_class
        stamps = decided.sent_ns, self.now_ns
        cells.report = Report(self.now_ns, count, 0, *stamps, *refused, self.limits_hash, states)

    def _tick_plant(self) -> None:
        cells = self.cells
        self._counts["plant"] += 1
        permit = None if cells.ruling is None else cells.ruling.permit
        decided = self.guard.decide(self.now_ns, cells.told, cells.setpoint, permit)
        number = 0 if cells.order is None else cells.order.number
        if isinstance(decided, GatedSetpoint) and cells.setpoint is not None:
            self._verb = Verb.SERVO
            stamp_ns, energy = cells.setpoint.stamp_ns, self.guard.permit.energy
            cells.order = DriveOrder(number + 1, Verb.SERVO, stamp_ns, energy, decided.arms)
        elif isinstance(decided, Verb) and decided is not self._verb:
            self._verb = decided
            cells.order = DriveOrder(number + 1, decided, self.now_ns, False, ())
        if cells.told is not None:
            cells.measured = with_account(cells.told, self.guard, self._counts["plant"], self.limits_hash)
