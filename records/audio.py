"""Sound of a dictation: one committed row per second while it is heard, FLAC afterwards."""

from __future__ import annotations

import contextlib

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from dictation.errors import InputError, RefusedError, StorageError
from dictation.sound import BYTES_PER_SAMPLE, RATE_HZ
from records import flac
from records.access import Access, Verb, row_of
from records.database import Database, essential
from records.journal import Journal
from records.lifecycle import GROWING, RESUMABLE, check_move
from records.ports import Ports
from records.presence import Presence
from records.queue import cancel_jobs, queue_job
from records.recording import Recording
from records.schema import AudioRow, ContentRow, DictationRow
from records.values import SYSTEM, Actor, JobKind, Role, State

#: samples per FLAC row: a minute
FLAC_SAMPLES = 60 * RATE_HZ


class Audio:
    """Thread-safe and process-safe; one process records a dictation at a time.

    PCM everywhere is s16le, mono, 16 kHz.
    """

    def __init__(self, database: Database, journal: Journal, access: Access, presence: Presence, ports: Ports) -> None:
        self._db = database
        self._journal = journal
        self._access = access
        self._presence = presence
        self._ports = ports

    def record(self, dictation_id: str, *, by: Actor, addition: bool = False) -> Recording:
        """Starts or resumes (« reprendre ») a recording; what was heard before stays.

        ``addition``: words dictated into a document under review. Its state and version stay: only sound is added.
        Raises :class:`RefusedError` ``audio.busy`` while another live process records it, ``dictation.closed`` when
        the dictation can take no more sound, ``patient.opposed`` for an addition to an opposed patient's.
        """
        self._start(dictation_id, by, addition)
        return Recording(self, dictation_id, self._ports)

    @essential
    def _start(self, dictation_id: str, by: Actor, addition: bool) -> None:
        with self._journal.transaction() as (session, note):
            row = row_of(session, dictation_id, for_update=True)
            self._access.require(session, by, Verb.RECORD, row)
            if State(row.state) not in (GROWING if addition else RESUMABLE):
                raise RefusedError(
                    "dictation.closed", "Cette dictée ne peut plus être complétée. Commencez-en une autre."
                )
            if addition and row.opposed:
                raise RefusedError(
                    "patient.opposed",
                    "Le patient s'est opposé au traitement automatique\u00a0: tapez l'ajout au clavier.",
                )
            if row.recorder not in (None, self._presence.id) and self._presence.alive(row.recorder):
                raise RefusedError("audio.busy", "Cette dictée est en cours d'enregistrement dans une autre fenêtre.")
            resumed = self._samples(session, row.id) > 0
            if addition:
                row.recorder, row.interrupted = self._presence.id, None
                note(by, "audio.addition", row.id)
                return
            if State(row.state) is not State.RECORDING:
                check_move(State(row.state), State.RECORDING)
                cancel_jobs(session, row.id)
                row.state, row.state_since = State.RECORDING.value, self._ports.clock()
            row.recorder, row.interrupted = self._presence.id, None
            row.version += 1
            row.updated_at = self._ports.clock()
            note(by, "audio.resumed" if resumed else "audio.started", row.id)

    def append(self, dictation_id: str, pcm: bytes) -> float:
        """Commits one row of sound (about a second); returns the seconds kept so far.

        No session is asked for: a window that locks itself must not lose speech. Raises
        :class:`StorageError` ``store.disk_full``; call :meth:`finish` then, with this row as ``tail``.
        """
        with self._db.write() as session:
            row = self._recording_row(session, dictation_id)
            return self._append(session, row, pcm) / RATE_HZ

    def _append(self, session: Session, row: DictationRow, pcm: bytes) -> int:
        if len(pcm) % BYTES_PER_SAMPLE:
            raise InputError("audio.odd", "Le son reçu est tronqué au milieu d'un échantillon.")
        first, count = self._samples(session, row.id), len(pcm) // BYTES_PER_SAMPLE
        if count:
            session.add(AudioRow(dictation_id=row.id, first_sample=first, samples=count, codec="pcm", data=pcm))
        session.flush()
        return first + count

    def _recording_row(self, session: Session, dictation_id: str) -> DictationRow:
        row = row_of(session, dictation_id, for_update=True)
        open_states = {State.RECORDING} | GROWING
        if State(row.state) not in open_states or row.recorder != self._presence.id:
            raise RefusedError("audio.not_recording", "Cette dictée n'est pas en cours d'enregistrement ici.")
        return row

    @essential
    def cut(self, dictation_id: str, end_s: float, *, by: Actor) -> None:
        """Forgets the sound of an addition its doctor threw away: whole rows that begin at ``end_s`` or later."""
        with self._journal.transaction() as (session, note):
            row = row_of(session, dictation_id, for_update=True)
            self._access.require(session, by, Verb.RECORD, row)
            if State(row.state) not in GROWING or row.recorder is not None:
                raise RefusedError("dictation.closed", "Cet ajout ne peut plus être jeté.")
            before = self._samples(session, row.id)
            session.execute(
                delete(AudioRow).where(AudioRow.dictation_id == row.id, AudioRow.first_sample >= round(end_s * RATE_HZ))
            )
            gone = before - self._samples(session, row.id)
            note(by, "audio.addition_discarded", row.id, seconds=round(gone / RATE_HZ))

    def finish(
        self, dictation_id: str, *, tail: bytes = b"", interrupted: str | None = None, to_flac: bool = True
    ) -> None:
        """Ends the recording with everything so far.

        Done (``interrupted`` is ``None``): the dictation goes to ``to_transcribe``, or to the secretary's review when
        the patient is opposed. Interrupted ("disk_full", "device", "sleep", "clock"): it stays in ``recording``, to be
        resumed or finished. FLAC replaces PCM when the disk allows; else :meth:`compact` does it later.
        """
        self._finish(dictation_id, tail, interrupted)
        if to_flac:
            with contextlib.suppress(StorageError):
                self.compact(dictation_id)

    @essential
    def _finish(self, dictation_id: str, tail: bytes, interrupted: str | None) -> None:
        with self._journal.transaction() as (session, note):
            row = self._recording_row(session, dictation_id)
            samples = self._append(session, row, tail)
            self._close(session, row, interrupted, has_sound=samples > 0)
            note(
                SYSTEM,
                "audio.interrupted" if interrupted else "audio.finished",
                row.id,
                seconds=round(samples / RATE_HZ),
                reason=interrupted,
            )

    @essential
    def close(self, dictation_id: str, *, by: Actor) -> None:
        """Ends an interrupted recording that nobody resumes: what is there goes on to transcription."""
        with self._journal.transaction() as (session, note):
            row = row_of(session, dictation_id, for_update=True)
            self._access.require(session, by, Verb.RECORD, row)
            if row.state != State.RECORDING.value:
                raise RefusedError("audio.not_recording", "Cette dictée n'est pas en cours d'enregistrement.")
            if row.recorder not in (None, self._presence.id) and self._presence.alive(row.recorder):
                raise RefusedError("audio.busy", "Cette dictée est en cours d'enregistrement dans une autre fenêtre.")
            samples = self._samples(session, row.id)
            self._close(session, row, None, has_sound=samples > 0)
            note(by, "audio.finished", row.id, seconds=round(samples / RATE_HZ))
        with contextlib.suppress(StorageError):
            self.compact(dictation_id)

    def _close(self, session: Session, row: DictationRow, interrupted: str | None, *, has_sound: bool) -> None:
        row.recorder, row.interrupted = None, interrupted
        if State(row.state) is not State.RECORDING:  # an addition: nobody's text moved
            return
        row.version += 1
        row.updated_at = self._ports.clock()
        if interrupted is not None:
            return
        if row.opposed:
            row.state, row.reviewer = State.TO_REVIEW.value, Role.SECRETARY.value
        else:
            row.state = State.TO_TRANSCRIBE.value
            if has_sound:
                queue_job(session, self._ports, row.id, JobKind.TRANSCRIBE)
        row.state_since = self._ports.clock()

    def compact(self, dictation_id: str) -> int:
        """Turns rows of PCM into FLAC, a minute at a time, lossless; returns the bytes saved. Not while recording."""
        saved = 0
        while True:
            with self._db.read() as session:
                row = row_of(session, dictation_id)
                if row.recorder is not None:
                    return saved
                query = select(AudioRow).where(AudioRow.dictation_id == dictation_id, AudioRow.codec == "pcm")
                rows = list(session.scalars(query.order_by(AudioRow.first_sample).limit(120)))
            batch: list[AudioRow] = []
            for r in rows:
                joined = not batch or batch[-1].first_sample + batch[-1].samples == r.first_sample
                if not joined or sum(b.samples for b in batch) >= FLAC_SAMPLES:
                    break
                batch.append(r)
            if not batch:
                return saved
            pcm = b"".join(r.data for r in batch)
            data = flac.encode(pcm)
            if flac.decode(data) != pcm:
                raise StorageError(
                    "store.flac", "La compression du son a échoué ; l'enregistrement d'origine est gardé."
                )
            first = batch[0].first_sample
            with self._db.write() as session:
                gone = session.execute(
                    delete(AudioRow).where(
                        AudioRow.dictation_id == dictation_id,
                        AudioRow.codec == "pcm",
                        AudioRow.first_sample.in_([r.first_sample for r in batch]),
                    )
                ).rowcount  # type: ignore[attr-defined]
                if gone != len(batch):
                    # another process was faster, or the dictation was purged meanwhile
                    session.rollback()
                    return saved
                samples = sum(r.samples for r in batch)
                session.add(
                    AudioRow(dictation_id=dictation_id, first_sample=first, samples=samples, codec="flac", data=data)
                )
            saved += len(pcm) - len(data)

    # --- listening ------------------------------------------------------------------------------

    def pcm(self, dictation_id: str, *, by: Actor, start_s: float = 0.0, end_s: float | None = None) -> bytes:
        """The sound between two moments, decoded in memory; ``b""`` when there is none."""
        first = max(0, round(start_s * RATE_HZ))
        with self._db.read() as session:
            row = row_of(session, dictation_id)
            self._access.require(session, by, Verb.LISTEN, row)
            last = self._samples(session, dictation_id)
            if end_s is not None:
                last = min(last, round(end_s * RATE_HZ))
            query = select(AudioRow).where(
                AudioRow.dictation_id == dictation_id,
                AudioRow.first_sample < last,
                AudioRow.first_sample + AudioRow.samples > first,
            )
            rows = list(session.scalars(query.order_by(AudioRow.first_sample)))
        if not rows or last <= first:
            return b""
        sound = b"".join(r.data if r.codec == "pcm" else flac.decode(r.data) for r in rows)
        offset = rows[0].first_sample
        return sound[(first - offset) * BYTES_PER_SAMPLE : (last - offset) * BYTES_PER_SAMPLE]

    def duration_s(self, dictation_id: str) -> float:
        """Seconds kept so far."""
        with self._db.read() as session:
            return self._samples(session, dictation_id) / RATE_HZ

    def _samples(self, session: Session, dictation_id: str) -> int:
        query = select(func.max(AudioRow.first_sample + AudioRow.samples)).where(AudioRow.dictation_id == dictation_id)
        return session.scalar(query) or 0


