"""How a run of the surgeon's side is configured, from the command line to its processes, as JSON."""

import msgspec

from master.devices.settings import DeviceSettings
from protocol.carriers import Carriage, Carrier
from protocol.lanes import LANES
from protocol.roles import Role


class MasterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`device` is a spec as `master.devices.catalog` takes it; `seed` is for devices that invent their hands.

    `keys` is the folder of this device's keys; "" goes by those that a run on this host made for one in `role`, the run
    whose board is `run` where that is given. `server_key` is the public key of the patient's side, if it is not the
    trusted one. Without `carriers` the system chooses the network. `console`: a window says what is wished, and
    before it does no session is asked for.
    """

    host: str
    port: int
    device: str
    name: str
    seed: int = 1
    scale: float = 1.0
    tremor_filter: bool = True
    lanes: int = LANES
    rate_hz: int = 1000
    stand_ins: bool = False
    console: bool = False
    keys: str = ""
    run: str = ""
    role: Role = Role.SURGEON
    server_key: str = ""
    carriers: tuple[Carrier, ...] = ()
    carriage: Carriage = Carriage.STRIPE
    device_settings: DeviceSettings = DeviceSettings()
