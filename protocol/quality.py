"""How good a stream of numbered frames is, on the clock of its receiver. Pure: handed the frames' figures and the time.

Newest wins: a frame is *useful* when it was newer than all before it, *late* when a newer one was there already, a
*duplicate* when it had come before. What a newer frame overtakes can never be of use, so each arrival settles all
between it and the last one: nothing needs to be waited for, and nothing is known of what a silence hides until it ends.

Time is counted in slots, so that a window is right to within one of them. Memory is bounded, and all is allocated once.
"""

import msgspec

from protocol.clock import NS_PER_MS

SLOT_NS = 100 * NS_PER_MS
LOSS_SLOTS = 20
"""Effective loss is counted over 2 s."""
GAP_SLOTS = 100
"""And the longest gap over 10 s."""
SEEN = 4096
"""Sequence numbers that are remembered: 4 s at 1 kHz. What is older than that counts as late, whether new or not."""
RUN_MAX = 65_536
"""The most that one gap in the sequence counts for: a minute at 1 kHz. More is a leap, which no loss explains."""
RUN_CLASSES = ("1", "2", "3-4", "5-8", "9-16", "17-32", "more")
JITTER_GAIN = 1.0 / 16.0
COUNT_MAX = 2**63 - 1


def run_class(length: int) -> int:
    """Which of RUN_CLASSES a run of so many belongs to."""
    return min((length - 1).bit_length(), len(RUN_CLASSES) - 1)


class QualityFigures(msgspec.Struct, frozen=True, gc=False):
    """Counts are since the session began. A share of None: nothing was settled in the window."""

    silence_ns: int | None
    """Since the newest frame; None before the first."""
    longest_gap_ns: int
    """Between two useful frames, over the last 10 s; 0 before there were two."""
    longest_gap_ever_ns: int
    jitter_ns: float
    """RFC 3550, section 6.4.1, over useful frames. Arrivals that are read at ticks bring the tick into it."""
    effective_loss_share: float | None
    """Of the last 2 s: how many of all frames never became the newest, come too late or not at all."""
    useful: int
    late: int
    duplicate: int
    skipped: int
    """Overtaken by newer ones; those of them that came afterwards are `late`, the others are lost."""
    refused: int
    """Figures that no frame can have."""
    leaps: int
    """Gaps in the sequence longer than RUN_MAX, of which each counts for so many frames."""
    longest_run: int
    """How many frames in a row were of no use at worst."""
    runs: tuple[int, ...]
    """How often such runs were as long as RUN_CLASSES says."""


