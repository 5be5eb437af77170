"""The pilot's tick: from hands, console and the slave's state to one command. Pure: handed the time and its inputs."""

import msgspec

from master.clutch import Caps, Clutch, Token
from master.devices.device import DeviceSample, HandInput
from master.engage import Steadiness, refusal
from master.tremor import TremorFilter
from protocol.clock import NS_PER_MS
from protocol.messages import Command, ConsoleReport, Rest, State, TipPose, Welcome
from protocol.pose import IDENTITY, Quaternion

DEVICE_STALE_NS = 100 * NS_PER_MS
"""A hand older than this is not followed: a fresh stamp is never put on it."""
RESTS = "your hands rest: end the rest first, then lift the pedal and press again"


class PilotSettings(msgspec.Struct, frozen=True):
    """The surgeon's settings. `q_WH` leads from the hands' axes to those of the picture."""

    scale: float = 1.0
    tremor_filter: bool = True
    q_WH: Quaternion = IDENTITY
    angular_speed_max_rad_s: float = 3.0
    speed_max_m_s: float = 0.2


class Inputs(msgspec.Struct, frozen=True):
    """What one tick knows. Times are when the newest state and report arrived; None before the first.

    `late_ns` is how long after its deadline the tick began: its command is stamped with the time that it was due at.
    `packet_loss` is what the kernel says of the command lanes, None where it says nothing.
    `resting`: the surgeon wants no hand followed, whatever the pedals do.
    """

    now_ns: int
    sample: DeviceSample | None
    state: State | None
    state_ns: int | None
    report: ConsoleReport | None
    report_ns: int | None
    late_ns: int = 0
    packet_loss: float | None = None
    resting: bool = False


