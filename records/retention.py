"""How long things stay, and the purge that leaves nothing findable.

Sources: RGPD art. 5-1-e; the record itself lives in the practice's software, what is kept here are
working notes (``docs/records.md``).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dictation.errors import InputError
from dictation.sound import RATE_HZ
from records import texts
from records.access import Access, Verb
from records.audio import sweep
from records.database import Database, essential
from records.journal import Journal
from records.lifecycle import UNSIGNED
from records.ports import Ports
from records.presence import Presence
from records.schema import ContentRow, DictationRow, SettingRow, TaskRow
from records.settings import PRACTICE
from records.values import SYSTEM, Actor, PurgeReport, Retention, State

KEY = "retention"
LONGEST = Retention(
    audio_after_signature_h=7 * 24, unsigned_days=60, document_after_export_h=30 * 24, open_task_days=60
)


class Keeper:
    """Thread-safe and process-safe."""

    def __init__(self, database: Database, journal: Journal, access: Access, presence: Presence, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._presence = presence
        self._ports = ports
        #: set at the start when the clock is far from the last entry of the journal: unsigned work then waits for a
        #: person to ask for the purge, because a wrong clock must not erase it
        self.clock_doubtful = False

    def policy(self) -> Retention:
        """Durations in force."""
        with self._db.read() as session:
            return _policy(session)

    @essential
    def configure(self, policy: Retention, *, by: Actor) -> None:
        """Changes the durations; raises :class:`InputError` ``retention.bounds`` (audio: 7 days at most)."""
        values, most = asdict(policy), asdict(LONGEST)
        if any(values[k] < 0 or values[k] > most[k] for k in values) or policy.unsigned_days < 1:
            raise InputError(
                "retention.bounds", "Durée de conservation hors limites : l'audio se garde 7 jours au plus."
            )
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.RETENTION)
            row = session.get(SettingRow, (PRACTICE, KEY))
            if row is None:
                row = SettingRow(scope=PRACTICE, key=KEY, version=0)
                session.add(row)
            row.value, row.updated_at = json.dumps(values), self._ports.clock()
            row.version += 1
            note(by, "setting.changed", setting=KEY, seconds=policy.audio_after_signature_h * 3600)

    def due(self, within: dt.timedelta, *, by: Actor) -> tuple[str, ...]:
        """Unsigned dictations that a purge will erase within this time: to be shown before it is too late."""
        limit = self._ports.clock() + within
        with self._db.read() as session:
            self._access.require(session, by, Verb.LIST)
            visible = self._access.visible(session, by)
            query = select(DictationRow.id).where(
                DictationRow.state.in_([s.value for s in UNSIGNED]),
                DictationRow.updated_at <= limit - dt.timedelta(days=_policy(session).unsigned_days),
            )
            return tuple(session.scalars(query if visible is None else query.where(visible)))

    def purge(self, now: dt.datetime | None = None, *, by: Actor = SYSTEM) -> PurgeReport:
        """Erases what has had its time at ``now`` (default: the clock). Entered in the journal, counts only."""
        now = now or self._ports.clock()
        report = self._purge(now, by)
        sweep(self._db)
        # the log still holds the pages as they were: fold it in and truncate it
        self._db.checkpoint()
        self._db.shrink()
        return report

    @essential
    def _purge(self, now: dt.datetime, by: Actor) -> PurgeReport:
        total: dict[str, int] = {}
        wiped = stripped = 0
        with self._journal.transaction() as (session, note):
            self._access.require(session, by, Verb.PURGE)
            policy = _policy(session)
            hold_unsigned = self.clock_doubtful and by is SYSTEM
            for row in self._expired(session, policy, now, hold_unsigned=hold_unsigned):
                counts = texts.wipe(session, self._ports, row, keep_open_tasks=True)
                wiped += 1
                _add(total, counts)
                note(by, "dictation.purged", row.id, documents=counts["documents"])
            for row in self._to_strip(session, policy, now):
                counts = texts.strip(session, row.id)
                if any(counts.values()):
                    stripped += 1
                    _add(total, counts)
                    note(by, "dictation.stripped", row.id)
            total["tasks"] = total.get("tasks", 0) + self._old_tasks(session, policy, now)
            kept = session.scalar(
                select(func.count())
                .select_from(TaskRow)
                .join(DictationRow, DictationRow.id == TaskRow.dictation_id)
                .where(DictationRow.state == State.PURGED.value)
            )
            report = PurgeReport(
                at=now,
                dictations=wiped,
                stripped=stripped,
                audio_s=total.get("samples", 0) / RATE_HZ,
                transcripts=total.get("transcript", 0),
                drafts=total.get("draft", 0),
                reviews=total.get("review", 0) + total.get("set_aside", 0),
                documents=total.get("documents", 0),
                tasks=total.get("tasks", 0),
                tasks_kept=kept or 0,
            )
            if wiped or stripped or report.tasks:
                note(
                    by,
                    "store.purged",
                    dictations=wiped,
                    count=stripped,
                    seconds=round(report.audio_s),
                    transcripts=report.transcripts,
                    drafts=report.drafts,
                    reviews=report.reviews,
                    documents=report.documents,
                    tasks=report.tasks,
                )
        return report

    def _expired(
        self, session: Session, policy: Retention, now: dt.datetime, *, hold_unsigned: bool
    ) -> list[DictationRow]:
        left = now - dt.timedelta(hours=policy.document_after_export_h)
        idle = now - dt.timedelta(days=policy.unsigned_days)
        exported = select(DictationRow).where(
            DictationRow.state == State.EXPORTED.value, DictationRow.exported_at <= left
        )
        unsigned = select(DictationRow).where(
            DictationRow.state.in_([s.value for s in UNSIGNED]), DictationRow.updated_at <= idle
        )
        # somebody speaks into it at this moment
        return [
            row
            for query in ((exported,) if hold_unsigned else (exported, unsigned))
            for row in session.scalars(query)
            if not self._presence.alive(row.recorder)
        ]

    def _to_strip(self, session: Session, policy: Retention, now: dt.datetime) -> list[DictationRow]:
        signed = now - dt.timedelta(hours=policy.audio_after_signature_h)
        query = select(DictationRow).where(
            DictationRow.state == State.SIGNED.value,
            DictationRow.signed_at <= signed,
            DictationRow.id.in_(select(ContentRow.dictation_id)),
        )
        return list(session.scalars(query))

    def _old_tasks(self, session: Session, policy: Retention, now: dt.datetime) -> int:
        """Tasks of purged dictations: ticked since, or forgotten too long."""
        limit = now - dt.timedelta(days=policy.open_task_days)
        gone = 0
        query = (
            select(TaskRow, DictationRow.state_since)
            .join(DictationRow, DictationRow.id == TaskRow.dictation_id)
            .where(DictationRow.state == State.PURGED.value)
        )
        for task, since in session.execute(query).all():
            if task.done_at is not None or since <= limit:
                session.delete(task)
                gone += 1
        session.flush()
        return gone


def _policy(session: Session) -> Retention:
    row = session.get(SettingRow, (PRACTICE, KEY))
    return Retention() if row is None else Retention(**json.loads(row.value))


def _add(total: dict[str, int], counts: dict[str, int]) -> None:
    for key, number in counts.items():
        total[key] = total.get(key, 0) + number
