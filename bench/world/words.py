"""What must hold of every word of the supervisor, from one tick to the next: owners, epochs, freezes, engages."""

from bench.world.cells import Cells
from bench.world.world import World
from kinematics.reference import norm, subtract
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.messages import Action, FreezeClass, Mode, Owner, StaffAction, StaffJog, TipPose
from protocol.pose import conjugate, multiply, rotation_vector
from protocol.records import Authority, Grant
from safety.geometry import Reach
from safety.limits import LinkLimits
from safety.return_way import commanded_cp

TRANSIT_NS = 4 * NS_PER_MS
SERVO_M = 0.0004
STOPPED_WITHIN_NS = 150 * NS_PER_MS
"""From the button to no power: 80 ms of deceleration, 20 ms of brakes, and the drives' own stalls of up to 25 ms."""
NEVER_NS = -(10**18)


class BrokenError(Exception):
    """A rule does not hold: its name, and what was seen."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule = rule


class Words:
    """The rules about what is said. `step` after each tick."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pressed: dict[Action, int] = {}
        self._jogged_ns = NEVER_NS
        self._bad_link_ns = NEVER_NS
        self._tested = False

    def heard(self, messages: tuple[object, ...]) -> None:
        """What the staff press in this tick."""
        for message in messages:
            if isinstance(message, StaffAction):
                self._pressed[message.action] = self._world.now_ns
            elif isinstance(message, StaffJog):
                self._jogged_ns = self._world.now_ns

    def _judge_stop(self, cells: Cells) -> None:
        """What STOP + POWER OFF took, only a RESET that was pressed after it gives back."""
        stopped_ns = self._world.stopped_ns
        if stopped_ns is None or cells.told is None or self._pressed.get(Action.RESET, NEVER_NS) > stopped_ns:
            return
        if cells.told.powered and self._world.now_ns - stopped_ns > STOPPED_WITHIN_NS:
            ago_ms = (self._world.now_ns - stopped_ns) / NS_PER_MS
            raise BrokenError("stop", f"power is on {ago_ms:.0f} ms after STOP + POWER OFF")

    def step(self, reaches: tuple[Reach | None, ...], before: Cells) -> None:
        """Judge what was said since the cells were as `before`; `reaches`: where the arms truly are.

        Raises BrokenError.
        """
        cells = self._world.cells
        self._judge_order(before, cells)
        self._judge_stop(cells)
        if before.ruling is None or cells.ruling is None:
            return
        self._watch_link(before, cells)
        if cells.ruling is before.ruling:
            return
        after, permit = cells.ruling.authority, cells.ruling.permit
        self._hear_late(before.ruling.authority, after)
        engaged = after.mode in (Mode.FOLLOWING, Mode.PAUSED)
        if not engaged and any(after.open_epochs):
            raise BrokenError("epoch", f"open in {after.mode}: {after.open_epochs}")
        if permit.grant is Grant.MOVE and after.mode in (Mode.FROZEN, Mode.SAFE):
            raise BrokenError("permit", f"granted in {after.mode}")
        if after.jog is not None and self._world.now_ns - self._jogged_ns > self._jog_life_ns:
            raise BrokenError("jog", "goes on though nobody holds it")
        measured = cells.measured
        self._tested |= measured is not None and measured.lapsed and measured.generation == 0
        if engaged:
            self._judge_cap(after, cells)
        if after.tick > before.ruling.authority.tick:
            self._judge_words(before.ruling.authority, after, cells, reaches)

    def _hear_late(self, before: Authority, after: Authority) -> None:
        """A TAKE that was pressed while the supervisor was held up counts when it wakes; all else is spent."""
        if after.stamp_ns - before.stamp_ns >= self._world.lease_ns and (
            self._pressed.get(Action.TAKE, NEVER_NS) > before.stamp_ns
        ):
            self._pressed[Action.TAKE] = self._world.now_ns

    @property
    def _jog_life_ns(self) -> int:
        return self._world.limits.people.jog_life_ns + 60 * NS_PER_MS

    def _judge_order(self, before: Cells, cells: Cells) -> None:
        if before.accepted is None or cells.accepted is None or cells.accepted is before.accepted:
            return
        old, new = before.accepted.command, cells.accepted.command
        if new.session == old.session and new.sequence <= old.sequence:
            raise BrokenError("order", f"command {new.sequence} after {old.sequence}")

    def _judge_words(
        self, before: Authority, after: Authority, cells: Cells, reaches: tuple[Reach | None, ...]
    ) -> None:
        if (after.owner is not before.owner) and after.authority_epoch <= before.authority_epoch:
            raise BrokenError("owner", f"{before.owner} to {after.owner} within epoch {after.authority_epoch}")
        if after.owner is Owner.LOCAL and after.mode in (Mode.READY, Mode.FOLLOWING, Mode.PAUSED):
            raise BrokenError("owner", f"LOCAL in {after.mode}")
        if after.owner is Owner.REMOTE and (after.mode in (Mode.SAFE, Mode.LOCAL) or after.jog is not None):
            raise BrokenError("owner", f"REMOTE in {after.mode}")
        if before.mode is Mode.SAFE and after.mode is not Mode.SAFE:
            if not self._tested:
                raise BrokenError("self-test", "SAFE was left without one")
            self._tested = False
        if before.mode is Mode.FROZEN and after.mode is not Mode.FROZEN:
            self._judge_release(before, after)
        if before.mode is Mode.PAUSED and after.mode is Mode.FOLLOWING:
            self._judge_return(cells, reaches)
        if after.mode is Mode.FOLLOWING and before.mode in (Mode.READY, Mode.FROZEN):
            self._judge_engage(before, after, cells)

    def _watch_link(self, before: Cells, cells: Cells) -> None:
        """When was the link bad last: what was heard, or the picture that it was sent upon, too old, or not this
        session's? By the world's own stamps: what the supervisor says of the link is not asked. Loss is not looked at.

        A supervisor that misses a tick or two need not know; one that was away for a lease must reckon with it.
        """
        link, accepted, now_ns = self._world.limits.link, cells.accepted, self._world.now_ns
        if cells.ruling is None or not isinstance(link, LinkLimits):
            return
        is_bad = cells.session.number != before.session.number
        if accepted is None or accepted.command.session != cells.session.number:
            is_bad = True
        else:
            picture_ns = min(accepted.command.received_ns, accepted.command.shown_ns)
            is_bad |= now_ns - accepted.accepted_ns >= link.silence.pause_ns
            is_bad |= now_ns - picture_ns >= link.age.slow_enter_ns
        away_ns = now_ns - cells.ruling.authority.stamp_ns
        if is_bad and (cells.ruling is not before.ruling or away_ns >= self._world.lease_ns):
            self._bad_link_ns = now_ns

    def _judge_cap(self, after: Authority, cells: Cells) -> None:
        """Nothing travels farther unseen than the procedure allows."""
        link = self._world.limits.link
        if cells.accepted is None or not isinstance(link, LinkLimits):
            return
        command = cells.accepted.command
        age_s = (after.stamp_ns - min(command.received_ns, command.shown_ns)) / NS_PER_S
        if after.speed_cap_m_s * age_s > link.slow.blind_travel_m * 1.001:
            raise BrokenError("blind travel", f"{after.speed_cap_m_s:.3f} m/s upon a picture {age_s * 1e3:.0f} ms old")

    def _recently(self, action: Action) -> bool:
        return self._world.now_ns - self._pressed.get(action, NEVER_NS) < 100 * NS_PER_MS

    def _judge_release(self, before: Authority, after: Authority) -> None:
        by_staff = before.freeze_class in (FreezeClass.LOCAL, FreezeClass.ARM)
        frozen_ns = self._world.now_ns - before.entered_ns
        allowed = after.mode is Mode.SAFE
        if after.mode is Mode.LOCAL:
            allowed |= self._recently(Action.TAKE) or frozen_ns >= self._world.limits.people.handover_ns
            allowed |= after.calling and not by_staff
            allowed |= by_staff and self._recently(Action.RELEASE)
        elif after.mode is Mode.READY:
            allowed |= by_staff and self._recently(Action.RELEASE)
        elif after.mode is Mode.FOLLOWING:
            allowed |= not by_staff and before.owner is Owner.REMOTE
        if not allowed:
            raise BrokenError("freeze class", f"FROZEN ({before.freeze_class}) left for {after.mode}")

    def _judge_engage(self, before: Authority, after: Authority, cells: Cells) -> None:
        accepted = cells.accepted
        if accepted is None:
            raise BrokenError("engage", "without a command")
        opened = [
            hand
            for number, hand in enumerate(accepted.command.hands)
            if after.open_epochs[number] and after.open_epochs[number] == hand.clutch_epoch
        ]
        for hand in opened:
            if hand.stop_number != before.stop_number:
                raise BrokenError("engage", f"upon stop number {hand.stop_number}, it was {before.stop_number}")
            issued_ns = self._world.nonce_ns(hand.nonce)
            if self._world.now_ns - issued_ns > self._world.limits.people.engage_life_ns + TRANSIT_NS:
                raise BrokenError("engage", f"upon a nonce of {(self._world.now_ns - issued_ns) / 1e6:.0f} ms ago")
            if accepted.command.authority_epoch != before.authority_epoch:
                raise BrokenError("epoch", "engaged by a command of another authority epoch")
        limits = self._world.limits
        if isinstance(limits.link, LinkLimits) and before.link_good_ns < limits.people.link_good_ns - 2 * NS_PER_MS:
            raise BrokenError("engage", f"with a link that is told to be good for {before.link_good_ns / 1e6:.0f} ms")
        good_ns = after.stamp_ns - self._bad_link_ns
        if good_ns < limits.people.link_good_ns:
            raise BrokenError("engage", f"with a link that was bad {good_ns / 1e6:.0f} ms ago")

    def _judge_return(self, cells: Cells, reaches: tuple[Reach | None, ...]) -> None:
        accepted, people = cells.accepted, self._world.limits.people
        if accepted is None or cells.ruling is None:
            raise BrokenError("pause", "ended without a command")
        for number, hand in enumerate(accepted.command.hands[: len(reaches)]):
            reach = reaches[number]
            state = cells.report.arms[number] if cells.report else None
            is_open = cells.ruling.authority.open_epochs[number] == hand.clutch_epoch
            if reach is None or state is None or not isinstance(hand, TipPose) or not (is_open and hand.engaged):
                continue
            goal_p, goal_q = commanded_cp(hand, state)
            far_m = norm(subtract(goal_p, reach.posture.p))
            turned = rotation_vector(multiply(goal_q, conjugate(state.measured_q_W)))
            if far_m > people.near_m + SERVO_M or norm(turned) > people.near_rad + 0.01:
                raise BrokenError("pause", f"arm {number} goes on {far_m * 1e3:.1f} mm from the hand")
