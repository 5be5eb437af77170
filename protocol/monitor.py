"""Names for the monitors of sockets: each its own, for ZeroMQ frees a name only a while after its socket is closed."""

from itertools import count

_numbers = count()


def monitor_address() -> str:
    """One that was never given before in this process."""
    return f"inproc://monitor.{next(_numbers)}"
