"""The corrections memory: what was heard, what the doctor wanted. Feeds the personal vocabulary."""

from __future__ import annotations

from sqlalchemy import delete, select

from dictation.errors import InputError
from records.access import Access, Verb
from records.database import Database, essential
from records.journal import Journal
from records.ports import Ports
from records.schema import CorrectionRow
from records.values import Actor, Correction

SCHEMA = "calame-corrections/1"
LONGEST = 200


class Corrections:
    """Each doctor's own; encrypted, exportable, erasable. Thread-safe."""

    def __init__(self, database: Database, journal: Journal, access: Access, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._ports = ports

    @essential
    def add(self, heard: str, wanted: str, *, by: Actor, count: int = 1) -> Correction:
        """Remembers one correction; the same one again raises its count.

        Raises :class:`InputError` ``correction.length`` beyond 200 characters or when a side is empty.
        """
        heard, wanted = " ".join(heard.split()), " ".join(wanted.split())
        if not heard or not wanted or max(len(heard), len(wanted)) > LONGEST or count < 1:
            raise InputError("correction.length", "Une correction retient quelques mots, pas un paragraphe.")
        with self._journal.transaction() as (session, _):
            self._access.require(session, by, Verb.CORRECTIONS)
            row = session.get(CorrectionRow, (by.account_id, heard, wanted), with_for_update=True)
            if row is None:
                row = CorrectionRow(account_id=by.account_id, heard=heard, wanted=wanted, count=0)
                session.add(row)
            row.count += count
            row.last_at = self._ports.clock()
            return Correction(heard, wanted, row.count, row.last_at)

    def list(self, *, by: Actor, at_least: int = 1) -> tuple[Correction, ...]:
        """Own corrections, most frequent first."""
        with self._db.read() as session:
            self._access.require(session, by, Verb.CORRECTIONS)
            query = (
                select(CorrectionRow)
                .where(CorrectionRow.account_id == by.account_id, CorrectionRow.count >= at_least)
                .order_by(CorrectionRow.count.desc(), CorrectionRow.heard, CorrectionRow.wanted)
            )
            return tuple(Correction(r.heard, r.wanted, r.count, r.last_at) for r in session.scalars(query))

    @essential
    def forget(self, heard: str, wanted: str, *, by: Actor) -> None:
        """Erases one."""
        with self._journal.transaction() as (session, _):
            self._access.require(session, by, Verb.CORRECTIONS)
            session.execute(
                delete(CorrectionRow).where(
                    CorrectionRow.account_id == by.account_id,
                    CorrectionRow.heard == heard,
                    CorrectionRow.wanted == wanted,
                )
            )

    @essential
    def erase(self, *, by: Actor) -> int:
        """Erases all of one's own; returns how many."""
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.CORRECTIONS)
            gone = session.execute(delete(CorrectionRow).where(CorrectionRow.account_id == by.account_id)).rowcount  # type: ignore[attr-defined]
            note(by, "corrections.erased", by.account_id, count=gone)
        self._db.checkpoint()
        return int(gone)

    def export(self, *, by: Actor) -> dict[str, object]:
        """All of one's own as JSON; the caller decides where it goes."""
        listed = self.list(by=by)
        self._journal.append(by, "corrections.exported", by.account_id, count=len(listed))
        return {
            "schema": SCHEMA,
            "corrections": [{"heard": c.heard, "wanted": c.wanted, "count": c.count} for c in listed],
        }

    def load(self, data: dict[str, object], *, by: Actor) -> int:
        """Adds what :meth:`export` gave; returns how many. Raises :class:`InputError` ``json.shape``."""
        try:
            if data["schema"] != SCHEMA:
                raise ValueError(data["schema"])
            entries = [(str(c["heard"]), str(c["wanted"]), int(c["count"])) for c in data["corrections"]]  # type: ignore
        except (KeyError, TypeError, ValueError):
            raise InputError("json.shape", "Ce fichier n'est pas un export de corrections de Calame.") from None
        for heard, wanted, count in entries:
            self.add(heard, wanted, by=by, count=count)
        return len(entries)
