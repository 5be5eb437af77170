"""The pilot's process: the sockets, the device and the clock around `master.pilot`. Runs at 1 kHz."""

import msgspec
import zmq

from master import tick_log
from master.config import MasterConfig
from master.console_link import ConsoleLink
from master.device_bay import DeviceBay
from master.devices.catalog import open_device
from master.devices.device import Device, DeviceError, DeviceSample
from master.link import SlaveLink
from master.loop_ages import LoopAges
from master.pilot import Inputs, Pilot, PilotSettings
from master.pilot_records import PilotHands, PilotLink
from master.told import hands_told, link_told
from master.wishes import Heeded
from protocol import realtime
from protocol.child import Child, run
from protocol.clock import NS_PER_S, MonotonicClock
from protocol.fields import clipped
from protocol.messages import Command, Mode, Welcome
from protocol.records import PilotCounts
from protocol.stream import stream_quality
from protocol.ticker import Ticker

PRIORITY = 50
START_AFTER_READY_NS = 3 * NS_PER_S
"""A scripted or recorded hand begins when the arm has been ready for so long, the time in which a link proves good."""
FAREWELL_TICKS = 20
COUNTS_EVERY_TICKS = 100
HANDS_EVERY_TICKS = 10


class PilotProcess:
    """One tick reads device, slave and console, decides, and sends."""

    def __init__(self, child: Child, config: MasterConfig, bay: DeviceBay) -> None:
        self._config = config
        self._bay = bay
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._slave = SlaveLink(context, config)
        self._console = ConsoleLink(context, child.board)
        self._counts = child.board.post("pilot", PilotCounts)
        self._links = child.board.post("pilot.link", PilotLink)
        self._hands = child.board.post("pilot.hands", PilotHands)
        self._welcome = child.board.post("welcome", Welcome)
        self._ring = child.board.ring("pilot.ticks")
        self._heeded = Heeded(config.scale, control=not config.console)
        self._pilot: Pilot | None = None
        self._last: Pilot | None = None
        self._ages: LoopAges | None = None
        self._session = 0
        self._scale = config.scale
        self._ready_ns: int | None = None
        self._started_ns = 0
        self._sent = 0
        self._dropped = 0
        self._ticks = 0
        self._farewell_left = FAREWELL_TICKS

    def tick(self, now_ns: int, late_ns: int) -> None:
        """Read, decide, send. `late_ns` is how long after its deadline the tick began."""
        self._slave.read(now_ns)
        state = self._slave.state
        self._console.read(now_ns, None if state is None else state.stamp_ns)
        sample = self._bay.device.sample(now_ns)
        pilot = self._current_pilot()
        self._heed(pilot, now_ns, lost=sample is None)
        command = None if pilot is None else self._steer(pilot, sample, now_ns, late_ns)
        self._ticks += 1
        if self._ticks % HANDS_EVERY_TICKS == 0:
            self._hands.publish(hands_told(now_ns, sample, command))

    def publish(self, now_ns: int, ticker: Ticker) -> None:
        """Tell the parent and the window how it goes."""
        report, lanes, device = self._console.report, self._slave.lanes, self._bay.device
        self._links.publish(
            link_told(now_ns, self._slave, self._ages, self._bay, self._heeded, self._pilot, self._scale)
        )
        self._counts.publish(
            PilotCounts(
                stamp_ns=now_ns,
                ticks=ticker.ticks,
                missed=ticker.missed,
                commands_sent=self._sent,
                commands_dropped=self._dropped,
                epochs=() if self._pilot is None else self._pilot.epochs,
                mode=clipped(self._slave.mode(now_ns)),
                device=clipped(device.name),
                device_started_ns=self._started_ns,
                device_ended=device.ended(now_ns),
                console_stand_in=report is not None and report.stand_in,
                answered=self._slave.state is not None and self._slave.state.sent_ns > 0,
                states=stream_quality(self._slave.quality.figures(now_ns)),
                packet_loss=None if lanes is None else lanes.loss.share(),
                segments=0 if lanes is None else lanes.loss.segments,
                segments_again=0 if lanes is None else lanes.loss.again,
                lanes_opened=0 if lanes is None else lanes.figures()[0].opened,
                lacks=() if lanes is None else lanes.refused,
                refused="" if self._pilot is None else clipped(self._pilot.refused),
            )
        )

    def farewell(self, ticker: Ticker) -> None:
        """Let go of the arms, then end the session, so that nobody has to guess why we fell silent."""
        now_ns = ticker.wait()
        for _ in range(FAREWELL_TICKS):
            now_ns = ticker.wait()
            if self._pilot is not None:
                self._pilot.let_go()
                self.tick(now_ns, ticker.lateness_ns)
        self.publish(now_ns, ticker)
        self._slave.bye()
        self._bay.close()

    def _steer(self, pilot: Pilot, sample: DeviceSample | None, now_ns: int, late_ns: int) -> Command:
        """One command, from all that is known now."""
        slave, console = self._slave, self._console
        if console.show(slave.state_frame) and self._ages is not None and slave.state is not None:
            self._ages.offered(slave.state.stamp_ns, slave.state.sent_ns)
        self._start_device(now_ns)
        inputs = Inputs(
            now_ns=now_ns,
            sample=sample,
            state=slave.state,
            state_ns=slave.state_ns,
            report=console.report,
            report_ns=console.report_ns,
            late_ns=late_ns,
            packet_loss=None if slave.lanes is None else slave.lanes.loss.share(),
            resting=self._heeded.rest or not self._heeded.control or self._bay.is_busy,
        )
        command = pilot.tick(inputs)
        sent = self._send(command)
        self._ring.push(tick_log.row(now_ns, late_ns, slave, sent=sent))
        self._age(now_ns)
        return command

    def _current_pilot(self) -> Pilot | None:
        welcome = self._slave.welcome
        if welcome is None:
            self._pilot, self._ages, self._session = None, None, 0
        elif welcome.session != self._session:
            settings = PilotSettings(scale=self._scale, tremor_filter=self._config.tremor_filter)
            self._pilot = Pilot(settings, welcome, 1.0 / self._config.rate_hz, self._last)
            self._last = self._pilot
            self._ages = LoopAges(welcome.limits)
            self._session = welcome.session
            self._farewell_left = FAREWELL_TICKS
            self._welcome.publish(welcome)
            self._console.forget()
        return self._pilot

    def _heed(self, pilot: Pilot | None, now_ns: int, *, lost: bool) -> None:
        """Do what the window wishes, as far as it may be done while hands are engaged."""
        heeded, wishes = self._heeded, self._console.wishes
        if wishes is not None:
            self._console.wishes = None
            heeded.keep_stops(heeded.hear(wishes), now_ns)
            self._bay.choose(wishes.device, heeded.device_tries)
        if pilot is not None:
            for _ in range(heeded.take_stops(now_ns)):
                pilot.stop()
        self._slave.want(session=heeded.control)
        if pilot is not None and not heeded.control:
            self._let_go(pilot)
        engaged = pilot is not None and pilot.engaged
        if heeded.scale != self._scale and not engaged:
            self._scale = heeded.scale
            if pilot is not None:
                pilot.set_scale(self._scale)
        if self._bay.step(now_ns, engaged=engaged, lost=lost):
            self._started_ns, self._ready_ns = 0, None
            self._slave.use(self._bay.device.name)
            if pilot is not None:
                pilot.use_another_device()

    def _let_go(self, pilot: Pilot) -> None:
        """The session shall end: say for some ticks that no hand asks for motion, and then goodbye."""
        pilot.let_go()
        self._farewell_left -= 1
        if self._farewell_left < 0:
            self._slave.end()

    def _age(self, now_ns: int) -> None:
        state, state_ns, report = self._slave.state, self._slave.state_ns, self._console.report
        if self._ages is None or state is None or state_ns is None:
            return
        if report is not None:
            self._ages.painted(report.painted_ns)
        self._ages.step(now_ns, state.sent_ns, now_ns - state_ns)

    def _start_device(self, now_ns: int) -> None:
        state = self._slave.state
        if self._started_ns or state is None or state.mode is not Mode.READY:
            self._ready_ns = None
        elif self._ready_ns is None:
            self._ready_ns = now_ns
        elif now_ns - self._ready_ns >= START_AFTER_READY_NS:
            self._bay.device.start(now_ns)
            self._started_ns = now_ns

    def _send(self, command: Command) -> bool:
        sent = self._slave.send(command)
        self._sent += sent
        self._dropped += not sent
        return sent


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=MasterConfig)
    endpoint = child.board.ipc("console.hands") if config.console else ""
    settings = msgspec.structs.replace(config.device_settings, window_endpoint=endpoint)

    def opener(spec: str) -> Device:
        return open_device(spec, seed=config.seed, settings=settings)

    bay = DeviceBay(config.device, opener)
    notes = realtime.enter(PRIORITY, realtime.Cores.OTHERS)
    process = PilotProcess(child, config, bay)
    realtime.settle()
    child.ready(notes)
    ticker = Ticker(MonotonicClock(), config.rate_hz)
    while child.running:
        now_ns = ticker.wait()
        process.tick(now_ns, ticker.lateness_ns)
        if ticker.ticks % COUNTS_EVERY_TICKS == 0:
            process.publish(now_ns, ticker)
    process.farewell(ticker)


if __name__ == "__main__":
    run("pilot", main, refusals=(DeviceError,))