#: bytes of sound deleted in one transaction: a full disk must have room for them in the log
SWEEP_BYTES = 512 * 1024


def sweep(database: Database) -> int:
    """Deletes the sound of dictations that were exported, purged, or signed and stripped; returns the rows deleted.

    Little by little, folding the log in between: overwriting needs room in the log, and the disk may be full. A crash
    in the middle leaves rows that the next sweep finds by the same rule.
    """
    stripped = and_(
        DictationRow.state == State.SIGNED.value,
        DictationRow.id.not_in(select(ContentRow.dictation_id)),
    )
    gone = DictationRow.state.in_((State.EXPORTED.value, State.PURGED.value))
    query = (
        select(AudioRow.dictation_id, AudioRow.first_sample, func.length(AudioRow.data))
        .join(DictationRow, DictationRow.id == AudioRow.dictation_id)
        .where(or_(gone, stripped))
        .limit(64)
    )
    swept = 0
    while True:
        with database.write() as session:
            size, number = 0, 0
            for dictation_id, first, length in session.execute(query).all():
                session.execute(
                    delete(AudioRow).where(AudioRow.dictation_id == dictation_id, AudioRow.first_sample == first)
                )
                size, number = size + length, number + 1
                if size >= SWEEP_BYTES:
                    break
        if number == 0:
            return swept
        swept += number
        database.checkpoint()
