"""Moments of a patient's side that the panel may have to show: all is well, and tests change what they are about."""

import msgspec

from bench.screenshots.moments import (
    AUTHORITY as AUTHORITY_NOW,
)
from bench.screenshots.moments import (
    BRAKED,
    INTAKE,
    LIMITS,
    NOW,
    REPORT,
    ROBOT,
    late,
    records,
    standing,
)
from bench.screenshots.moments import COMMAND as COMMAND_NOW
from bench.screenshots.moments import MEASURED as DRIVES
from bench.screenshots.moments import moment as seen

__all__ = [
    "AUTHORITY_NOW", "CLOSED", "COMMAND_NOW", "DRIVES", "INTAKE", "LIMITS", "NOW", "QUALITY", "REPORT", "ROBOT", "late",
    "records", "replace", "seen", "standing",
]  # fmt: skip

replace = msgspec.structs.replace
QUALITY = INTAKE.commands
CLOSED = (BRAKED, BRAKED)
