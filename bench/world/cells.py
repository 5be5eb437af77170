"""The cells of the simulated patient's side: what its processes have told each other."""

import msgspec

from protocol.records import Accepted, DriveOrder, Measured, Report, Session, Setpoint
from safety.supervisor import Ruling


class Cells(msgspec.Struct):
    """What the patient's side has written, newest of each; None before the first. Copy them to remember."""

    session: Session
    accepted: Accepted | None
    ruling: Ruling | None
    setpoint: Setpoint | None
    report: Report | None
    order: DriveOrder | None
    told: Measured | None
    measured: Measured | None
