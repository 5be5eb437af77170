"""The limits in force, as frozen data. Each says what it is for; none of them comes from a standard."""

import msgspec

from protocol.clock import NS_PER_MS, NS_PER_S


class Limits(msgspec.Struct, frozen=True):
    """Times in ns on the slave's clock, lengths in m."""

    silence_freeze_ns: int = 250 * NS_PER_MS
    """No accepted command for so long while following: rest, and latch."""
    handover_ns: int = 30 * NS_PER_S
    """Frozen, or ready without a session, for so long: the arm belongs to the local staff."""
    call_ns: int = 2 * NS_PER_S
    """Frozen for so long: the local staff are called."""
    engage_life_ns: int = 1 * NS_PER_S
    """A press of the pedal counts when what the console showed then is at most so old."""
    authority_life_ns: int = 50 * NS_PER_MS
    """The controller moves on the supervisor's word of at most this age: 50 periods of its tick."""
    setpoint_life_ns: int = 50 * NS_PER_MS
    """The plant moves on a setpoint of at most this age."""
    opening_tracking_error_m: float = 0.001
    """Below it an epoch starts from the setpoint, else from where the arm really is."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if not 0.0 < getattr(self, name) < float("inf"):
                raise ValueError(f"limit {name} = {getattr(self, name)} must be a finite number above 0")
        if self.call_ns >= self.handover_ns:
            raise ValueError(f"limit call_ns = {self.call_ns} must be below handover_ns = {self.handover_ns}")


DEFAULT = Limits()
