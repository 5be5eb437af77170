"""How a run of the patient's side is configured, from the command line to its processes, as JSON."""

import msgspec


class SlaveConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`robot` is a name that kinematics knows; its description says how many arms stand on the cart.

    `procedure` is a name that `safety.limits` knows; `lease_ns` is the permit's, as this host's scheduling allows.
    `keys` is the folder of this device's keys, by which others are let in; "" for keys made for this run.
    `trips` is the folder that the black box writes to, `audit` the audit log's file; empty for none.
    """

    host: str
    port: int
    procedure: str
    lease_ns: int
    robot: str = "psm"
    rate_hz: int = 1000
    stand_ins: bool = False
    trips: str = ""
    keys: str = ""
    audit: str = ""