class Pilot:
    """As many hands as the patient's side has arms, in one session. `before` is the pilot of the session before it."""

    def __init__(
        self, settings: PilotSettings, welcome: Welcome, period_s: float, before: "Pilot | None" = None
    ) -> None:
        self._settings = settings
        self._welcome = welcome
        self._period_s = period_s
        self._clutches = [Clutch(settings.q_WH, settings.scale) for _ in welcome.arms]
        self._filters = [TremorFilter(1.0 / period_s) for _ in welcome.arms] if settings.tremor_filter else []
        self._fresh = [True] * len(self._filters)
        self._hands = [HandInput((0.0, 0.0, 0.0), IDENTITY, welcome.jaw_min_rad) for _ in welcome.arms]
        # Counted on from session to session: the slave may give the same session anew, and hears only what is newer.
        self._sequence: int = 0 if before is None else before._sequence
        for clutch, epoch in zip(self._clutches, () if before is None else before.epochs, strict=False):
            clutch.epoch = epoch
        self._rest = Rest.NONE
        self._steadiness = [Steadiness() for _ in welcome.arms]
        self._energy_was_down = True
        self._energy_presses: int = 0 if before is None else before._energy_presses
        # Of this session alone: the next one is counted from nothing over there, and would hear an old stop anew.
        same = before is not None and before._welcome.session == welcome.session
        self._stops: int = before._stops if before is not None and same else 0
        self.refused = ""

    def tick(self, inputs: Inputs) -> Command:
        """The command of this tick. Disengaged ones go on at full rate: the slave judges the link by their echoes."""
        rest = self._rest = self._why_rest(inputs)
        rests = rest is not Rest.NONE or inputs.resting
        token = None if rests else self._token(inputs)
        state, sample = inputs.state, inputs.sample
        cap_m_s = 0.0 if state is None else state.speed_cap_m_s
        caps = Caps(cap_m_s, self._settings.angular_speed_max_rad_s)
        for number, clutch in enumerate(self._clutches):
            if sample is not None and number < len(sample.hands):
                hand = self._steady(number, sample.hands[number])
                self._hands[number] = hand
                pedal_down = sample.pedal_down[number]
                self._steadiness[number].step(inputs.now_ns, sample.hands[number].p_HT_m)
                allowed = token
                if clutch.pressed_by(pedal_down):
                    self.refused = self._why_not(number, inputs, rest)
                    allowed = None if self.refused else token
                clutch.update(hand.p_HT_m, hand.q_HT, pedal_down, allowed, caps, self._period_s)
                if state is not None and state.slowed:
                    clutch.slow_to(cap_m_s / self._settings.speed_max_m_s)
            if rests:
                clutch.rest()
        self._sequence += 1
        return Command(
            version=1,
            session=self._welcome.session,
            authority_epoch=0 if state is None else state.authority_epoch,
            sequence=self._sequence,
            sent_ns=inputs.now_ns - inputs.late_ns,
            received_ns=0 if state is None else state.stamp_ns,
            shown_ns=0 if inputs.report is None else inputs.report.painted_ns,
            device_age_ns=0 if sample is None else max(0, inputs.now_ns - sample.stamp_ns),
            packet_loss=inputs.packet_loss,
            rest=rest,
            energy=self._energy(sample),
            stops=self._stops,
            hands=tuple(map(self._speak, self._clutches, self._hands)),
        )

    @property
    def engaged(self) -> bool:
        """Whether any hand asks for motion."""
        return any(clutch.engaged for clutch in self._clutches)

    @property
    def epochs(self) -> tuple[int, ...]:
        """How many clutch epochs each hand has begun."""
        return tuple(clutch.epoch for clutch in self._clutches)

    @property
    def stops(self) -> int:
        """How often the surgeon has pressed STOP."""
        return self._stops

    def set_scale(self, scale: float) -> None:
        """Change the motion scale from now on. Raises ValueError for one that no clutch takes."""
        for clutch in self._clutches:
            clutch.set_scale(scale)

    def use_another_device(self) -> None:
        """The hands of the next tick are another device's: nothing they did before is a motion, or a press."""
        for clutch in self._clutches:
            clutch.forget_hand()
        self._fresh = [True] * len(self._filters)
        self._steadiness = [Steadiness() for _ in self._clutches]
        self._energy_was_down = True

    def stop(self) -> None:
        """The surgeon presses STOP: the patient's side freezes and calls the staff, as soon as it hears of it."""
        self._stops += 1

    def let_go(self) -> None:
        """Disengage both hands, for good order at the end."""
        for clutch in self._clutches:
            clutch.rest()

    def _why_rest(self, inputs: Inputs) -> Rest:
        """The first reason to let go of the arms; NONE when the pedal decides."""
        patience_ns = self._welcome.blind_ns
        sample = inputs.sample
        if sample is None:
            return Rest.DEVICE_LOST
        if inputs.state_ns is None or inputs.now_ns - inputs.state_ns > patience_ns:
            return Rest.STATE_LOST
        if inputs.report_ns is None or inputs.now_ns - inputs.report_ns > patience_ns:
            return Rest.CONSOLE_LOST
        if self.engaged and inputs.now_ns - sample.stamp_ns > DEVICE_STALE_NS:
            return Rest.DEVICE_STALE
        # A reason of one tick could be overtaken on its way; it is told until the pedals are up.
        return self._rest if any(sample.pedal_down) else Rest.NONE

    def _why_not(self, number: int, inputs: Inputs, rest: Rest) -> str:
        """Why a press of now engages nothing, in words for the surgeon; '' when it does."""
        if inputs.resting:
            return RESTS
        if rest is not Rest.NONE or inputs.state is None:
            return "the hand is not followed now: lift the pedal and press again once the console says READY"
        return refusal(inputs.state, self._steadiness[number].speed_m_s, self._welcome.limits)

    def _energy(self, sample: DeviceSample | None) -> int:
        """The number of the energy pedal's press while it is held, else 0."""
        down = sample is not None and sample.energy_down
        self._energy_presses += down and not self._energy_was_down
        self._energy_was_down = down
        return self._energy_presses if down else 0

    @staticmethod
    def _token(inputs: Inputs) -> Token | None:
        report = inputs.report
        return None if report is None or report.painted_ns == 0 else Token(report.stop_number, report.nonce)

    def _steady(self, number: int, hand: HandInput) -> HandInput:
        if not self._filters:
            return hand
        if self._fresh[number]:
            self._fresh[number] = False
            self._filters[number].reset(hand.p_HT_m, hand.q_HT)
        p_HT_m, q_HT = self._filters[number].filter(hand.p_HT_m, hand.q_HT)
        return HandInput(p_HT_m, q_HT, hand.jaw_rad)

    def _speak(self, clutch: Clutch, hand: HandInput) -> TipPose:
        jaw_rad = min(max(hand.jaw_rad, self._welcome.jaw_min_rad), self._welcome.jaw_max_rad)
        return TipPose(
            clutch_epoch=clutch.epoch,
            engaged=clutch.engaged,
            stop_number=clutch.token.stop_number,
            nonce=clutch.token.nonce,
            p_W_m=clutch.p_W_m,
            q_W=clutch.q_W,
            jaw_rad=jaw_rad,
        )