class LinkQuality:
    """The figures of one stream, fed by every frame that arrived authentic."""

    def __init__(self) -> None:
        self._seen = [-1] * SEEN
        self._useful_in = [0] * GAP_SLOTS
        self._skipped_in = [0] * GAP_SLOTS
        self._gap_in_ns = [0] * GAP_SLOTS
        self._runs = [0] * len(RUN_CLASSES)
        self.forget()

    def forget(self) -> None:
        """Another session begins: nothing is known of its stream."""
        self._seen[:] = [-1] * SEEN
        for slots in (self._useful_in, self._skipped_in, self._gap_in_ns):
            slots[:] = [0] * GAP_SLOTS
        self._runs[:] = [0] * len(RUN_CLASSES)
        self._slot = -1
        self._newest = -1
        self._newest_ns = self._sent_ns = 0
        self._useful = self._late = self._duplicate = self._skipped = self._refused = self._leaps = 0
        self._useful_lately = self._skipped_lately = 0
        self._longest_gap_ns = self._longest_gap_ever_ns = self._longest_run = 0
        self._jitter_ns = 0.0

    def heard(self, now_ns: int, sequence: int, sent_ns: int) -> None:
        """A frame has come.

        `now_ns` is this host's clock; time that runs backwards stands still. `sent_ns` is the tick at which the frame
        was due, on its sender's clock: of it only differences are used. Once per slot this takes a few times as long.
        """
        if not (0 <= sequence <= COUNT_MAX and 0 <= sent_ns <= COUNT_MAX and 0 <= now_ns <= COUNT_MAX):
            self._refused += 1
            return
        newest, seen, place = self._newest, self._seen, sequence % SEEN
        if sequence <= newest:
            if seen[place] == sequence:
                self._duplicate += 1
                return
            self._late += 1
            seen[place] = max(seen[place], sequence)
            return
        seen[place] = sequence
        if now_ns // SLOT_NS > self._slot:
            self._turn(now_ns // SLOT_NS)
        slot = self._slot % GAP_SLOTS
        self._useful += 1
        self._useful_lately += 1
        self._useful_in[slot] += 1
        if newest >= 0:
            gap_ns = now_ns - self._newest_ns
            if gap_ns < 0:
                now_ns, gap_ns = self._newest_ns, 0
            if gap_ns > self._gap_in_ns[slot]:
                self._gap_in_ns[slot] = gap_ns
                self._longest_gap_ns = max(self._longest_gap_ns, gap_ns)
                self._longest_gap_ever_ns = max(self._longest_gap_ever_ns, gap_ns)
            self._jitter_ns += (abs(gap_ns - sent_ns + self._sent_ns) - self._jitter_ns) * JITTER_GAIN
            if sequence - newest > 1:
                self._skip(sequence - newest - 1, gap_ns)
        self._newest, self._newest_ns, self._sent_ns = sequence, now_ns, sent_ns

    def figures(self, now_ns: int) -> QualityFigures:
        """All of it, as of `now_ns` on this host's clock."""
        if now_ns // SLOT_NS > self._slot:
            self._turn(now_ns // SLOT_NS)
        settled = self._useful_lately + self._skipped_lately
        return QualityFigures(
            silence_ns=None if self._newest < 0 else max(0, now_ns - self._newest_ns),
            longest_gap_ns=self._longest_gap_ns,
            longest_gap_ever_ns=self._longest_gap_ever_ns,
            jitter_ns=self._jitter_ns,
            effective_loss_share=self._skipped_lately / settled if settled else None,
            useful=self._useful,
            late=self._late,
            duplicate=self._duplicate,
            skipped=self._skipped,
            refused=self._refused,
            leaps=self._leaps,
            longest_run=self._longest_run,
            runs=tuple(self._runs),
        )

    def _turn(self, slot: int) -> None:
        """Another slot begins: those that passed meanwhile are empty, and what has left the windows is left out."""
        for number in range(max(self._slot + 1, slot - GAP_SLOTS + 1), slot + 1):
            place = number % GAP_SLOTS
            self._useful_in[place] = self._skipped_in[place] = self._gap_in_ns[place] = 0
        self._slot = slot
        self._useful_lately = self._skipped_lately = 0
        for number in range(slot - LOSS_SLOTS + 1, slot + 1):
            self._useful_lately += self._useful_in[number % GAP_SLOTS]
            self._skipped_lately += self._skipped_in[number % GAP_SLOTS]
        self._longest_gap_ns = max(self._gap_in_ns)

    def _skip(self, run: int, gap_ns: int) -> None:
        """So many in a row were of no use, evenly over the gap that ends now: no outage is all of its last moment."""
        if run > RUN_MAX:
            self._leaps += 1
            run = RUN_MAX
        self._skipped += run
        self._longest_run = max(self._longest_run, run)
        self._runs[run_class(run)] += 1
        began_ns = self._newest_ns
        first = max(began_ns // SLOT_NS, self._slot - LOSS_SLOTS + 1)
        told = before = run * min(max(0, first * SLOT_NS - began_ns), gap_ns) // max(gap_ns, 1)
        for number in range(first, self._slot):
            until = run * min((number + 1) * SLOT_NS - began_ns, gap_ns) // max(gap_ns, 1)
            self._skipped_in[number % GAP_SLOTS] += until - told
            told = until
        self._skipped_in[self._slot % GAP_SLOTS] += run - told
        self._skipped_lately += run - before
