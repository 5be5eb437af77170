"""Which keys the surgeon's side goes by: this device's, or those that a run on this host made for whoever comes."""

from pathlib import Path

from master.config import MasterConfig
from protocol import run_keys
from protocol.key_files import KeyStoreError
from protocol.key_store import KeyStore
from protocol.run_keys import RunKeys


class NoKeysError(Exception):
    """There are none yet; the text says what to do."""


def keys_for(config: MasterConfig) -> RunKeys:
    """Our own pair, and the public key of the patient's side that we mean. Raises NoKeysError."""
    where = f"{config.host}:{config.port}"
    if config.keys:
        return _of_device(config, where)
    found = run_keys.keys_on(Path(config.run), config.role) if config.run else run_keys.find(config.port, config.role)
    if found is None:
        raise NoKeysError(
            f"no patient's side of this user at {where} made keys for this host: start `farhand slave`, or give --keys"
        )
    return found


def _of_device(config: MasterConfig, where: str) -> RunKeys:
    store = KeyStore(Path(config.keys))
    try:
        own = store.own()
        server = config.server_key or store.patient(config.host)
    except KeyStoreError as error:
        raise NoKeysError(str(error)) from error
    if own is None:
        raise NoKeysError(f"{config.keys}: this device has no key yet: farhand keys new")
    if not server:
        raise NoKeysError(
            f"which key has {where}? On that host `farhand keys show` tells it; here type"
            f" farhand keys trust NAME patient KEY --host {config.host}"
        )
    return RunKeys(server, own.pair)
