"""Frames that decode, in the hands of those who act on them: pilot, supervisor, controller.

Whoever has the right key may still say anything that the types allow.
"""

import copy
from functools import cache

from msgspec.structs import replace

from master.devices.device import DeviceSample, HandInput
from master.pilot import Inputs, Pilot, PilotSettings
from master.session import SessionClient
from protocol.clock import NS_PER_MS, NS_PER_S
from protocol.codec import FrameError, decode_command, decode_other, decode_state, encode
from protocol.messages import Action, ConsoleReport, FreezeClass, Mode, State, Welcome
from protocol.offset import ClockBound
from protocol.pose import IDENTITY
from protocol.quality import LinkQuality
from protocol.records import Accepted, ArmMeasured, Authority, Permit, Report, Setpoint
from safety.hands import HANDS_MAX
from slave.controller import Controller, Seen
from slave.state import state_of
from tests.fuzz.decoder import Decoder
from tests.fuzz.record import readable
from tests.fuzz.wire import ANSWERS, COMMANDS, PRESSED, STATES
from tests.master.test_pilot import WELCOME
from tests.protocol.samples import AUTHORITY, MEASURED, STATE
from tests.safety.patient import World, in_local
from tests.slave.test_controller import ARM, HOME, LEASE_NS, LIMITS

NOW_NS = 10**12
TICKS = 3


def drive(welcome: Welcome, state: State) -> None:
    """Three ticks of a pilot whose surgeon presses the pedal: each command is one that the patient's side can read."""
    pilot = Pilot(PilotSettings(), welcome, 0.001)
    report = ConsoleReport(1, max(state.stamp_ns, 1), state.stop_number, state.nonce, stand_in=True)
    for tick in range(TICKS):
        now_ns = NOW_NS + tick * NS_PER_MS
        hand = HandInput((tick * 1e-4, 0.0, 0.0), IDENTITY, 0.5)
        sample = DeviceSample(now_ns, (hand, hand), (tick > 0,) * 2, tick > 0)
        command = pilot.tick(Inputs(now_ns, sample, state, now_ns, report, now_ns))
        assert decode_command(encode(command)) == command


def hear_state(frame: bytes) -> None:
    """The master, which has a session: a state of another one is not heard, and one of ours can say what it likes."""
    state = decode_state(frame)
    client = SessionClient(7, "theatre-2", "synthetic")
    client.answered(WELCOME, 0)
    if not client.hears(state, NS_PER_S):
        assert state.session != WELCOME.session
        assert client.ask(5 * NS_PER_S + 1) is not None, "a foreign state has kept a dead session"
        return
    assert state.session == WELCOME.session
    quality, clock = LinkQuality(), ClockBound()
    for now_ns in (NOW_NS, NOW_NS + NS_PER_S):
        quality.heard(now_ns, state.sequence, state.stamp_ns)
        clock.exchange(state.sent_ns, state.heard_ns, now_ns)
        quality.figures(now_ns)
        clock.bound(now_ns)
    drive(WELCOME, state)


def hear_answer(frame: bytes) -> None:
    """The master: while states of its session come an answer changes nothing; without a session a welcome opens one."""
    answer = decode_other(frame)
    client = SessionClient(7, "theatre-2", "synthetic")
    client.answered(WELCOME, 0)
    client.hears(STATE, 1)
    client.answered(answer, 2)
    assert (client.welcome, client.refusal) == (WELCOME, "")
    free = SessionClient(7, "theatre-2", "synthetic")
    free.answered(answer, 0)
    if free.welcome is not None:
        drive(free.welcome, STATE)


@cache
def _given() -> World:
    """A healthy patient's side, given to the surgeon, on a link that has been good for long enough."""
    world = in_local()
    world.wait(3100)
    assert world.tick(1, Action.GIVE) is Mode.READY
    return world


def supervise(frame: bytes) -> None:
    """A supervisor that hears an accepted command for three ticks: its word and its permit can be read."""
    command = decode_command(frame)
    world = copy.deepcopy(_given())
    world.talking = False
    for number in range(TICKS):
        current = replace(command, session=world.session.number, sequence=number)
        if number and world.authority is not None:
            hands = tuple(
                replace(hand, nonce=world.authority.nonces[-1], stop_number=world.authority.stop_number)
                for hand in command.hands
            )
            current = replace(current, authority_epoch=world.authority.authority_epoch, hands=hands)
        world.accepted = Accepted(world.now_ns + NS_PER_MS, current)
        world.tick()
        readable(world.authority, Authority)
        readable(world.permit, Permit)


def supervise_staff(frame: bytes) -> None:
    """A supervisor that hears a press of the staff."""
    message = decode_other(frame)
    world = copy.deepcopy(_given())
    for _ in range(TICKS):
        world.staff = (message,)
        world.tick()
        readable(world.authority, Authority)


def control(frame: bytes) -> None:
    """A controller that is to follow the command's hands: its records can be read, and its state by the master."""
    command = decode_command(frame)
    controller = Controller(ARM, LIMITS, LEASE_NS, 0.001)
    still = (0.0,) * len(HOME)
    measured = replace(MEASURED, arms=(ArmMeasured(HOME, still, still),) * 2)
    epochs = (*(hand.clutch_epoch for hand in command.hands), 0, 0, 0)[:HANDS_MAX]
    for tick in range(TICKS):
        now_ns = NOW_NS + tick * NS_PER_MS
        authority = replace(
            AUTHORITY, stamp_ns=now_ns, mode=Mode.FOLLOWING, authority_epoch=command.authority_epoch, open_epochs=epochs
        )
        decided = controller.tick(
            Seen(now_ns, authority, Accepted(now_ns, command), replace(measured, stamp_ns=now_ns))
        )
        assert decided.setpoint is not None
        readable(Setpoint(now_ns, tick, decided.generation, decided.setpoint.arms), Setpoint)
        arms = tuple(arm.state for arm in decided.arms)
        report = Report(now_ns, tick, 0, decided.sent_ns, now_ns, "", FreezeClass.NONE, LIMITS.hash, arms)
        readable(report, Report)
        state = state_of(command.session, tick, authority, report)
        assert decode_state(encode(state)) == state


DECODERS = (
    Decoder("master's states", hear_state, (FrameError,), STATES, cost=4),
    Decoder("master's answers", hear_answer, (FrameError,), ANSWERS, cost=4),
    Decoder("supervisor's commands", supervise, (FrameError,), COMMANDS, cost=20),
    Decoder("supervisor's staff", supervise_staff, (FrameError,), PRESSED, cost=20),
    Decoder("controller's commands", control, (FrameError,), COMMANDS, cost=10),
)
