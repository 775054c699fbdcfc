"""The journal: who did what to which document, when, with which models. Append-only, chained, no clinical content.

Each entry carries an HMAC-SHA256 over itself and the MAC of the one before. How long the chain is
and where it ends is sealed twice: in a row of the database, written in the same transaction, and in
the file ``journal.anchor`` beside it, so that putting back an older database shows too.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from dictation.errors import InputError
from records.database import Database
from records.keys import derive, replace_file
from records.ports import Ports
from records.schema import JournalHeadRow, JournalRow
from records.values import Actor, Anchor, JournalEntry, Problem, VerifyReport

Detail = str | int | float | bool
GENESIS = "0" * 64
#: what an entry may tell; anything else is refused, so that no dictated word can slip in
DETAIL_KEYS = frozenset(
    [
        "account",
        "action",
        "backup",
        "bytes",
        "conflicts",
        "count",
        "decisions",
        "dictations",
        "documents",
        "drafts",
        "edits",
        "ends",
        "engine",
        "form",
        "form_revision",
        "job",
        "kind",
        "media",
        "model",
        "of",
        "on_behalf_of",
        "patients",
        "priority",
        "reason",
        "reviews",
        "revision",
        "role",
        "schema",
        "seconds",
        "setting",
        "signature",
        "starts",
        "state",
        "tasks",
        "transcripts",
        "verb",
        "was",
        "words",
    ]
)
#: what was measured on a dictation when it was signed (``app.quality``): whole numbers only
MEASURES = frozenset(
    [
        "drafted",
        "signed_words",
        "secretary",
        "changed_by_secretary",
        "changed_by_doctor",
        "changed",
        "sections",
        "sections_edited",
        "sections_rejected",
        "fields",
        "fields_edited",
        "fields_rejected",
        "findings",
        "findings_seen",
    ]
)
_IDENTIFIER = re.compile(r"[\w.:/+@, -]{0,120}", re.ASCII)


class Journal:
    """Thread-safe and process-safe: entries are numbered inside the writer's transaction."""

    def __init__(self, database: Database, key: bytes, anchor_file: Path, ports: Ports) -> None:
        self._db = database
        self._key = derive(key, "journal")
        self._anchor_file = anchor_file
        self._ports = ports

    # --- writing --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator[tuple[Session, Callable[..., None]]]:
        """A write transaction and the function that adds entries to it; both or neither are kept.

        The function is ``note(by, action, subject=None, **details)``.
        """
        noted = 0
        with self._db.write() as session:

            def note(by: Actor, action: str, subject: str | None = None, **details: Detail | None) -> None:
                nonlocal noted
                self._add(session, by, action, subject, {k: v for k, v in details.items() if v is not None})
                noted += 1

            yield session, note
        if noted:
            self._write_anchor()

    def append(self, by: Actor, action: str, subject: str | None = None, **details: Detail | None) -> None:
        """One entry of its own: what the application did outside the store (export to a printer, onboarding…).

        Raises :class:`InputError` ``journal.content`` for a detail that is not a number or a short identifier.
        """
        with self.transaction() as (_, note):
            note(by, action, subject, **details)

    def _add(
        self, session: Session, by: Actor, action: str, subject: str | None, details: Mapping[str, Detail]
    ) -> None:
        for key, value in details.items():
            if key in MEASURES:
                allowed = isinstance(value, int)
            else:
                allowed = key in DETAIL_KEYS and (not isinstance(value, str) or bool(_IDENTIFIER.fullmatch(value)))
            if not allowed:
                raise InputError("journal.content", f"Le journal ne garde aucun contenu : « {key} » est refusé.")
        head = session.get(JournalHeadRow, 1, with_for_update=True)
        if head is None:
            head = JournalHeadRow(id=1, seq=0, mac=GENESIS, seal="")
            session.add(head)
        row = JournalRow(
            seq=head.seq + 1,
            at=self._ports.clock().astimezone(dt.UTC).isoformat(timespec="milliseconds"),
            actor=f"{by.login} {by.account_id}",
            action=action,
            subject=subject,
            details=json.dumps(dict(details), sort_keys=True, ensure_ascii=True),
            previous=head.mac,
        )
        row.mac = self._mac(row, row.seq)
        session.add(row)
        head.seq, head.mac, head.seal = row.seq, row.mac, self._seal(row.seq, row.mac)
        session.flush()

    def _mac(self, row: JournalRow, seq: int) -> str:
        signed = json.dumps([seq, row.at, row.actor, row.action, row.subject, row.details, row.previous])
        return hmac.new(self._key, signed.encode(), hashlib.sha256).hexdigest()

    def _seal(self, seq: int, mac: str) -> str:
        return hmac.new(self._key, f"head {seq} {mac}".encode(), hashlib.sha256).hexdigest()

    def _write_anchor(self) -> None:
        # lagging behind is harmless (full disk, crash); running ahead cannot happen: it is written after the commit
        with contextlib.suppress(OSError):
            anchor = self.head()
            kept = {"seq": anchor.seq, "mac": anchor.mac, "seal": self._seal(anchor.seq, anchor.mac)}
            replace_file(self._anchor_file, json.dumps(kept).encode())

    # --- reading --------------------------------------------------------------------------------

    def head(self) -> Anchor:
        """Where the chain ends now."""
        with self._db.read() as session:
            head = session.get(JournalHeadRow, 1)
            return Anchor(0, GENESIS) if head is None else Anchor(head.seq, head.mac)

    def last_moment(self) -> dt.datetime | None:
        """When the last entry was made, ``None`` in a new journal or when the entry was tampered with."""
        with self._db.read() as session:
            at = session.scalar(select(JournalRow.at).order_by(JournalRow.seq.desc()).limit(1))
        try:
            return None if at is None else dt.datetime.fromisoformat(at)
        except ValueError:
            return None

    def entries(
        self, *, subject: str | None = None, action: str | None = None, after: int = 0, limit: int = 1000
    ) -> tuple[JournalEntry, ...]:
        """Entries in order, of one dictation or account when ``subject`` is given, of one ``action`` when given."""
        query = select(JournalRow).where(JournalRow.seq > after).order_by(JournalRow.seq).limit(limit)
        if subject is not None:
            query = query.where(JournalRow.subject == subject)
        if action is not None:
            query = query.where(JournalRow.action == action)
        with self._db.read() as session:
            return tuple(
                JournalEntry(
                    r.seq, dt.datetime.fromisoformat(r.at), r.actor, r.action, r.subject, json.loads(r.details), r.mac
                )
                for r in session.scalars(query)
            )

    # --- verification ---------------------------------------------------------------------------

    def verify(self, *, anchors: tuple[Anchor, ...] = ()) -> VerifyReport:
        """Checks every entry, the chain, both ends and the signatures; names what is wrong.

        ``anchors``: heads noted earlier (a backup's, a printed one); each must still be in the chain.
        """
        with self._db.read() as session:
            rows = list(session.scalars(select(JournalRow).order_by(JournalRow.seq)))
            head = session.get(JournalHeadRow, 1)
            session.expunge_all()
        problems = self._check_chain(rows)
        problems += self._check_head(rows, head)
        problems += self._check_anchor_file(rows)
        for anchor in anchors:
            problems += _check_anchor(rows, anchor)
        if not problems:
            problems += _check_signatures(rows)
        last = rows[-1] if rows else None
        return VerifyReport(len(rows), tuple(problems), Anchor(last.seq, last.mac) if last else Anchor(0, GENESIS))

    def _check_chain(self, rows: list[JournalRow]) -> list[Problem]:
        problems: list[Problem] = []
        expected, previous, trusted = 1, GENESIS, True
        numbers = range(1, max((r.seq for r in rows), default=0) + 1)
        for row in rows:
            for missing in range(expected, row.seq):
                problems.append(Problem("removed", missing, f"L'entrée {missing} du journal a été retirée."))
                trusted = False
            if not _same(row.mac, self._mac(row, row.seq)):
                origin = next((n for n in numbers if n != row.seq and row.mac == self._mac(row, n)), None)
                if origin is None:
                    problems.append(Problem("changed", row.seq, f"L'entrée {row.seq} du journal a été modifiée."))
                else:
                    problems.append(
                        Problem("reordered", row.seq, f"L'entrée {origin} du journal a été déplacée en {row.seq}.")
                    )
                trusted = False
            else:
                # a sound entry after a bad one cannot vouch for it; after a sound one the links must meet
                if trusted and row.previous != previous:
                    problems.append(
                        Problem("changed", row.seq, f"L'entrée {row.seq} du journal ne suit pas la précédente.")
                    )
                trusted = True
            expected, previous = row.seq + 1, row.mac
        return problems

    def _check_head(self, rows: list[JournalRow], head: JournalHeadRow | None) -> list[Problem]:
        last = rows[-1].seq if rows else 0
        if head is None:
            return [Problem("head", None, "La fin du journal n'est plus scellée.")] if rows else []
        if not _same(head.seal, self._seal(head.seq, head.mac)):
            return [Problem("head", None, "Le sceau de la fin du journal a été modifié.")]
        if last < head.seq:
            return [
                Problem("truncated", n, f"L'entrée {n} a été coupée de la fin du journal.")
                for n in range(last + 1, head.seq + 1)
            ]
        added = [
            Problem("added", r.seq, f"L'entrée {r.seq} a été ajoutée au journal après coup.")
            for r in rows
            if r.seq > head.seq
        ]
        return added or _check_anchor(rows, Anchor(head.seq, head.mac))

    def _check_anchor_file(self, rows: list[JournalRow]) -> list[Problem]:
        try:
            kept = json.loads(self._anchor_file.read_bytes())
            anchor = Anchor(int(kept["seq"]), str(kept["mac"]))
            if not _same(str(kept["seal"]), self._seal(anchor.seq, anchor.mac)):
                raise ValueError("seal")
        except FileNotFoundError:
            return [] if not rows else [Problem("anchor", None, "Le fichier « journal.anchor » a disparu.")]
        except (OSError, ValueError, KeyError, TypeError):
            return [Problem("anchor", None, "Le fichier « journal.anchor » a été modifié.")]
        return _check_anchor(rows, anchor)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="surrogatepass"), expected.encode())


def _check_anchor(rows: list[JournalRow], anchor: Anchor) -> list[Problem]:
    last = rows[-1].seq if rows else 0
    if anchor.seq > last:
        return [
            Problem("truncated", n, f"L'entrée {n} a été coupée de la fin du journal.")
            for n in range(last + 1, anchor.seq + 1)
        ]
    if anchor.seq and not any(r.seq == anchor.seq and r.mac == anchor.mac for r in rows):
        return [Problem("changed", anchor.seq, f"L'entrée {anchor.seq} n'est plus celle qui avait été scellée.")]
    return []


def _check_signatures(rows: list[JournalRow]) -> list[Problem]:
    """Exactly one signature per exported document (``reference/compliance.md``, rule 5)."""
    signed: dict[str, int] = {}
    problems = []
    for row in rows:
        signature = json.loads(row.details).get("signature")
        if row.action == "dictation.signed" and signature:
            signed[signature] = signed.get(signature, 0) + 1
        elif row.action == "dictation.exported" and signed.get(signature or "", 0) != 1:
            problems.append(
                Problem("signature", row.seq, f"L'export de l'entrée {row.seq} n'a pas exactement une signature.")
            )
    return problems
