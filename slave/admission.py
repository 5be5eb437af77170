"""Who is let in now: the keys made for this run, or this device's list, looked at again while we run.

Looking asks for the file's stamp only; it is read when that has changed. A list that cannot be read leaves the last
good one in force, and is told: nobody new comes in by it, and no surgeon is thrown out of a case by a slip of the hand.
"""

from pathlib import Path
from typing import NamedTuple

from protocol.key_files import KeyStoreError
from protocol.key_store import NOT_THERE, KeyStore
from protocol.roles import Peer


class Change(NamedTuple):
    """Who is trusted now that was not before, who is no more, and what is wrong with the list, or ''."""

    trusted: tuple[Peer, ...]
    revoked: tuple[Peer, ...]
    trouble: str


class Admission:
    """`peers` are those let in now, by public key. `folder` holds this device's keys; "" for those of the run alone.

    Raises KeyStoreError where the list cannot be used at the start.
    """

    def __init__(self, folder: str, run_peers: dict[str, Peer]) -> None:
        self._store = KeyStore(Path(folder)) if folder else None
        self._trouble = ""
        self.peers = dict(run_peers)
        if self._store is not None:
            self._stamp = self._store.stamp
            self.peers |= self._store.peers()

    def look(self) -> Change | None:
        """What has changed since the last look; None for nothing."""
        if self._store is None or self._store.stamp == self._stamp:
            return None
        # Before it is read: what changes meanwhile is read at the next look. Kept only if the reading worked.
        stamp = self._store.stamp
        try:
            if stamp == NOT_THERE:
                raise KeyStoreError(f"{self._store.folder}: the list of those trusted is gone")  # noqa: TRY301
            now = self._store.peers()
        except KeyStoreError as error:
            told, self._trouble = self._trouble, str(error)
            return None if told == self._trouble else Change((), (), self._trouble)
        self._stamp, self._trouble = stamp, ""
        before, self.peers = self.peers, now
        trusted = tuple(peer for key, peer in now.items() if before.get(key) != peer)
        return Change(trusted, tuple(peer for key, peer in before.items() if now.get(key) != peer), "")
