"""The pilot's process: the sockets, the device and the clock around `master.pilot`. Runs at 1 kHz."""

import msgspec
import zmq

from master import tick_log
from master.config import MasterConfig
from master.console_link import ConsoleLink
from master.devices.catalog import open_device
from master.devices.device import Device, DeviceError
from master.link import SlaveLink
from master.pilot import Inputs, Pilot, PilotSettings
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


class PilotProcess:
    """One tick reads device, slave and console, decides, and sends."""

    def __init__(self, child: Child, config: MasterConfig, device: Device) -> None:
        self._config = config
        self._device = device
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._slave = SlaveLink(context, config)
        self._console = ConsoleLink(context, child.board)
        self._counts = child.board.post("pilot", PilotCounts)
        self._welcome = child.board.post("welcome", Welcome)
        self._ring = child.board.ring("pilot.ticks")
        self._settings = PilotSettings(scale=config.scale, tremor_filter=config.tremor_filter)
        self._pilot: Pilot | None = None
        self._last: Pilot | None = None
        self._session = 0
        self._ready_ns: int | None = None
        self._started_ns = 0
        self._sent = 0
        self._dropped = 0

    def tick(self, now_ns: int, late_ns: int) -> None:
        """Read, decide, send. `late_ns` is how long after its deadline the tick began."""
        self._slave.read(now_ns)
        self._console.read(now_ns)
        sample = self._device.sample(now_ns)
        pilot = self._current_pilot()
        if pilot is None:
            return
        self._console.show(self._slave.state_frame)
        self._start_device(now_ns)
        inputs = Inputs(
            now_ns=now_ns,
            sample=sample,
            state=self._slave.state,
            state_ns=self._slave.state_ns,
            report=self._console.report,
            report_ns=self._console.report_ns,
            late_ns=late_ns,
            packet_loss=None if self._slave.lanes is None else self._slave.lanes.loss.share(),
        )
        sent = self._send(pilot.tick(inputs))
        self._ring.push(tick_log.row(now_ns, late_ns, self._slave, sent=sent))

    def publish(self, now_ns: int, ticker: Ticker) -> None:
        """Tell the parent how it goes."""
        report, lanes = self._console.report, self._slave.lanes
        self._counts.publish(
            PilotCounts(
                stamp_ns=now_ns,
                ticks=ticker.ticks,
                missed=ticker.missed,
                commands_sent=self._sent,
                commands_dropped=self._dropped,
                epochs=() if self._pilot is None else self._pilot.epochs,
                mode=clipped(self._slave.mode(now_ns)),
                device=clipped(self._device.name),
                device_started_ns=self._started_ns,
                device_ended=self._device.ended(now_ns),
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
        self._device.close()

    def _current_pilot(self) -> Pilot | None:
        welcome = self._slave.welcome
        if welcome is None:
            self._pilot, self._session = None, 0
        elif welcome.session != self._session:
            self._pilot = Pilot(self._settings, welcome, 1.0 / self._config.rate_hz, self._last)
            self._last = self._pilot
            self._session = welcome.session
            self._welcome.publish(welcome)
            self._console.forget()
        return self._pilot

    def _start_device(self, now_ns: int) -> None:
        state = self._slave.state
        if self._started_ns or state is None or state.mode is not Mode.READY:
            self._ready_ns = None
        elif self._ready_ns is None:
            self._ready_ns = now_ns
        elif now_ns - self._ready_ns >= START_AFTER_READY_NS:
            self._device.start(now_ns)
            self._started_ns = now_ns

    def _send(self, command: Command) -> bool:
        sent = self._slave.send(command)
        self._sent += sent
        self._dropped += not sent
        return sent


def main(child: Child) -> None:
    """Run until asked to end."""
    config = msgspec.json.decode(child.argument, type=MasterConfig)
    device = open_device(config.device, seed=config.seed, settings=config.device_settings)
    notes = realtime.enter(PRIORITY, realtime.Cores.OTHERS)
    process = PilotProcess(child, config, device)
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
