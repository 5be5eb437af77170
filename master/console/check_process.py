"""The check of the link before a case, as a process of the console: `master.link_watch`, told step by step."""

import msgspec

from master.config import MasterConfig
from master.console_records import CheckRun
from master.link_watch import watch
from protocol.child import Child, run
from protocol.children import ChildError
from protocol.fields import clipped


class CheckConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to check, and for how long."""

    master: MasterConfig
    seconds: float


class _EndedError(Exception):
    """We were asked to end in the middle of it."""


def main(child: Child) -> None:
    """Check once, tell what was found, and end."""
    config = msgspec.json.decode(child.argument, type=CheckConfig)
    told = child.board.post("check.run", CheckRun)

    def progress(text: str, done_s: float) -> None:
        if not child.running:
            raise _EndedError
        told.publish(CheckRun(clipped(text), done_s, failed=False, found=None))

    child.ready()
    try:
        found = watch(config.master, config.seconds, progress)
    except ChildError as error:
        told.publish(CheckRun(clipped(str(error)), 0.0, failed=True, found=None))
    else:
        told.publish(CheckRun("", config.seconds, failed=False, found=found))


if __name__ == "__main__":
    run("check", main, refusals=(_EndedError,))
