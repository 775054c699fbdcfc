"""The store: one object that holds every verb of ``records``."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from dictation.errors import StorageError
from records.access import Access
from records.accounts import Accounts
from records.audio import Audio
from records.corrections import Corrections
from records.database import Database
from records.dictations import Dictations
from records.jobs import Jobs
from records.journal import Journal
from records.keys import Secret
from records.patients import Patients
from records.ports import Ports
from records.presence import Presence
from records.sessions import Sessions
from records.settings import Settings
from records.worklist import Worklist

DATABASE = "calame.db"
KEY = "key.json"
ANCHOR = "journal.anchor"


class Store:
    """An open store. Thread-safe; several processes may open the same folder. Close it, or use ``with``."""

    def __init__(self, folder: Path, secret: Secret, store_id: str, ports: Ports, idle_s: float) -> None:
        self.folder = folder
        self.id = store_id
        self._ports = ports
        self._secret = secret
        try:
            self._presence = Presence(folder / "run", ports.new_id())
        except OSError as error:
            raise StorageError(
                "store.unwritable", f"Le dossier de données refuse l'écriture ({error.strerror})."
            ) from None
        self._db = Database(folder / DATABASE, secret.database)
        self._sessions = Sessions(ports.monotonic, idle_s)
        self._access = Access(self._sessions, ports)
        self.journal = Journal(self._db, secret.journal, folder / ANCHOR, ports)
        self.accounts = Accounts(self._db, self.journal, self._access, self._sessions, ports)
        self.patients = Patients(self._db, self.journal, self._access, secret.journal, ports)
        self.audio = Audio(self._db, self.journal, self._access, self._presence, ports)
        self.dictations = Dictations(self._db, self.journal, self._access, self.patients, self.audio, ports)
        self.jobs = Jobs(self._db, self.journal, self._access, self._presence, self.dictations, ports)
        self.worklist = Worklist(self._db, self.journal, self._access, ports)
        self.settings = Settings(self._db, self.journal, self._access, ports)
        self.corrections = Corrections(self._db, self.journal, self._access, ports)

    def close(self) -> None:
        """Leaves the store; its log is folded in and emptied."""
        self._db.close()
        self._presence.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
