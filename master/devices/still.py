"""A surgeon who does nothing: hands at rest, pedals up. For checking a link without moving anything."""

from master.devices.device import DeviceSample, resting_hand

HANDS = 2


class StillDevice:
    """Whatever else happens, nothing is ever engaged by it."""

    name = "still"

    def start(self, now_ns: int) -> None:
        """Nothing begins."""

    def sample(self, now_ns: int) -> DeviceSample:
        """Both hands at rest, now."""
        return DeviceSample(now_ns, (resting_hand(0.0),) * HANDS, (False,) * HANDS)

    def ended(self, now_ns: int) -> bool:
        """It never ends."""
        return False

    def close(self) -> None:
        """Nothing was opened."""
